"""Rules on claims that cannot hold together: what orders and explains them, or that nothing does."""

from functools import partial

from api.engine.origin import one_speaker, opposed
from api.engine.record import Claim
from api.engine.rules.pair import Because, Pair
from api.engine.values import overlap
from api.engine.wording import lowered, quoted, said, speaker
from schemas.vocabulary import Cause, Order, Stance, ValueKind

RECOUNTS = frozenset({Cause.RECOUNT, Cause.DOUBLE_COUNTING, Cause.IDENTIFICATION, Cause.CORRECTION})
"""Causes for which a count that only grows is lowered."""


def running_count_went_on(pair: Pair) -> Because | None:
    """A floor worded as a running count ("rose to at least 16") is replaced by a later, higher figure."""
    if pair.left.value.kind is not ValueKind.QUANTITY or not pair.left.property.accumulates or not pair.ordered:
        return None
    early, late = pair.earlier, pair.later
    if early.value.low is None or late.value.low is None or late.stance is not Stance.ASSERTS:
        return None
    if not early.value.running or not overlap(early.compared, late.compared) or late.value.low <= early.value.low:
        return None
    return lambda: f"{quoted(early)} was the state of a count still being made; {_later(pair)}."


def origin_withdraws(pair: Pair) -> Because | None:
    """An origin that later denies what it asserted, or asserts what it denied, takes its earlier word back."""
    if pair.left.denies == pair.right.denies or not pair.ordered or not one_speaker(pair.left, pair.right):
        return None
    return lambda: _takes_back(pair)


def denied(pair: Pair) -> Because | None:
    """One side denies what the other asserts."""
    if pair.left.denies == pair.right.denies:
        return None
    asserted, denial = (pair.left, pair.right) if pair.right.denies else (pair.right, pair.left)
    return lambda: f"{speaker(denial.voice)} denied what {speaker(asserted.voice)} asserted: {_figure(asserted)}."


def scope_widened(pair: Pair) -> Because | None:
    """A later figure that the text says now covers more takes the earlier one's place without correcting it."""
    if not pair.ordered or Cause.WIDENED_SCOPE not in pair.later.causes or not _entitled(pair):
        return None
    return lambda: f"{quoted(pair.later)} now covers more than {quoted(pair.earlier)} did."


def counting_rule_changed(pair: Pair) -> Because | None:
    """A later figure that the text says is counted by another rule takes the earlier one's place, uncorrected."""
    if not pair.ordered or Cause.COUNTING_RULE not in pair.later.causes or not _entitled(pair):
        return None
    return lambda: f"{quoted(pair.later)} is counted by another rule than {quoted(pair.earlier)} was."


def counted_by_another_rule(pair: Pair) -> Because | None:
    """A figure said to be counted by another rule contradicts none: where nothing explains the two, the rule does."""
    if _explained(pair):
        return None
    other_rule = [claim for claim in (pair.left, pair.right) if Cause.COUNTING_RULE in claim.causes]
    return partial(_by_another_rule, other_rule[0]) if len(other_rule) == 1 else None


def stated_correction(pair: Pair) -> Because | None:
    """A later word that says it corrects the earlier one, or whose document withdrew the earlier one, takes it back."""
    if not pair.ordered or not (pair.earlier.withdrawn or _says_so(pair)):
        return None
    return lambda: _takes_back(pair)


def withdrawn_stands_against_nothing(pair: Pair) -> Because | None:
    """What a document has withdrawn, or a curator retracted, stands against no other claim."""
    for claim in (pair.left, pair.right):
        if claim.withdrawn:
            return partial(_stands_against_nothing, claim)
    return None


def origin_takes_back(pair: Pair) -> Because | None:
    """An origin that later answers otherwise what cannot change takes its earlier word back."""
    fixed = pair.left.property.exclusive or pair.left.property.constant
    if not pair.ordered or not fixed or not one_speaker(pair.left, pair.right):
        return None
    return lambda: _takes_back(pair)


def one_statement_two_values(pair: Pair) -> Because | None:
    """One statement cannot give two values for the same thing."""
    if pair.left.statement is None or pair.left.statement != pair.right.statement:
        return None
    return lambda: f"One statement is reported with two values: {_either(pair)}."


def recount_downwards(pair: Pair) -> Because | None:
    """A count that only grows, lowered later by its own origin or after a recount, was recounted."""
    if not _falls(pair):
        return None
    recounted = not RECOUNTS.isdisjoint(pair.later.causes) and _entitled(pair)
    if not recounted and not one_speaker(pair.left, pair.right):
        return None
    late = pair.later
    return lambda: f"{speaker(late.voice)} lowered the count from {_figure(pair.earlier)} to {_figure(late)}."


def count_cannot_shrink(pair: Pair) -> Because | None:
    """A count that only grows cannot be lower later, on the word of another origin."""
    if not _falls(pair):
        return None
    return lambda: f"The count only grows, yet the later figure is lower: {_sequence(pair)}."


def answers_exclude_each_other(pair: Pair) -> Because | None:
    """Two different answers to a question that admits one, and does not change with time, cannot both hold."""
    prop = pair.left.property
    said_otherwise = pair.ordered and one_speaker(pair.left, pair.right)
    yes_or_no = pair.left.value.kind is ValueKind.POLARITY and not said_otherwise
    if not (prop.exclusive or prop.constant or yes_or_no):
        return None
    return lambda: f"Only one answer can be right: {_either(pair)}."


def count_grew(pair: Pair) -> Because | None:
    """A later, higher figure of a count that only grows replaces the earlier one."""
    if not pair.left.property.accumulates or not pair.ordered or pair.sequence.inferred or not _entitled(pair):
        return None
    return lambda: f"The count grew: {_sequence(pair)}; the order is taken from {pair.sequence.evidence}."


def growth_shows_order(pair: Pair) -> Because | None:
    """Two figures of one origin's growing count are ordered by growth itself; the order is inferred."""
    if not pair.left.property.accumulates or not pair.sequence.inferred:
        return None
    return lambda: f"One origin's count grew: {_sequence(pair)}; the order is inferred from the growth."


def people_left_the_count(pair: Pair) -> Because | None:
    """A later, lower figure of a count that people leave, such as the injured who die, replaces the earlier one."""
    target = pair.left.property.moves_to
    if target is None or pair.left.property.accumulates or not pair.ordered or not _entitled(pair):
        return None
    early, late = pair.earlier.compared, pair.later.compared
    if late.high is None or early.low is None or late.high >= early.low:
        return None
    return lambda: (
        f"The figure fell: {_sequence(pair)}; whoever leaves this count may enter another, "
        f"{lowered(target.label or target.id)}. The order is taken from {pair.sequence.evidence}."
    )


def figure_moved_on(pair: Pair) -> Because | None:
    """A later figure replaces an earlier one where the record orders them and the figure may move both ways."""
    if pair.left.property.accumulates or not pair.ordered or not _entitled(pair):
        return None
    return lambda: f"The figure moved on: {_sequence(pair)}; the order is taken from {pair.sequence.evidence}."


def same_moment_two_values(pair: Pair) -> Because | None:
    """Two values for the same moment cannot both hold."""
    if pair.sequence.order is not Order.SAME:
        return None
    return lambda: f"Both are said to have held at the same moment: {_either(pair)}."


def later_word_cannot_replace(pair: Pair) -> Because | None:
    """A later figure that is unnamed, unverified or the other side's replaces no named origin's."""
    if not pair.ordered:
        return None
    return lambda: f"{quoted(pair.later)} is later, but cannot replace {quoted(pair.earlier)}: {_weakness(pair)}."


def nothing_orders(pair: Pair) -> Because | None:
    """Two values that cannot both hold stay unresolved when nothing in the record says which is later."""
    return lambda: f"They cannot both hold, and nothing in the record says which is later: {_either(pair)}."


def _explained(pair: Pair) -> bool:
    """Whether an order that is not only inferred makes the later of two figures an update or a correction."""
    if not pair.ordered or pair.sequence.inferred:
        return False
    fixed = pair.left.property.exclusive or pair.left.property.constant
    return one_speaker(pair.left, pair.right) or (_entitled(pair) and not fixed and not _falls(pair))


def _says_so(pair: Pair) -> bool:
    """Whether the later statement says that it takes back the one it follows, or the text that it corrects it."""
    later, earlier = pair.later.statement, pair.earlier.statement
    if later is not None and later.corrects and earlier is not None and later.follows == earlier:
        return True
    return Cause.CORRECTION in pair.later.causes and (pair.same_origin or one_speaker(pair.left, pair.right))


def _entitled(pair: Pair) -> bool:
    """Whether the later claim may replace the earlier: by its own origin, or by any named or no one's of no other side.

    How far the later word can be relied on is told by its grade.
    """
    if pair.same_origin or pair.earlier.voice is None or pair.earlier.voice.unnamed:
        return True
    later = pair.later
    unnamed = later.voice is not None and later.voice.unnamed
    return later.stance is Stance.ASSERTS and not unnamed and not opposed(pair.earlier, later)


def _falls(pair: Pair) -> bool:
    if not pair.left.property.accumulates or not pair.ordered or pair.left.value.kind is not ValueKind.QUANTITY:
        return False
    early, late = pair.earlier.compared, pair.later.compared
    return late.high is not None and early.low is not None and late.high < early.low


def _weakness(pair: Pair) -> str:
    if pair.later.voice is not None and pair.later.voice.unnamed:
        return "its source is unnamed"
    return "it stands on the other side" if opposed(pair.left, pair.right) else "it is reported as unverified"


def _later(pair: Pair) -> str:
    return f"{quoted(pair.later)} came later, which is taken from {pair.sequence.evidence}"


def _takes_back(pair: Pair) -> str:
    if pair.earlier.withdrawn:
        return f"{quoted(pair.earlier)} was withdrawn; {quoted(pair.later)} takes its place."
    return f"{quoted(pair.later)} takes back {quoted(pair.earlier)}; the order is taken from {pair.sequence.evidence}."


def _by_another_rule(claim: Claim) -> str:
    return f"the text says that {quoted(claim)} is counted by another rule, so it does not contradict the other."


def _stands_against_nothing(claim: Claim) -> str:
    return f"{quoted(claim)} was withdrawn, so it stands against nothing."


def _figure(claim: Claim) -> str:
    return said(claim.value, claim.property)


def _either(pair: Pair) -> str:
    return f"{quoted(pair.left)} or {quoted(pair.right)}"


def _sequence(pair: Pair) -> str:
    return f"first {quoted(pair.earlier)}, then {quoted(pair.later)}"
