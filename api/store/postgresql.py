"""PostgreSQL: its connections, and the types that make it keep and order values as SQLite does."""

from importlib.util import find_spec
from typing import Any, ClassVar

from peewee import DatabaseError, ImproperlyConfigured, OperationalError, PostgresqlDatabase
from playhouse.pool import PooledPostgresqlDatabase

PATIENCE = 5
"""Seconds a server may take to accept a connection, where the URL does not say."""

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


class PostgreSQL(PooledPostgresqlDatabase):
    """A server reached through psycopg 3, which prepares on each connection what is asked often.

    Text is ordered by its bytes whatever the database was created with, as SQLite orders it and Python sorts it, and
    numbers keep all their digits.
    """

    field_types: ClassVar[dict[str, str]] = {
        **PostgresqlDatabase.field_types,
        "TEXT": 'TEXT COLLATE "C"',
        "FLOAT": "DOUBLE PRECISION",
    }

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Ask the server; raises peewee's OperationalError where SQLite would."""
        try:
            return super().execute_sql(sql, _without_nul(params) if sql.startswith(READS) else params)
        except DatabaseError as error:
            known = FAILURES.get(getattr(error.__cause__ or error.__context__, "sqlstate", None) or "")
            if known is None:
                raise
            raise OperationalError(f"{known}: {str(error).splitlines()[0]}") from error


def database(url: str) -> PostgreSQL:
    """Return the database at a URL as libpq reads it, not connected yet.

    Raises ImproperlyConfigured without a driver, and ValueError, which repeats nothing of the URL, where it is none.
    """
    if find_spec("psycopg") is None:
        raise ImproperlyConfigured("the driver of PostgreSQL is missing: install crosscheck[postgresql]")
    parts = {"connect_timeout": PATIENCE, "application_name": "crosscheck", **_parts(url)}
    name = parts.pop("dbname", "")
    if not name:
        raise ValueError("the URL names no database")
    parts["options"] = f"-c lock_timeout={LOCK_PATIENCE} {parts.get('options', '')}".rstrip()
    return PostgreSQL(name, prefer_psycopg3=True, **parts)


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
    if params is None or not any(isinstance(one, str) and NUL in one for one in params):
        return params
    return [one.replace(NUL, NO_CHARACTER) if isinstance(one, str) else one for one in params]


def read_only(database: PostgreSQL) -> None:
    """Have the server refuse every write, on each connection to come; those there are closed."""
    options = database.connect_params.get("options", "")
    database.connect_params["options"] = f"{options} -c default_transaction_read_only=on".lstrip()
    database.close_all()
