"""Timing: what each thread spends on the database, and how many connections there are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from peewee import Database, QueryEvent

Told = Callable[[QueryEvent], None]
"""What is told of every statement once it was carried out."""


class Spent(threading.local):
    """What this thread has spent on the database since it began: only ever more.

    A statement's time ends with its first row on SQLite, which reads on as rows are fetched, and with its last one on
    PostgreSQL.
    """

    seconds = 0.0
    queries = 0


SPENT = Spent()


class Connections(NamedTuple):
    """How many connections this process has: in a thread's hands, and waiting in the pool."""

    in_use: int
    free: int


def timed(database: Any) -> Database:
    """Count what a database is asked and what it has open, and return it."""
    database.query_hooks.append(_note)
    if not _pooled(database):
        _count_opened(database)
    return database  # type: ignore[no-any-return]


def _note(event: QueryEvent) -> None:
    SPENT.seconds += event.duration
    SPENT.queries += 1


def tell(database: Database, told: Told) -> None:
    """Have something told of every statement from now on."""
    database.query_hooks.append(told)


def connections(database: Any) -> Connections:
    """Return how many connections a timed database has in this process, those to its replicas among them."""
    if _pooled(database):
        servers = (database, *getattr(database, "replicas", ()))
        free = sum(one.resting() for one in servers)
        return Connections(sum(len(one._in_use) + len(one._connections) for one in servers) - free, free)
    return Connections(database.opened, 0)


def has_free(database: Any) -> bool:
    """Tell whether a connection waits in the pool of one server."""
    return bool(database.resting())


def chosen(database: Any) -> Mapping[str, int]:
    """Return how often each server of several was chosen to read from since this was asked last."""
    return database.taken_reads() if hasattr(database, "taken_reads") else {}


def _pooled(database: Any) -> bool:
    return hasattr(database, "close_idle")


def _count_opened(database: Any) -> None:
    """Count the connections of a database without a pool, in which each thread keeps its own."""
    connect, close, lock = database._connect, database._close, threading.Lock()
    database.opened = 0

    def opening() -> Any:
        made = connect()
        with lock:
            database.opened += 1
        return made

    def closing(connection: Any) -> None:
        with lock:
            database.opened -= 1
        close(connection)

    database._connect, database._close = opening, closing
