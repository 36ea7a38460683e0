"""Scope: whether what one value covers lies within what another covers."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from api.engine.record import Claim, Place, Property, Scope, folded
from schemas.moments import Moment, Span


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
    starts = outer.earliest is None or _begins_within(inner.earliest, outer.earliest)
    return starts and (outer.latest is None or _ends_within(inner.latest, outer.latest))


def _begins_within(inner: Moment, outer: Moment) -> bool:
    if inner.instant is not None and outer.instant is not None:
        return inner.instant >= outer.instant
    return inner.first >= outer.first


def _ends_within(inner: Moment, outer: Moment) -> bool:
    if inner.instant is not None and outer.instant is not None:
        return inner.instant <= outer.instant
    return inner.last <= outer.last


def scope_within(inner: Scope, outer: Scope) -> bool:
    """Whether everything `inner` covers is covered by `outer`; equal scopes lie within each other."""
    return (
        folded(inner.rule) == folded(outer.rule)
        and _place_within(inner, outer)
        and _population_within(folded(inner.whom), folded(outer.whom))
        and _period_within(inner.period, outer.period)
    )


Cover = tuple[str | None, str | None, str | None, date | None]
"""What a scope covers: the place, the population, the rule of counting, and the day, if it is no more than one."""


def cover(scope: Scope) -> Cover:
    """Return what a scope covers, to find it by."""
    place = scope.narrowed.id if scope.narrowed is not None else None
    return place, folded(scope.whom), folded(scope.rule), _only_day(scope.period)


def covers_around(scope: Scope) -> Iterator[Cover]:
    """Yield every cover that a scope can lie within; whether it does is told by `scope_within`."""
    start = scope.narrowed or scope.ground
    places = (None, *(place.id for place in _outwards(start))) if start is not None else (None,)
    days = {None, _only_day(scope.period), _only_day(scope.period, timed=True)}
    yield from product(places, dict.fromkeys((None, folded(scope.whom))), (folded(scope.rule),), days)


def _only_day(period: Span | None, timed: bool = False) -> date | None:
    """Return the one day of a period; one with a clock has none unless it is asked for, as offsets move days."""
    if period is None or period.earliest is None or period.latest is None:
        return None
    if not timed and (period.earliest.exact or period.latest.exact):
        return None
    return period.earliest.first if period.earliest.first == period.latest.last else None


def property_within(inner: Property, outer: Property) -> bool:
    """Whether `inner` is the same count as `outer` or a part of it."""
    return inner is outer or inner.id == outer.id or outer in inner.wholes()


def same_coverage(left: Claim, right: Claim) -> bool:
    """Whether two claims answer the same question."""
    return (left.property is right.property or left.property.id == right.property.id) and (
        left.scope is right.scope or left.scope.key == right.scope.key
    )


def part_and_whole(left: Claim, right: Claim) -> tuple[Claim, Claim] | None:
    """Return (part, whole) when one claim's coverage lies strictly within the other's."""
    if same_coverage(left, right):
        return None
    for part, whole in ((left, right), (right, left)):
        if property_within(part.property, whole.property) and scope_within(part.scope, whole.scope):
            return part, whole
    return None
