"""PostgreSQL: its connections, and the types that make it keep and order values as SQLite does."""

import re
import select
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, ClassVar, TypeVar

from peewee import (  # type: ignore[attr-defined]
    EXCEPTIONS,
    DatabaseError,
    ExceptionWrapper,
    ImproperlyConfigured,
    OperationalError,
    PostgresqlDatabase,
)
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from api.store.directly import Asking, Row, Unanswered

PATIENCE = 5
"""Seconds a server may take to accept a connection, where the URL does not say, and that a thread waits for one."""

PATIENT = {"connect_timeout": PATIENCE, "tcp_user_timeout": PATIENCE * 1_000}
"""So long a server may leave us without a sign, when we begin and later, where the URL does not say otherwise."""

REST = 1
"""Seconds for which a server that could not be reached is not asked for a connection again."""

MOST_CONNECTIONS = 20
"""Connections that a process has at most, where the URL does not say."""

LOCK_PATIENCE = 5_000
"""Milliseconds that whoever writes waits for another one, as on SQLite."""

FAILURES = {
    "25006": "attempt to write a readonly database",
    "42703": "no such column",
    "42P01": "no such table",
    "55P03": "the database is locked",
}
"""What is no fault of the question's: SQLite calls it an operational error, and so do we. By SQLSTATE."""

READS = ("SELECT", "WITH")

NUL, NO_CHARACTER = "\0", "\uffff"
"""A text with NUL can be asked for but is nowhere on record; PostgreSQL takes the question for a fault."""


IDLE = 0
"""What libpq calls a connection on which nothing is going on."""

REFUSED_BY_A_POOLER = "unsupported startup parameter"
"""What PgBouncer says of settings, which it cannot keep for a connection that many clients share."""


class PostgreSQL(PooledPostgresqlDatabase):
    """A server reached through psycopg 3, which prepares on each connection what is asked often.

    Text is ordered by its bytes whatever the database was created with, as SQLite orders it and Python sorts it, and
    numbers keep all their digits. Nothing is set on a connection that a pooler would hand to somebody else.
    """

    field_types: ClassVar[dict[str, str]] = {
        **PostgresqlDatabase.field_types,
        "TEXT": 'TEXT COLLATE "C"',
        "FLOAT": "DOUBLE PRECISION",
    }
    reads_only = False
    asks_directly = True
    """Whether nothing but the connection bounds how long an answer is waited for."""
    _unreachable_until = 0.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._asking = Asking()
        self._resting: deque[Any] = deque()
        self._wanted = False

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Take a connection for this thread, and wait for one where all are taken."""
        if self._state.closed and (rested := self._rested()) is not None:
            self._state.set_connection(rested)
            return True
        try:
            return bool(super().connect(reuse_if_open))
        except MaxConnectionsExceeded:
            raise OperationalError(f"no connection became free within {PATIENCE} s") from None

    def close(self) -> bool:
        """Hand this thread's connection back."""
        connection = self._state.conn
        if connection is None:
            return False
        if self._state.transactions:
            return bool(super().close())  # which refuses it
        self._state.reset()
        self._close(connection)
        return True

    def resting(self) -> int:
        """Return how many connections are in nobody's hands."""
        return len(self._resting) + len(self._connections)

    def close_idle(self) -> None:
        """Close the connections that are in nobody's hands."""
        while self._resting:
            with suppress(IndexError):
                super()._close(self._resting.pop(), close_conn=True)
        super().close_idle()

    def _rested(self) -> Any:
        """Take the connection that was handed back last, if there is one that still leads to the server.

        All of the pool's own books take ten times as long as this, which nearly every request does.
        """
        while self._resting:
            with suppress(IndexError):
                connection = self._resting.pop()
                if not self._is_closed(connection):
                    return connection
                super()._close(connection, close_conn=True)
        return None

    def _close(self, conn: Any, close_conn: bool = False) -> None:
        """Hand a connection back, or end it; one on which anything is still going on is for the pool to look at."""
        if close_conn or conn.pgconn.transaction_status != IDLE or self.conn_key(conn) not in self._in_use:
            super()._close(conn, close_conn)
            return
        self._resting.append(conn)
        if self._wanted:
            with self._pool_available:
                self._wanted = False
                self._pool_available.notify_all()

    def to_write(self) -> None:
        """Have a connection in this thread that leads to where it may write, as every connection does."""
        self.connect(reuse_if_open=True)

    def begin(self, isolation_level: Any = None) -> None:
        """Begin a transaction; one that writes is refused by the server where only reading is allowed."""
        super().begin(isolation_level)
        if self.reads_only:
            self.cursor().execute("SET TRANSACTION READ ONLY")

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Ask the server; raises peewee's OperationalError where SQLite would."""
        if self.reads_only and not self.in_transaction():
            with self.atomic():
                return self._asked(sql, params)
        return self._asked(sql, params)

    def row(self, sql: str, params: Sequence[str | int] = ()) -> Row | None:
        """Return the first row of what one of a few texts asks for; raises what `execute_sql` does."""
        if self.asks_directly and not self.reads_only:
            begun = time.perf_counter()
            try:
                found = self._asking.row(self.connection(), sql, _without_nul(params))
            except Unanswered:
                pass
            else:
                self._log_query(sql, params)
                self._notify_hooks(sql, params, begun, None)
                return found
        row: Row | None = self.execute_sql(sql, params).fetchone()
        return row

    def _asked(self, sql: str, params: Any) -> Any:
        try:
            return super().execute_sql(sql, _without_nul(params) if sql.startswith(READS) else params)
        except DatabaseError as error:
            known = FAILURES.get(getattr(error.__cause__ or error.__context__, "sqlstate", None) or "")
            if known is None:
                raise
            raise OperationalError(f"{known}: {str(error).splitlines()[0]}") from error

    def _connect(self) -> Any:
        """Take a connection from the pool, or make one; who waited while another one tried in vain does not try."""
        if (rested := self._rested()) is not None:
            return rested
        with self._pool_lock:
            if time.monotonic() < self._unreachable_until:
                raise OperationalError("the server could not be reached a moment ago")
            try:
                with ExceptionWrapper(EXCEPTIONS):
                    return super()._connect()
            except MaxConnectionsExceeded:
                self._wanted = True
                raise
            except OperationalError as error:
                if self._learns_of_a_pooler(error):
                    return self._connect()
                self._unreachable_until = time.monotonic() + REST
                raise

    def _learns_of_a_pooler(self, error: OperationalError) -> bool:
        """Do without what is set at the start of a connection, where that was refused and is nobody's wish."""
        if REFUSED_BY_A_POOLER not in str(error) or self.connect_params.get("options") != _settings():
            return False
        del self.connect_params["options"]
        self.connect_params.setdefault("prepare_threshold", None)
        return True

    def _is_closed(self, conn: Any) -> bool:
        """Tell whether the server has ended a connection: to one that is asked nothing it says nothing else."""
        if not conn.closed and not _is_silent(conn):
            conn.close()
        return bool(conn.closed)


Kind = TypeVar("Kind", bound=PostgreSQL)


def _is_silent(conn: Any) -> bool:
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    return not poll.poll(0)


def _settings() -> str:
    return f"-c lock_timeout={LOCK_PATIENCE}"


def database(url: str, kind: type[Kind]) -> Kind:
    """Return the database at a URL as libpq reads it, not connected yet.

    Raises ImproperlyConfigured without a driver, and ValueError, which repeats no name and no password of the URL,
    where it is none.
    """
    if find_spec("psycopg") is None:
        raise ImproperlyConfigured("the driver of PostgreSQL is missing: install crosscheck[postgresql]")
    address, ours = _split(url)
    parts = {**PATIENT, "application_name": "crosscheck", **_parts(address)}
    name = parts.pop("dbname", "")
    if not name:
        raise ValueError("the URL names no database")
    parts["options"] = f"{_settings()} {parts.get('options', '')}".rstrip()
    bounds = {"max_connections": MOST_CONNECTIONS, "timeout": PATIENCE}
    return kind(name, prefer_psycopg3=True, **{**bounds, **parts, **ours})


def _split(url: str) -> tuple[str, dict[str, int | None]]:
    """Return a URL without the parameters that are ours and not libpq's, and these."""
    address, _, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    ours = dict(OWN[name](value) for name, _, value in pairs if name in OWN)
    others = "&".join("".join(pair) for pair in pairs if pair[0] not in OWN)
    return f"{address}?{others}" if others else address, ours


def _most(text: str) -> tuple[str, int | None]:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise ValueError(f"pool_max_conns is {text[:60]!r}: expected a whole number from 1 to 9999")
    return "max_connections", int(text)


def _threshold(text: str) -> tuple[str, int | None]:
    if not re.fullmatch(r"[0-9]{1,4}|off", text):
        raise ValueError(f"prepare_threshold is {text[:60]!r}: expected a whole number, or off")
    return "prepare_threshold", None if text == "off" else int(text)


OWN: dict[str, Callable[[str], tuple[str, int | None]]] = {"pool_max_conns": _most, "prepare_threshold": _threshold}
"""The parameters of a URL that libpq does not know, and what they are to those who do."""


def _parts(url: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        return dict(conninfo_to_dict(url))
    except ProgrammingError:
        raise ValueError(
            "this is not a URL as PostgreSQL takes it; is a character of the password not encoded?"
        ) from None


def _without_nul(params: Any) -> Any:
    """Ask for texts with NUL, and for lists of texts, as for what is nowhere on record."""
    if params is None or not any(map(_holds_nul, params)):
        return params
    return [_replaced(one) for one in params]


def _holds_nul(given: Any) -> bool:
    return NUL in given if isinstance(given, str) else isinstance(given, list) and any(NUL in one for one in given)


def _replaced(given: Any) -> Any:
    if isinstance(given, list):
        return [one.replace(NUL, NO_CHARACTER) for one in given]
    return given.replace(NUL, NO_CHARACTER) if isinstance(given, str) else given
