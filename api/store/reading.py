"""Reading: several queries that see one state of the record."""

from contextlib import AbstractContextManager

from api.store.db import db, is_sqlite


def reading() -> AbstractContextManager[object]:
    """Open a transaction in which every query sees the same state; on SQLite any transaction is one."""
    transaction: AbstractContextManager[object] = (
        db.atomic() if is_sqlite() else db.atomic(isolation_level="REPEATABLE READ")
    )
    return transaction
