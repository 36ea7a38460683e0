"""Shown: representations as they are stored, with the edition of the record they are of, each had by one query.

A query's SQL is worked out once for each kind of question: building it through peewee costs more than asking SQLite.
What is shown comes as bytes: text beyond ASCII would be read from UTF-8 and written as it again, which takes longer
than the query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import SQL, ModelSelect, Value

from api.store import queries
from api.store.db import db, is_sqlite, row
from api.store.editions import UNCHANGED, Edition
from api.store.keyset import ORDERS
from api.store.models import (
    Claim,
    Discrepancy,
    Document,
    Event,
    Property,
    Question,
    Resource,
    Source,
    Statement,
)
from api.store.phrasing import by_dialect

NOUNS: dict[str, type[Resource]] = {
    "claims": Claim,
    "discrepancies": Discrepancy,
    "documents": Document,
    "events": Event,
    "properties": Property,
    "questions": Question,
    "sources": Source,
    "statements": Statement,
}
"""What is stored as it is shown."""

LISTS: dict[str, Callable[[Mapping[str, Any]], ModelSelect[Any]]] = {
    "claims": queries.claims,
    "discrepancies": queries.discrepancies,
    "documents": queries.documents,
    "events": queries.events,
    "properties": queries.properties,
    "questions": queries.questions,
    "sources": queries.sources,
}

EDITION = SQL("(SELECT number FROM edition)"), SQL("(SELECT changed_at FROM edition)")
SIZE = 0x51CE
"""Stands for the number of rows in a query that is worked out before that is known."""


class Page(NamedTuple):
    """The first rows of a list as they are shown, with commas between them, or None where there are none; what the last
    of them is sorted by, where there are more; the edition; and of an event's list the turn of that."""

    text: bytes | None
    last: str | None
    edition: Edition
    turn: int | None


class Asking(NamedTuple):
    """A query of a list; `takes` chooses what it is asked with from the size, the filters' values and `constants`."""

    sql: str
    takes: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    constants: tuple[Any, ...]


def one(noun: str, name: str) -> tuple[bytes, Edition] | None:
    """Return a resource as it is shown; None where there is none of that id."""
    found = row(_one_sql(noun), (name,))
    return (_bytes(found[0]), Edition(found[1], found[2])) if found is not None else None


def event_with_turn(name: str) -> tuple[str, int, Edition] | None:
    """Return an event as it is shown now, and its turn; None where there is none."""
    found = row(_event_with_turn_sql(), (name,))
    return (found[0], found[1], Edition(*found[2:])) if found is not None else None


def turn(event: str) -> tuple[int, Edition] | None:
    """Return the turn of an event, another one once anything on it is shown otherwise; None where there is none."""
    found = row(_turn_sql(), (event,))
    return (found[0], Edition(*found[1:])) if found is not None else None


def first(noun: str, filters: Mapping[str, str], size: int) -> Page:
    """Return the first rows of a list in its usual order, of those that filters by id leave."""
    asking = _first_sql(noun, tuple(filters))
    counted = row(asking.sql, asking.takes((size, *filters.values(), *asking.constants)))
    text, last, more, turn, *edition = counted or (None, None, False, None, *UNCHANGED)
    return Page(None if text is None else _bytes(text), last if more else None, Edition(*edition), turn)


def _bytes(text: bytes | str) -> bytes:
    """Return what is shown; psycopg gives text where it was not asked directly."""
    return text if isinstance(text, bytes) else text.encode()


@by_dialect
def _event_with_turn_sql() -> str:
    return str(Event.select(Event.representation, Event.turn, *EDITION).where(Event.id == "").sql()[0])


@by_dialect
def _turn_sql() -> str:
    return str(Event.select(Event.turn, *EDITION).where(Event.id == "").sql()[0])


@by_dialect
def _one_sql(noun: str) -> str:
    model = NOUNS[noun]
    sql: str = model.select(model.representation.cast(_raw()), *EDITION).where(model.id == "").sql()[0]
    return sql


@by_dialect
def _first_sql(noun: str, names: tuple[str, ...]) -> Asking:
    """Return the query of a list with these filters.

    The rows come as one: SQLite would let the other threads of the process run before each of them.
    """
    model = NOUNS[noun]
    by = next(iter(ORDERS[model].values())).by
    query = LISTS[noun]({name: _mark(name) for name in names}).order_by(by)
    page, shown = query.select(by.alias("sorted_by"), model.representation.alias("shown")).limit(SIZE).sql()
    behind, more = query.select(Value(1)).limit(1).offset(SIZE).sql()
    turn, of = _turn_of(names)
    joined = f"CAST({'group_concat' if is_sqlite() else 'string_agg'}(shown, ',') AS {_raw()})"
    sql = (
        f"SELECT {joined}, max(sorted_by), CASE WHEN count(*) = {db.param} THEN EXISTS ({behind}) END,"  # noqa: S608 — queries of our own
        f" {turn}, (SELECT number FROM edition), (SELECT changed_at FROM edition) FROM ({page}) AS page"
    )
    given: list[Any] = [SIZE, *map(_mark, names)]
    asked = [SIZE, *more, *of, *shown]
    constants = [one for one in asked if one not in given]
    return Asking(sql, itemgetter(*map([*given, *constants].index, asked)), tuple(constants))


def _turn_of(names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """Return how the turn of the event that a list is of is asked for, and with what."""
    if "event" not in names:
        return "CAST(NULL AS INTEGER)", []
    text, given = Event.select(Event.turn).where(Event.id == _mark("event")).sql()
    return f"({text})", given


def _raw() -> str:
    """The type as which the database hands out text in bytes; to PostgreSQL this one is text all the same."""
    return "BLOB" if is_sqlite() else "BPCHAR"


def _mark(name: str) -> str:
    return f"\0{name}"
