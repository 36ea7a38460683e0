"""Bulk: many rows at once, read and written without a model instance for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar

import orjson
from peewee import (  # type: ignore[attr-defined]
    EXCEPTIONS,
    OP,
    SQL,
    ExceptionWrapper,
    Expression,
    Field,
    ModelSelect,
)

from api.store.db import db, is_sqlite
from api.store.models import Record
from api.store.phrasing import by_dialect

MOST_NAMES = 5_000
"""Names one query asks for; SQLite takes at most 32,766 parameters."""

ROWS_TOGETHER = 16
"""Rows that SQLite inserts by one statement: more cost no less each, and are parameters without end."""

Row = tuple[Any, ...]
Item = TypeVar("Item")


def fetched(query: ModelSelect[Any]) -> Iterator[Row]:
    """Return the bare rows of a query."""
    rows: Iterator[Row] = iter(db.execute(query))
    return rows


def every(*columns: Field) -> Iterator[Row]:
    """Return the bare rows of all there is of a noun."""
    rows: Iterator[Row] = iter(db.execute_sql(_every_sql(columns)).fetchall())
    return rows


@by_dialect
def _every_sql(columns: tuple[Field, ...]) -> str:
    return str(columns[0].model.select(*columns).sql()[0])


def among(key: Field, names: Sequence[str], *columns: Field) -> Iterator[Row]:
    """Return the bare rows in which a column is one of many names, which are handed over as one value."""
    rows: Iterator[Row] = iter(db.execute_sql(_among_sql(key, columns), (listed(names),)).fetchall())
    return rows


def listed(names: Sequence[str]) -> Any:
    """Return names as the one value that a database takes for all of them."""
    return orjson.dumps(names).decode() if is_sqlite() else list(names)


@by_dialect
def _among_sql(key: Field, columns: tuple[Field, ...]) -> str:
    listed = "IN (SELECT value FROM json_each(?))" if is_sqlite() else "= ANY(%s)"
    return f'{key.model.select(*columns).sql()[0]} WHERE "t1"."{key.column_name}" {listed}'


def one_of(key: Field, names: Sequence[str]) -> Expression:
    """Return the condition that a column is one of many names, which are handed over as one value."""
    if is_sqlite():
        return key << SQL("(SELECT value FROM json_each(?))", (listed(names),))
    return Expression(key, OP.EQ, SQL("ANY(%s)", (listed(names),)))


def portions(items: Iterable[Item], size: int = MOST_NAMES) -> Iterator[list[Item]]:
    """Cut items into lists that one query can ask for."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def insert(model: type[Record], columns: Sequence[Field], rows: Sequence[Row]) -> None:
    """Insert rows, each in the order of the columns; PostgreSQL copies them, which costs it a third as much."""
    if is_sqlite():
        _insert_together(model, tuple(columns), rows)
    elif rows:
        with ExceptionWrapper(EXCEPTIONS), db.cursor().copy(_copy_sql(model, tuple(columns))) as copy:
            for row in rows:
                copy.write_row(row)


def _insert_together(model: type[Record], columns: tuple[Field, ...], rows: Sequence[Row]) -> None:
    """Insert rows so many at a time that what checks them is set up for all of those at once."""
    whole = len(rows) - len(rows) % ROWS_TOGETHER
    together = [tuple(chain.from_iterable(rows[at : at + ROWS_TOGETHER])) for at in range(0, whole, ROWS_TOGETHER)]
    _many(_insert_sql(model, columns, ROWS_TOGETHER), together)
    _many(_insert_sql(model, columns, 1), rows[whole:])


def insert_new(columns: Sequence[Field], rows: Sequence[Row]) -> None:
    """Insert rows but those of which a unique column says that they are there."""
    _many(_insert_new_sql(tuple(columns)), rows)


def put(model: type[Record], columns: Sequence[Field], rows: Sequence[Row]) -> None:
    """Insert rows or, where the primary key is there, give it these values."""
    _many(_put_sql(model, tuple(columns)), rows)


def update(column: Field, rows: Sequence[Row], by: Sequence[Field] = ()) -> None:
    """Set one column; a row is the value and what it belongs to: the primary key, or what is in the columns `by`."""
    _many(_update_sql(column, tuple(by) or (column.model._meta.primary_key,)), rows)


def delete(columns: Sequence[Field], rows: Sequence[Row]) -> None:
    """Delete the rows in which these columns hold these values."""
    _many(_delete_sql(tuple(columns)), rows)


@by_dialect
def _insert_sql(model: type[Record], columns: tuple[Field, ...], rows: int) -> str:
    return str(model.insert_many([[0] * len(columns)] * rows, fields=list(columns)).sql()[0])


@by_dialect
def _insert_new_sql(columns: tuple[Field, ...]) -> str:
    inserted = columns[0].model.insert_many([[0] * len(columns)], fields=list(columns))
    return str(inserted.on_conflict_ignore().sql()[0])


@cache
def _copy_sql(model: type[Record], columns: tuple[Field, ...]) -> str:
    names = ", ".join(f'"{column.column_name}"' for column in columns)
    return f'COPY "{model._meta.table_name}" ({names}) FROM STDIN'


@by_dialect
def _put_sql(model: type[Record], columns: tuple[Field, ...]) -> str:
    key = model._meta.primary_key
    kept = [column for column in columns if column is not key]
    inserted = model.insert_many([[0] * len(columns)], fields=list(columns))
    return str(inserted.on_conflict(conflict_target=[key], preserve=kept).sql()[0])


@by_dialect
def _update_sql(column: Field, by: tuple[Field, ...]) -> str:
    query = column.model.update({column: 0})
    for known in by:
        query = query.where(known == 0)
    return str(query.sql()[0])


@by_dialect
def _delete_sql(columns: tuple[Field, ...]) -> str:
    query = columns[0].model.delete()
    for column in columns:
        query = query.where(column == 0)
    return str(query.sql()[0])


def _many(sql: str, rows: Sequence[Row]) -> None:
    if rows:
        with ExceptionWrapper(EXCEPTIONS):
            db.cursor().executemany(sql, rows)
