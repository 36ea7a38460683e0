"""Reading: several queries that see one state of the record."""

from contextlib import AbstractContextManager

from peewee import SqliteDatabase

from api.store.db import db


def reading() -> AbstractContextManager[object]:
    """Open a transaction in which every query sees the same state; on SQLite any transaction is one."""
    transaction: AbstractContextManager[object] = (
        db.atomic() if isinstance(db.obj, SqliteDatabase) else db.atomic(isolation_level="REPEATABLE READ")
    )
    return transaction
