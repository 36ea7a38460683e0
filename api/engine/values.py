"""Values: what a claim says, as an interval, a term, a time or a yes-or-no answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from api.engine.units import has_fractions, is_measure, unit_key
from schemas.moments import Span
from schemas.vocabulary import Qualifier, ValueKind

Number = int | float
Bounds = tuple[Number | None, Number | None]

LARGEST = 10**15
"""No count of people, things or money in the news is larger; what is, is a slip of the keyboard."""

RUNNING_COUNT_WORDS = (
    "rose to",
    "risen to",
    "rises to",
    "reached",
    "climbed to",
    "increased to",
    "grew to",
    "grown to",
)
"""Wordings that mark a figure as the present state of a count that is still being made."""

LOWERED_WORDS = (
    "revised down",
    "revised downward",
    "lowered to",
    "reduced to",
    "down from",
    "cut to",
    "dropped to",
    "fell to",
)
"""Wordings that mark a figure as lower than the one given before."""


class Interval(NamedTuple):
    """What a quantity may be, from `low` to `high`, and whether either end is left out."""

    low: float
    high: float
    open_low: bool
    open_high: bool


@dataclass(frozen=True)
class Value:
    """One value. `low` and `high` bound a quantity (None: unbounded); `term` holds a category or
    polarity; `span` a time; `text` the wording of the document. `as_read` says that the bounds are a reader's, not
    those of the qualifier, which only words it."""

    kind: ValueKind
    qualifier: Qualifier | None = None
    amount: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str | None = None
    term: str | None = None
    span: Span | None = None
    text: str | None = None
    as_read: bool = False

    key: tuple[object, ...] = field(init=False, repr=False, compare=False)
    open_low: bool = field(init=False, repr=False, compare=False)
    open_high: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what is asked again and again.

        `key` is what makes two values the same value: everything but the wording and the spelling. `open_low` and
        `open_high` say whether a bound itself is left out, as in "more than 40 percent" and "less than 5 percent".
        """
        open_low = not self.as_read and self.qualifier is Qualifier.MORE_THAN and self.low == self.amount
        open_high = not self.as_read and self.qualifier in BELOW and self.high == self.amount
        key: tuple[object, ...] = (self.kind, unit_key(self.unit), self.low, self.high, self.term)
        if self.span is not None:
            key = (self.kind, *self.span.bounds)
        elif open_low or open_high:
            key = (*key, open_low, open_high)
        self.__dict__.update(key=key, open_low=open_low, open_high=open_high)

    @cached_property
    def sort_key(self) -> tuple[float, float, str, str]:
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return (low, high, self.term or "", repr(self.key))

    @cached_property
    def running(self) -> bool:
        """Whether the wording says that the count was still being made ("rose to at least 16")."""
        return self._worded(RUNNING_COUNT_WORDS)

    @cached_property
    def lowered(self) -> bool:
        """Whether the wording says that the figure was higher before ("revised down to 24")."""
        return self._worded(LOWERED_WORDS)

    def _worded(self, phrases: tuple[str, ...]) -> bool:
        words = " ".join(self.text.lower().split()) if self.text else ""
        return any(phrase in words for phrase in phrases) if words else False

    @cached_property
    def whole(self) -> bool:
        """Whether it speaks in whole numbers only."""
        return all(number is None or isinstance(number, int) for number in (self.amount, self.low, self.high))

    @cached_property
    def interval(self) -> Interval:
        """What the quantity may be."""
        return _interval(self.low, self.high, self.open_low, self.open_high)

    @property
    def width(self) -> float:
        """How much the interval leaves open."""
        if self.low is None or self.high is None:
            return math.inf
        return self.high - self.low


def significant_step(amount: Number) -> float:
    """Return the weight of the last significant digit: 900 → 100, 160 → 10, 4.5 → 0.1.

    A bare power of ten is read with two significant digits (100 → 10), as people round to it from nearby.
    """
    if amount == 0:
        return 1
    if float(amount).is_integer():
        whole = abs(int(amount))
        step = 1
        while whole % 10 == 0:
            whole //= 10
            step *= 10
        return step / 10 if whole == 1 and step > 1 else step
    decimals = len(repr(float(amount)).split(".")[1]) if "e" not in repr(float(amount)) else 0
    return 10.0**-decimals


def _exact(amount: Number) -> Bounds:
    """A bare number means itself: 21 → [21, 21]."""
    return amount, amount


def _at_least(amount: Number) -> Bounds:
    """The number is a floor: at least 21 → [21, ∞)."""
    return amount, None


def _more_than(amount: Number) -> Bounds:
    """The next whole number is the floor: more than 40 → [41, ∞); of a measure, the number itself is left out."""
    return (amount + 1 if isinstance(amount, int) else amount), None


def _at_most(amount: Number) -> Bounds:
    """The number is a ceiling: at most 30 → (∞, 30]."""
    return None, amount


def _fewer_than(amount: Number) -> Bounds:
    """The whole number below is the ceiling: fewer than 30 → (∞, 29]; of a measure, the number itself is left out."""
    return None, (amount - 1 if isinstance(amount, int) else amount)


def _about(amount: Number) -> Bounds:
    """What rounds to the number at its last significant digit, and its neighbours: about 900 → [850, 949]."""
    half = significant_step(amount) / 2
    if isinstance(amount, int):
        return max(0, min(amount - 1, math.ceil(amount - half))), max(amount + 1, math.ceil(amount + half) - 1)
    return amount - half, amount + half


def _nearly(amount: Number) -> Bounds:
    """Just under the number, within half its last significant digit: nearly 50 → [45, 49]."""
    half = significant_step(amount) / 2
    if isinstance(amount, int):
        return max(0, min(amount - 2, math.ceil(amount - half))), amount - 1
    return amount - half, amount


def _several(_: Number) -> Bounds:
    """More than two, with no upper bound: several → [3, ∞)."""
    return 3, None


def _dozens(_: Number) -> Bounds:
    """At least two dozen, with no upper bound: dozens → [24, ∞)."""
    return 24, None


def _hundreds(_: Number) -> Bounds:
    """At least two hundred, with no upper bound: hundreds → [200, ∞)."""
    return 200, None


QUALIFIERS: dict[Qualifier, Callable[[Number], Bounds]] = {
    Qualifier.EXACT: _exact,
    Qualifier.AT_LEAST: _at_least,
    Qualifier.MORE_THAN: _more_than,
    Qualifier.AT_MOST: _at_most,
    Qualifier.FEWER_THAN: _fewer_than,
    Qualifier.ABOUT: _about,
    Qualifier.NEARLY: _nearly,
    Qualifier.SEVERAL: _several,
    Qualifier.DOZENS: _dozens,
    Qualifier.HUNDREDS: _hundreds,
}
"""Every qualifier's interval; `between` brings its own bounds."""

BELOW = frozenset({Qualifier.FEWER_THAN, Qualifier.NEARLY})
"""Qualifiers that put the value below the number: nothing is fewer than none."""

STEPPED = frozenset({Qualifier.MORE_THAN, Qualifier.FEWER_THAN, Qualifier.NEARLY, Qualifier.ABOUT})
"""Qualifiers whose bound is the next whole number where things are counted."""

ONE_BOUND = {
    Qualifier.AT_LEAST: "low",
    Qualifier.MORE_THAN: "low",
    Qualifier.AT_MOST: "high",
    Qualifier.FEWER_THAN: "high",
}
"""Qualifiers with a bound on one side only, which may be given in place of the amount."""

WITHOUT_AMOUNT = frozenset({Qualifier.SEVERAL, Qualifier.DOZENS, Qualifier.HUNDREDS, Qualifier.BETWEEN})
"""Qualifiers that are worded without a number of their own."""


def _impossible(number: Number | None, measured: bool) -> str | None:
    if number is None:
        return None
    if isinstance(number, float) and not math.isfinite(number):
        return "must be a finite number"
    if number < 0 and not measured:
        return "must not be negative"
    return f"must be at most {LARGEST:,}" if abs(number) > LARGEST else None


def quantity(
    qualifier: Qualifier | None,
    amount: Number | None = None,
    low: Number | None = None,
    high: Number | None = None,
    unit: str | None = None,
    text: str | None = None,
) -> Value:
    """Build a quantity from its qualifier, in the property's unit.

    Without a qualifier a lone amount is exact, two bounds are a range, and one bound a floor or a ceiling.
    Raises ValueError(field, reason) for an impossible one.
    """
    measured = is_measure(unit)
    for name, number in (("amount", amount), ("low", low), ("high", high)):
        if reason := _impossible(number, measured):
            raise ValueError(name, reason)
    broken = has_fractions(unit)
    amount, low, high = (_plain(number) for number in (amount, low, high))
    qualifier, amount = _completed(qualifier, amount, low, high, broken)
    if qualifier is Qualifier.BETWEEN:
        return Value(ValueKind.QUANTITY, qualifier, None, *_between(low, high), unit, text=text)
    return Value(
        ValueKind.QUANTITY, qualifier, amount, *_derived(qualifier, amount, low, high, broken), unit, text=text
    )


def _plain(number: Number | None) -> Number | None:
    """Write a whole number as one."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _completed(
    qualifier: Qualifier | None, amount: Number | None, low: Number | None, high: Number | None, broken: bool
) -> tuple[Qualifier, Number | None]:
    """Return the qualifier and amount, taken from the bounds where they alone are given."""
    if qualifier is None:
        qualifier = _by_bounds(amount, low, high)
    if amount is None and qualifier in ONE_BOUND:
        bound, step = (low, -1) if ONE_BOUND[qualifier] == "low" else (high, 1)
        strict = qualifier in (Qualifier.MORE_THAN, Qualifier.FEWER_THAN)
        amount = bound + step if strict and isinstance(bound, int) and not broken else bound
    if amount is None and qualifier is Qualifier.EXACT and low == high:
        amount = low
    return qualifier, amount


def _by_bounds(amount: Number | None, low: Number | None, high: Number | None) -> Qualifier:
    if amount is not None or (low is not None and low == high):
        return Qualifier.EXACT
    if low is None and high is None:
        raise ValueError("amount", "is required, or low or high, or a qualifier that needs no number")
    if low is not None and high is not None:
        return Qualifier.BETWEEN
    return Qualifier.AT_MOST if low is None else Qualifier.AT_LEAST


def _between(low: Number | None, high: Number | None) -> Bounds:
    if low is None or high is None:
        raise ValueError("low" if low is None else "high", "is required with the qualifier between")
    if low > high:
        raise ValueError("low", f"must not be larger than high ({high})")
    return low, high


def _derived(
    qualifier: Qualifier, amount: Number | None, low: Number | None, high: Number | None, broken: bool
) -> Bounds:
    if amount == 0 and qualifier in BELOW and not broken:
        raise ValueError("amount", f"must be more than 0 with the qualifier {qualifier}")
    if amount is None and qualifier not in WITHOUT_AMOUNT:
        raise ValueError("amount", f"is required with the qualifier {qualifier}")
    given = amount if amount is not None else 0
    bounds = tuple(_plain(bound) for bound in QUALIFIERS[qualifier](float(given) if broken else given))
    for name, stated, derived in (("low", low, bounds[0]), ("high", high, bounds[1])):
        if stated is not None and stated != derived:
            raise ValueError(name, f"is {derived} by the qualifier {qualifier}; leave it out or give that")
    return bounds[0], bounds[1]


def overlap(left: Value, right: Value) -> bool:
    """Whether some value satisfies both, for quantities and times."""
    if left.span is not None and right.span is not None:
        return not (left.span.precedes(right.span) or right.span.precedes(left.span))
    one, other = (left.interval, right.interval) if left.whole and right.whole else _intervals(left, right)
    low = one.low if one.low > other.low else other.low
    high = one.high if one.high < other.high else other.high
    return low < high if low != high else _takes_in(one, low) and _takes_in(other, low)


def _takes_in(interval: Interval, point: float) -> bool:
    """Whether a point between an interval's ends, or at one of them, lies in it."""
    return not ((interval.open_low and point == interval.low) or (interval.open_high and point == interval.high))


def contains(outer: Value, inner: Value) -> bool:
    """Whether every value that satisfies `inner` satisfies `outer`, for quantities and times."""
    if outer.span is not None and inner.span is not None:
        starts = outer.span.earliest is None or (
            inner.span.earliest is not None and not inner.span.earliest.precedes(outer.span.earliest)
        )
        ends = outer.span.latest is None or (
            inner.span.latest is not None and not outer.span.latest.precedes(inner.span.latest)
        )
        return starts and ends
    one, other = _intervals(outer, inner)
    below = one.low < other.low or (one.low == other.low and (other.open_low or not one.open_low))
    above = other.high < one.high or (other.high == one.high and (other.open_high or not one.open_high))
    return below and above


def _intervals(left: Value, right: Value) -> tuple[Interval, Interval]:
    """Return the intervals of two quantities as they compare with each other."""
    if left.whole and right.whole:
        return left.interval, right.interval
    return _unstepped(left), _unstepped(right)


def _unstepped(value: Value) -> Interval:
    """Return a quantity's interval beside a broken number, where whole ones have no next whole number either."""
    if value.amount is None or value.as_read or value.qualifier not in STEPPED:
        return value.interval
    above, below = value.qualifier is Qualifier.MORE_THAN, value.qualifier in BELOW
    return _interval(*QUALIFIERS[value.qualifier](float(value.amount)), above, below)


def _interval(low: Number | None, high: Number | None, above: bool, below: bool) -> Interval:
    return Interval(-math.inf if low is None else low, math.inf if high is None else high, above, below)
