"""Negotiation: which of the media types on offer a client prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Iterable, Sequence

Range = tuple[str, float]
"""A media range and its weight."""


def preferred(ranges: Iterable[Range], offered: Sequence[str]) -> str | None:
    """Return the media type that is wanted most, the first offered among equals; None if none is wanted at all.

    What the most specific range says of a type holds, so that `text/csv;q=0, */*` wants anything but CSV.
    """
    wanted = list(ranges)
    weights = {name: _weight(name, wanted) for name in offered}
    best = max(offered, key=lambda name: weights[name], default=None)
    return best if best is not None and weights[best] > 0 else None


def _weight(name: str, ranges: Sequence[Range]) -> float:
    for covering in (name, f"{name.split('/')[0]}/*", "*/*"):
        weights = [weight for given, weight in ranges if given == covering]
        if weights:
            return max(weights)
    return 0
