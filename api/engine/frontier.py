"""Frontier: the most extreme of all that certainly comes later, found without looking at each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from typing import Generic, TypeVar

from schemas.moments import Moment

Point = TypeVar("Point", date, datetime)
Item = TypeVar("Item")


class Frontier(Generic[Point, Item]):
    """Items at points of time with a weight; those that a later and heavier one outdoes are forgotten.

    Points rise and weights fall along the lists, so the first item after a point is the heaviest after it:
    both putting and asking take the logarithm of the items kept.
    """

    __slots__ = ("_items", "_points", "_weights")

    def __init__(self) -> None:
        self._points: list[Point] = []
        self._weights: list[float] = []
        self._items: list[Item] = []

    def put(self, point: Point, weight: float, item: Item) -> None:
        """Take an item in, unless one at that point or later weighs as much."""
        place = bisect_left(self._points, point)
        if place < len(self._points) and self._weights[place] >= weight:
            return
        end = bisect_right(self._points, point)
        start = place
        while start > 0 and self._weights[start - 1] <= weight:
            start -= 1
        self._points[start:end] = [point]
        self._weights[start:end] = [weight]
        self._items[start:end] = [item]

    def after(self, point: Point) -> Item | None:
        """Return the heaviest item after a point."""
        place = bisect_right(self._points, point)
        return self._items[place] if place < len(self._items) else None


class Later(Generic[Item]):
    """Items that begin at a moment, asked for the heaviest one that certainly begins after another moment ends.

    Days and instants compare as `Moment.precedes` does, so each kind is kept apart.
    """

    __slots__ = ("_days", "_instants", "_local")

    def __init__(self) -> None:
        self._days: Frontier[date, Item] | None = None
        self._local: Frontier[date, Item] | None = None
        self._instants: Frontier[datetime, Item] | None = None

    def put(self, begins: Moment | None, weight: float, item: Item) -> None:
        """Take in an item that begins then; one that begins at an unknown moment is later than nothing."""
        if begins is None:
            return
        if begins.instant is None:
            self._days = self._days or Frontier()
            self._days.put(begins.first, weight, item)
            return
        self._local, self._instants = self._local or Frontier(), self._instants or Frontier()
        self._local.put(begins.first, weight, item)
        self._instants.put(begins.instant, weight, item)

    def than(self, ends: Moment | None) -> Iterator[Item]:
        """Yield the heaviest items that begin after a moment has ended, one of each kind of moment."""
        if ends is None:
            return
        found = self._days.after(ends.last) if self._days is not None else None
        if found is not None:
            yield found
        if self._local is None or self._instants is None:
            return
        found = self._local.after(ends.last) if ends.instant is None else self._instants.after(ends.instant)
        if found is not None:
            yield found
