"""Traits: what is quickly told of a claim or a pair, and must be so for a rule to be worth asking."""

from enum import IntFlag, auto


class Trait(IntFlag):
    """One trait; a pair has those of either claim, and those of the two beside each other."""

    INTERVAL = auto()
    """A quantity or a time."""
    TERM = auto()
    DENIED = auto()
    SILENT = auto()
    """No comment."""
    WITHDRAWN = auto()
    WORKED_OUT = auto()
    CAUSED = auto()
    """The text says why the figure differs."""
    CORRECTING = auto()
    """It says that it corrects another, or was withdrawn."""
    RUNNING = auto()
    """The count was still being made."""
    HEDGED = auto()
    """Its document hedges the number elsewhere."""
    GROWS = auto()
    VARIES = auto()
    """The count may move both ways."""
    FIXED = auto()
    """One answer can be right, whenever it is given."""
    LEFT = auto()
    """People leave the count for another."""
    TWO_QUESTIONS = auto()
    TWO_UNITS = auto()
    """The values are of two kinds, or one has another unit or none."""
    SAME_ANSWER = auto()
    ORDERED = auto()
    AT_ONCE = auto()


def bits(**traits: bool) -> int:
    """Put together the traits that hold, named in lower case."""
    return sum(Trait[name.upper()].value for name, holds in traits.items() if holds)
