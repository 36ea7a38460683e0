"""Pragmatic reading: hedged and round numbers as a reader takes them, not as a lawyer would."""

import math
from dataclasses import replace

from api.engine.record import Claim
from api.engine.values import Number, Value, significant_step
from schemas.vocabulary import Qualifier

ROUND = 100
"""A bare whole number that this divides stands for those near it."""

DIGITS = 10
"""From here on a number has more than one significant digit, in units of its last one."""


def read_pragmatically(claim: Claim) -> Claim:
    """Read "over 4.5 million" as about that and somewhat more, "nearly 250" as short of that and somewhat less.

    The far end is the next rounder number: over 3,700 is short of 4,000, over 3 million short of 4 million. A bare
    round number stands for what rounds to it. Numbers that are not round, floors and ceilings stay what they are.
    """
    value = claim.value
    ends = _ends(value)
    if ends is None:
        return claim
    read = replace(value, low=ends[0], high=ends[1])
    return replace(claim, reading=replace(read, qualifier=Qualifier.ABOUT), value=read)


def _ends(value: Value) -> tuple[Number, Number] | None:
    amount = value.amount
    if not amount or value.qualifier not in READ or (isinstance(amount, int) and amount % DIGITS):
        return None
    step = significant_step(amount)
    several = round(abs(amount) / step) >= DIGITS
    near = min(step, 10.0 ** (math.floor(math.log10(abs(amount))) - 1)) / 2
    if value.qualifier is Qualifier.EXACT:
        whole = isinstance(amount, int)
        return (_whole(amount - near), _whole(amount + near) - 1) if whole and amount % ROUND == 0 else None
    if value.qualifier is Qualifier.MORE_THAN:
        coarse = step * 10 if several else step
        return _whole(amount - near), _inside((math.floor(amount / coarse) + 1) * coarse, -1)
    low = _inside(amount - step, 1) if several else value.low
    return (low, amount) if low is not None else None


READ = frozenset({Qualifier.MORE_THAN, Qualifier.NEARLY, Qualifier.EXACT})


def _whole(bound: float) -> Number:
    return int(bound) if float(bound).is_integer() else bound


def _inside(bound: float, step: int) -> Number:
    """Return the whole number just inside a bound, or the bound of what is no whole number."""
    return int(bound) + step if float(bound).is_integer() else bound
