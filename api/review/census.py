"""Census: how much is on record, for whoever watches over the service."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import NamedTuple

from api.review.upkeep import review_due
from api.store import counting
from api.store.db import db
from api.store.editions import Edition, edition

PATIENCE = 15.0
"""Seconds that a count stands though the record changes: at a million claims counting takes tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Census:
    """The record in numbers; `discrepancies` counts those that have not ended, by kind and conflict."""

    edition: Edition
    claims: int
    questions: int
    discrepancies: Mapping[tuple[str, bool], int]
    review_due: bool


class _Held(NamedTuple):
    """What was counted, of which record, in which edition, and when."""

    record: object
    edition: Edition
    counted_at: float
    census: Census


_lock = Lock()
_held: list[_Held] = []


def census() -> Census:
    """Return what is on record; counted anew once the record has changed, but not more often than now and then."""
    now, present = time.monotonic(), edition()
    with _lock:
        for held in _held:
            if held.record is db.obj and (held.edition == present or now - held.counted_at < PATIENCE):
                return replace(held.census, edition=present)
        found = Census(present, counting.claims(), counting.questions(), counting.discrepancies(), review_due())
        _held[:] = [_Held(db.obj, present, now, found)]
        return found
