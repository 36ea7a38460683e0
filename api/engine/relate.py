"""Relate: the one relation that holds between two claims."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial

from api.engine.order import FLIPPED, sequence
from api.engine.origin import independence
from api.engine.record import Claim
from api.engine.rules.pair import Because, Pair, Rule, Verdict
from api.engine.rules.table import RULES
from api.engine.values import Value
from api.engine.wording import CAUSES, listed
from schemas.vocabulary import Cause, Qualifier

APPROXIMATE = frozenset({Qualifier.ABOUT, Qualifier.NEARLY})
"""Hedges that say a round number stands for others nearby; a floor such as "at least" does not."""


def relate(left: Claim, right: Claim) -> Verdict:
    """Return the relation of two claims, the rule that fired, one sentence, and the order.

    Seen from either side the relation, rule and sentence are the same; only the order is turned.
    """
    swapped = _stands_before(right, left)
    first, second = (right, left) if swapped else (left, right)
    related = independence(first, second)
    pair = Pair(first, second, related, sequence(first, second, related))
    for rule in _of_traits(pair.traits):
        because = rule.applies(pair)
        if because is not None:
            return _verdict(rule, pair, because, swapped)
    raise AssertionError("the last rule of the table applies to every pair")


@cache
def _of_traits(traits: int) -> tuple[Rule, ...]:
    """Return the rules worth asking of a pair with these traits."""
    return tuple(rule for rule in RULES if rule.among & traits == rule.among)


def _verdict(rule: Rule, pair: Pair, because: Because, swapped: bool) -> Verdict:
    order = pair.sequence.order
    causes = pair.later.causes if rule.succeeds else ()
    return Verdict(
        rule.relation,
        rule.name,
        partial(_worded, because, causes),
        FLIPPED.get(order, order) if swapped else order,
        pair.independence,
        causes,
        rule.succeeds,
    )


def _worded(because: Because, causes: tuple[Cause, ...]) -> str:
    words = because()
    told = f" The text says why: {listed(CAUSES[cause] for cause in causes)}." if causes else ""
    return f"{words[:1].upper()}{words[1:]}{told}"


def _stands_before(left: Claim, right: Claim) -> bool:
    """Whether `left` comes first in a fixed order, so that no verdict depends on the side it is asked from."""
    one, other = left.document, right.document
    if one == other:
        return left.line < right.line
    return (one or "") < (other or "")


def read_in_context(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Give each bare number the hedge its own document gives the same number on the same question.

    A headline's "50 drones" over a text that says "nearly 50" stands for nearly 50.
    """
    listed = tuple(claims)
    hedged: dict[tuple[object, ...], list[Value]] = {}
    for claim in listed:
        if claim.value.qualifier in APPROXIMATE and claim.document:
            hedged.setdefault((claim.document, claim.question, claim.value.amount), []).append(claim.value)
    if not hedged:
        return listed
    return tuple(_hedge(claim, hedged.get((claim.document, claim.question, claim.value.amount))) for claim in listed)


def _hedge(claim: Claim, hedges: list[Value] | None) -> Claim:
    if not hedges or claim.value.qualifier is not Qualifier.EXACT:
        return claim
    lows = [value.low for value in (*hedges, claim.value) if value.low is not None]
    highs = [value.high for value in (*hedges, claim.value) if value.high is not None]
    return replace(claim, reading=replace(claim.value, low=min(lows), high=max(highs)))
