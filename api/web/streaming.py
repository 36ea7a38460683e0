"""Streaming: what a thread writes piece by piece and the event loop sends, no faster than the client reads."""

import asyncio
import threading

MOST = 262_144
"""Bytes that wait to be sent before whoever writes has to wait; enough that neither waits at each piece."""


class Gone(Exception):
    """Nobody reads any more."""


class Stream:
    """Bytes on their way from a thread to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._changed = threading.Condition()
        self._pieces: list[bytes] = []
        self._size = 0
        self._ended = self._left = False
        self._ready = asyncio.Event()
        self.whole = False

    def put(self, piece: bytes) -> None:
        """Write a piece, in the thread; wait while too much waits to be sent. Raises Gone when nobody reads."""
        with self._changed:
            while self._size >= MOST and not self._left:
                self._changed.wait()
            if self._left:
                raise Gone
            self._pieces.append(piece)
            self._size += len(piece)
            first = len(self._pieces) == 1
        if first:
            self._wake()

    def end(self, whole: bool = False) -> None:
        """Write nothing more, in the thread; whether that was all there is. The first end is the one that counts."""
        with self._changed:
            if self._ended:
                return
            self.whole, self._ended = whole, True
        self._wake()

    def leave(self) -> None:
        """Read nothing more, in the loop."""
        with self._changed:
            self._left = True
            self._changed.notify()
        self._ready.set()

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> bytes:
        """Return all that waits to be sent, in the loop."""
        while True:
            await self._ready.wait()
            with self._changed:
                self._ready.clear()
                pieces, self._pieces, self._size = self._pieces, [], 0
                over = self._left or (self._ended and not pieces)
                self._changed.notify()
                if self._ended:
                    self._ready.set()
            if over:
                raise StopAsyncIteration
            if pieces:
                return b"".join(pieces)

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._ready.set)
        except RuntimeError:
            self.leave()
