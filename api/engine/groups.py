"""Groups: the distinct values given to one question, and the relation between each two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from api.engine.origin import confirming, origins, witnesses
from api.engine.record import Claim, Source
from api.engine.relate import relate
from api.engine.rules.pair import Verdict
from api.engine.rules.table import CONFLICTS, RULES, SUCCESSIONS
from api.engine.values import Value
from schemas.moments import Span, hull
from schemas.vocabulary import ClaimStatus, Order, Relation, Stance, ValueStatus

SEVERITY = {
    relation: place
    for place, relation in enumerate(
        (
            Relation.CONTRADICTS,
            Relation.EXCEEDS_WHOLE,
            Relation.UNRESOLVED,
            Relation.CORRECTS,
            Relation.UPDATES,
        )
    )
}
"""The worst relation first."""

GONE = (ValueStatus.SUPERSEDED, ValueStatus.CORRECTED)
"""Values that no longer stand."""

PRECEDENCE = {rule.name: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Group:
    """All claims that give one value to one question; `denied` when they deny it.

    `moved_on` are the witnesses that gave another value since.
    """

    claims: tuple[Claim, ...]
    moved_on: frozenset[Source] = frozenset()

    @property
    def value(self) -> Value:
        return self.claims[0].value

    @property
    def denied(self) -> bool:
        return self.claims[0].denies

    @property
    def upheld(self) -> tuple[Claim, ...]:
        """The claims nobody has withdrawn; all of them where every one was."""
        return tuple(claim for claim in self.claims if claim.status is not ClaimStatus.CORRECTED) or self.claims

    @property
    def origins(self) -> tuple[Source, ...]:
        return origins(self.upheld)

    @property
    def standing_origins(self) -> tuple[Source, ...]:
        """The origins that still stand behind the value; all of them where none does."""
        return tuple(source for source in self.origins if source.root not in self.moved_on) or self.origins

    @property
    def independent_origins(self) -> int:
        """How many independent origins, counted once an organisation, stand behind the value."""
        return len(confirming(self.upheld) - self.moved_on) or len(confirming(self.upheld))

    @property
    def attributed(self) -> bool:
        """Whether somebody with a name gives the value."""
        return any(not source.unnamed for source in self.origins)

    @property
    def as_of(self) -> Span:
        """From the first to the last time the value is said to have held."""
        return hull(claim.as_of for claim in self.claims)

    @property
    def key(self) -> tuple[object, ...]:
        return (*self.claims[0].question, self.denied, self.value.key)


@dataclass(frozen=True, slots=True)
class Tie:
    """The relation between two values; `left` and `right` index the list of values."""

    left: int
    right: int
    verdict: Verdict
    moved_on: frozenset[Source] = frozenset()

    @property
    def earlier(self) -> int:
        return self.right if self.verdict.order is Order.RIGHT_FIRST else self.left

    @property
    def later(self) -> int:
        return self.left if self.verdict.order is Order.RIGHT_FIRST else self.right

    @property
    def superseded(self) -> int | None:
        """The value whose place the other takes, if the relation is a succession."""
        return self.earlier if self.verdict.relation in SUCCESSIONS else None


def grouped(claims: Iterable[Claim]) -> tuple[Group, ...]:
    """Gather the claims of one question by value, in the order of the values; retracted ones are left out."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in sorted(
        claims, key=lambda claim: (claim.published.latest is None, claim.document or "", claim.position, claim.id)
    ):
        if claim.status is not ClaimStatus.RETRACTED and claim.stance is not Stance.NO_COMMENT:
            groups.setdefault((claim.denies, claim.value.key), []).append(claim)
    ranked = sorted(groups.values(), key=lambda members: (members[0].denies, members[0].value.sort_key))
    return tuple(Group(tuple(members)) for members in ranked)


def tied(groups: Sequence[Group]) -> tuple[Tie, ...]:
    """Return the relation between every two values."""
    return tuple(
        Tie(left, right, *between(groups[left], groups[right]))
        for left in range(len(groups))
        for right in range(left + 1, len(groups))
    )


def with_moves(groups: Sequence[Group], ties: Iterable[Tie]) -> tuple[Group, ...]:
    """Note in each value which of its witnesses gave another one since."""
    moved: dict[int, frozenset[Source]] = {}
    for tie in ties:
        if tie.moved_on:
            moved[tie.earlier] = moved.get(tie.earlier, frozenset()) | tie.moved_on
    return tuple(replace(group, moved_on=moved.get(index, frozenset())) for index, group in enumerate(groups))


def between(left: Group, right: Group) -> tuple[Verdict, frozenset[Source]]:
    """Return the relation between two values from those of their claims, and the witnesses that moved on.

    Where one origin moved from the one value to the other, documents that repeat the earlier value on
    nobody's word, or on that origin's, do not keep a conflict alive; another origin's does.
    """
    pairs = [(one, other, relate(one, other)) for one in _spokesmen(left) for other in _spokesmen(right)]
    moves = [(one, other, verdict) for one, other, verdict in pairs if verdict.relation in SUCCESSIONS]
    conflicts = [(one, other, verdict) for one, other, verdict in pairs if verdict.relation in CONFLICTS]
    if len({verdict.order for _, _, verdict in moves}) == 1:
        moved_on = witnesses(one if verdict.order is Order.LEFT_FIRST else other for one, other, verdict in moves)
        left_first = moves[0][2].order is Order.LEFT_FIRST
        held = [
            verdict
            for one, other, verdict in conflicts
            if _stands_alone(one if left_first else other, moved_on)
            and _stands_alone(other if left_first else one, frozenset())
        ]
        if held:
            order = moves[0][2].order  # which value the moves leave, though others hold it
            return replace(_worst(held), order=order), moved_on
        return min((verdict for _, _, verdict in moves), key=_rank), moved_on
    if conflicts:
        return _worst([verdict for _, _, verdict in conflicts]), frozenset()
    return min((verdict for _, _, verdict in pairs), key=_rank), frozenset()


def standing(groups: Sequence[Group], ties: Iterable[Tie]) -> tuple[ValueStatus, ...]:
    """Return the status of each value; what was withdrawn replaces nothing, so its predecessor stands again."""
    listed = tuple(ties)
    withdrawn = {
        index
        for index, group in enumerate(groups)
        if all(claim.status is ClaimStatus.CORRECTED for claim in group.claims)
    }
    corrections = [tie for tie in listed if tie.verdict.relation is Relation.CORRECTS]
    updates = [tie for tie in listed if tie.verdict.relation is Relation.UPDATES]
    withdrawn |= {tie.earlier for tie in corrections if tie.later not in withdrawn}
    replaced = {tie.earlier for tie in updates if tie.later not in withdrawn}
    statuses = [
        ValueStatus.CORRECTED
        if index in withdrawn
        else ValueStatus.SUPERSEDED
        if index in replaced
        else ValueStatus.CURRENT
        for index in range(len(groups))
    ]
    for tie in listed:
        if tie.verdict.relation in CONFLICTS and not {statuses[tie.left], statuses[tie.right]} & set(GONE):
            statuses[tie.left] = statuses[tie.right] = ValueStatus.CONTESTED
    return tuple(statuses)


def _spokesmen(group: Group) -> tuple[Claim, ...]:
    """One claim for each way the value is given: claims alike in all that the rules read count once."""
    return tuple(
        {
            (claim.voice, claim.statement, claim.as_of, claim.value.running, claim.reading, claim.status,
             claim.document if claim.voice is None or claim.reading else None): claim
            for claim in reversed(group.claims)
        }.values()
    )  # fmt: skip


def _stands_alone(claim: Claim, moved_on: frozenset[Source]) -> bool:
    return claim.voice is not None and claim.voice.root not in moved_on


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=lambda verdict: (SEVERITY[verdict.relation], *_rank(verdict)))


def _rank(verdict: Verdict) -> tuple[int, str]:
    return PRECEDENCE[verdict.rule], verdict.because
