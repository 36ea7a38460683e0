"""The pair a rule looks at, and the verdict it leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from api.engine.order import Sequence
from api.engine.record import Claim
from schemas.vocabulary import Cause, Independence, Order, Relation

CONFLICTS = frozenset({Relation.CONTRADICTS, Relation.EXCEEDS_WHOLE, Relation.UNRESOLVED})
"""Relations that leave something unexplained."""

SUCCESSIONS = frozenset({Relation.UPDATES, Relation.CORRECTS})
"""Relations in which the later claim takes the earlier one's place."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims with what is known of both together."""

    left: Claim
    right: Claim
    independence: Independence
    sequence: Sequence

    @property
    def ordered(self) -> bool:
        return self.sequence.order in (Order.LEFT_FIRST, Order.RIGHT_FIRST)

    @property
    def earlier(self) -> Claim:
        return self.right if self.sequence.order is Order.RIGHT_FIRST else self.left

    @property
    def later(self) -> Claim:
        return self.left if self.sequence.order is Order.RIGHT_FIRST else self.right

    @property
    def same_origin(self) -> bool:
        return self.independence is Independence.SAME_ORIGIN


@dataclass(frozen=True, slots=True)
class Verdict:
    """The one relation that holds between two claims, the rule that says so, and why.

    `replaces` says whether the later of the two takes the earlier one's place, `causes` why, where the text tells.
    """

    relation: Relation
    rule: str
    because: str
    order: Order
    independence: Independence
    causes: tuple[Cause, ...] = ()
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One published reason: `applies` returns a plain sentence when it fires, else None.

    The first sentence of its docstring is what the API publishes.
    """

    relation: Relation
    applies: Callable[[Pair], str | None]
    replaces: bool = False

    @property
    def name(self) -> str:
        return self.applies.__name__

    @property
    def sentence(self) -> str:
        return " ".join((self.applies.__doc__ or "").split("\n\n")[0].split())
