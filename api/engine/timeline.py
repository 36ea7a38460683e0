"""Timeline: the values given to one question as they were said, and what took the place of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from api.engine.assess import Answer
from api.engine.groups import GONE, Group, Tie
from api.engine.record import Statement
from api.engine.rules.pair import Verdict
from schemas.moments import Moment, Span, hull
from schemas.vocabulary import ClaimStatus, ValueStatus

UNKNOWN = (date.max, datetime.max.replace(tzinfo=UTC))
"""Sorts after every known moment."""


@dataclass(frozen=True, slots=True)
class Publication:
    """By when the first, and by when every one, of the documents that print a value was certainly out.

    `first` is None where no document's date is known, `last` where that of one is not.
    """

    first: Moment | None
    last: Moment | None


@dataclass(frozen=True, slots=True)
class Succession:
    """What took a value's place: `by` indexes the entries, `said` and `published` are the successor's."""

    by: int
    verdict: Verdict
    said: Span
    published: Moment | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One value with its own clocks.

    `said` spans the statements it goes back to; `late` are the documents that still give it though they
    certainly came out after its successor first did.
    """

    group: Group
    status: ValueStatus
    said: Span
    published: Publication
    documents: tuple[str, ...]
    superseded: Succession | None
    late: tuple[str, ...]


def timeline(answer: Answer) -> tuple[Entry, ...]:
    """Return the values of an answer in the order in which they were said, unknown times last.

    Where that does not tell them apart: by when they held, when they were published, then by value.
    """
    places = {group: place for place, group in enumerate(_in_order(answer.groups, answer.ties))}
    successions = _first_successions(answer, places)
    return tuple(_entry(group, answer, places, successions.get(group)) for group in places)


def _entry(group: int, answer: Answer, places: Mapping[int, int], tie: Tie | None) -> Entry:
    own, superseded = answer.groups[group], None
    late: tuple[str, ...] = ()
    if tie is not None:
        successor = answer.groups[tie.later]
        superseded = Succession(places[tie.later], tie.verdict, _said(successor), _published(successor).first)
        late = _late(own, successor)
    documents = tuple(document for document, _ in _printed(own))
    return Entry(own, answer.statuses[group], _said(own), _published(own), documents, superseded, late)


def _first_successions(answer: Answer, places: Mapping[int, int]) -> dict[int, Tie]:
    """How the first successor took the place of each value that stands no longer; a withdrawn one replaces nothing."""
    withdrawn = [_withdrawn(group) for group in answer.groups]
    first: dict[int, Tie] = {}
    for tie in answer.ties:
        gone = tie.superseded
        if gone is None or answer.statuses[gone] not in GONE or withdrawn[tie.later]:
            continue
        if gone not in first or places[tie.later] < places[first[gone].later]:
            first[gone] = tie
    return first


def _withdrawn(group: Group) -> bool:
    return all(claim.status is ClaimStatus.CORRECTED for claim in group.claims)


def _said(group: Group) -> Span:
    return hull(claim.statement.said_at for claim in group.claims if claim.statement is not None)


def _printed(group: Group) -> list[tuple[str, Span]]:
    """The documents that print a value with when each was published, in the order of that."""
    published = {claim.document: claim.published for claim in group.claims}
    return sorted(
        ((document, span) for document, span in published.items() if document is not None),
        key=lambda printed: (_ends(printed[1].latest), printed[0]),
    )


def _published(group: Group) -> Publication:
    """Only the latest time a document can have come out is certain: by then it was out."""
    out = [span.latest for _, span in _printed(group)]
    return Publication(out[0], out[-1]) if out else Publication(None, None)


def _late(group: Group, successor: Group) -> tuple[str, ...]:
    standing = {claim.document for claim in group.claims if claim.status is not ClaimStatus.CORRECTED}
    newer = [span for _, span in _printed(successor)]
    return tuple(
        document
        for document, span in _printed(group)
        if document in standing and any(earlier.precedes(span) for earlier in newer)
    )


def _in_order(groups: Sequence[Group], ties: Sequence[Tie]) -> list[int]:
    """Order the values by their clocks, each before those that the record knows to be later."""
    clocks = [_clocks(group) for group in groups]
    later = _known_later(groups, ties)
    ordered: list[int] = []
    for group in sorted(range(len(groups)), key=clocks.__getitem__):
        place = next((place for place, other in enumerate(ordered) if other in later[group]), len(ordered))
        ordered.insert(place, group)
    return ordered


def _clocks(group: Group) -> tuple[object, ...]:
    said, held, out = _said(group), group.as_of, _published(group)
    spans = (_begins(said.earliest), _ends(said.latest), _begins(held.earliest), _ends(held.latest))
    return (*spans, _ends(out.first), group.value.sort_key)


def _begins(moment: Moment | None) -> tuple[date, datetime]:
    return moment.begins if moment is not None else UNKNOWN


def _ends(moment: Moment | None) -> tuple[date, datetime]:
    return moment.ends if moment is not None else UNKNOWN


def _known_later(groups: Sequence[Group], ties: Sequence[Tie]) -> list[set[int]]:
    """Which values are later than each: those that took its place, and those whose statements all follow one of its."""
    later = [set[int]() for _ in groups]
    said = [_said(group) for group in groups]
    for tie in ties:
        if tie.superseded is not None and not said[tie.later].precedes(said[tie.superseded]):
            later[tie.superseded].add(tie.later)
    statements = [_statements(group) for group in groups]
    giving: dict[str, set[int]] = {}
    for index, own in enumerate(statements):
        for name in own:
            giving.setdefault(name, set()).add(index)
    for index, own in enumerate(statements):
        for earlier in _all_follow(own.values(), giving):
            later[earlier].add(index)
    return later


def _statements(group: Group) -> dict[str, Statement]:
    return {claim.statement.id: claim.statement for claim in group.claims if claim.statement is not None}


def _all_follow(statements: Iterable[Statement], giving: Mapping[str, set[int]]) -> set[int]:
    """The values of which each of these statements follows an earlier one."""
    followed = [
        {index for earlier in statement.earlier_ones() for index in giving.get(earlier.id, ())}
        for statement in statements
    ]
    return set[int].intersection(*followed) if followed else set()
