"""Order: which of two claims is the later one, and how the record knows."""

from dataclasses import dataclass
from functools import cached_property

from api.engine.origin import independence, one_speaker
from api.engine.record import Claim
from api.engine.scopes import same_coverage
from api.engine.traits import bits
from schemas.vocabulary import Independence, Order, ValueKind

FLIPPED = {Order.LEFT_FIRST: Order.RIGHT_FIRST, Order.RIGHT_FIRST: Order.LEFT_FIRST}

OF_ORDER = {
    Order.LEFT_FIRST: bits(ordered=True),
    Order.RIGHT_FIRST: bits(ordered=True),
    Order.SAME: bits(at_once=True),
    Order.UNKNOWN: 0,
}


@dataclass(frozen=True)
class Sequence:
    """An order with what it was taken from; `inferred` when only growth tells."""

    order: Order
    evidence: str = "nothing in the record"
    inferred: bool = False

    @cached_property
    def ordered(self) -> bool:
        """Whether one of the two is the later."""
        return self.order in FLIPPED

    @cached_property
    def traits(self) -> int:
        """What of the order the rules ask first."""
        return OF_ORDER[self.order]


UNKNOWN = Sequence(Order.UNKNOWN)
ONE_STATEMENT = Sequence(Order.SAME, "both go back to one statement")
ONE_MOMENT = Sequence(Order.SAME, "both figures held at the same moment")


def _both_ways(evidence: str, inferred: bool = False) -> tuple[Sequence, Sequence]:
    return Sequence(Order.LEFT_FIRST, evidence, inferred), Sequence(Order.RIGHT_FIRST, evidence, inferred)


CHAINED = _both_ways("the chain of statements")
TIMED = _both_ways("the times at which the figures held")
SAID = _both_ways("the times at which one speaker said them")
WITHDRAWN = _both_ways("the withdrawal of the one")
LOWERED = _both_ways("what the text says of the lower figure")
GROWN = _both_ways("the growth of one origin's count", inferred=True)


def by_statements(left: Claim, right: Claim) -> Sequence | None:
    """Take the order from the chain of statements."""
    one, other = left.statement, right.statement
    if one is None or other is None:
        return None
    if one is other or one.id == other.id:
        return ONE_STATEMENT
    if one.place.before < other.place.before:
        return CHAINED[0] if one.comes_before(other) else None
    return CHAINED[1] if other.comes_before(one) else None


def by_time(left: Claim, right: Claim) -> Sequence | None:
    """Take the order from when the figures held, if those times do not overlap."""
    if left.as_of.precedes(right.as_of):
        return TIMED[0]
    if right.as_of.precedes(left.as_of):
        return TIMED[1]
    if left.as_of.instant is not None and left.as_of.instant == right.as_of.instant:
        return ONE_MOMENT
    return None


def by_saying(left: Claim, right: Claim) -> Sequence | None:
    """Take the order from when one speaker said the two, if those times do not overlap."""
    if left.statement is None or right.statement is None or not one_speaker(left, right):
        return None
    if left.statement.said_at.precedes(right.statement.said_at):
        return SAID[0]
    if right.statement.said_at.precedes(left.statement.said_at):
        return SAID[1]
    return None


def by_withdrawal(left: Claim, right: Claim, related: Independence) -> Sequence | None:
    """Put what a document has withdrawn before what stands, on one origin's word."""
    if related is not Independence.SAME_ORIGIN or left.withdrawn == right.withdrawn:
        return None
    return WITHDRAWN[0] if left.withdrawn else WITHDRAWN[1]


def by_wording(left: Claim, right: Claim, related: Independence) -> Sequence | None:
    """Take the order from a figure that its text says was lowered ("revised down to 24"), beside its origin's other."""
    if related is not Independence.SAME_ORIGIN or ValueKind.QUANTITY not in (left.value.kind, right.value.kind):
        return None
    if left.lowered and _below(left, right):
        return LOWERED[1]
    if right.lowered and _below(right, left):
        return LOWERED[0]
    return None


def _below(one: Claim, other: Claim) -> bool:
    high, low = one.compared.high, other.compared.low
    return high is not None and low is not None and high < low


def by_growth(left: Claim, right: Claim, related: Independence) -> Sequence | None:
    """Infer the order from growth itself: one origin's accumulating count, with intervals apart."""
    if related is not Independence.SAME_ORIGIN or not left.property.accumulates:
        return None
    if left.value.kind is not ValueKind.QUANTITY or left.event != right.event or not same_coverage(left, right):
        return None
    if _below(left, right):
        return GROWN[0]
    if _below(right, left):
        return GROWN[1]
    return None


def sequence(left: Claim, right: Claim, related: Independence | None = None) -> Sequence:
    """Return the order of two claims by the strongest evidence there is; `related`, if known, is how their origins are.

    A document's date alone never orders two figures: the latest document may carry the oldest count.
    """
    found = by_statements(left, right)
    if found is None and left.withdrawn != right.withdrawn:
        found = by_withdrawal(left, right, related or independence(left, right))
    found = found or by_time(left, right) or by_saying(left, right)
    if found is None:
        related = related or independence(left, right)
        found = by_wording(left, right, related) or by_growth(left, right, related)
    return found or UNKNOWN
