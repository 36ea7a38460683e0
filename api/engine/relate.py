"""Relate: the one relation that holds between two claims."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial

from api.engine.order import sequence
from api.engine.origin import independence
from api.engine.record import Claim
from api.engine.rules.pair import Because, Pair, Rule, Trait, Verdict
from api.engine.rules.table import RULES
from api.engine.values import Value
from api.engine.wording import CAUSES, listed
from schemas.vocabulary import Cause, Order, Qualifier, ValueKind

APPROXIMATE = frozenset({Qualifier.ABOUT, Qualifier.NEARLY})
"""Hedges that say a round number stands for others nearby; a floor such as "at least" does not."""

FLIPPED = {Order.LEFT_FIRST: Order.RIGHT_FIRST, Order.RIGHT_FIRST: Order.LEFT_FIRST}


def relate(left: Claim, right: Claim) -> Verdict:
    """Return the relation of two claims, the rule that fired, one sentence, and the order.

    Seen from either side the relation, rule and sentence are the same; only the order is turned.
    """
    swapped = _stands_before(right, left)
    first, second = (right, left) if swapped else (left, right)
    related = independence(first, second)
    pair = Pair(first, second, related, sequence(first, second, related))
    for rule in _worth_asking(pair):
        because = rule.applies(pair)
        if because is not None:
            return _verdict(rule, pair, because, swapped)
    raise AssertionError("the last rule of the table applies to every pair")


def _worth_asking(pair: Pair) -> tuple[Rule, ...]:
    left, right = pair.left, pair.right
    return _of_traits(
        _one_question(left, right),
        pair.same_answer,
        left.denies or right.denies,
        pair.ordered,
        left.value.kind,
        bool(left.causes or right.causes),
    )


@cache
def _of_traits(
    one_question: bool, same_answer: bool, denial: bool, ordered: bool, kind: ValueKind, causes: bool
) -> tuple[Rule, ...]:
    """Return the rules for which a pair of claims, the first of them of this kind, has all it takes."""
    has = {
        Trait.TWO_QUESTIONS: not one_question,
        Trait.SAME_ANSWER: same_answer,
        Trait.DENIAL: denial,
        Trait.ORDERED: ordered,
        Trait.TERMS: kind is ValueKind.CATEGORY,
        Trait.INTERVALS: kind in (ValueKind.QUANTITY, ValueKind.TIME),
        Trait.CAUSES: causes,
    }
    return tuple(rule for rule in RULES if all(has[trait] for trait in rule.among))


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


def _one_question(left: Claim, right: Claim) -> bool:
    return (
        left.property == right.property
        and left.event == right.event
        and (left.scope is right.scope or left.scope.key == right.scope.key)
    )


def _stands_before(left: Claim, right: Claim) -> bool:
    """Whether `left` comes first in a fixed order, so that no verdict depends on the side it is asked from."""
    one, other = left.document or "", right.document or ""
    return one < other if one != other else _place_in_line(left) < _place_in_line(right)


def read_in_context(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Give each bare number the hedge its own document gives the same number on the same question.

    A headline's "50 drones" over a text that says "nearly 50" stands for nearly 50.
    """
    listed = tuple(claims)
    hedged: dict[tuple[object, ...], list[Value]] = {}
    for claim in listed:
        if claim.value.kind is ValueKind.QUANTITY and claim.value.qualifier in APPROXIMATE and claim.document:
            hedged.setdefault((claim.document, claim.question, claim.value.amount), []).append(claim.value)
    return tuple(_hedge(claim, hedged.get((claim.document, claim.question, claim.value.amount))) for claim in listed)


def _hedge(claim: Claim, hedges: list[Value] | None) -> Claim:
    if not hedges or claim.value.qualifier is not Qualifier.EXACT:
        return claim
    lows = [value.low for value in (*hedges, claim.value) if value.low is not None]
    highs = [value.high for value in (*hedges, claim.value) if value.high is not None]
    return replace(claim, reading=replace(claim.value, low=min(lows), high=max(highs)))


def _place_in_line(claim: Claim) -> tuple[str, ...]:
    """A fixed order of claims, so that the verdict does not depend on the side it is asked from."""
    ends = (claim.as_of.earliest, claim.as_of.latest)
    return (
        claim.document or "",
        repr(claim.value.key),
        repr(claim.scope.key),
        claim.property.id,
        claim.event,
        claim.stance,
        claim.statement.id if claim.statement else "",
        claim.voice.id if claim.voice else "",
        *(end.text if end else "" for end in ends),
        claim.id,
    )
