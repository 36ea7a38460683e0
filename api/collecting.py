"""Collecting: how often Python looks for objects that only refer to each other."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

YOUNGEST = 0
"""The generation of objects that were made since the collector last looked."""

THRESHOLDS = (50_000, 20, 20)
"""New objects after which the collector looks at them, then at those that stayed, then at all; usually 700, 10, 10.

Working out a question makes very many objects that live exactly as long as the question; looking through them over
and over costs up to a third of the time, and finds nothing.
"""


def collect_seldom() -> None:
    """Look at new objects seldom; for the start of a process."""
    gc.set_threshold(*THRESHOLDS)


@contextmanager
def collecting_on_request() -> Iterator[Callable[[], object]]:
    """Let the collector rest; what is given has it look at the objects made since it last did, and at no others.

    Where all that was made is given up at once, as with a question's, that is the only time to look.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(YOUNGEST)
    finally:
        if was_on:
            gc.enable()
