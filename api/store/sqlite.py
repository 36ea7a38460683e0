"""SQLite: a file in which the few questions that nearly every request asks are asked without peewee's cursor."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from peewee import EXCEPTIONS, ExceptionWrapper, SqliteDatabase  # type: ignore[attr-defined]
from playhouse.db_url import parse

Row = tuple[Any, ...]

FAILING = ExceptionWrapper(EXCEPTIONS)
"""What turns the driver's failures into peewee's."""


class SQLite(SqliteDatabase):
    """A file of SQLite's, to which each thread has a connection of its own."""

    def row(self, sql: str, params: Sequence[str | int] = ()) -> Row | None:
        """Return the first row of what one of a few texts asks for; raises what `execute_sql` does.

        The cursor that peewee makes of it costs nearly as much as what SQLite does for one row by its id.
        """
        database: Any = self  # peewee's types leave out what its databases tell of their questions
        connection = database.connection()
        database._log_query(sql, params)
        begun = time.perf_counter()
        try:
            with FAILING:
                found: Row | None = connection.execute(sql, params).fetchone()
        except Exception as error:
            database._notify_hooks(sql, params, begun, error)
            raise
        database._notify_hooks(sql, params, begun, None)
        return found


def database(url: str, pragmas: dict[str, Any]) -> SQLite:
    """Return the database in a file, not opened yet."""
    return SQLite(pragmas=pragmas, **parse(url))
