"""Search: what the full-text index is asked: which entries hold which words, and which word a typed one may mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from peewee import JOIN, Expression, Field, ModelSelect, Value, fn
from rapidfuzz import fuzz, process

from api.store.bulk import Row, among, fetched
from api.store.db import db
from api.store.editions import Kept
from api.store.folding import Word, unfolded
from api.store.fulltext import Beside, Groups, full_text, texts
from api.store.indexing import INDEXED, SHORTEST_SPELT
from api.store.models import Attribution, Claim, Document, Event, Resource, SearchEntry, SearchWord, Source
from api.store.phrasing import by_dialect
from api.store.published import out_by, periods_by
from api.store.queries import published_documents, with_organisations
from schemas.moments import Moment, parse_moment

LIKE = 80
"""Similarity, of 100, from which two words of five letters or more are taken for one (harbuor, harbour)."""

SHORTEST_GUESS = 5
LONGEST_GUESS = 40
"""Letters; a longer word is neither guessed at nor cut to its beginnings."""

MOST_BEGUN = 50
"""Words on record that begin with a typed one."""

MOST_SPELT_ALIKE = 300
"""Words on record that share most trigrams with a typed one, of which the likest are kept."""

MOST_GUESSED = 8

USUAL = 5
"""Entries of a noun that hold a word; one that fewer hold may be misspelt there."""

MOST_NEWEST = 100
"""The newest entries of a noun that hold a word which are looked at for it alone: two usual pages."""

MOST_KNOWN = 1_000
"""Words that a process remembers the newest entries of; 100 ids are some 10 KiB."""

A_ROW = 150
"""Postings of the index that are walked through in the time that one row takes."""

MOST_LOOKED_AT = 1_000
"""Rows that are looked at for words which the index was not asked for, before it is asked for one more."""

A_FEW_MORE = 1.25, 20
"""How many times as many rows are looked at as should do, and how many beside: words are not spread evenly."""

Models = Collection[type[Resource]]


class Newest(NamedTuple):
    """The ids of the newest rows of a noun that hold a word, and how many of the entries made meanwhile do, of 1."""

    names: Sequence[str]
    usual: float


Remembered = dict[Hashable, Newest]

NEWEST: Kept[Remembered] = Kept(dict)
"""The newest of each noun that hold any of what one word may mean, while the record is the same."""


def newest(model: type[Resource], group: Collection[str], known: Remembered) -> Newest:
    """Return the newest rows of a noun that hold a word of a group; `known` is what is remembered of others."""
    key = (model, *group)
    found = known.get(key)
    if found is None:
        if len(known) >= MOST_KNOWN:
            known.clear()
        rows = _newest(model, [group], MOST_NEWEST, Beside.ID)
        made = rows[0][1] - rows[-1][1] + 1 if rows else 1
        known[key] = found = Newest([name for name, _ in rows], len(rows) / made)
    return found


def holding_each(model: type[Resource], groups: Groups, most: int, remembered: Remembered) -> list[str]:
    """Return the ids of the newest rows of a noun that hold a word of each group.

    The index is asked for the rarest. It would walk through all that hold a common word: rows tell whether they hold
    that as well, and where too few of them do, the index is asked for one word more.
    """
    rated = [_Rated(group, newest(model, group, remembered).usual) for group in groups]
    if not all(one.usual for one in rated):
        return []
    asked, others = _told_apart(sorted(rated, key=lambda one: one.usual))
    while others:
        looked_at = _enough(most)
        found, told = _holding(model, asked, others, most, looked_at)
        should_do = _enough(most * looked_at // len(found)) if found else MOST_LOOKED_AT + 1
        if not told and should_do <= MOST_LOOKED_AT:
            found, told = _holding(model, asked, others, most, should_do)
        if told:
            return found
        asked.append(others.pop(0))
    return [name for name, _ in _holding_rated(model, asked, most, Beside.ID)]


class _Rated(NamedTuple):
    """Words of which any will do, and what part of the newest entries hold one."""

    group: Collection[str]
    usual: float


def _told_apart(rated: Sequence[_Rated]) -> tuple[list[_Rated], list[_Rated]]:
    """Return the words that the index is asked for, and those that rows tell; given, and returned, the rarest first.

    Walking through what holds a word takes as long as reading so many rows more as hold the others and not it.
    """
    asked, part = 1, rated[0].usual
    while asked < len(rated) and rated[asked].usual < A_ROW * part:
        part *= rated[asked].usual
        asked += 1
    return list(rated[:asked]), list(rated[asked:])


def _enough(rows: int) -> int:
    """Return how many rows are looked at where so many should do."""
    factor, more = A_FEW_MORE
    return int(rows * factor) + more


def _holding(
    model: type[Resource], asked: Sequence[_Rated], others: Sequence[_Rated], most: int, looked_at: int
) -> tuple[list[str], bool]:
    """Return which of so many rows that hold the words asked for hold the others, and whether these are all wanted."""
    rows = _holding_rated(model, asked, looked_at, Beside.WORDS)
    groups = [frozenset(one.group) for one in others]
    found = [name for name, words in rows if _holds_each(words.split(), groups)]
    return found[:most], len(found) >= most or len(rows) < looked_at


def _holding_rated(model: type[Resource], rated: Sequence[_Rated], most: int, beside: Beside) -> Sequence[Row]:
    return _newest(model, [one.group for one in rated], most, beside, prod(one.usual for one in rated))


def _holds_each(words: Sequence[str], groups: Sequence[frozenset[str]]) -> bool:
    return not any(group.isdisjoint(words) for group in groups)


def _newest(
    model: type[Resource], groups: Groups, most: int, beside: Beside, usual: float | None = None
) -> Sequence[Row]:
    return full_text().newest(_noun(model), groups, most, beside, usual)


def _noun(model: type[Resource]) -> str:
    return str(model._meta.table_name)


def found(
    model: type[Resource], groups: Groups, most: int | None, as_of: str | None = None, event: str | None = None
) -> list[str]:
    """Return the ids of the newest rows of a noun that hold a word of each group, at most so many or all.

    They belong to the event where it is given; claims had been published by `as_of`, other nouns are asked for that
    by `out`, once for all words.
    """
    if most is None:
        return [name for (name,) in fetched(holding(model, groups, event=event))]
    query = holding(model, groups, as_of=as_of if model is Claim else None, event=event)
    return [name for (name,) in full_text().narrowed(*texts(query, INDEXED[model].column), most)]


def sized(model: type[Resource], groups: Groups, most: int, **belonging: str | None) -> Sequence[Row]:
    """Return the ids of the newest rows of a noun that hold a word of each group, each with how long its words are.

    They belong to the event and the property where these are given.
    """
    if not groups:
        return ()
    if not any(belonging.values()):
        return _newest(model, groups, most, Beside.LENGTH)
    query = holding(model, groups, **belonging)
    with_length = query.select(*query.selected_columns, fn.LENGTH(SearchEntry.words))
    return full_text().narrowed(*texts(with_length, INDEXED[model].column), most)


def holding(
    model: type[Resource], groups: Groups, as_of: str | None = None, **belonging: str | None
) -> ModelSelect[SearchEntry]:
    """The ids of the rows of a noun that hold a word of each group, the newest first.

    They belong to the `event` and the `property` where these are given; the sources of an event are those that its
    claims name.
    """
    column = INDEXED[model].column
    query = SearchEntry.select(column).where(column.is_null(False))  # so that few nouns are looked for among few
    given = {noun: name for noun, name in belonging.items() if name is not None}
    if model is Source and "event" in given:
        of_event = Attribution.select(Attribution.source).join(Claim).where(Claim.event == given.pop("event"))
        query = query.where(column.in_(of_event))
    held = [[f"{noun}.{name}"] for noun, name in given.items()]
    if as_of is not None:
        moment = parse_moment(as_of)
        held.append([f"out.{period}" for period in periods_by(moment)] or ["out.never"])
        query = query.where(fn.EXISTS(_of_published(moment, Claim.id == SearchEntry.claim)))
    return full_text().holding(query, _noun(model), groups, held)


def out(model: type[Resource], as_of: str) -> set[str]:
    """Return the ids of the events that were reported on, or of the sources that were named, by a moment.

    Where few documents were out it is told from them on, else name by name: either is slow where the other is not.
    """
    moment = parse_moment(as_of)
    few = published_documents(as_of).count() * 2 < Document.select().count()
    return (OUT_BY_FEW if few else OUT_BY_MANY)[model](moment)


def _events_said(moment: Moment) -> set[str]:
    return {name for (name,) in fetched(_said(Claim.event, moment).distinct())}


def _events_with_a_claim(moment: Moment) -> set[str]:
    said = Event.select(Event.id).where(fn.EXISTS(_of_published(moment, Claim.event == Event.id)))
    return {name for (name,) in fetched(said)}


def _sources_said(moment: Moment) -> set[str]:
    named = _said(Attribution.source, moment).join(Attribution, JOIN.CROSS).where(Attribution.claim == Claim.id)
    return with_organisations(name for (name,) in fetched(named.distinct()))


def _sources_with_a_link(moment: Moment) -> set[str]:
    links = Attribution.select(Value(1)).join(Claim).join(Document)
    named = Source.select(Source.id).where(fn.EXISTS(links.where((Attribution.source == Source.id) & out_by(moment))))
    return with_organisations(name for (name,) in fetched(named))


def _said(column: Field, moment: Moment) -> ModelSelect[Any]:
    """A column of what claims say, read from the published documents on."""
    return Document.select(column).join(Claim, JOIN.CROSS).where((Claim.document == Document.id) & out_by(moment))


def _of_published(moment: Moment, condition: Expression) -> ModelSelect[Claim]:
    return Claim.select(Value(1)).join(Document).where(condition & out_by(moment))


Out = Mapping[type[Resource], Callable[[Moment], set[str]]]

OUT_BY_FEW: Out = {Event: _events_said, Source: _sources_said}
OUT_BY_MANY: Out = {Event: _events_with_a_claim, Source: _sources_with_a_link}


Known = dict[Hashable, Mapping[str, float]]

MEANT: Kept[Known] = Kept(dict)
"""What typed words were found to mean while the record is the same: the same few stand in most of what is asked."""

MOST_MEANT = 4_096


def meanings(asked: Iterable[Word], models: Models, guess_anyway: bool = False) -> dict[str, Mapping[str, float]]:
    """Return for each typed word, by how it is folded, the words of these nouns that it may mean."""
    known, found = MEANT.get(), {}
    for word in asked:
        key = word.plain, guess_anyway, *models
        if key not in known:
            if len(known) >= MOST_MEANT:
                known.clear()
            known[key] = meant(word, models, guess_anyway)
        found[word.folded] = known[key]
    return found


def meant(word: Word, models: Models, guess_anyway: bool = False) -> dict[str, float]:
    """Return the words of these nouns that a typed one may mean, each with its likeness to it.

    One that stands on record often is not guessed at: where it stands once, it may be a slip there. A word with a
    digit in it means itself alone: 24 is not a misspelt 25.
    """
    standing = on_record(word.folded, models)
    as_typed = {word.folded: 1.0} if standing else {}
    if not word.folded.isalpha():
        return as_typed
    guessed = _spelt_like(word) if guess_anyway or standing < USUAL else []
    return {other: likeness(word, other) for other in (*guessed, *_begun(word.folded))} | as_typed


@lru_cache(maxsize=65_536)
def likeness(word: Word, other: str) -> float:
    """Return how surely a folded word is this one, of 1: the same, one the beginning of the other, or misspelt."""
    if word.folded == other:
        return 1.0
    short, long = sorted((word.folded, other), key=len)
    if len(short) >= SHORTEST_SPELT and long.startswith(short):
        return 0.9
    return 0.7 if any(_alike(form, other) for form in word.forms) else 0.0


def _alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) < SHORTEST_GUESS:
        return False
    return any(fuzz.ratio(word, spelt) >= LIKE for spelt in unfolded(other))


def on_record(word: str, models: Models) -> int:
    """Return how many entries of these nouns hold a word, counted as far as tells a usual one."""
    known = NEWEST.get()
    return sum(min(len(newest(model, (word,), known).names), USUAL) for model in models)


def _begun(word: str) -> list[str]:
    """The words that begin with this one, the shortest first, and those that this one begins with."""
    if len(word) < SHORTEST_SPELT:
        return []
    following = f"{word[:-1]}{chr(ord(word[-1]) + 1)}"
    longer = db.execute_sql(_longer_sql(), (word, following, MOST_BEGUN)).fetchall()
    stems = [word[:end] for end in range(SHORTEST_SPELT, min(len(word), LONGEST_GUESS))]
    shorter = among(SearchWord.word, stems, SearchWord.word) if stems else ()
    return [other for (other,) in (*longer, *shorter)]


@by_dialect
def _longer_sql() -> str:
    longer = SearchWord.select(SearchWord.word).where((SearchWord.word > "") & (SearchWord.word < ""))
    return str(longer.order_by(fn.LENGTH(SearchWord.word), SearchWord.word).limit(1).sql()[0])


def _spelt_like(word: Word) -> list[str]:
    """The words likest to one that may be misspelt, the likest first."""
    return [other for form in word.forms for other in _likest(form)]


def _likest(word: str) -> list[str]:
    if not SHORTEST_GUESS <= len(word) <= LONGEST_GUESS:
        return []
    query = full_text().spelt_like(SearchWord.select(SearchWord.word), word)
    near = [other for (other,) in fetched(query.limit(MOST_SPELT_ALIKE)) if _alike(word, other)]
    return [other for other, _, _ in process.extract(word, near, scorer=fuzz.ratio, limit=MOST_GUESSED)]
