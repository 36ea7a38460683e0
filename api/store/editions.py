"""Editions: how often the record was changed and when last, kept in the transaction of every write.

Whoever reads learns the edition along with it. That is the present one for all that was asked before the reading began,
so of many that wait for an answer one asks the database, and the others need not.
"""

import math
import time
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from api.store.db import db, has_replicas, reopened, row, stood_at

Held = TypeVar("Held")


class Edition(NamedTuple):
    """A state of the record; `changed_at` is the whole second, since 1970, by which the change was over."""

    number: int
    changed_at: int


UNCHANGED = Edition(0, 0)
"""The edition of what no change of the record bears on."""


def edition(since: float = math.inf) -> Edition:
    """Return the edition of no earlier than a moment of `time.perf_counter`, as a rule of now.

    Read it before what it stands for, so that it is never newer than that.
    """
    known = standing(since)
    if known is not None:
        return known
    reopened()
    stood = stood_at()
    if stood is not None:
        return Edition(*stood)
    began = time.perf_counter()
    found = row("SELECT number, changed_at FROM edition")
    present = Edition(*found) if found is not None else UNCHANGED
    looked(present, began)
    return present


class Look(NamedTuple):
    """What the database said when it was read from: the edition, when the reading began, and which database."""

    edition: Edition
    began: float
    database: Any


class Latest:
    """The last look that anybody in this process has had."""

    look: Look | None = None


LATEST = Latest()


def looked(edition: Edition, began: float) -> None:
    """Note which edition a reading came upon that began at a moment of `time.perf_counter`.

    What a transaction sees holds for nobody else, and what a replica has may not be all there is.
    """
    last, database = LATEST.look, db.obj
    if (last is None or began > last.began) and not database.in_transaction() and not has_replicas():
        LATEST.look = Look(edition, began, database)


def standing(since: float) -> Edition | None:
    """Return the edition that a reading came upon which began no earlier than a moment; None where none did."""
    look = LATEST.look
    if look is None or look.began < since or look.database is not db.obj or look.database.in_transaction():
        return None
    return look.edition


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

    def forget(self) -> None:
        """Have it worked out anew when it is asked for next; whoever has it keeps it."""
        self._kept = None
