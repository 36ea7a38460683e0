"""Changes: the log, as whoever follows it reads it, and how what became of a claim is put into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from api.review.differences import why_claim_changed
from api.store import changes as store
from api.store.bulk import Row, fetched
from api.store.changes import Entry
from schemas.changes import GivenWith
from schemas.vocabulary import Change, ChangedNoun, ClaimStatus

TOMBSTONES = frozenset({Change.RETRACTED, Change.ENDED, Change.REMOVED})
"""After these there is nothing to show: what is logged is in no list any more, or no longer counts."""

PLACES = {ChangedNoun.CLAIM: "claims", ChangedNoun.DISCREPANCY: "discrepancies"}

Args = Mapping[str, Any]
Fields = Mapping[str, Any]


class Position(NamedTuple):
    """How far a reader has come: the number of the last row, and what it is known by."""

    sequence: int
    mark: str


class Lost(Exception):
    """The log is not the one that a position was taken in, or no longer reaches back to it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Changes and how far they reach."""

    items: list[dict[str, Any]]
    until: Position


def beginning() -> Position:
    """Return the position ahead of every change."""
    return Position(*store.START)


def end() -> Position:
    """Return the position behind every change there is."""
    return Position(*store.newest())


def following(after: Position, args: Args) -> Followed:
    """Return the changes behind a position, oldest first, and how far that is; raises Lost.

    The end of the log is taken first. What is committed meanwhile has a larger number and comes the next time.
    """
    newest = end()
    if after.sequence > newest.sequence or store.row_at(after.sequence) != after:
        raise Lost
    rows = list(fetched(store.between(after.sequence, newest.sequence, args).limit(args["limit"])))
    items = [_item(row, args["include"] is GivenWith.STATE) for row in rows]
    if len(rows) < args["limit"]:
        return Followed(items, newest)
    last = store.row_at(rows[-1][0])
    return Followed(items, Position(*last) if last is not None else newest)


def _item(row: Row, with_state: bool) -> dict[str, Any]:
    sequence, *logged, state = row
    entry = Entry(*logged)
    place = f"/v1/{PLACES[ChangedNoun(entry.kind)]}/{entry.name}"
    item: dict[str, Any] = {
        "sequence": sequence,
        "kind": entry.kind,
        "id": entry.name,
        "event": entry.event,
        "change": entry.change,
        "revision": entry.revision,
        "at": entry.at,
        "because": entry.because,
        "links": {"self": place, "revisions": f"{place}/revisions", "event": f"/v1/events/{entry.event}"},
    }
    if with_state:
        gone = state is None or entry.change in TOMBSTONES
        item[entry.kind] = None if gone else orjson.Fragment(state)
    return item


def claim_entries(before: Fields | None, after: Fields, reason: str | None = None) -> Iterator[Entry]:
    """Yield what is to be logged of a claim that is now as `after` shows it; `reason` is what is known of why.

    Whoever follows one event alone is told that a claim left it.
    """
    known = (ChangedNoun.CLAIM, after["id"])
    revision, at = after["revision"], after["recorded_at"]
    if before is not None and before["event"] != after["event"]:
        left = f"It is now a claim on the event {after['event']}."
        yield Entry(*known, before["event"], revision, Change.REMOVED, at, left)
    because = reason or why_claim_changed(before, after)
    yield Entry(*known, after["event"], revision, claim_change(before, after), at, because)


def claim_change(before: Fields | None, after: Fields) -> Change:
    """Return what became of a claim."""
    was, now = before["status"] if before is not None else None, after["status"]
    if now == ClaimStatus.RETRACTED:
        return Change.RETRACTED
    if was is None:
        return Change.CREATED
    if was == ClaimStatus.RETRACTED:
        return Change.RESTORED
    return Change.CORRECTED if now == ClaimStatus.CORRECTED != was else Change.CHANGED
