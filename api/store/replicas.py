"""Replicas: reads are answered by copies of a PostgreSQL server that have all it has committed, writes by the server.

Before a thread reads, the server that is written to (the primary) says which edition of the record it has. A streaming
replica that has replayed that edition is then read from; where none has, the primary is. So nobody is answered from
before what anybody's finished write has changed, and needs to send nothing to be sure of it. With a `lag` the primary's
word is taken for good for so many seconds, and while it is away replicas go on answering as long; who has just written
then asks to be answered from what is committed now, as a browser does on reload (`Cache-Control: no-cache`).
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

from peewee import EXCEPTIONS, DatabaseError, ExceptionWrapper, OperationalError  # type: ignore[attr-defined]
from playhouse.pool import MaxConnectionsExceeded

from api.store import postgresql
from api.store.postgresql import PostgreSQL

log = logging.getLogger(__name__)

PRIMARY = "primary"
"""What the server that is written to is called in metrics; a replica has its place in READ_DATABASE_URLS."""

REST = 1.0
"""Seconds after which a replica that was of no use is tried again; no request waits for that."""

ASKING = 2.0
"""Seconds in which a server says where it stands, or counts as away."""

READING = 5.0
"""Seconds in which a replica answers a statement, or the primary is given it."""

WORKING = 60.0
"""Seconds in which the primary answers a statement of a service, or the request is told to come back."""

STATE = """
SELECT number, changed_at, (SELECT system_identifier FROM pg_control_system()), current_database(), pg_is_in_recovery()
FROM edition
"""

EDITION = "SELECT number, changed_at FROM edition"
"""What costs the server two thirds of that."""


class State(NamedTuple):
    """Where a server stands: its edition of the record, the database, of which cluster, and whether it is a copy."""

    number: int
    changed_at: int
    cluster: int
    name: str
    copies: bool

    def is_copy_of(self, primary: "State") -> bool:
        """Tell whether this is a streaming replica of the primary's: a promoted one is on its own."""
        return self.copies and (self.cluster, self.name) == (primary.cluster, primary.name)


class Waiting:
    """How long a connection waits for its server; by itself the driver would wait for as long as it takes."""

    def __init__(self, wait: Callable[..., Any], usual: float) -> None:
        self._wait = wait
        self.seconds = usual

    def __call__(self, generator: Any, *arguments: Any, **named: Any) -> Any:
        return self._wait(generator, *arguments, **{"timeout": self.seconds, **named})


def bounded(connection: Any, seconds: float) -> Any:
    """Have a connection wait no longer than that for any answer, and return it."""
    if not isinstance(connection.wait, Waiting):
        connection.wait = Waiting(connection.wait, seconds)
    return connection


def state(connection: Any, known: State | None = None) -> State:
    """Ask a bounded connection where its server stands, or only for its edition if the rest is known.

    Raises OperationalError where it does not say.
    """
    usual, connection.wait.seconds = connection.wait.seconds, ASKING
    try:
        with ExceptionWrapper(EXCEPTIONS):
            row = connection.execute(STATE if known is None else EDITION).fetchone()
    except DatabaseError as error:  # a replica that has not come as far as the tables is away as well
        raise OperationalError(str(error)) from error
    finally:
        connection.wait.seconds = usual
    if row is None:
        raise OperationalError("the record has no edition")
    return State(*row) if known is None else known._replace(number=row[0], changed_at=row[1])


class Server(PostgreSQL):
    """A server none of whose answers is waited for without end."""

    asks_directly = False
    most = WORKING

    def _connect(self) -> Any:
        return bounded(super()._connect(), self.most)


class Replica(Server):
    """A streaming replica, and whether it is of use at present.

    How far it has come is asked each time: one that was restarted may be back before where it was.
    """

    most = READING
    name = ""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._left_alone = False
        self._ended = threading.Event()
        self._changing = threading.Lock()

    def connected(self, primary: State) -> tuple[Any, State] | None:
        """Return a connection to this replica, and where it stands, if it has what the primary has committed."""
        if self._left_alone:
            return None
        try:
            connection = self._connect()
        except MaxConnectionsExceeded:
            return None
        except OperationalError as error:
            self.leave_alone(primary, str(error))
            return None
        now = self._asked_where_it_stands(connection, primary)
        if now is None or now.number >= primary.number:
            return None if now is None else (connection, now)
        self._close(connection)
        return None

    def _asked_where_it_stands(self, connection: Any, primary: State) -> State | None:
        """Ask how far the replica has come; a connection that is of no use is ended."""
        try:
            now = state(connection)
        except OperationalError as error:
            self._close(connection, close_conn=True)
            self.leave_alone(primary, str(error))
            return None
        if not now.is_copy_of(primary):
            self._close(connection, close_conn=True)
            self.leave_alone(primary, "it is no streaming replica of DATABASE_URL")
            return None
        return now

    def leave_alone(self, primary: State, why: str) -> None:
        """Ask this replica for nothing until it answers again, which a thread of its own finds out."""
        with self._changing:
            if self._left_alone or self._ended.is_set():
                return
            self._left_alone = True
        self.close_idle()
        log.warning("replica %s is not read from: %s", self.name, " ".join(why.split()))
        threading.Thread(target=self._until_it_is_of_use, args=(primary,), name="replica", daemon=True).start()

    def _until_it_is_of_use(self, primary: State) -> None:
        while not self._ended.wait(REST):
            try:
                connection = self._connect()
            except (OperationalError, MaxConnectionsExceeded):
                continue
            try:
                now = state(connection)
            except OperationalError:
                now = primary._replace(copies=False)
            self._close(connection, close_conn=True)
            if now.is_copy_of(primary):
                self._left_alone = False
                log.warning("replica %s is read from again", self.name)
                return

    def end(self) -> None:
        """Close what is open, and no longer wait for the replica."""
        self._ended.set()
        self.close_all()


class Mine(threading.local):
    """What holds for a thread's connection: whether it must lead to what is committed, and where that stood."""

    anew = False
    stood: State | None = None


class Replicated(Server):
    """The server that is written to together with its replicas: one database to whoever uses it.

    A thread's connection leads to a replica, or to the primary where none is fit or once the thread writes.
    """

    replicas: Sequence[Replica] = ()
    lag = 0.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._reads: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._turns = count()
        self._heard: tuple[float, State] | None = None
        self._known: State | None = None
        self._mine = Mine()

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Take a connection for this thread to where it may read; raises OperationalError where there is none."""
        heard = self._heard_of_late()
        if self._state.closed and heard is not None and self._is_taken_to_a_replica(heard):
            return True
        opened = super().connect(reuse_if_open)
        if opened:
            now = self._says_where_it_stands()
            if not (heard is None and self._is_taken_to_a_replica(now)):
                self._count(PRIMARY)
        return opened

    def stood(self) -> tuple[int, int] | None:
        """Return the edition there was where this thread reads when it began to, if it still reads there."""
        now = self._mine.stood
        return (now.number, now.changed_at) if now is not None else None

    def taken_reads(self) -> Counter[str]:
        """Return how often each server was chosen to read from since this was asked last."""
        with self._counting:
            reads, self._reads = self._reads, Counter()
        return reads

    def _count(self, server: str) -> None:
        with self._counting:
            self._reads[server] += 1

    def ask_anew(self) -> None:
        """Have this thread's next connection lead to what is committed by then, whatever the lag."""
        self._mine.anew = True

    def to_write(self) -> None:
        """Have this thread's connection lead to the primary."""
        if self._state.closed or self._replica_of(self._state.conn) is not None:
            self._leave()
            super().connect()

    def begin(self, isolation_level: Any = None) -> None:
        """Begin a transaction; at the primary where the replica is gone."""
        self._or_at_the_primary(lambda: super(Replicated, self).begin(isolation_level))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Ask the server; what a replica fails to answer outside a transaction the primary is asked."""
        return self._or_at_the_primary(lambda: super(Replicated, self).execute_sql(sql, params))

    def close(self) -> bool:
        """Give the connection back to the server that it leads to."""
        self._mine.anew, self._mine.stood = False, None
        return bool(super().close())

    def close_all(self) -> None:
        """Close every connection to every server."""
        super().close_all()
        for replica in self.replicas:
            replica.end()

    def _or_at_the_primary(self, what: Callable[[], Any]) -> Any:
        try:
            return what()
        except OperationalError as error:
            replica = None if self._state.closed else self._replica_of(self._state.conn)
            if replica is None or self.in_transaction():
                raise
            heard = self._heard
            if heard is not None and not _answers(self._state.conn):
                replica.leave_alone(heard[1], str(error))
            self._leave(close=True)
            super().connect()
            return what()

    def _heard_of_late(self) -> State | None:
        """Return where the primary stood, if that is no longer ago than answers may lag."""
        heard = self._heard
        if heard is None or self._mine.anew or time.monotonic() - heard[0] >= self.lag:
            return None
        return heard[1]

    def _says_where_it_stands(self) -> State:
        asked = time.monotonic()
        try:
            now = state(self._state.conn, self._known)
        except OperationalError:
            self._known = None  # another server may be there next
            self._leave(close=True)
            self._unreachable_until = time.monotonic() + postgresql.REST
            raise
        self._heard, self._known, self._mine.stood = (asked, now), now, now
        return now

    def _is_taken_to_a_replica(self, primary: State) -> bool:
        first = next(self._turns)
        for turn in range(len(self.replicas)):
            replica = self.replicas[(first + turn) % len(self.replicas)]
            found = replica.connected(primary)
            if found is not None:
                self._leave()
                connection, self._mine.stood = found
                self._state.set_connection(connection)
                self._count(replica.name)
                return True
        return False

    def _leave(self, close: bool = False) -> None:
        """Give this thread's connection back, or end it."""
        self._mine.stood = None
        if not self._state.closed:
            connection = self._state.conn
            self._state.reset()
            self._close(connection, close)

    def _replica_of(self, connection: Any) -> Replica | None:
        return next((one for one in self.replicas if id(connection) in one._in_use), None)

    def _close(self, conn: Any, close_conn: bool = False) -> None:
        replica = self._replica_of(conn)
        if replica is not None:
            replica._close(conn, close_conn)
        else:
            super()._close(conn, close_conn)


def _answers(connection: Any) -> bool:
    """Tell whether a connection is still one; a statement that was too slow for it leaves it at work."""
    return not connection.closed and connection.info.transaction_status.name in ("IDLE", "INERROR")


def database(url: str, replicas: Sequence[str], lag: float = 0.0) -> Replicated:
    """Return the database at a URL with its replicas at others, none of them connected yet.

    `lag` is how many seconds answers may be behind what is committed. Raises as `postgresql.database` does.
    """
    primary = postgresql.database(url, Replicated)
    primary.replicas, primary.lag = [_replica(url, place) for place, url in enumerate(replicas, start=1)], lag
    return primary


def _replica(url: str, place: int) -> Replica:
    try:
        copy = postgresql.database(url, Replica)
    except ValueError as error:
        raise ValueError(f"READ_DATABASE_URLS, number {place}: {error}") from None
    copy.name = str(place)
    copy.connect_params["connect_timeout"] = int(ASKING)
    return copy
