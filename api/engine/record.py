"""The record as the engine sees it: plain, immutable, already resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from api.engine.traits import bits
from api.engine.values import Value
from schemas.moments import Span
from schemas.vocabulary import Cause, ClaimStatus, LinkRole, Polarity, Reckoning, SourceKind, Stance, ValueKind


class Named:
    """What the record knows by its id: two of one id are the same."""

    __slots__ = ()
    id: str

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is type(self) and self.id == other.id)

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Place(Named):
    """A place and what it lies in."""

    id: str
    name: str = ""
    within: "Place | None" = None


@dataclass(frozen=True, eq=False)
class Source(Named):
    """Anyone who speaks or publishes; `part_of` leads to the organisation whose word it is."""

    id: str
    name: str
    kind: SourceKind = SourceKind.ORGANISATION
    part_of: "Source | None" = None
    side: str | None = None

    @cached_property
    def root(self) -> "Source":
        """The outermost organisation this source belongs to, or itself."""
        return self if self.part_of is None else self.part_of.root

    def organisations(self) -> Iterator["Source"]:
        """Walk outwards over what this source is a part of."""
        whole = self.part_of
        while whole is not None:
            yield whole
            whole = whole.part_of

    @cached_property
    def unnamed(self) -> bool:
        return self.kind is SourceKind.UNNAMED

    @cached_property
    def first_hand(self) -> bool:
        """Whether it speaks for itself: it has a name and is no outlet, and so has what it belongs to."""
        return not any(one.unnamed or one.kind is SourceKind.OUTLET for one in (self, self.root))


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an attribution chain; `inferred` when the sentence does not print it."""

    source: Source
    role: LinkRole = LinkRole.REPORTS
    channel: str | None = None
    inferred: bool = False


@dataclass(frozen=True, eq=False)
class Statement(Named):
    """One utterance; `follows` is the same source's earlier one, `corrects` says that it takes that back."""

    id: str
    source: Source
    said_at: Span = Span()
    follows: "Statement | None" = field(default=None, repr=False)
    corrects: bool = False

    @cached_property
    def place(self) -> "Rung":
        """Where it stands in its chain."""
        walked: list[Statement] = []
        step: Statement | None = self.follows
        while step is not None and "place" not in step.__dict__:
            walked.append(step)
            step = step.follows
        for earlier in reversed(walked):
            earlier.__dict__["place"] = earlier._rung()
        return self._rung()

    def _rung(self) -> "Rung":
        near = self.follows
        if near is None:
            return Rung(self, 0, self, 0)
        first, before, middle, lands = near.place
        _, _, far, lands_further = middle.place
        if before - lands == lands - lands_further:
            return Rung(first, before + 1, far, lands_further)
        return Rung(first, before + 1, near, before)

    def comes_before(self, other: "Statement") -> bool:
        """Whether the other statement follows this one, with whatever lies between."""
        (first, before, _, _), (beginning, after, leap, lands) = self.place, other.place
        if before >= after or (first is not beginning and first.id != beginning.id):
            return False
        step = other
        while after > before and step.follows is not None:
            step = leap if lands >= before else step.follows
            _, after, leap, lands = step.place
        return step is self or step.id == self.id

    def earlier_ones(self) -> Iterator["Statement"]:
        """Walk back along the chain of statements."""
        earlier = self.follows
        while earlier is not None:
            yield earlier
            earlier = earlier.follows


class Rung(NamedTuple):
    """Where a statement stands in its chain: its first statement, how many come before, and an earlier one to leap to,
    with how many come before that.

    A leap goes twice as far as that of the statement before, where that one and the one it leaps to leap equally far,
    else one step: so any earlier statement is reached in the logarithm of their number (Myers, An applicative
    random-access stack, 1983).
    """

    first: Statement
    before: int
    leap: Statement
    lands: int


@dataclass(frozen=True, eq=False)
class Property(Named):
    """What is measured or asked, and how it behaves.

    `accumulates`: a later count is never lower, save recounts. `exclusive`: two different answers
    cannot both hold. `constant`: a quantity that does not move with time. `additive`: a count of
    things, so that a part is never larger than its whole. `part_of`, `also_part_of` and `moves_to`
    name other properties; `difference_of` names the two whose difference it is. `terms` maps each
    term of the vocabulary to the term that contains it.
    """

    id: str
    kind: ValueKind
    label: str = ""
    unit: str | None = None
    accumulates: bool = False
    exclusive: bool = False
    constant: bool = False
    additive: bool = True
    part_of: "Property | None" = None
    moves_to: "Property | None" = None
    also_part_of: "tuple[Property, ...]" = ()
    difference_of: "tuple[Property, Property] | None" = None
    singular: str | None = None
    plural: str | None = None
    predicate: str | None = None
    terms: Mapping[str, str | None] = field(default_factory=dict)
    term_labels: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def traits(self) -> int:
        """What of the property the rules ask first."""
        fixed = self.exclusive or self.constant
        return bits(grows=self.accumulates, varies=not self.accumulates, fixed=fixed, left=self.moves_to is not None)

    def wholes(self) -> Iterator["Property"]:
        """Walk outwards over the properties this one is a part of."""
        for whole in ((self.part_of,) if self.part_of else ()) + self.also_part_of:
            yield whole
            yield from whole.wholes()

    def term_within(self, inner: str | None, outer: str | None) -> bool:
        """Whether `outer` is one of the terms that contain `inner`."""
        step = self.terms.get(inner) if inner else None
        while step is not None and step != outer:
            step = self.terms.get(step)
        return step is not None


ScopeKey = tuple[str | None, ...]
"""A scope's place, population and period, and its rule of counting where it has one."""

FOLDED = 4_096
"""Texts kept folded; the same few populations and rules come again and again."""

COUNTING_WORDS = frozenset(
    """
    including includes include included incl excluding excludes exclude excluded excl except without with plus
    counting counted not and or both all total overall presumed suspected probable possible alleged confirmed
    unconfirmed estimated excess indirect later identified unidentified missing
    """.split()
)
"""Words by which a population is no part of all, but another way of counting them."""


@lru_cache(FOLDED)
def folded(text: str | None) -> str | None:
    """Return a text without regard to case, spaces and underscores."""
    return " ".join(text.replace("_", " ").casefold().split()) if text else None


def is_counting_rule(population: str | None) -> bool:
    """Whether a population is worded as a rule of counting: "including the perpetrator", "dead and missing"."""
    words = (folded(population) or "").replace("+", " plus ").replace("&", " and ").split()
    return any(word.strip(".,()") in COUNTING_WORDS for word in words)


@dataclass(frozen=True)
class Scope:
    """What a value covers; an empty scope is the whole event.

    `counting` is the rule of the count, such as whether the perpetrator is counted; a population that is worded as
    such a rule is one. `ground` is the event's own place: naming it narrows nothing.
    """

    place: Place | None = None
    population: str | None = None
    period: Span | None = None
    ground: Place | None = field(default=None, compare=False)
    counting: str | None = None

    @cached_property
    def narrowed(self) -> Place | None:
        """The place, unless it is the event's own."""
        return None if self.place == self.ground else self.place

    @cached_property
    def rule(self) -> str | None:
        """How the things are counted, where that is said."""
        return self.counting or (self.population if is_counting_rule(self.population) else None)

    @cached_property
    def whom(self) -> str | None:
        """Whom the value covers, unless the words are a rule of counting."""
        return None if is_counting_rule(self.population) else self.population

    @cached_property
    def key(self) -> ScopeKey:
        """What makes two scopes the same scope."""
        ends = (self.period.earliest, self.period.latest) if self.period else None
        period = "/".join(end.text if end else ".." for end in ends) if ends else None
        key = (self.narrowed.id if self.narrowed else None, folded(self.population), period)
        return (*key, folded(self.counting)) if self.counting else key


QuestionKey = tuple[str, str, ScopeKey]
"""What makes a question: the event, the property, and the scope."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How a figure is reckoned from other claims of its document, by their ids; `stated` when its origin says it so."""

    how: Reckoning
    of: tuple[str, ...]
    stated: bool = True


OF_KIND = {
    ValueKind.QUANTITY: bits(interval=True),
    ValueKind.CATEGORY: bits(term=True),
    ValueKind.TIME: bits(interval=True),
    ValueKind.POLARITY: bits(fixed=True),
}
LOWERING = frozenset({Cause.RECOUNT, Cause.DOUBLE_COUNTING, Cause.CORRECTION})
"""Causes by which a figure that is lower than its origin's other one is the later; a count grows without a recount."""

DENIED, SILENT, WITHDRAWN = bits(denied=True), bits(silent=True), bits(withdrawn=True)
WORKED_OUT, CAUSED, HEDGED = bits(worked_out=True), bits(caused=True), bits(hedged=True)
CORRECTING, RUNNING = bits(correcting=True), bits(running=True)


@dataclass(frozen=True)
class Claim:
    """One value of one property of one event, as one document gives it.

    `position` is where in the document it stands; `reading` is the value to compare by, when the
    document itself hedges the number elsewhere. `causes` is why the figure differs from the one before, where the
    text says so; `reckoned` how it follows from other figures.
    """

    id: str
    event: str
    property: Property
    value: Value
    scope: Scope = Scope()
    as_of: Span = Span()
    published: Span = Span()
    document: str | None = None
    statement: Statement | None = None
    attribution: tuple[Link, ...] = ()
    stance: Stance = Stance.ASSERTS
    status: ClaimStatus = ClaimStatus.ACTIVE
    position: int = 0
    exact: str | None = None
    reading: Value | None = None
    causes: tuple[Cause, ...] = ()
    reckoned: Reckoned | None = None

    origin: Source | None = field(init=False, repr=False, compare=False)
    voice: Source | None = field(init=False, repr=False, compare=False)
    compared: Value = field(init=False, repr=False, compare=False)
    denies: bool = field(init=False, repr=False, compare=False)
    withdrawn: bool = field(init=False, repr=False, compare=False)
    worked_out: bool = field(init=False, repr=False, compare=False)
    traits: int = field(init=False, repr=False, compare=False)
    question: QuestionKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what the rules ask again and again.

        `origin` is the last link of the chain, None when the document speaks for itself; `voice` whose word it finally
        is: the origin, else the speaker of the statement it goes back to; `withdrawn` whether its document has taken it
        back; `worked_out` whether the document took it from other figures and nobody stated it; `traits` what the rules
        ask first; `question` the one it answers: event, property and scope.
        """
        origin = self.attribution[-1].source if self.attribution else None
        spoken = self.statement.source if self.statement is not None else None
        self.__dict__.update(
            origin=origin,
            voice=origin if origin is not None else spoken,
            compared=self.reading or self.value,
            denies=self.stance is Stance.DENIES,
            withdrawn=self.status is not ClaimStatus.ACTIVE,
            worked_out=self.reckoned is not None and not self.reckoned.stated,
            traits=self.property.traits | self._own_traits(),
            question=(self.event, self.property.id, self.scope.key),
        )

    def _own_traits(self) -> int:
        stance, value, reckoned = self.stance, self.value, self.reckoned
        known = OF_KIND[value.kind]
        if stance is Stance.DENIES:
            known |= DENIED
        if stance is Stance.NO_COMMENT or value.term == Polarity.NO_COMMENT:
            known |= SILENT
        if self.status is not ClaimStatus.ACTIVE:
            known |= WITHDRAWN | CORRECTING
        if self.statement is not None and self.statement.corrects:
            known |= CORRECTING
        if value.running:
            known |= RUNNING
        if reckoned is not None and not reckoned.stated:
            known |= WORKED_OUT
        if self.causes:
            known |= CAUSED | CORRECTING if Cause.CORRECTION in self.causes else CAUSED
        return known | HEDGED if self.reading is not None else known

    @cached_property
    def lowered(self) -> bool:
        """Whether its text says that the figure was higher before, or corrects one that it is lower than."""
        return self.value.lowered or not LOWERING.isdisjoint(self.causes)

    @cached_property
    def line(self) -> tuple[str, ...]:
        """Its place in a fixed order of claims, so that no verdict depends on the side it is asked from."""
        ends = (self.as_of.earliest, self.as_of.latest)
        return (
            self.document or "",
            repr(self.value.key),
            repr(self.scope.key),
            self.property.id,
            self.event,
            self.stance,
            self.statement.id if self.statement else "",
            self.voice.id if self.voice else "",
            *(end.text if end else "" for end in ends),
            self.id,
        )
