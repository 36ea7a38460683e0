"""Search: what the full-text index is asked: which entries hold which words, and which word a typed one may mean."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from peewee import ModelSelect, Value, fn
from rapidfuzz import fuzz, process

from api.store.bulk import fetched
from api.store.folding import Word
from api.store.fulltext import Groups, full_text
from api.store.indexing import INDEXED, SHORTEST_SPELT
from api.store.models import Attribution, Claim, Document, Event, Resource, SearchEntry, SearchWord, Source
from api.store.published import out_by
from schemas.moments import parse_moment

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

Models = Collection[type[Resource]]


def found(model: type[Resource], groups: Groups, most: int, as_of: str | None = None, **held: str | None) -> list[str]:
    """Return the ids of the newest rows of a noun that hold a word of each group, at most so many, out by `as_of`."""
    query = holding(model, groups, **held)
    if as_of is not None:
        query = PUBLISHED[model](query, as_of)
    return [name for (name,) in fetched(query.limit(most))]


def holding(model: type[Resource], groups: Groups, **held: str | None) -> ModelSelect[SearchEntry]:
    """The ids of the rows of a noun that hold a word of each group, the newest first.

    They belong to the `event` and the `property` where these are given; the sources of an event are those that its
    claims name.
    """
    column = INDEXED[model].column
    query = SearchEntry.select(column)
    belonging = {noun: name for noun, name in held.items() if name is not None}
    if model is Source and "event" in belonging:
        of_event = Attribution.select(Attribution.source).join(Claim).where(Claim.event == belonging.pop("event"))
        query = query.where(column.in_(of_event))
    noun = str(model._meta.table_name)
    return full_text().holding(query, groups, [noun, *(f"{key}.{name}" for key, name in belonging.items())])


def _out(as_of: str) -> Any:
    """The claims of documents that had been published by then."""
    return Claim.select(Value(1)).join(Document).where(out_by(parse_moment(as_of)))


def _published_claims(query: ModelSelect[SearchEntry], as_of: str) -> ModelSelect[SearchEntry]:
    return query.where(fn.EXISTS(_out(as_of).where(Claim.id == SearchEntry.claim)))


def _published_events(query: ModelSelect[SearchEntry], as_of: str) -> ModelSelect[SearchEntry]:
    return query.where(fn.EXISTS(_out(as_of).where(Claim.event == SearchEntry.event)))


def _published_sources(query: ModelSelect[SearchEntry], as_of: str) -> ModelSelect[SearchEntry]:
    """A source had been named when it or a part of it was in a chain."""
    start = Source.select(Source.id.alias("whole"), Source.id.alias("part"))
    below = start.cte("below", recursive=True, columns=("whole", "part"))
    further = Source.alias()
    every = below.union(further.select(below.c.whole, further.id).join(below, on=further.part_of == below.c.part))
    naming = (
        Attribution.select(Value(1))
        .join(Claim)
        .join(Document)
        .where((Attribution.source == every.c.part) & out_by(parse_moment(as_of)))
    )
    named = every.select_from(every.c.whole).where(fn.EXISTS(naming))
    return query.where(SearchEntry.source.in_(named))


PUBLISHED: dict[type[Resource], Callable[[ModelSelect[SearchEntry], str], ModelSelect[SearchEntry]]] = {
    Claim: _published_claims,
    Event: _published_events,
    Source: _published_sources,
}
"""How each noun that is dated by its documents is held to a moment."""


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


def likeness(word: Word, other: str) -> float:
    """Return how surely a folded word is this one, of 1: the same, one the beginning of the other, or misspelt."""
    if word.folded == other:
        return 1.0
    short, long = sorted((word.folded, other), key=len)
    if len(short) >= SHORTEST_SPELT and long.startswith(short):
        return 0.9
    return 0.7 if any(_alike(form, other) for form in word.forms) else 0.0


def _alike(word: str, other: str) -> bool:
    return min(len(word), len(other)) >= SHORTEST_GUESS and fuzz.ratio(word, other) >= LIKE


def on_record(word: str, models: Models) -> int:
    """Return how many entries of these nouns hold a word, counted as far as tells a usual one."""
    return sum(len(found(model, [[word]], USUAL)) for model in models)


def _begun(word: str) -> list[str]:
    """The words that begin with this one, the shortest first, and those that this one begins with."""
    if len(word) < SHORTEST_SPELT:
        return []
    longer = SearchWord.select(SearchWord.word).where(
        (SearchWord.word > word) & (SearchWord.word < f"{word[:-1]}{chr(ord(word[-1]) + 1)}")
    )
    stems = [word[:end] for end in range(SHORTEST_SPELT, min(len(word), LONGEST_GUESS))]
    shorter = SearchWord.select(SearchWord.word).where(SearchWord.word.in_(stems))
    begun = fetched(longer.order_by(fn.LENGTH(SearchWord.word), SearchWord.word).limit(MOST_BEGUN))
    return [other for (other,) in (*begun, *fetched(shorter))]


def _spelt_like(word: Word) -> list[str]:
    """The words likest to one that may be misspelt, the likest first."""
    return [other for form in word.forms for other in _likest(form)]


def _likest(word: str) -> list[str]:
    if not SHORTEST_GUESS <= len(word) <= LONGEST_GUESS:
        return []
    query = full_text().spelt_like(SearchWord.select(SearchWord.word), word)
    near = [other for (other,) in fetched(query.limit(MOST_SPELT_ALIKE)) if _alike(word, other)]
    return [other for other, _, _ in process.extract(word, near, scorer=fuzz.ratio, limit=MOST_GUESSED)]
