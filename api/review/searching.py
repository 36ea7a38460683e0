"""Searching: what the index finds, ranked by how well it fits, with the characters that fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import log
from typing import Any, NamedTuple, Protocol

import orjson

from api.store import search as store
from api.store.bulk import among
from api.store.editions import Kept
from api.store.folding import Word, typed, words
from api.store.indexing import place_names
from api.store.models import Claim, Event, Resource, Source
from schemas.vocabulary import FoundType

MOST_WORDS = 16
"""Different words of a query that count; each costs the index several questions."""

MOST_RANKED = store.MOST_NEWEST
"""The newest items of a type that hold every word, which are ranked: a common word stands in a million claims."""

MOST_RANKED_BY_ONE = 60
"""The newest items of a type that hold one word of several, which are ranked with them where few hold every word."""

ENOUGH = MOST_RANKED
"""Items that hold every word, from which on nothing is looked for that holds only some and would stand behind them."""

MOST_REMEMBERED = 4_096
"""Texts of which is remembered what words they have: names, and what many claims say alike."""

ASKING = frozenset(
    """
    a an and at by did for from has have how in is it many much number of on or people s the there to total was
    were what when where which who why with
    """.split()
)
"""Words that ask rather than name."""

SPELT_OTHERWISE = 0.98
"""Likeness of a word in another spelling or script, of 1."""

LEAST_FULL = 0.95
"""What the words found count for in a score; the rest is how much of the text they are."""

FINEST = 10_000
"""Steps of a score; what is closer is in the order of its type and id."""

PLACES = {kind: place for place, kind in enumerate(FoundType)}
"""Where each type stands among equally good ones."""

Args = Mapping[str, Any]
Fields = dict[str, Any]
Row = tuple[str, Callable[[], str]]
Meanings = Mapping[str, Mapping[str, float]]
"""For each folded word of the query the words on record that it may mean, each with its likeness, of 1."""


class Sense(NamedTuple):
    """An asked word that a word on record may be: how surely, and how it was typed."""

    asked: str
    likeness: float
    typed: str


Reading = Mapping[str, Sequence[Sense]]
"""What each word on record that an asked one may mean can be."""


class Part(NamedTuple):
    """A text of an item, and how much a word counts that stands in it."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Item:
    """What may be found: its type, id and event, and its texts, the first its title."""

    type: FoundType
    id: str
    event: str | None
    parts: tuple[Part, ...]


ITEMS: Kept[dict[tuple[FoundType, str], Item]] = Kept(dict)
"""What was found, read once while the record is the same: the newest that hold a word are found again and again."""

MOST_ITEMS = 10_000
"""Of some 500 bytes each."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How texts fit a query: the weight of each word found, the text that fits best, its characters that do, and how
    much of it they are."""

    likeness: Mapping[str, float]
    text: str
    highlights: Sequence[Word]
    share: float


@dataclass(frozen=True, slots=True)
class Sought:
    """A type of what is found: its table, its path, and how rows become items."""

    model: type[Resource]
    path: str
    items: Callable[[Sequence[str]], Iterator[Item]]


def search(args: Args) -> list[Row]:
    """Return what fits `q`, the key of each in the order of fitting with what renders it."""
    sought = {kind: SOUGHT[kind] for kind in FoundType if args["type"] in (None, kind)}
    asked = asked_words(args["q"])
    meant = store.meanings(asked, [one.model for one in sought.values()])
    meanings = {word: terms for word, terms in meant.items() if terms}
    spelt = {word.folded: word.plain for word in asked}
    known = store.NEWEST.get()
    looking = {kind: _looking(one.model, args, known) for kind, one in sought.items()}
    found = _found(looking, list(meanings.values()))
    read_before = ITEMS.get()
    items = [item for kind, names in found.items() for item in _items(kind, names, read_before)]
    read = _read(meanings, spelt)
    fits = {parts: fitting(parts, read) for parts in {item.parts for item in items}}
    fitted = [item for item in items if fits[item.parts].likeness]
    rarity = _rarity([fits[item.parts] for item in fitted], meanings)
    steps = {parts: _steps(fit, rarity) for parts, fit in fits.items() if fit.likeness}
    return sorted(_row(item, fits[item.parts], steps[item.parts]) for item in fitted)


def asked_words(text: str) -> list[Word]:
    """Return the different words of a query that count; words that ask do when there are no others."""
    every = list({word.folded: word for word in typed(text)}.values())
    naming = [word for word in every if word.plain not in ASKING]
    return (naming or every)[:MOST_WORDS]


def _found(
    looking: Mapping[FoundType, _Looking], groups: Sequence[Mapping[str, float]]
) -> Mapping[FoundType, Sequence[str]]:
    """Return the ids of the newest of each type that hold every word, and where these are few, that hold each."""
    if not groups:
        return {}
    full = {kind: one.holding(groups) for kind, one in looking.items()}
    if len(groups) == 1 or sum(map(len, full.values())) >= ENOUGH:
        return full
    return {
        kind: list(dict.fromkeys([*full[kind], *(name for group in groups for name in one.newest(group))]))
        for kind, one in looking.items()
    }


class _Looking(Protocol):
    """Looks for what holds words among one noun."""

    def holding(self, groups: Sequence[Mapping[str, float]]) -> Sequence[str]:
        """Return the ids of the newest that hold a word of each group."""

    def newest(self, group: Mapping[str, float]) -> Sequence[str]:
        """Return the ids of the newest that hold a word of one group, as many as are ranked beside what holds all."""


def _looking(model: type[Resource], args: Args, known: store.Remembered) -> _Looking:
    everywhere = args["as_of"] is None and args["event"] is None
    return _Everywhere(model, known) if everywhere else _Narrowly(model, args["as_of"], args["event"])


@dataclass(frozen=True, slots=True)
class _Everywhere:
    """Looks among all there is of a noun."""

    model: type[Resource]
    known: store.Remembered

    def holding(self, groups: Sequence[Mapping[str, float]]) -> Sequence[str]:
        if len(groups) == 1:
            return store.newest(self.model, groups[0], self.known).names
        return store.holding_each(self.model, groups, MOST_RANKED, self.known)

    def newest(self, group: Mapping[str, float]) -> Sequence[str]:
        return store.newest(self.model, group, self.known).names[:MOST_RANKED_BY_ONE]


class _Narrowly:
    """Looks among what was out by a moment and what is of an event, where these are asked for."""

    def __init__(self, model: type[Resource], as_of: str | None, event: str | None) -> None:
        self._model, self._as_of, self._event = model, as_of, event
        dated = as_of is not None and model is not Claim
        self._out = store.out(model, as_of) if dated and as_of is not None else None

    def holding(self, groups: Sequence[Mapping[str, float]]) -> Sequence[str]:
        out = self._out
        most = MOST_RANKED if out is None else None
        found = store.found(self._model, groups, most, as_of=self._as_of, event=self._event)
        return [name for name in found if out is None or name in out][:MOST_RANKED]

    def newest(self, group: Mapping[str, float]) -> Sequence[str]:
        return self.holding([group])[:MOST_RANKED_BY_ONE]


def _read(meanings: Meanings, spelt: Mapping[str, str]) -> Reading:
    """Return how a word on record reads: which asked words it may be, how surely, and how each of them was typed."""
    read: dict[str, list[Sense]] = {}
    for asked, terms in meanings.items():
        for word, likeness in terms.items():
            read.setdefault(word, []).append(Sense(asked, likeness, spelt[asked]))
    return read


def fitting(parts: Sequence[Part], read: Reading) -> Fit:
    """Hold texts against the words: each counts where it counts most, and one text is shown."""
    likeness: dict[str, float] = {}
    best: tuple[float, float, str, Sequence[Word]] = (0.0, 0.0, parts[0].text, ())
    for text, weight in parts:
        held = _words(text)
        shown = [word for word in held if word.folded in read]
        if not shown:
            continue
        here = _here(shown, read)
        for word, likest in here.items():
            likeness[word] = max(likeness.get(word, 0.0), likest * weight)
        mine = sum(here.values()) * weight, len(shown) / len(held)
        if mine > best[:2]:
            best = (*mine, text, shown)
    return Fit(likeness, best[2], best[3], best[1])


@lru_cache(MOST_REMEMBERED)
def _words(text: str) -> Sequence[Word]:
    return list(words(text))


def _here(shown: Sequence[Word], read: Reading) -> dict[str, float]:
    """Return how surely each asked word stands among these, of which each reads as one."""
    found: dict[str, float] = {}
    for word in shown:
        for asked, likeness, plain in read[word.folded]:
            surely = SPELT_OTHERWISE if likeness == 1.0 and word.plain != plain else likeness
            if surely > found.get(asked, 0.0):
                found[asked] = surely
    return found


def _rarity(fits: Collection[Fit], meanings: Meanings) -> dict[str, float]:
    """Return how much each word tells: the fewer of what was found hold it, the more."""
    holding = {word: sum(word in fit.likeness for fit in fits) for word in meanings}
    return {word: log(1 + len(fits) / held) for word, held in holding.items() if held}


def _steps(fit: Fit, rarity: Mapping[str, float]) -> int:
    """Return how well something fits, in whole steps."""
    full = sum([held * rarity[word] for word, held in fit.likeness.items()]) / sum(rarity.values())
    return round((LEAST_FULL * full + (1 - LEAST_FULL) * fit.share) * FINEST)


def _row(item: Item, fit: Fit, steps: int) -> Row:
    return f"{FINEST - steps:05d} {PLACES[item.type]} {item.id}", partial(_rendered, item, fit, steps / FINEST)


def _rendered(item: Item, fit: Fit, score: float) -> str:
    return orjson.dumps(shown(item, fit, score)).decode()


def shown(item: Item, fit: Fit, score: float) -> Fields:
    """Return what is found as its schema gives it, which would look at each of some fifty anew."""
    return {
        "type": item.type.value,
        "id": item.id,
        "title": item.parts[0].text,
        "text": fit.text,
        "highlights": [{"start": word.start, "end": word.end} for word in fit.highlights],
        "event": item.event,
        "score": score,
        "links": {"self": f"/v1/{SOUGHT[item.type].path}/{item.id}"},
    }


def _items(kind: FoundType, names: Sequence[str], known: dict[tuple[FoundType, str], Item]) -> Iterator[Item]:
    """Return what has these ids, as far as it is there; what is read is remembered with what was read before."""
    unread = [name for name in names if (kind, name) not in known]
    if unread:
        if len(known) + len(unread) > MOST_ITEMS:
            known.clear()
            unread = list(names)
        known.update(((kind, item.id), item) for item in SOUGHT[kind].items(unread))
    return (known[kind, name] for name in names if (kind, name) in known)


def _events(names: Sequence[str]) -> Iterator[Item]:
    columns = Event.id, Event.title, Event.aliases, Event.place, Event.summary
    rows = list(among(Event.id, names, *columns))
    places = place_names([place for _, _, _, place, _ in rows if place is not None])
    for name, title, aliases, place, summary in rows:
        parts = [Part(title, 1.0), *_named(aliases), *(Part(text, 0.8) for text in places.get(place, ())[1:])]
        yield Item(FoundType.EVENT, name, name, (*parts, Part(summary or "", 0.7)))


def _sources(names: Sequence[str]) -> Iterator[Item]:
    for name, label, aliases in among(Source.id, names, Source.id, Source.name, Source.aliases):
        yield Item(FoundType.SOURCE, name, None, (Part(label, 1.0), *_named(aliases)))


def _claims(names: Sequence[str]) -> Iterator[Item]:
    for name, exact, event in among(Claim.id, names, Claim.id, Claim.exact, Claim.event):
        yield Item(FoundType.CLAIM, name, event, (Part(exact, 0.9),))


def _named(aliases: str) -> Iterator[Part]:
    return (Part(text, 0.95) for text in orjson.loads(aliases))


SOUGHT: dict[FoundType, Sought] = {
    FoundType.EVENT: Sought(Event, "events", _events),
    FoundType.SOURCE: Sought(Source, "sources", _sources),
    FoundType.CLAIM: Sought(Claim, "claims", _claims),
}
"""What is found, in the order in which equally good ones are listed."""
