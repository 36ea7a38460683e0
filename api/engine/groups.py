"""Groups: the distinct values given to one question, and the relation between two of them."""

from dataclasses import dataclass
from functools import cached_property

from api.engine.origin import confirming, origins
from api.engine.record import Claim, Source
from api.engine.rules.pair import Verdict
from api.engine.values import Value
from schemas.moments import Span, hull
from schemas.vocabulary import ClaimStatus, Order, ValueStatus

GONE = (ValueStatus.SUPERSEDED, ValueStatus.CORRECTED)
"""Values that no longer stand."""


@dataclass(frozen=True)
class Group:
    """All claims that give one value to one question; `denied` when they deny it.

    `moved_on` are the witnesses that gave another value since.
    """

    claims: tuple[Claim, ...]
    moved_on: frozenset[Source] = frozenset()

    @property
    def value(self) -> Value:
        return self.claims[0].value

    @cached_property
    def worked_out(self) -> bool:
        """Whether nobody stated it: the documents took it from other figures."""
        return all(claim.worked_out for claim in self.claims)

    @property
    def denied(self) -> bool:
        return self.claims[0].denies

    @cached_property
    def withdrawn(self) -> bool:
        """Whether every claim that gives it was withdrawn by its document."""
        return all(claim.status is ClaimStatus.CORRECTED for claim in self.claims)

    @cached_property
    def upheld(self) -> tuple[Claim, ...]:
        """The claims nobody has withdrawn; all of them where every one was."""
        return tuple(claim for claim in self.claims if claim.status is not ClaimStatus.CORRECTED) or self.claims

    @cached_property
    def origins(self) -> tuple[Source, ...]:
        return origins(self.upheld)

    @cached_property
    def standing_origins(self) -> tuple[Source, ...]:
        """The origins that still stand behind the value; all of them where none does."""
        return tuple(source for source in self.origins if source.root not in self.moved_on) or self.origins

    @cached_property
    def independent_origins(self) -> int:
        """How many independent origins, counted once an organisation, stand behind the value."""
        witnesses = confirming(self.upheld)
        return len(witnesses - self.moved_on) or len(witnesses)

    @cached_property
    def backers(self) -> frozenset[Source]:
        """The witnesses that may confirm each other among all who gave the value."""
        return confirming(self.claims)

    @cached_property
    def attributed(self) -> bool:
        """Whether somebody with a name gives the value."""
        return any(not source.unnamed for source in self.origins)

    @cached_property
    def as_of(self) -> Span:
        """From the first to the last time the value is said to have held."""
        return hull(claim.as_of for claim in self.claims)

    @property
    def key(self) -> tuple[object, ...]:
        return (*self.claims[0].question, self.denied, self.value.key)


@dataclass(slots=True)
class Tie:
    """The relation between two values; `left` and `right` index the list of values."""

    left: int
    right: int
    verdict: Verdict

    @property
    def earlier(self) -> int:
        return self.right if self.verdict.order is Order.RIGHT_FIRST else self.left

    @property
    def later(self) -> int:
        return self.left if self.verdict.order is Order.RIGHT_FIRST else self.right

    @property
    def superseded(self) -> int | None:
        """The value whose place the other takes, if it does."""
        return self.earlier if self.verdict.replaces else None


@dataclass(slots=True)
class Between:
    """The relation of two values, and whether it is a conflict between words that still stand."""

    verdict: Verdict
    open: bool
