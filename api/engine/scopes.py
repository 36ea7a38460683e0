"""Scope: whether what one value covers lies within what another covers."""

from collections.abc import Iterator

from api.engine.record import Claim, Place, Property, Scope, folded
from schemas.moments import Span


def _outwards(place: Place) -> Iterator[Place]:
    step: Place | None = place
    while step is not None:
        yield step
        step = step.within


def _place_within(inner: Scope, outer: Scope) -> bool:
    """Whether the one place lies in the other; no place is the event's own, which a wider one contains."""
    if outer.narrowed is None:
        return inner.narrowed is None or not _contains_ground(inner)
    start = inner.narrowed or inner.ground or outer.ground
    return start is not None and outer.narrowed in _outwards(start)


def _contains_ground(scope: Scope) -> bool:
    return scope.narrowed is not None and scope.ground is not None and scope.narrowed in _outwards(scope.ground)


def _population_within(inner: str | None, outer: str | None) -> bool:
    return outer is None or inner == outer


def _period_within(inner: Span | None, outer: Span | None) -> bool:
    if outer is None or inner == outer:
        return True
    if inner is None or inner.earliest is None or inner.latest is None:
        return False
    starts = outer.earliest is None or not inner.earliest.precedes(outer.earliest)
    ends = outer.latest is None or not outer.latest.precedes(inner.latest)
    return starts and ends


def scope_within(inner: Scope, outer: Scope) -> bool:
    """Whether everything `inner` covers is covered by `outer`; equal scopes lie within each other."""
    return (
        folded(inner.rule) == folded(outer.rule)
        and _place_within(inner, outer)
        and _population_within(folded(inner.whom), folded(outer.whom))
        and _period_within(inner.period, outer.period)
    )


def property_within(inner: Property, outer: Property) -> bool:
    """Whether `inner` is the same count as `outer` or a part of it."""
    return inner == outer or outer in inner.wholes()


def same_coverage(left: Claim, right: Claim) -> bool:
    """Whether two claims answer the same question."""
    return left.property == right.property and left.scope.key == right.scope.key


def may_exceed(part: Claim, whole: Claim) -> bool:
    """Whether the one is larger than the other for certain; a quick look before the rules."""
    low, high = part.compared.low, whole.compared.high
    return low is not None and high is not None and low > high


def part_and_whole(left: Claim, right: Claim) -> tuple[Claim, Claim] | None:
    """Return (part, whole) when one claim's coverage lies strictly within the other's."""
    if same_coverage(left, right):
        return None
    for part, whole in ((left, right), (right, left)):
        if property_within(part.property, whole.property) and scope_within(part.scope, whole.scope):
            return part, whole
    return None
