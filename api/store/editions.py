"""Editions: how often the record was changed and when last, kept in the transaction of every write."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from api.store.db import db, reopened, row, stood_at

Held = TypeVar("Held")


class Edition(NamedTuple):
    """A state of the record; `changed_at` is the whole second, since 1970, by which the change was over."""

    number: int
    changed_at: int


UNCHANGED = Edition(0, 0)
"""The edition of what no change of the record bears on."""


def edition() -> Edition:
    """Return the present edition; read it before what it stands for, so that it is never newer than that."""
    reopened()
    stood = stood_at()
    if stood is not None:
        return Edition(*stood)
    found = row("SELECT number, changed_at FROM edition")
    return Edition(*found) if found is not None else UNCHANGED


class Kept(Generic[Held]):
    """Something that is worked out from the record, and kept as long as that does not change.

    Within a transaction, which may have changed what nobody else sees yet, it is worked out anew.
    """

    def __init__(self, work_out: Callable[[], Held]) -> None:
        self._work_out = work_out
        self._kept: tuple[object, Held] | None = None

    def get(self) -> Held:
        """Return it as it stands."""
        if db.in_transaction():
            return self._work_out()
        mark = db.obj, edition()
        kept = self._kept
        if kept is None or kept[0] != mark:
            self._kept = kept = mark, self._work_out()
        return kept[1]
