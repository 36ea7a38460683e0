"""Changes: the log of what became of claims and discrepancies, in the order in which it was committed.

A row is written in the transaction that makes the change, under the one lock of all writers (`db.writing`). So rows
are numbered in the order in which they become visible, and whoever has read one has missed none before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from peewee import JOIN, ModelSelect, fn

from api.store import bulk
from api.store.bulk import fetched
from api.store.models import ClaimRevision, DiscrepancyRevision, LoggedChange
from schemas.vocabulary import Change, ChangedNoun

START = (0, "")


class Entry(NamedTuple):
    """A change to be logged, its fields those of a row."""

    kind: str
    name: str
    event: str
    revision: int
    change: str
    at: str
    because: str
    conflict: bool | None = None


COLUMNS = tuple(getattr(LoggedChange, name) for name in Entry._fields)

Filters = Mapping[str, Any]


def log(entries: Sequence[Entry]) -> None:
    """Write changes to the log; call it inside the transaction that makes them."""
    bulk.insert(LoggedChange, COLUMNS, entries)


def newest() -> tuple[int, str]:
    """Return where the log ends: the number of its last row, and what that row is known by."""
    return _known(LoggedChange.select().order_by(LoggedChange.sequence.desc()).limit(1)) or START


def row_at(sequence: int) -> tuple[int, str] | None:
    """Return the number of a row with what it is known by, or None where there is no such row."""
    return START if sequence == 0 else _known(LoggedChange.select().where(LoggedChange.sequence == sequence))


def _known(query: ModelSelect[LoggedChange]) -> tuple[int, str] | None:
    for sequence, *content in fetched(query.select(LoggedChange.sequence, *COLUMNS)):
        return sequence, hashlib.blake2b(orjson.dumps(content), digest_size=6).hexdigest()
    return None


STATE = fn.COALESCE(ClaimRevision.representation, DiscrepancyRevision.representation)
"""What was served after a change, as long as the record has it."""


def between(after: int, until: int, filters: Filters) -> ModelSelect[LoggedChange]:
    """Changes behind one row up to another, oldest first, to which every given filter applies."""
    query = _with_state().where((LoggedChange.sequence > after) & (LoggedChange.sequence <= until))
    return _filtered(query, filters).order_by(LoggedChange.sequence)


def told(before: int | None, filters: Filters) -> ModelSelect[LoggedChange]:
    """Changes of discrepancies in which something is news, newest first, all or those ahead of a row."""
    news = (LoggedChange.kind == ChangedNoun.DISCREPANCY) & (LoggedChange.change != Change.REFORMATTED)
    query = _with_state().where(news)
    if before is not None:
        query = query.where(LoggedChange.sequence < before)
    return _filtered(query, filters).order_by(LoggedChange.sequence.desc())


def _with_state() -> ModelSelect[LoggedChange]:
    of_claim = (
        (LoggedChange.kind == ChangedNoun.CLAIM)
        & (ClaimRevision.claim == LoggedChange.name)
        & (ClaimRevision.revision == LoggedChange.revision)
    )
    of_discrepancy = (
        (LoggedChange.kind == ChangedNoun.DISCREPANCY)
        & (DiscrepancyRevision.discrepancy == LoggedChange.name)
        & (DiscrepancyRevision.revision == LoggedChange.revision)
    )
    return (
        LoggedChange.select(LoggedChange.sequence, *COLUMNS, STATE)
        .join(ClaimRevision, JOIN.LEFT_OUTER, on=of_claim)
        .switch(LoggedChange)
        .join(DiscrepancyRevision, JOIN.LEFT_OUTER, on=of_discrepancy)
    )


FILTERS = {"event": LoggedChange.event, "kind": LoggedChange.kind, "conflict": LoggedChange.conflict}


def _filtered(query: ModelSelect[LoggedChange], filters: Filters) -> ModelSelect[LoggedChange]:
    for name, column in FILTERS.items():
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    return query
