"""Order: which of two claims is the later one, and how the record knows."""

from dataclasses import dataclass

from api.engine.record import Claim
from api.engine.scopes import same_coverage
from schemas.vocabulary import Independence, Order, ValueKind


@dataclass(frozen=True, slots=True)
class Sequence:
    """An order with what it was taken from; `inferred` when only growth tells."""

    order: Order
    evidence: str = "nothing in the record"
    inferred: bool = False


UNKNOWN = Sequence(Order.UNKNOWN)


def by_statements(left: Claim, right: Claim) -> Sequence | None:
    """Take the order from the chain of statements."""
    if left.statement is None or right.statement is None:
        return None
    if left.statement == right.statement:
        return Sequence(Order.SAME, "both go back to one statement")
    if left.statement in right.statement.earlier_ones():
        return Sequence(Order.LEFT_FIRST, "the chain of statements")
    if right.statement in left.statement.earlier_ones():
        return Sequence(Order.RIGHT_FIRST, "the chain of statements")
    return None


def by_time(left: Claim, right: Claim) -> Sequence | None:
    """Take the order from when the figures held, if those times do not overlap."""
    if left.as_of.precedes(right.as_of):
        return Sequence(Order.LEFT_FIRST, "the times at which the figures held")
    if right.as_of.precedes(left.as_of):
        return Sequence(Order.RIGHT_FIRST, "the times at which the figures held")
    if left.as_of.instant is not None and left.as_of.instant == right.as_of.instant:
        return Sequence(Order.SAME, "both figures held at the same moment")
    return None


def by_growth(left: Claim, right: Claim, related: Independence) -> Sequence | None:
    """Infer the order from growth itself: one origin's accumulating count, with intervals apart."""
    if related is not Independence.SAME_ORIGIN or not left.property.accumulates:
        return None
    if left.value.kind is not ValueKind.QUANTITY or left.event != right.event or not same_coverage(left, right):
        return None
    one, other = left.compared, right.compared
    if one.high is not None and other.low is not None and one.high < other.low:
        return Sequence(Order.LEFT_FIRST, "the growth of one origin's count", inferred=True)
    if other.high is not None and one.low is not None and other.high < one.low:
        return Sequence(Order.RIGHT_FIRST, "the growth of one origin's count", inferred=True)
    return None


def sequence(left: Claim, right: Claim, related: Independence) -> Sequence:
    """Return the order of two claims by the strongest evidence there is.

    A document's date alone never orders two figures: the latest document may carry the oldest count.
    """
    return by_statements(left, right) or by_time(left, right) or by_growth(left, right, related) or UNKNOWN
