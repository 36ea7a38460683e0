"""The database: how it is opened, checked and migrated."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from peewee import Case, Database, DatabaseProxy, OperationalError, PeeweeException, SqliteDatabase, Table
from playhouse.migrations import Runner

from api.store import postgresql, replicas, sqlite
from api.store.timing import has_free, timed

db = DatabaseProxy()

EDITION, EVENT = Table("edition"), Table("event")

MIGRATIONS = Path(__file__).parent / "migrations"

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # an acknowledged write is on disk; NORMAL does not fsync each commit
    "foreign_keys": 1,
    "busy_timeout": 5_000,  # milliseconds a writer waits for another one
}


ONE_WRITER = 0x63726F7373
"""The number of the advisory lock that whoever writes holds."""


ONE_MIGRATOR = ONE_WRITER + 1
"""The number of the advisory lock that whoever migrates holds."""


class DatabaseRefused(Exception):
    """The database cannot be used; the message says why and what to do."""


def is_sqlite() -> bool:
    """Tell whether the bound database is SQLite; else it is PostgreSQL."""
    return isinstance(db.obj, SqliteDatabase)


def bind(url: str, create: bool = False, read_from: Sequence[str] = (), lag: float = 0.0) -> Database:
    """Open the database at `url` and make it the one the models use; only `create` may bring a new file about.

    Reads go to the streaming replicas of a PostgreSQL at `read_from`, which may be `lag` seconds behind
    (`api.store.replicas`). Raises DatabaseRefused when the database cannot be opened; a replica may be away.
    """
    try:
        opened = _sqlite(url, create) if urlsplit(url).scheme == "sqlite" else _served(url, read_from, lag)
        unbind()
        db.initialize(timed(opened))
        _opened_to_write()
    except (PeeweeException, OSError, ValueError) as error:
        raise DatabaseRefused(f"the database {_shown(url)} cannot be opened: {_in_one_line(error)}") from None
    return opened


def _opened_to_write() -> None:
    if is_sqlite():
        db.connect(reuse_if_open=True)
    else:
        db.to_write()


def unbind() -> None:
    """Close the bound database in this thread, and what it keeps open for others."""
    if db.obj is not None:
        db.close()
        if not is_sqlite():
            db.close_all()


def _sqlite(url: str, create: bool) -> Database:
    _refuse_missing(Path(url.removeprefix("sqlite:///")), create)
    return sqlite.database(url, SQLITE_PRAGMAS)


def _served(url: str, read_from: Sequence[str], lag: float) -> Database:
    if not read_from:
        return postgresql.database(url, postgresql.PostgreSQL)
    return replicas.database(url, read_from, lag)


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def reopened() -> None:
    """Have the bound database open in this thread, to read; a connection that the server has ended is replaced."""
    opened = db.obj
    if not opened.is_closed():
        if isinstance(opened, SqliteDatabase) or opened.is_connection_usable():
            return
        opened.close()
    opened.connect(reuse_if_open=True)


def has_replicas() -> bool:
    """Tell whether reads may go to copies of the database."""
    return isinstance(db.obj, replicas.Replicated)


def at_hand() -> bool:
    """Tell whether this thread has a connection, or can have one without waiting for a server."""
    if has_replicas():
        return False  # two servers have to be asked, either of which may be away
    return is_sqlite() or not db.is_closed() or has_free(db.obj)


def row(sql: str, params: Sequence[str | int] = ()) -> tuple[Any, ...] | None:
    """Return the first row, if there is one, of what is asked in one of a few texts that are asked all the time."""
    found: tuple[Any, ...] | None = db.obj.row(sql, params)
    return found


def stood_at() -> tuple[int, int] | None:
    """Return the edition that was told when this thread's connection was chosen, where one had to be chosen."""
    return db.stood() if has_replicas() else None


def asked_anew() -> None:
    """Have what this thread reads next be no older than now, however far replicas may lag."""
    if has_replicas():
        db.ask_anew()


def handed_back() -> None:
    """Let others have this thread's connection to a server, unless a transaction goes on; a file stays open."""
    opened = db.obj
    if not isinstance(opened, SqliteDatabase) and not opened.in_transaction():
        opened.close()


def _refuse_missing(file: Path, create: bool) -> None:
    if not file.parent.is_dir():
        raise DatabaseRefused(f"the folder {file.parent} of the database does not exist")
    if not create and not file.exists():
        raise DatabaseRefused(f"the database {file} does not exist; run `crosscheck migrate`")
    if not os.access(file.parent, os.W_OK):
        raise DatabaseRefused(
            f"the folder {file.parent} of the database cannot be written to; SQLite keeps its log there, even to read"
        )


def _shown(url: str) -> str:
    """Show a URL without the name, the password and the parameters it may hold."""
    scheme, _, rest = url.partition("://")
    before, _, _ = rest.partition("?")
    return f"{scheme}://{before.rpartition('@')[2] if '@' in before or '@' not in rest else '…'}"


def runner(database: Database) -> Runner:
    """Return the runner of our migrations."""
    return Runner(database, directory=str(MIGRATIONS))


def migrate(database: Database) -> list[str]:
    """Apply every pending migration, each whole or not at all, and return their names; a second one waits.

    Raises DatabaseRefused when the database is newer than the code, locked or not a database.
    """
    try:
        with _migrating(database):
            refuse_newer(database)
            applied: list[str] = runner(database).up()
        if applied:
            with writing():  # what a migration rendered otherwise is a new edition, and kept nowhere
                db.execute(EVENT.update({EVENT.c.turn: EVENT.c.turn + 1}))
    except PeeweeException as error:
        raise DatabaseRefused(f"the database cannot be migrated: {error}") from error
    return applied


@contextmanager
def _migrating(database: Database) -> Iterator[None]:
    """Keep others from migrating at the same time; on SQLite the database's own lock does.

    On PostgreSQL all migrations are one transaction: a lock of a session's would be lost behind a pooler.
    """
    if isinstance(database, SqliteDatabase):
        yield
        return
    with db.atomic():
        db.execute_sql("SELECT set_config('lock_timeout', '0', true), pg_advisory_xact_lock(%s)", (ONE_MIGRATOR,))
        db.execute_sql("SET LOCAL lock_timeout TO DEFAULT")
        _wait_no_longer_than_others()
        yield


def refuse_newer(database: Database) -> None:
    """Raise DatabaseRefused when the database has migrations that this code does not know."""
    unknown = [step.name for step in runner(database).status() if step.path is None]
    if unknown:
        raise DatabaseRefused(
            f"the database is newer than this code: it has {', '.join(unknown)}; "
            "upgrade Crosscheck or use another database"
        )


def check(database: Database) -> None:
    """Raise DatabaseRefused unless the database answers and is exactly as new as the code."""
    try:
        refuse_newer(database)
        pending = [step.name for step in runner(database).status() if step.applied is None]
        if not pending:
            answers()
    except PeeweeException as error:
        raise DatabaseRefused(f"the database cannot be read: {error}") from error
    if pending:
        raise DatabaseRefused(f"the database lacks {', '.join(pending)}; run `crosscheck migrate`")


def read_only(database: Database) -> None:
    """Have the database itself refuse every write, now and on each connection to come."""
    if isinstance(database, SqliteDatabase):
        database.pragma("query_only", 1, permanent=True)
    elif isinstance(database, postgresql.PostgreSQL):
        database.reads_only = True


def answers() -> None:
    """Ask the bound database for as little as possible; raises peewee's OperationalError when it does not answer."""
    db.execute_sql("SELECT 1 FROM claim LIMIT 1")


@contextmanager
def writing() -> Iterator[None]:
    """Open a transaction that writes: it takes the one lock of all writers at once, and waits for it.

    On SQLite, which would take it half-way, that is the database's own. PostgreSQL has none, and numbers rows before
    they are committed: there it is an advisory lock, kept to the end, so that what is numbered later is seen later.

    It begins a new edition of the record, unless it lies within another one that does.
    """
    outermost = not db.in_transaction()
    if outermost:
        _opened_to_write()
    with _saying_what_failed(), db.atomic("IMMEDIATE") if is_sqlite() else _alone():
        yield
        if outermost:
            _begin_edition()


@contextmanager
def _alone() -> Iterator[None]:
    with db.atomic():
        _wait_no_longer_than_others()
        db.execute_sql("SELECT pg_advisory_xact_lock(%s)", (ONE_WRITER,))
        yield


def _wait_no_longer_than_others() -> None:
    """Bound the waiting for locks to the end of the transaction, unless it is: behind a pooler nothing else does."""
    db.execute_sql(
        "SELECT set_config('lock_timeout', %s, true) WHERE current_setting('lock_timeout') = '0'",
        (str(postgresql.LOCK_PATIENCE),),
    )


UNDONE = ("no transaction is active", "no such savepoint")
"""What SQLite says to who undoes what it has undone by itself, as it does when a disk is full."""


@contextmanager
def _saying_what_failed() -> Iterator[None]:
    """Raise what had a transaction undone, not that it could not be undone once more."""
    try:
        yield
    except OperationalError as error:
        cause: BaseException = error
        while any(said in str(cause) for said in UNDONE) and cause.__context__ is not None:
            cause = cause.__context__
        if cause is error:
            raise
        raise cause from None


def _begin_edition() -> None:
    """Raise the number; a clock that was set back makes no change seem older than the one before."""
    now = int(time.time()) + 1
    later = Case(None, [(EDITION.c.changed_at > now, EDITION.c.changed_at + 1)], now)
    db.execute(EDITION.update({EDITION.c.number: EDITION.c.number + 1, EDITION.c.changed_at: later}))
