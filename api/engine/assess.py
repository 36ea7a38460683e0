"""Assess: what can responsibly be said on one question, and whether its claims conflict."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from api.engine.groups import GONE, Group, Tie
from api.engine.held import Held
from api.engine.ledger import Ledger
from api.engine.record import Claim, QuestionKey, Source
from api.engine.report import sentence_for
from api.engine.rules.pair import SUCCESSIONS, Verdict
from api.engine.ties import SEVERITY, exceeds, standings
from api.engine.values import Number, Value
from schemas.moments import Span
from schemas.vocabulary import DiscrepancyKind, Grade, Relation, ValueKind, ValueStatus

SECONDS_A_DAY = 86_400

KINDS = {
    Relation.CONTRADICTS: DiscrepancyKind.CONTRADICTION,
    Relation.EXCEEDS_WHOLE: DiscrepancyKind.EXCEEDS_WHOLE,
    Relation.UNRESOLVED: DiscrepancyKind.UNRESOLVED,
    Relation.CORRECTS: DiscrepancyKind.CORRECTION,
    Relation.UPDATES: DiscrepancyKind.UPDATE,
}

GRADES = {
    Grade.CONTESTED: "Values that cannot all hold stand against each other, and nothing in the record explains it.",
    Grade.CORROBORATED: "Two or more named origins that do not depend on each other give this very value.",
    Grade.SINGLE_ORIGIN: "One named origin gives it; organisations count once, whoever speaks for them.",
    Grade.UNATTRIBUTED: "No named origin gives it.",
}
"""The published rule of each grade; the first that applies is given."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What can be said: the current value or None, its range, its grade and a sentence."""

    current: Value | None
    low: Number | None
    high: Number | None
    grade: Grade
    because: str
    documents: int
    origins: int
    independent_origins: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its distinct values, their status and relations, and the assessment.

    `kind` is None when every value can hold: then there is no discrepancy.
    """

    groups: tuple[Group, ...]
    statuses: tuple[ValueStatus, ...]
    ties: tuple[Tie, ...]
    kind: DiscrepancyKind | None
    conflict: bool
    summary: str
    assessment: Assessment


def assess(claims: Iterable[Claim], wholes: Iterable[Claim] = ()) -> Answer:
    """Assess the claims of one question; `wholes` are live claims on questions that contain it.

    A whole is listed among the values only where a part exceeds it.
    """
    by_question: dict[QuestionKey, list[Claim]] = {}
    for claim in wholes:
        by_question.setdefault(claim.question, []).append(claim)
    contained = [Ledger(members) for members in by_question.values()]
    ledger = Ledger(claims)
    answer = answer_of(ledger, (held for whole in contained for held in whole.in_order))
    for done in (ledger, *contained):
        done.close()
    return answer


def answer_of(ledger: Ledger, wholes: Iterable[Held] = ()) -> Answer:
    """Return what the claims of a ledger amount to.

    Wholes are listed only where a value that stands exceeds one.
    """
    answered = ledger.in_order
    found = standings(ledger)
    exceeding = _exceeding(answered, tuple(wholes), found.statuses)
    statuses = list(found.statuses)
    ties = list(found.ties)
    clashes = list(found.open)
    for place, (_, verdicts) in enumerate(exceeding, len(answered)):
        statuses.append(ValueStatus.CURRENT)
        for part, verdict in verdicts:
            ties.append(tie := Tie(part, place, verdict))
            if statuses[part] not in GONE:
                clashes.append(tie)
                statuses[part] = statuses[place] = ValueStatus.CONTESTED
    groups = (*(held.group for held in answered), *(whole for whole, _ in exceeding))
    conflict = bool(clashes)
    kind = _kind(clashes or [tie for tie in ties if tie.verdict.relation in SUCCESSIONS])
    own = tuple(statuses[: len(answered)])
    assessment = _assessment(ledger, groups[: len(answered)], own, conflict, groups[len(answered) :])
    summary = _summary(ledger, len(answered))
    return Answer(groups, tuple(statuses), tuple(ties), kind, conflict, summary, assessment)


def _kind(ties: Iterable[Tie]) -> DiscrepancyKind | None:
    """The worst of these relations names the kind."""
    relations = [tie.verdict.relation for tie in ties]
    return KINDS[min(relations, key=SEVERITY.__getitem__)] if relations else None


def _exceeding(
    parts: Sequence[Held], wholes: Sequence[Held], statuses: Sequence[ValueStatus]
) -> list[tuple[Group, list[tuple[int, Verdict]]]]:
    """Return the wholes that a part exceeds, each with those parts and why; none where no part that stands does."""
    if not exceeding([part for place, part in enumerate(parts) if statuses[place] not in GONE], wholes):
        return []
    asserted = [(place, part) for place, part in enumerate(parts) if not part.denied]
    counted = [whole for whole in wholes if not whole.denied]
    found = ((whole.group, list(_exceeded(asserted, whole))) for whole in counted)
    return sorted((one for one in found if one[1]), key=lambda one: repr(one[0].key))


def exceeding(parts: Iterable[Held], wholes: Sequence[Held]) -> bool:
    """Whether any of these values is more than one of the wholes; what is denied is neither."""
    standing = [(place, part) for place, part in enumerate(parts) if not part.denied]
    return any(True for whole in wholes if not whole.denied for _ in _exceeded(standing, whole))


def _exceeded(parts: Iterable[tuple[int, Held]], whole: Held) -> Iterator[tuple[int, Verdict]]:
    for place, part in parts:
        verdict = exceeds(part, whole) if part.begin > whole.end else None
        if verdict is not None:
            yield place, verdict


def _assessment(
    ledger: Ledger,
    groups: Sequence[Group],
    statuses: Sequence[ValueStatus],
    conflict: bool,
    exceeded: Sequence[Group],
) -> Assessment:
    alive = [group for group, status in zip(groups, statuses, strict=True) if status not in GONE]
    live = [group for group in alive if not group.denied]
    current = _current(live) if not conflict else None
    told = [current] if current else live or alive
    grade = _grade(conflict, told)
    contested = [g for g, status in zip(groups, statuses, strict=True) if status is ValueStatus.CONTESTED]
    low, high = _range(_naming(contested, live) if conflict else live, conflict)
    backers: frozenset[Source] = frozenset().union(*(group.backers for group in (groups if conflict else told)))
    return Assessment(
        current.value if current else None,
        low,
        high,
        grade,
        GRADES[grade],
        len(ledger.documents),
        len(ledger.witnesses),
        len(backers),
        sentence_for(groups, statuses, told, grade, exceeded),
    )


def _grade(conflict: bool, told: Sequence[Group]) -> Grade:
    """Several terms that hold side by side are corroborated only if each of them is."""
    if conflict:
        return Grade.CONTESTED
    behind = [group.independent_origins for group in told]
    if behind and min(behind) > 1:
        return Grade.CORROBORATED
    return Grade.SINGLE_ORIGIN if any(group.attributed for group in told) else Grade.UNATTRIBUTED


def _current(live: Sequence[Group]) -> Group | None:
    """The most precise of the values that stand, then the best attributed.

    Several terms that hold side by side have no single current one.
    """
    if not live:
        return None
    if live[0].value.kind is ValueKind.CATEGORY:
        prop = live[0].claims[0].property
        narrowest = [
            group for group in live if not any(prop.term_within(other.value.term, group.value.term) for other in live)
        ]
        return narrowest[0] if len(narrowest) == 1 else None
    return min(live, key=_preference)


def _preference(group: Group) -> tuple[object, ...]:
    span = group.value.span
    width = group.value.width if span is None else _length(span)
    floor = -(group.value.low or 0) if width == inf else 0
    return (group.worked_out, width, floor, -group.independent_origins, group.value.sort_key)


def _length(span: Span) -> float:
    """Return how many seconds a span leaves open: none for an instant, a day for a day."""
    if span.earliest is None or span.latest is None:
        return inf
    first, last = span.earliest.instant, span.latest.instant
    if first is not None and last is not None:
        return (last - first).total_seconds()
    return ((span.latest.last - span.earliest.first).days + 1) * SECONDS_A_DAY


def _naming(contested: Sequence[Group], live: Sequence[Group]) -> Sequence[Group]:
    """Return the values that name the numbers of a conflict: its sides, and every other that stands with a number."""
    sides = {id(group) for group in contested}
    beside = [group for group in live if id(group) not in sides and group.value.amount is not None]
    return [*contested, *beside] if contested else live


def _range(groups: Sequence[Group], conflict: bool) -> tuple[Number | None, Number | None]:
    """Low and high over the values that stand: where they agree, of the most precise; in a conflict, all they name.

    A floor in a conflict names its own number; it leaves the range open only where no other number is as large.
    """
    values = [group.value for group in groups if group.value.kind is ValueKind.QUANTITY and not group.denied]
    lows = [value.low for value in values if value.low is not None]
    highs = [value.high for value in values if value.high is not None]
    if not conflict:
        precise = _precise(values)
        low = min((value[0] for value in precise), default=max(lows, default=None))
        high = max((value[1] for value in precise), default=min(highs, default=None))
        if low is None or high is None or low <= high:
            return low, high
    return (
        min(lows + highs, default=None) if min(lows + highs, default=0) in lows else None,
        max(lows + highs, default=None) if max(lows + highs, default=0) in highs else None,
    )


def _precise(values: Sequence[Value]) -> list[tuple[Number, Number]]:
    """Return the bounds of the values with two that hold no other within theirs: those are only vaguer."""
    bounds = {(value.low, value.high) for value in values if value.low is not None and value.high is not None}
    precise: list[tuple[Number, Number]] = []
    for low, high in sorted(bounds, key=lambda ends: (-ends[0], ends[1])):
        if not precise or high < precise[-1][1]:
            precise.append((low, high))
    return precise


def _summary(ledger: Ledger, values: int) -> str:
    return ", ".join(
        f"{count} {noun if count == 1 else noun + 's'}"
        for count, noun in ((len(ledger.documents), "document"), (values, "value"), (len(ledger.witnesses), "origin"))
    )
