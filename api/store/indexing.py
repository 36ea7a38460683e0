"""Indexing: the entries of the full-text index, kept in the transaction that changes what they are of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from peewee import Field, ModelSelect, fn

from api.store import bulk
from api.store.bulk import Row, among, fetched, one_of, portions
from api.store.folding import folded, trigrams
from api.store.models import (
    Claim,
    Document,
    Event,
    Place,
    Property,
    Question,
    Resource,
    SearchEntry,
    SearchWord,
    Source,
)
from api.store.published import periods

SHORTEST_SPELT = 4
"""Letters; shorter words are neither guessed at nor completed."""

MOST_DATES = 4_096
"""Dates whose periods are kept; many documents are out on the same day."""

Names = Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Indexed:
    """A noun that the index holds: the column its entries refer by, and what is read of it."""

    column: Field
    entries: Callable[[Names], Iterator[Row]]


def index(model: type[Resource], names: Iterable[str] | None = None, new: bool = False) -> int:
    """Bring the entries of these rows, or of all, up to date and return how many were not; call it in a transaction.

    What is `new` has no entries yet. Rows that are deleted take their entries with them.
    """
    chosen = [None] if names is None else portions(names)
    write = _add if new else _keep
    return sum(
        write(INDEXED[model].column, entries) for some in chosen for entries in portions(INDEXED[model].entries(some))
    )


def add_entries(model: type[Resource], entries: Sequence[Row]) -> None:
    """Write the entries of rows that have none, each a name, its words and what it is held by."""
    _add(INDEXED[model].column, entries)


def _add(column: Field, entries: Sequence[Row]) -> int:
    bulk.insert(SearchEntry, (column, SearchEntry.words, SearchEntry.held), entries)
    _learn({word for _, words, _ in entries for word in words.split()})
    return len(entries)


def _keep(column: Field, entries: Sequence[Row]) -> int:
    """Write the entries that are not there as they should be."""
    kept = SearchEntry.select(column, SearchEntry.words, SearchEntry.held)
    before = {row[0]: row for row in fetched(kept.where(column.in_([name for name, _, _ in entries])))}
    changed = [entry for entry in entries if before.get(entry[0]) != entry]
    bulk.delete((column,), [(name,) for name, _, _ in changed if name in before])
    return _add(column, changed)


def _learn(words: Collection[str]) -> None:
    spelt = sorted(word for word in words if len(word) >= SHORTEST_SPELT and word.isalpha())
    bulk.insert_new((SearchWord.word, SearchWord.trigrams), [(word, trigrams(word)) for word in spelt])


def _event_entries(names: Names) -> Iterator[Row]:
    places = place_names()
    query = Event.select(Event.id, Event.title, Event.summary, Event.aliases, Event.place)
    for name, title, summary, aliases, place in _rows(query, Event.id, names):
        texts = title, summary or "", *orjson.loads(aliases), *places.get(place, ())
        yield name, packed(*texts), f"event event.{name}"


def _claim_entries(names: Names) -> Iterator[Row]:
    """What a claim says, and when its document was published: a moment is asked of far more claims than it leaves."""
    columns = Claim.id, Claim.exact, Claim.event, Document.public_day, Document.public_instant
    for row in _rows(Claim.select(*columns).join(Document), Claim.id, names):
        yield claim_entry(*row)


def claim_entry(name: str, exact: str, event: str, day: str | None, instant: str | None) -> Row:
    """Return the entry of a claim, from its span, its event and the day or instant at which its document was out."""
    return name, packed(exact), f"claim event.{event}{_out(day, instant)}"


@lru_cache(MOST_DATES)
def _out(day: str | None, instant: str | None) -> str:
    return "".join(f" out.{period}" for period in periods(day, instant))


def _source_entries(names: Names) -> Iterator[Row]:
    for name, label, aliases in _rows(Source.select(Source.id, Source.name, Source.aliases), Source.id, names):
        yield name, packed(label, *orjson.loads(aliases)), "source"


def _question_entries(names: Names) -> Iterator[Row]:
    """What a question answers to: its event, its property, and the place and whatever else narrows it."""
    places = place_names()
    query = (
        Question.select(
            *(Question.id, Question.event, Question.property, Question.representation),
            *(Event.title, Event.aliases, Event.place, Property.label, Property.aliases),
        )
        .join(Event)
        .switch(Question)
        .join(Property)
    )
    for name, event, prop, representation, title, known_as, place, label, aliases in _rows(query, Question.id, names):
        scope = [part for part in orjson.loads(representation)["scope"].values() if part]
        texts = event, title, *orjson.loads(known_as), *places.get(place, ()), prop, label, *orjson.loads(aliases)
        narrowed = (text for part in scope for text in places.get(part, [part]))
        yield name, packed(*texts, *narrowed), f"question event.{event} property.{prop}"


def _rows(query: ModelSelect[Any], key: Field, names: Names) -> Iterator[Row]:
    return fetched(query if names is None else query.where(one_of(key, names)))


def place_names(names: Sequence[str] | None = None) -> dict[str, list[str]]:
    """Return what each place is called, its id among it; of all or of some."""
    columns = Place.id, Place.name, Place.aliases
    rows = fetched(Place.select(*columns)) if names is None else among(Place.id, names, *columns)
    return {name: [name, label, *orjson.loads(aliases)] for name, label, aliases in rows}


def packed(*texts: str) -> str:
    """Return the folded words of texts, each once."""
    return " ".join(sorted(folded(*texts)))


INDEXED: dict[type[Resource], Indexed] = {
    Event: Indexed(SearchEntry.event, _event_entries),
    Source: Indexed(SearchEntry.source, _source_entries),
    Claim: Indexed(SearchEntry.claim, _claim_entries),
    Question: Indexed(SearchEntry.question, _question_entries),
}
"""The nouns that the index holds."""


def index_all() -> int:
    """Bring the whole index up to date; call it in a transaction."""
    return sum(index(model, new=not _is_indexed(model)) for model in INDEXED)


def _is_indexed(model: type[Resource]) -> bool:
    """Whether anything of a noun is in the index; the greatest name is at hand, where there is one."""
    return SearchEntry.select(fn.MAX(INDEXED[model].column)).scalar() is not None
