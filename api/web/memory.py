"""Memory: what was worked out last, kept by what it was worked out for, as long as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Held = TypeVar("Held")


class Memory(Generic[Held]):
    """Keeps so many things, of so many bytes together; what was asked for longest ago is forgotten first."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._kept: OrderedDict[Hashable, tuple[Held, int]] = OrderedDict()
        self._most, self._most_bytes = most, most_bytes
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> Held | None:
        """Return what is kept; whether it still holds is for the caller to say."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, held: Held, size: int) -> None:
        """Keep something of so many bytes in the place of what was kept there."""
        with self._lock:
            self._bytes += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = held, size
            while len(self._kept) > self._most or self._bytes > self._most_bytes:
                self._bytes -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0
