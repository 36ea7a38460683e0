"""Pragmatic reading: hedged and round numbers as a reader takes them, not as a lawyer would."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from api.engine.record import Claim
from api.engine.units import has_fractions
from api.engine.values import Number, Value, significant_step
from schemas.vocabulary import Qualifier

ROUND = 100
"""A bare whole number that this divides stands for those near it."""

DIGITS = 10
"""From here on a number has more than one significant digit, in units of its last one."""

SLACK = 9
"""Decimals that count when a number is divided by a step: 0.7 is seven times 0.1, whatever the machine says."""

Ends = tuple[Number, Number]


def read_pragmatically(claim: Claim) -> Claim:
    """Read "over 4.5 million" as about that and somewhat more, "nearly 250" as short of that and somewhat less.

    The far end is the next rounder number: over 3,700 is short of 4,000, over 3 million short of 4 million, fewer than
    80 more than 70. A bare round number stands for what rounds to it. Numbers that are not round, "at least" and "at
    most" stay what they are.
    """
    value = claim.value
    read, amount = READ.get(value.qualifier) if value.qualifier else None, value.amount
    if read is None or not amount or (isinstance(amount, int) and amount % DIGITS):
        return claim
    ends = read(Rounded(amount, value))
    if ends is None:
        return claim
    low, high = (int(end) if float(end).is_integer() else end for end in ends)
    return replace(claim, value=replace(value, low=low, high=high, as_read=True))


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number as people round it."""

    amount: Number
    value: Value

    @property
    def counted(self) -> bool:
        """Whether it counts in whole numbers."""
        return isinstance(self.amount, int) and not has_fractions(self.value.unit)

    @property
    def step(self) -> float:
        return significant_step(self.amount)

    @property
    def several(self) -> bool:
        """Whether it has more than one significant digit."""
        return round(abs(self.amount) / self.step) >= DIGITS

    @property
    def coarse(self) -> float:
        """What lies between two rounder numbers."""
        return self.step * DIGITS if self.several else self.step

    @property
    def near(self) -> float:
        """How far off a number is that is still called by this one."""
        return min(self.step, 10.0 ** (math.floor(math.log10(abs(self.amount))) - 1)) / 2

    @property
    def steps(self) -> float:
        """How many times it holds what lies between two rounder numbers."""
        return round(self.amount / self.coarse, SLACK)


def _bare(number: Rounded) -> Ends | None:
    """What rounds to a number such as 4,500; 4,510 is exact."""
    whole = isinstance(number.amount, int) and number.amount % ROUND == 0
    return (number.amount - number.near, number.amount + number.near - 1) if whole else None


def _over(number: Rounded) -> Ends:
    """From about the number to short of the next rounder one."""
    rounder = (math.floor(number.steps) + 1) * number.coarse
    if number.counted:
        return math.ceil(number.amount - number.near), rounder - 1
    return number.amount - number.near, rounder - number.near


def _under(number: Rounded) -> Ends:
    """From above the rounder number before to about the number."""
    rounder = (math.ceil(number.steps) - 1) * number.coarse
    if number.counted:
        return rounder + 1, math.floor(number.amount + number.near)
    return rounder + number.near, number.amount + number.near


def _nearly(number: Rounded) -> Ends:
    """One step short of the number up to the number itself."""
    if not number.several:
        return number.value.low or 0, number.amount
    return number.amount - number.step + (1 if number.counted else 0), number.amount


READ: dict[Qualifier, Callable[[Rounded], Ends | None]] = {
    Qualifier.EXACT: _bare,
    Qualifier.MORE_THAN: _over,
    Qualifier.FEWER_THAN: _under,
    Qualifier.NEARLY: _nearly,
}
"""The qualifiers that a reader does not take by the letter."""
