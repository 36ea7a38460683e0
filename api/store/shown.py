"""Shown: representations as they are stored, with when the record last changed, each had by one query.

A query's SQL is worked out once for each kind of question: building it through peewee costs more than asking SQLite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from peewee import SQL, ModelSelect, Value

from api.store import queries
from api.store.db import db, is_sqlite, row
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

CHANGED = SQL("(SELECT changed_at FROM edition)")
SIZE = 0x51CE
"""Stands for the number of rows in a query that is worked out before that is known."""


class Page(NamedTuple):
    """The first rows of a list as they are shown, with commas between them, or None where there are none; what the last
    of them is sorted by, where there are more; and when the record last changed."""

    text: str | None
    last: str | None
    changed_at: int


def one(noun: str, name: str) -> tuple[str, int] | None:
    """Return a resource as it is shown, and when the record last changed; None where there is none of that id."""
    found: tuple[str, int] | None = row(_one_sql(noun), (name,))
    return found


def event_with_turn(name: str) -> tuple[str, int, int] | None:
    """Return an event as it is shown now, its turn, and when the record last changed; None where there is none."""
    found: tuple[str, int, int] | None = row(_event_with_turn_sql(), (name,))
    return found


def first(noun: str, filters: Mapping[str, str], size: int) -> Page:
    """Return the first rows of a list in its usual order, of those that filters by id leave."""
    sql, asked = _first_sql(noun, tuple(filters))
    given: dict[Any, Any] = {SIZE: size, **{_mark(name): value for name, value in filters.items()}}
    counted = row(sql, tuple(given.get(mark, mark) for mark in asked)) or (None, None, False, 0)
    text, last, more, changed_at = counted
    return Page(text, last if more else None, changed_at)


@by_dialect
def _event_with_turn_sql() -> str:
    return str(Event.select(Event.representation, Event.turn, CHANGED).where(Event.id == "").sql()[0])


@by_dialect
def _one_sql(noun: str) -> str:
    model = NOUNS[noun]
    sql: str = model.select(model.representation, CHANGED).where(model.id == "").sql()[0]
    return sql


@by_dialect
def _first_sql(noun: str, names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of a list with these filters, and what it is asked with, a mark for each thing to be given.

    The rows come as one: SQLite would let the other threads of the process run before each of them.
    """
    model = NOUNS[noun]
    by = next(iter(ORDERS[model].values())).by
    query = LISTS[noun]({name: _mark(name) for name in names}).order_by(by)
    page, shown = query.select(by.alias("sorted_by"), model.representation.alias("shown")).limit(SIZE).sql()
    behind, more = query.select(Value(1)).limit(1).offset(SIZE).sql()
    joined = "group_concat" if is_sqlite() else "string_agg"
    sql = (
        f"SELECT {joined}(shown, ','), max(sorted_by), CASE WHEN count(*) = {db.param} THEN EXISTS ({behind}) END,"  # noqa: S608 — queries of our own
        f" (SELECT changed_at FROM edition) FROM ({page}) AS page"
    )
    return sql, (SIZE, *more, *shown)


def _mark(name: str) -> str:
    return f"\0{name}"
