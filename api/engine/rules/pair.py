"""The pair a rule looks at, and the verdict it leads to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from api.engine.order import FLIPPED, Sequence
from api.engine.record import Claim
from api.engine.scopes import part_and_whole, same_coverage
from api.engine.traits import bits
from schemas.vocabulary import Cause, Independence, Order, Relation

CONFLICTS = frozenset({Relation.CONTRADICTS, Relation.EXCEEDS_WHOLE, Relation.UNRESOLVED})
"""Relations that leave something unexplained."""

SUCCESSIONS = frozenset({Relation.UPDATES, Relation.CORRECTS})
"""Relations in which the later claim takes the earlier one's place."""

Because = Callable[[], str]
"""How to say why: most verdicts are only counted, so none is worded before somebody asks."""


SAME_ANSWER, TWO_QUESTIONS, TWO_UNITS = bits(same_answer=True), bits(two_questions=True), bits(two_units=True)


class Pair:
    """Two claims with what is known of both together; not changed once it is made."""

    def __init__(self, left: Claim, right: Claim, independence: Independence, sequence: Sequence) -> None:
        self.left, self.right, self.independence, self.sequence = left, right, independence, sequence
        self.ordered = sequence.ordered
        self.earlier, self.later = (right, left) if sequence.order is Order.RIGHT_FIRST else (left, right)
        self.same_origin = independence is Independence.SAME_ORIGIN
        one, other = left.value, right.value
        traits = left.traits | right.traits | sequence.traits
        self.same_answer = (one is other or one.key == other.key) and left.denies == right.denies
        if self.same_answer:
            traits |= SAME_ANSWER
        if one.kind is not other.kind or one.unit != other.unit:
            traits |= TWO_UNITS
        if left.event != right.event or not same_coverage(left, right):
            traits |= TWO_QUESTIONS
        self.traits = traits

    @cached_property
    def covered(self) -> tuple[Claim, Claim] | None:
        """The part and the whole, where the one's coverage lies strictly within the other's."""
        return part_and_whole(self.left, self.right)


@dataclass(slots=True)
class Verdict:
    """The one relation that holds between two claims, the rule that says so, and why.

    `replaces` says whether the later of the two takes the earlier one's place, `causes` why, where the text tells.
    """

    relation: Relation
    rule: str
    why: Because = field(repr=False, compare=False)
    order: Order
    independence: Independence
    causes: tuple[Cause, ...] = ()
    replaces: bool = False

    @property
    def because(self) -> str:
        """Why it holds, as a sentence."""
        return self.why()

    def turned(self) -> "Verdict":
        """Return the verdict as seen from the other claim."""
        order = FLIPPED.get(self.order, self.order)
        return Verdict(self.relation, self.rule, self.why, order, self.independence, self.causes, self.replaces)


@dataclass(frozen=True)
class Rule:
    """One published reason: `applies` returns how to say why when it fires, else None.

    The first sentence of its docstring is what the API publishes; pairs that lack a trait in `among`
    are not asked about.
    """

    relation: Relation
    applies: Callable[[Pair], Because | None]
    among: int = 0
    replaces: bool = False

    @cached_property
    def name(self) -> str:
        return self.applies.__name__

    @cached_property
    def succeeds(self) -> bool:
        """Whether the later claim takes the earlier one's place."""
        return self.replaces or self.relation in SUCCESSIONS

    @property
    def sentence(self) -> str:
        return " ".join((self.applies.__doc__ or "").split("\n\n")[0].split())
