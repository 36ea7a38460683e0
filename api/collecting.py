"""Collecting: how often Python looks for objects that only refer to each other."""

import gc

THRESHOLDS = (50_000, 20, 20)
"""New objects after which the collector looks at them, then at those that stayed, then at all; usually 700, 10, 10.

Working out a question makes very many objects that live exactly as long as the question; looking through them over
and over costs up to a third of the time, and finds nothing.
"""


def collect_seldom() -> None:
    """Look at new objects seldom; for the start of a process."""
    gc.set_threshold(*THRESHOLDS)
