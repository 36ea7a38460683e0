"""The catalogue: every event, source and property by what it is called, for finding what a name may mean.

It is held in memory, and made anew when a name on record has changed. `Catalogue.candidates` and `Catalogue.beginning`
are the only ways in which names are searched here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import takewhile
from math import log
from threading import Lock
from typing import NamedTuple

import orjson
from peewee import fn
from rapidfuzz import fuzz, process

from api.engine.wording import period
from api.review.names import MOST_WORDS, REMEMBERED, Name, Phrase, phrase, read, spelt
from api.store.bulk import fetched
from api.store.db import db
from api.store.models import Event, Place, Property, Source
from schemas.moments import parse_span
from schemas.reconciliation import EntityKind
from schemas.vocabulary import ValueKind

LIKE = 80
"""Similarity, of 100, from which two words of four letters or more are taken for one."""

SHORTEST_GUESS = 4
LONGEST_WORD = 40
"""Letters; a longer word is not guessed at."""

MOST_GUESSED = 8
MOST_BEGUN = 50
"""Words on record that a typed one is taken for, or is the beginning of."""

ELSEWISE = {"misspelt": 0.7, "begun": 0.9}
"""How much a word counts that is not the typed one itself."""

OTHER_NAMES = {EntityKind.EVENT: 0.85, EntityKind.SOURCE: 0.98, EntityKind.PROPERTY: 0.95}
"""How surely an alias names it: that of a source is a name, that of an event a word people search for."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An event, a source or a property, and what it is known by."""

    kind: EntityKind
    slug: str
    id: str
    name: str
    description: str
    types: tuple[str, ...]
    names: tuple[Name, ...]
    words: frozenset[str]
    spellings: frozenset[str] = field(repr=False)


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be reconciled, in the order of kinds and ids, and what places and their wholes are called."""

    entities: Sequence[Entity]
    places: Mapping[str, Sequence[str]]

    @cached_property
    def by_id(self) -> Mapping[str, Entity]:
        return {entity.id: entity for entity in self.entities}

    @cached_property
    def _holders(self) -> Mapping[str, list[int]]:
        """The places in the catalogue that hold a word, in any of its spellings."""
        holders: dict[str, list[int]] = defaultdict(list)
        for place, entity in enumerate(self.entities):
            for word in entity.spellings:
                holders[word].append(place)
        return holders

    @cached_property
    def _vocabulary(self) -> Sequence[str]:
        return sorted(self._holders)

    @cached_property
    def _guessable(self) -> Sequence[str]:
        return [word for word in self._vocabulary if len(word) >= SHORTEST_GUESS and word.isalpha()]

    @cached_property
    def _meant(self) -> dict[str, Mapping[str, float]]:
        """What words were found to mean; the same come again and again in a column."""
        return {}

    def find(self, name: str) -> Entity | None:
        """Return what has this id; one that says its kind, such as `source:icc`, is an id too."""
        if name in self.by_id:
            return self.by_id[name]
        kind, _, slug = name.partition(":")
        found = self.by_id.get(slug)
        return found if found is not None and found.kind == kind else None

    def candidates(self, asked: Phrase, types: Collection[str], most: int) -> list[Entity]:
        """Return what holds most of these words, however they are spelt, of these types or of all."""
        points: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(asked.words):
            best: dict[int, float] = {}
            for meant, likeness in self._meanings(word).items():
                holders = self._holders[meant]
                telling = likeness * log(1 + len(self.entities) / len(holders))
                for place in holders:
                    if telling > best.get(place, 0.0):
                        best[place] = telling
            for place, telling in best.items():
                points[place] += telling
        fitting = ((-points[place], place) for place in self._of(types).intersection(points))
        return [self.entities[place] for _, place in nsmallest(most, fitting)]

    def beginning(self, text: str, types: Collection[str]) -> list[Entity]:
        """Return what has a name with words that begin so; the last word may be cut short anywhere, all others not."""
        typed = [word.forms for word in read(text)[:MOST_WORDS]]
        found: set[int] | None = None
        for spellings in typed:
            last = spellings is typed[-1]
            terms = {term for word in spellings for term in (self._begun(word) if last else [word])}
            holders = {place for term in terms for place in self._holders.get(term, ())}
            found = holders if found is None else found & holders
        places = self._of(types)
        return [self.entities[place] for place in sorted(places if found is None else places & found)]

    def _of(self, types: Collection[str]) -> frozenset[int]:
        """Return the places in the catalogue of what is of any of these types, or of all."""
        return frozenset().union(*(self._by_type.get(name, ()) for name in types)) if types else self._all

    @cached_property
    def _all(self) -> frozenset[int]:
        return frozenset(range(len(self.entities)))

    @cached_property
    def _by_type(self) -> Mapping[str, frozenset[int]]:
        places: dict[str, set[int]] = defaultdict(set)
        for place, entity in enumerate(self.entities):
            for name in entity.types:
                places[name].add(place)
        return {name: frozenset(of_type) for name, of_type in places.items()}

    def _meanings(self, word: str) -> Mapping[str, float]:
        """Return the words on record that a folded one may mean, each with how much it counts.

        One that is on record means itself, and what it begins; another may be misspelt.
        """
        if len(self._meant) > REMEMBERED:
            self._meant.clear()
        meant = self._meant.get(word)
        if meant is None:
            meant = self._meant[word] = self._worked_out(word)
        return meant

    def _worked_out(self, word: str) -> Mapping[str, float]:
        itself = {word: 1.0} if word in self._holders else {}
        if not word.isalpha() or len(word) < SHORTEST_GUESS:
            return itself
        begun = dict.fromkeys(list(self._begun(word))[:MOST_BEGUN], ELSEWISE["begun"])
        if itself or len(word) > LONGEST_WORD:
            return {**begun, **itself}
        near = process.extract(word, self._guessable, scorer=fuzz.ratio, score_cutoff=LIKE, limit=MOST_GUESSED)
        return {other: ELSEWISE["misspelt"] for other, _, _ in near} | begun

    def _begun(self, word: str) -> Iterator[str]:
        """Yield the words on record that begin with this one, itself among them."""
        start = bisect_left(self._vocabulary, word)
        rest = (self._vocabulary[place] for place in range(start, len(self._vocabulary)))
        return takewhile(lambda other: other.startswith(word), rest)


def likeness(asked: Phrase, entity: Entity) -> float:
    """Return how like a name is to the likest one of an entity, of 100; other numbers than its own are no slip."""
    best = max(name.weight * fuzz.ratio(asked.letters, name.phrase.letters) for name in entity.names)
    if not asked.letters:
        best = 100.0 if asked.numbers and any(asked.numbers == name.phrase.numbers for name in entity.names) else 0.0
    return best if asked.numbers <= entity.words else best * OTHER_NUMBERS


OTHER_NUMBERS = 0.6
"""What a name is worth that holds a number which is not the entity's: of another day, another round."""


def share_held(asked: Phrase, entity: Entity) -> float:
    """Return the share of words, of 1, that stand in what is known of an entity, misspelt or not."""
    wanted = asked.words
    held = sum(word in entity.words or (word.isalpha() and _nearly(word, entity.words)) for word in wanted)
    return held / len(wanted) if wanted else 0.0


def _nearly(word: str, known: Iterable[str]) -> bool:
    return len(word) >= SHORTEST_GUESS and any(fuzz.ratio(word, other) >= LIKE for other in known)


class _Held(NamedTuple):
    """The catalogue in memory, and what it was made from."""

    mark: object
    catalogue: Catalogue


_lock = Lock()
_held: list[_Held] = []


def catalogue() -> Catalogue:
    """Return the catalogue of the bound database as it stands."""
    mark = _mark()
    with _lock:
        if not _held or _held[0].mark != mark:
            _held[:] = [_Held(mark, Catalogue(_entities(), _place_names()))]
        return _held[0].catalogue


def _mark() -> object:
    """What changes with every name: how many rows there are, how often they changed, and when last."""
    counted = [
        next(fetched(model.select(fn.COUNT(model.id), fn.SUM(model.revision), fn.MAX(model.recorded_at))))
        for model in (Event, Source, Property, Place)
    ]
    return db.obj.database, *counted


def _entities() -> tuple[Entity, ...]:
    """Everything on record; what shares its slug with something of an earlier kind says its kind in its id."""
    taken: set[str] = set()
    entities = []
    for known in (*_events(), *_sources(), *_properties()):
        name = f"{known.kind}:{known.slug}" if known.slug in taken else known.slug
        taken.add(name)
        entities.append(_entity(known, name))
    return tuple(entities)


class Known(NamedTuple):
    """What is read of an entity: `said` are further texts that a name for it may hold, such as its place."""

    kind: EntityKind
    slug: str
    name: str
    aliases: tuple[str, ...]
    description: str
    types: tuple[str, ...]
    said: tuple[str, ...] = ()


@lru_cache(maxsize=2 * REMEMBERED)
def _entity(known: Known, name: str) -> Entity:
    """Work out what an entity is known by; what has not changed since is not worked out again."""
    named = {known.name: 1.0, known.slug: 1.0}
    named |= {alias: OTHER_NAMES[known.kind] for alias in known.aliases if alias not in named}
    texts = [word for text in (*named, *known.said) for word in read(text)]
    folded = frozenset(word.folded for word in texts)
    return Entity(
        known.kind,
        known.slug,
        name,
        known.name,
        known.description,
        known.types,
        tuple(Name(phrase(text), weight) for text, weight in named.items()),
        folded,
        folded | {spelt(word.plain) for word in texts},
    )


def _events() -> Iterator[Known]:
    places = {name: called for name, (_, called) in _places().items()}
    columns = Event.id, Event.title, Event.aliases, Event.place, Event.starts, Event.ends
    for slug, title, aliases, place, starts, ends in fetched(Event.select(*columns).order_by(Event.id)):
        where = places.get(place, ())
        when = period(parse_span(starts, ends)) if starts or ends else None
        told = ", ".join(part for part in (*where[:1], when) if part)
        said = (*where, *(day for day in (starts, ends) if day))
        yield Known(EntityKind.EVENT, slug, title, tuple(orjson.loads(aliases)), told, ("event",), said)


def _sources() -> Iterator[Known]:
    columns = Source.id, Source.name, Source.aliases, Source.kind, Source.part_of
    rows = list(fetched(Source.select(*columns).order_by(Source.id)))
    named = {slug: name for slug, name, *_ in rows}
    for slug, name, aliases, kind, part_of in rows:
        told = f"{kind}, part of {named[part_of]}" if part_of else kind
        yield Known(EntityKind.SOURCE, slug, name, tuple(orjson.loads(aliases)), told, (kind, "source"))


def _properties() -> Iterator[Known]:
    columns = Property.id, Property.label, Property.aliases, Property.kind, Property.unit
    for slug, label, aliases, kind, unit in fetched(Property.select(*columns).order_by(Property.id)):
        told = f"{kind}, in {unit}" if kind == ValueKind.QUANTITY and unit else kind
        yield Known(EntityKind.PROPERTY, slug, label, tuple(orjson.loads(aliases)), told, ("property",))


def _places() -> dict[str, tuple[str | None, tuple[str, ...]]]:
    """Return what each place lies in, and what it is called: its name, its other names and its id."""
    rows = fetched(Place.select(Place.id, Place.within, Place.name, Place.aliases))
    return {name: (within, (label, *orjson.loads(aliases), name)) for name, within, label, aliases in rows}


def _place_names() -> dict[str, tuple[str, ...]]:
    """Return what each place and those that contain it are called."""
    places = _places()

    def outwards(name: str | None) -> Iterator[str]:
        passed: set[str] = set()
        while name in places and name not in passed:
            passed.add(name)
            name, called = places[name]
            yield from called

    return {name: tuple(outwards(name)) for name in places}
