"""Rules on claims that can hold together: the same value, overlapping ones, terms side by side."""

from functools import partial

from api.engine.origin import opposed
from api.engine.record import Claim
from api.engine.rules.pair import Because, Pair
from api.engine.values import contains, overlap
from api.engine.wording import answer, quoted, speaker
from schemas.vocabulary import Independence, Polarity, Stance, ValueKind

INTERVALS = (ValueKind.QUANTITY, ValueKind.TIME)


def worked_out_not_stated(pair: Pair) -> Because | None:
    """A figure that a document worked out from others was stated by nobody and is not compared as if it were."""
    if pair.left.worked_out == pair.right.worked_out:
        return None
    worked, stated = (pair.left, pair.right) if pair.left.worked_out else (pair.right, pair.left)
    return lambda: f"{quoted(worked)} was worked out from other figures, not stated as {quoted(stated)} was."


def echo_of_one_origin(pair: Pair) -> Because | None:
    """The same value from the same origin is one confirmation, however many documents carry it."""
    if not pair.same_answer or not pair.same_origin:
        return None
    if pair.left.voice is None:
        return lambda: f"One document {_verb(pair)}s {_value(pair)} twice on its own word."
    return lambda: f"Both {_verb(pair)} {_value(pair)} and go back to {_common(pair)}."


def opposing_sides_agree(pair: Pair) -> Because | None:
    """The same value from opposing sides of the conflict is the strongest agreement there is."""
    if not pair.same_answer or pair.independence is not Independence.INDEPENDENT:
        return None
    return (lambda: f"Opposing sides agree: {_both(pair)}.") if opposed(pair.left, pair.right) else None


def independent_origins_agree(pair: Pair) -> Because | None:
    """The same value from origins that do not depend on each other is a confirmation."""
    if not pair.same_answer or pair.independence is not Independence.INDEPENDENT:
        return None
    return lambda: f"Independent origins give the same value: {_both(pair)}."


def same_value_origin_unknown(pair: Pair) -> Because | None:
    """The same value is no confirmation when nothing tells whether the origins are independent."""
    if not pair.same_answer:
        return None
    return lambda: f"Both {_verb(pair)} {_value(pair)}, but nothing tells whether the origins are independent."


def no_comment_leaves_open(pair: Pair) -> Because | None:
    """Who does not comment neither affirms nor denies."""
    for silent in (pair.left, pair.right):
        if silent.stance is Stance.NO_COMMENT or silent.value.term == Polarity.NO_COMMENT:
            return partial(_did_not_comment, silent)
    return None


def denial_leaves_open(pair: Pair) -> Because | None:
    """Denying one value leaves every other value possible."""
    if pair.left.denies and pair.right.denies:
        return lambda: "Both are denials, and both can be right."
    if pair.left.denies == pair.right.denies or denial_covers(pair):
        return None
    denial = pair.left if pair.left.denies else pair.right
    return lambda: f"One denies {_given(denial)}, and what the other claims may be something else."


def ranges_overlap(pair: Pair) -> Because | None:
    """Different wordings whose ranges overlap can both be right."""
    if pair.left.value.kind not in INTERVALS or not overlap(pair.left.value, pair.right.value):
        return None
    return lambda: f"{_both(pair)} can both be right."


def hedged_in_its_document(pair: Pair) -> Because | None:
    """A bare number is read with the hedge that the same document gives the same number elsewhere."""
    if (
        pair.left.value.kind not in INTERVALS
        or pair.left.denies
        or not overlap(pair.left.compared, pair.right.compared)
    ):
        return None
    return lambda: f"{_both(pair)} can both be right: a document hedges the same round number elsewhere in its text."


def term_contains_term(pair: Pair) -> Because | None:
    """A term and one that it contains can both be right; the narrower one says more."""
    prop, left, right = pair.left.property, pair.left.value.term, pair.right.value.term
    if pair.left.value.kind is not ValueKind.CATEGORY:
        return None
    if not (prop.term_within(left, right) or prop.term_within(right, left)):
        return None
    return lambda: f"{_both(pair)}: the one term contains the other."


def terms_side_by_side(pair: Pair) -> Because | None:
    """Several terms may hold at once where the property does not exclude it."""
    if pair.left.value.kind is not ValueKind.CATEGORY or pair.left.property.exclusive:
        return None
    return lambda: f"{_both(pair)} can both hold: this property admits several answers."


def terms_named_together(pair: Pair) -> Because | None:
    """Terms that one statement names together are one answer, not two."""
    together = pair.left.statement is not None and pair.left.statement == pair.right.statement
    if pair.left.value.kind is not ValueKind.CATEGORY or not together:
        return None
    return lambda: f"One statement names both: {_both(pair)}."


def denial_covers(pair: Pair) -> bool:
    """Whether everything that the one asserts is denied by the other."""
    denial, claim = (pair.left, pair.right) if pair.left.denies else (pair.right, pair.left)
    if claim.value.kind in INTERVALS:
        return contains(denial.value, claim.value)
    term, denied = claim.value.term, denial.value.term
    return term == denied or claim.property.term_within(term, denied)


def _did_not_comment(silent: Claim) -> str:
    return f"{speaker(silent.voice)} did not comment, which neither affirms nor denies."


def _given(claim: Claim) -> str:
    words = answer(claim.value, claim.property)
    return f"“{words}”" if claim.value.kind is ValueKind.POLARITY else words


def _value(pair: Pair) -> str:
    return _given(pair.left)


def _verb(pair: Pair) -> str:
    return "deny" if pair.left.denies else "give"


def _both(pair: Pair) -> str:
    return f"{quoted(pair.left)} and {quoted(pair.right)}"


def _common(pair: Pair) -> str:
    left, right = pair.left.voice, pair.right.voice
    if left == right or left is None or right is None:
        return speaker(left or right)
    return f"one organisation, {speaker(left.root)}"
