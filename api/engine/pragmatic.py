"""Pragmatic reading: hedged and round numbers as a reader takes them, not as a lawyer would."""

import math
from dataclasses import replace

from api.engine.record import Claim
from api.engine.values import QUALIFIERS, Number, Value, significant_step
from schemas.vocabulary import Qualifier

ROUND = 100
"""A bare whole number that this divides stands for those near it."""


def read_pragmatically(claim: Claim) -> Claim:
    """Read "over 4.5 million" as about that and somewhat more, "nearly 50" as about that and somewhat less.

    The other end is the next rounder number: over 3,700 is short of 4,000, over 3 million short of 4 million. A bare
    round number is about itself. Floors and ceilings ("at least", "at most") stay what they are.
    """
    value = claim.value
    if not value.amount:
        return claim
    low, high = QUALIFIERS[Qualifier.ABOUT](value.amount)
    if value.qualifier is Qualifier.MORE_THAN:
        high = _short_of(_rounder(value.amount, 1), -1)
    elif value.qualifier in (Qualifier.FEWER_THAN, Qualifier.NEARLY):
        low = _short_of(_rounder(value.amount, -1), 1)
    elif value.qualifier is not Qualifier.ABOUT and not _round(value):
        return claim
    read = replace(value, qualifier=Qualifier.ABOUT, low=low, high=high)
    return replace(claim, reading=read, value=replace(value, low=low, high=high))


def _round(value: Value) -> bool:
    amount = value.amount
    return value.qualifier is Qualifier.EXACT and isinstance(amount, int) and amount % ROUND == 0


def _rounder(amount: Number, direction: int) -> float:
    """Return the next number, up or down, with one significant digit fewer; of one digit, the next of its kind."""
    step = significant_step(amount)
    digits = round(abs(amount) / step)
    coarse = step * 10 if digits > 9 else step
    exact = amount / coarse
    return (math.floor(exact) + 1 if direction > 0 else math.ceil(exact) - 1) * coarse


def _short_of(bound: float, step: int) -> Number:
    """Return the number just inside a bound, where it is a whole one."""
    return int(bound) + step if float(bound).is_integer() else bound
