"""Reckoning: figures that follow from others, by addition or subtraction."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from api.engine.record import Claim, Reckoned
from api.engine.scopes import scope_within
from schemas.vocabulary import Reckoning, ValueKind

Interval = tuple[float, float]

FEWEST_PARTS = 2


def recognised(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Mark the figures that a document gives on nobody's word and that are the difference of two others it gives.

    Which two is told by the property: those that got through are those launched less those shot down.
    """
    listed = tuple(claims)
    terms = {term.id for claim in listed for term in claim.property.difference_of or ()}
    if not terms:
        return listed
    given: dict[tuple[object, ...], list[Claim]] = {}
    for claim in (claim for claim in listed if claim.property.id in terms):
        given.setdefault((claim.document, claim.event, claim.property.id, claim.scope.key), []).append(claim)
    return tuple(_marked(claim, given) for claim in listed)


def _marked(claim: Claim, given: Mapping[tuple[object, ...], Sequence[Claim]]) -> Claim:
    of = claim.property.difference_of
    if of is None or claim.reckoned is not None or claim.voice is not None:
        return claim
    wholes, parts = (given.get((claim.document, claim.event, prop.id, claim.scope.key), ()) for prop in of)
    for whole in wholes:
        for part in parts:
            if _meet(interval(claim), _difference([interval(whole), interval(part)])):
                return replace(claim, reckoned=Reckoned(Reckoning.DIFFERENCE, (whole.id, part.id), stated=False))
    return claim


def interval(claim: Claim) -> Interval:
    """Return the bounds of a quantity; infinite where it is open."""
    low, high = claim.compared.low, claim.compared.high
    return -math.inf if low is None else low, math.inf if high is None else high


def holds(claim: Claim, of: Sequence[Claim]) -> bool:
    """Whether a figure can be what it is said to be reckoned from."""
    if claim.reckoned is None or not of:
        return True
    bounds = [interval(one) for one in of]
    reckoned = _sum(bounds) if claim.reckoned.how is Reckoning.SUM else _difference(bounds)
    return _meet(interval(claim), reckoned)


def overfull(own: Sequence[Claim]) -> Iterator[tuple[Claim, tuple[Claim, ...]]]:
    """Yield each whole with its parts, of one statement and in places apart, that add up to more than it."""
    alike: dict[tuple[object, ...], list[Claim]] = {}
    for claim in own if len(own) > FEWEST_PARTS else ():
        if claim.value.kind is ValueKind.QUANTITY and claim.property.additive and not claim.denies:
            alike.setdefault(_counted_alike(claim), []).append(claim)
    for whole, beside in ((claim, members) for members in alike.values() for claim in members):
        if len(beside) <= FEWEST_PARTS:
            continue
        parts = [claim for claim in beside if _part_in_place(claim, whole)]
        apart = tuple(
            part for part in parts if not any(other is not part and _overlaps(part, other) for other in parts)
        )
        if len(apart) >= FEWEST_PARTS and _sum([interval(part) for part in apart])[0] > interval(whole)[1]:
            yield whole, apart


def _counted_alike(claim: Claim) -> tuple[object, ...]:
    """What a part and its whole have in common, but for the place."""
    statement, voice = claim.statement, claim.voice
    return claim.event, claim.property.id, statement and statement.id, voice and voice.id


def _part_in_place(claim: Claim, whole: Claim) -> bool:
    return claim.scope.key != whole.scope.key and scope_within(claim.scope, whole.scope)


def _overlaps(one: Claim, other: Claim) -> bool:
    """Whether two parts may count the same things: one lies in the other, or they differ in more than place."""
    same = one.scope.key[1:] == other.scope.key[1:]
    return not same or scope_within(one.scope, other.scope) or scope_within(other.scope, one.scope)


def _sum(bounds: Sequence[Interval]) -> Interval:
    return sum(low for low, _ in bounds), sum(high for _, high in bounds)


def _difference(bounds: Sequence[Interval]) -> Interval:
    (low, high), *rest = bounds
    taken = _sum(rest)
    return low - taken[1], high - taken[0]


def _meet(one: Interval, other: Interval) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])
