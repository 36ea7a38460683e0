"""Shown: representations as they are stored, with when the record last changed, each had by one query.

A query's SQL is worked out once for each kind of question: building it through peewee costs more than asking SQLite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from peewee import SQL, ModelSelect

from api.store import queries
from api.store.db import db
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


Row = tuple[str, str, str, int]
"""A row of a list: what it is sorted by, what tells it apart, what is shown, and when the record last changed."""

TEXT: Final = 2
CHANGED_AT: Final = 3
"""Where these are in a row: a page of named tuples would cost as much as making its text."""


def one(noun: str, name: str) -> tuple[str, int] | None:
    """Return a resource as it is shown, and when the record last changed; None where there is none of that id."""
    found: tuple[str, int] | None = db.execute_sql(_one_sql(noun), (name,)).fetchone()
    return found


def first(noun: str, filters: Mapping[str, str], size: int) -> list[Row]:
    """Return the first rows of a list in its usual order, of those that filters by id leave."""
    sql, asked = _first_sql(noun, tuple(filters))
    given: dict[Any, Any] = {SIZE: size, **{_mark(name): value for name, value in filters.items()}}
    rows: list[Row] = db.execute_sql(sql, tuple(given.get(mark, mark) for mark in asked)).fetchall()
    return rows


@by_dialect
def _one_sql(noun: str) -> str:
    model = NOUNS[noun]
    sql: str = model.select(model.representation, CHANGED).where(model.id == "").sql()[0]
    return sql


@by_dialect
def _first_sql(noun: str, names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of a list with these filters, and what it is asked with, a mark for each thing to be given."""
    model = NOUNS[noun]
    order = next(iter(ORDERS[model].values()))
    query = LISTS[noun]({name: _mark(name) for name in names})
    query = query.select(order.by, order.tie, model.representation, CHANGED).order_by(order.by).limit(SIZE)
    sql, asked = query.sql()
    return sql, tuple(asked)


def _mark(name: str) -> str:
    return f"\0{name}"
