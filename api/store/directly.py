"""Directly: the few questions that nearly every request asks, put to PostgreSQL through libpq without a cursor.

Most of what such a read costs a process is psycopg's cursor, its waiting and its rows: libpq alone, which psycopg hands
out as `Connection.pgconn` (psycopg.org, "pq – libpq wrapper module"), takes a fifth of it. Only where nothing stands in
the way is it asked so: whoever finds that there is no answer asks as usual, and learns there what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]

MOST = 256
"""Texts that are kept as libpq takes them."""

READERS: dict[int, Callable[[bytes], Any]] = {16: b"t".__eq__, 20: int, 21: int, 23: int, 25: bytes.decode, 1042: bytes}
"""How the types bool, int8, int2, int4, text and bpchar are read, by their numbers in PostgreSQL's catalogue.

No column is a bpchar: a query casts to it what it wants as the bytes it is, which costs the server nothing.
"""


class Unanswered(Exception):
    """The server gave no rows: ask it as usual."""


NAMES = "crosscheck_names"
"""Where a connection keeps what the texts that were prepared on it are called."""


class Asking:
    """Asks what was prepared on each connection when it was first asked there."""

    def __init__(self) -> None:
        from psycopg import Error

        self._failures = Error, Unanswered, KeyError
        self._numbers = count()

    def row(self, connection: Connection[Any], sql: str, params: Sequence[str | int]) -> Row | None:
        """Return the first row of an answer, or None where it has none.

        Raises Unanswered where the connection does not keep what is prepared, is in a transaction or has ended, where
        the server answers with an error, and where there is a type of column that is not known here.
        """
        pgconn = connection.pgconn
        if connection.prepare_threshold is None or pgconn.transaction_status:
            raise Unanswered
        try:
            name = self._prepared(connection, sql)
            result = pgconn.exec_prepared(name, [str(given).encode() for given in params])
            return _first(result)
        except self._failures as error:
            setattr(connection, NAMES, {})
            raise Unanswered from error

    def _prepared(self, connection: Connection[Any], sql: str) -> bytes:
        names: dict[str, bytes] = connection.__dict__.setdefault(NAMES, {})
        name = names.get(sql)
        if name is None:
            name = b"crosscheck_%d" % next(self._numbers)
            _answered(connection.pgconn.prepare(name, _numbered(sql)))
            names[sql] = name
        return name


def _answered(result: PGresult) -> None:
    if result.error_message:
        raise Unanswered


def _first(result: PGresult) -> Row | None:
    _answered(result)
    if not result.ntuples:
        return None
    return tuple(_read(result, column) for column in range(result.nfields))


def _read(result: PGresult, column: int) -> Any:
    value = result.get_value(0, column)
    return None if value is None else READERS[result.ftype(column)](value)


@lru_cache(MOST)
def _numbered(sql: str) -> bytes:
    """Write a text with psycopg's marks as libpq takes it."""
    first, *others = sql.split("%s")
    return "".join((first, *(f"${place}{text}" for place, text in enumerate(others, 1)))).encode()
