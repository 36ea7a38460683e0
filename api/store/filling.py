"""Filling: very many rows at once into a record that holds none, with indexes that are built when the rows are there.

An index that follows row by row is read and written all over; one that is built at the end is sorted once. It all
happens in the transaction that adds the rows: whoever reads a file of SQLite's goes on with what was there before, and
whoever reads a PostgreSQL waits, as a table without its indexes is nobody else's to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from api.store.db import db, is_sqlite
from api.store.fulltext import index_anew
from api.store.indexing import INDEXED
from api.store.models import (
    MODELS,
    Attribution,
    Claim,
    ClaimRevision,
    Document,
    LoggedChange,
    Record,
    SearchEntry,
    Statement,
)

FEWEST = 10_000
"""Claims from which on it pays: of fewer the indexes are soon kept, and nobody has to wait."""

FILLED: tuple[type[Record], ...] = (
    Document,
    Statement,
    Claim,
    Attribution,
    ClaimRevision,
    LoggedChange,
    SearchEntry,
)
"""The tables that get rows by the claim or nearly so."""

SQLITE_PAGES = -256 * 1024
"""KiB, as SQLite wants them: negative. So much is sorted, and kept of the tables, in memory for as long as it takes."""

POSTGRESQL_SORTING = "256MB"
"""What PostgreSQL may take to build an index; its usual 64 MB are for a server that does other things meanwhile."""

ON_SQLITE = """
    SELECT type, name, sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?))
    ORDER BY rowid
"""
"""What hangs on tables, and how it is made again; what a primary key needs has no text of its own."""

OWNED = """
    SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%s)
"""
"""Whether whoever asks may change the tables, and does not only write to them."""

REFERENCES = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND relkind = 'r'
    AND relnamespace = current_schema()::regnamespace AND relname = ANY(%s)
    ORDER BY pg_constraint.oid
"""
"""The references of tables to others, of which every row would ask one by one; a table in parts keeps its own."""

INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE NOT indisprimary AND relkind = 'r'
    AND relnamespace = current_schema()::regnamespace AND relname = ANY(%s)
    ORDER BY indexrelid
"""


@contextmanager
def without_indexes(claims: int) -> Iterator[None]:
    """Add so many claims, within a transaction, with whatever else comes with them; their tables have keys alone then.

    Where they are few, where there were claims before or where the tables are somebody else's, nothing is different.
    """
    if claims < FEWEST or Claim.select().exists():
        yield
    elif is_sqlite():
        with _much_in_memory(), _without_on_sqlite():
            yield
    elif _asked(OWNED, _names(MODELS))[0][0]:
        with _without_on_postgresql():
            yield
    else:
        yield


@contextmanager
def _much_in_memory() -> Iterator[None]:
    ((pages,),) = _asked("PRAGMA cache_size")
    db.execute_sql(f"PRAGMA cache_size = {SQLITE_PAGES}")
    try:
        yield
    finally:
        db.execute_sql(f"PRAGMA cache_size = {pages}")


@contextmanager
def _without_on_sqlite() -> Iterator[None]:
    again = _asked(ON_SQLITE, orjson.dumps(_names(FILLED)).decode())
    for kind, name, _ in again:
        db.execute_sql(f'DROP {kind} "{name}"')
    yield
    index_anew(_names(INDEXED))
    for _, _, definition in again:
        db.execute_sql(definition)


@contextmanager
def _without_on_postgresql() -> Iterator[None]:
    db.execute_sql(f"SET LOCAL maintenance_work_mem TO '{POSTGRESQL_SORTING}'")
    references, indexes = _asked(REFERENCES, _names(FILLED)), _asked(INDEXES, _names(FILLED))
    for table, name, _ in references:
        db.execute_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        db.execute_sql(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        db.execute_sql(definition)
    for table, name, definition in references:
        db.execute_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    db.execute_sql(f"ANALYZE {', '.join(_names(FILLED))}")  # else it plans for empty tables until it looks by itself


def _names(models: Iterable[type[Record]]) -> list[str]:
    return [model._meta.table_name for model in models]


def _asked(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = db.execute_sql(sql, parameters).fetchall()
    return found
