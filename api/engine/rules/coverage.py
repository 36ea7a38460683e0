"""Rules on what the two claims cover: another question, another scope, a part and its whole."""

from functools import partial

from api.engine.record import Claim
from api.engine.rules.pair import Because, Pair
from api.engine.scopes import property_within, same_coverage
from api.engine.units import is_measure, unit_key
from api.engine.wording import lowered, period, said
from schemas.vocabulary import ValueKind


def another_event(pair: Pair) -> Because | None:
    """Figures of different events are never compared."""
    if pair.left.event == pair.right.event:
        return None
    return lambda: f"They speak of different events: {pair.left.event} and {pair.right.event}."


def counts_people_move_between(pair: Pair) -> Because | None:
    """Two counts that people move between, such as the injured and the dead, are read together but not compared."""
    for source, target in ((pair.left, pair.right), (pair.right, pair.left)):
        if source.property.moves_to is not None and property_within(target.property, source.property.moves_to):
            return partial(_different_counts, source, target)
    return None


def another_property(pair: Pair) -> Because | None:
    """Different properties are not compared unless one is a part of the other."""
    if property_within(pair.left.property, pair.right.property) or property_within(
        pair.right.property, pair.left.property
    ):
        return None
    return partial(_different_questions, pair.left, pair.right)


def another_unit(pair: Pair) -> Because | None:
    """Values of different kinds or units are not compared."""
    if pair.left.value.kind is not pair.right.value.kind:
        return lambda: f"One is a {pair.left.value.kind}, the other a {pair.right.value.kind}."
    one, other = pair.left.value.unit, pair.right.value.unit
    if not one or not other or unit_key(one) == unit_key(other) or _counts_within(pair, one, other):
        return None
    return lambda: f"One counts {one}, the other {other}."


def scopes_apart(pair: Pair) -> Because | None:
    """Claims whose place, population or period differ, neither containing the other, differ in scope."""
    if same_coverage(pair.left, pair.right) or pair.covered is not None:
        return None
    return lambda: f"They cover different things: {_coverage(pair.left)} and {_coverage(pair.right)}."


def answer_for_a_part(pair: Pair) -> Because | None:
    """What holds for a part need not hold for the whole, unless things are counted."""
    covered = pair.covered
    if covered is None:
        return None
    part, whole = covered
    if part.value.kind is ValueKind.QUANTITY and part.property.additive and whole.property.additive:
        return None
    return lambda: f"One answers for {_coverage(part)}, the other for {_coverage(whole)}; neither settles the other."


def part_of_what_is_denied(pair: Pair) -> Because | None:
    """A denied figure neither contains a part nor is one."""
    if pair.covered is None or not (pair.left.denies or pair.right.denies):
        return None
    return lambda: "One of the two figures is a denial, so neither can be a part of the other."


def part_fits(pair: Pair) -> Because | None:
    """A part that is no larger than its whole fits into it."""
    covered = pair.covered
    if covered is None or not _fits(*covered):
        return None
    part, whole = covered
    return lambda: f"{_figure(part)} can be a part of {_figure(whole)}: the numbers fit."


def whole_counted_at_another_time(pair: Pair) -> Because | None:
    """A part may be larger than a whole that was counted earlier, or, where counts go both ways, at another time."""
    covered = pair.covered
    if covered is None or not pair.ordered:
        return None
    part, whole = covered
    if not counts_apart(whole, later_is_part=pair.later is part):
        return None
    return lambda: f"{_larger(part, whole)}, but the two were not counted at the same time."


def part_exceeds_whole(pair: Pair) -> Because | None:
    """A part larger than its whole cannot be right together with it."""
    covered = pair.covered
    if covered is None:
        return None
    part, whole = covered
    return lambda: f"{_larger(part, whole)}."


def counts_apart(whole: Claim, later_is_part: bool) -> bool:
    """Whether a part and its whole, counted one after the other, may be out of proportion for that."""
    return later_is_part or not whole.property.accumulates


def _different_counts(source: Claim, target: Claim) -> str:
    return (
        f"{_label(source)} and {_label(target)} are different counts; "
        "who leaves the one may enter the other, so they are read together but not compared."
    )


def _larger(part: Claim, whole: Claim) -> str:
    return f"the part, {_figure(part)}, is larger than the whole, {_figure(whole)}"


def _counts_within(pair: Pair, one: str, other: str) -> bool:
    """Whether one count is a part of another that has a wider noun, such as children among people."""
    return pair.left.property != pair.right.property and not (is_measure(one) or is_measure(other))


def _different_questions(left: Claim, right: Claim) -> str:
    one, other = _label(left), _label(right)
    return "They answer different questions" + (f": {one} and {other}." if one != other else ".")


def _fits(part: Claim, whole: Claim) -> bool:
    low, high = part.compared.low, whole.compared.high
    return low is None or high is None or low <= high


def _label(claim: Claim) -> str:
    return lowered(claim.property.label) if claim.property.label else "the figure"


def _place(claim: Claim) -> str | None:
    return (claim.scope.narrowed.name or claim.scope.narrowed.id) if claim.scope.narrowed else None


def _coverage(claim: Claim) -> str:
    return f"{_label(claim)} ({', '.join(_narrowed(claim) or ('the whole event',))})"


def _figure(claim: Claim) -> str:
    named = said(claim.value, claim.property)
    if not claim.property.predicate and claim.property.label:
        named = f"{named} ({_label(claim)})"
    narrowed = _narrowed(claim)
    return f"{named} ({', '.join(narrowed)})" if narrowed else named


def _narrowed(claim: Claim) -> tuple[str, ...]:
    """What a claim covers where that is not the whole event."""
    scope = claim.scope
    parts = (_place(claim), scope.population, scope.period and period(scope.period), scope.counting)
    return tuple(part for part in parts if part)
