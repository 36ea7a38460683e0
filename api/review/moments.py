"""Moments: what an event's page counted then, remembered between one publication on the event and the next.

From one document on an event to the next, nothing that is known of it changes. So whatever moment is asked for in
between has the same answer, as long as no claim on the event changes: `Event.turn` tells that it did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import orjson

from api.store import published
from api.store.db import db
from schemas.moments import Moment

MOST_EVENTS = 2_000
MOST_PERIODS = 128
"""Events, and periods of each, that a process remembers: some 1 to 20 KiB an event."""

Counts = Mapping[str, int]
Period = tuple[int, int]
"""How many of an event's days and instants of publication are over: one for all moments between two of them."""


class Publications(NamedTuple):
    """When documents on an event came out: the last days of those dated to a day, and the instants of the others."""

    days: Sequence[str]
    instants: Sequence[str]

    def period(self, moment: Moment) -> Period:
        """Return between which publications a moment lies."""
        day, instant = published.latest(moment)
        return bisect_right(self.days, day), bisect_right(self.instants, instant)


NOTHING_OUT: Period = (0, 0)


@dataclass(slots=True)
class _Event:
    turn: int
    publications: Publications
    counted: dict[Period, Counts] = field(default_factory=dict)


class Memory:
    """What was counted on the events that were asked for last."""

    def __init__(self) -> None:
        self._events: OrderedDict[str, _Event] = OrderedDict()
        self._database: object = None
        self._lock = Lock()

    def find(self, event: str, turn: int, moment: Moment) -> Counts | None:
        """Return what an event counted at a moment, if that was worked out since it last changed."""
        with self._lock:
            known = self._known(event, turn)
            return known.counted.get(known.publications.period(moment)) if known is not None else None

    def publications(self, event: str, turn: int) -> Publications | None:
        """Return when the documents on an event came out, if that was asked for since it last changed."""
        with self._lock:
            known = self._known(event, turn)
            return known.publications if known is not None else None

    def keep(self, event: str, turn: int, publications: Publications, period: Period, counts: Counts) -> None:
        """Remember what an event counted; what was asked for longest ago is forgotten."""
        with self._lock:
            known = self._known(event, turn) or _Event(turn, publications)
            self._events[event] = known
            if len(known.counted) >= MOST_PERIODS:
                known.counted.clear()
            known.counted[period] = counts
            if len(self._events) > MOST_EVENTS:
                self._events.popitem(last=False)

    def _known(self, event: str, turn: int) -> _Event | None:
        if self._database is not db.obj:
            self._database = db.obj
            self._events.clear()
        known = self._events.get(event)
        if known is None or known.turn != turn:
            return None
        self._events.move_to_end(event)
        return known


_memory = Memory()


def remembered(event: str, turn: int, moment: Moment) -> Counts | None:
    """Return what an event counted at a moment, where that is known; never of what a transaction may have changed."""
    return None if db.in_transaction() else _memory.find(event, turn, moment)


def counted(
    event: str,
    turn: int,
    moment: Moment,
    publications: Callable[[], Publications],
    work_out: Callable[[], Counts],
) -> Counts | None:
    """Return what an event counted at a moment, worked out where it is not known; None where nothing on it was out.

    The turn must have been read before anything that is worked out.
    """
    kept = not db.in_transaction()
    known = (_memory.publications(event, turn) if kept else None) or publications()
    period = known.period(moment)
    if period == NOTHING_OUT:
        return None
    counts = (_memory.find(event, turn, moment) if kept else None) or work_out()
    if kept:
        _memory.keep(event, turn, known, period, counts)
    return counts


def shown(stored: str, counts: Counts) -> str:
    """Return the representation of an event with what it counted then, from the one that is stored."""
    return orjson.dumps({**orjson.loads(stored), "counts": counts}).decode()
