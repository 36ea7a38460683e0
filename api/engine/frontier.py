"""Frontier: the most extreme of all that certainly comes later, found without looking at each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
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

    def put_all(self, entries: Iterable[tuple[Point, float, Item]]) -> None:
        """Take in many items, as if one after the other: into an empty frontier in one sweep back from the last."""
        if self._points:
            for entry in entries:
                self.put(*entry)
            return
        best: dict[Point, tuple[Point, float, Item]] = {}
        for entry in entries:
            known = best.get(entry[0])
            if known is None or entry[1] > known[1]:
                best[entry[0]] = entry
        heaviest = None
        for point in sorted(best, reverse=True):
            _, weight, item = best[point]
            if heaviest is None or weight > heaviest:
                heaviest = weight
                self._points.append(point)
                self._weights.append(weight)
                self._items.append(item)
        for kept in (self._points, self._weights, self._items):
            kept.reverse()

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
        self._days: Frontier[date, Item] = Frontier()
        self._local: Frontier[date, Item] = Frontier()
        self._instants: Frontier[datetime, Item] = Frontier()

    def put_all(self, entries: Iterable[tuple[Moment, float, Item]]) -> None:
        """Take in items that begin then, each with its weight."""
        days: list[tuple[date, float, Item]] = []
        local: list[tuple[date, float, Item]] = []
        instants: list[tuple[datetime, float, Item]] = []
        for begins, weight, item in entries:
            if begins.instant is None:
                days.append((begins.first, weight, item))
            else:
                local.append((begins.first, weight, item))
                instants.append((begins.instant, weight, item))
        self._days.put_all(days)
        self._local.put_all(local)
        self._instants.put_all(instants)

    def than(self, ends: Moment) -> list[Item]:
        """Return the heaviest items that begin after a moment has ended, one of each kind of moment."""
        instants = self._local.after(ends.last) if ends.instant is None else self._instants.after(ends.instant)
        found = self._days.after(ends.last), instants
        return [item for item in found if item is not None]
