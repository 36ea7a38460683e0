"""Quick: what is answered on the event loop itself, as long as the database answers at once: plain reads, and answers
that were given before and still hold.

What holds up the loop holds up every client of its process. So whatever may have to wait for somebody else has a thread
of its own instead: Flask's work, long lists, counters that are kept elsewhere, and everything for a while once the
database has been slow.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from api.store.db import at_hand, handed_back
from api.web.always import BEGUN, now
from api.web.lane import FOUND, Lane
from schemas.pages import USUAL_PAGE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    from api.web.bridge import Answer
    from api.web.freshness import Freshness

SLOW = 0.05
"""Seconds; a database that takes longer is not asked by the loop again for a while."""

WHILE = 10.0
"""Seconds for which threads ask it then."""


class Quick:
    """Answers what the lane finds at once, or what is known already, as the whole application does."""

    def __init__(self, app: WSGIApplication, lane: Lane, fresh: Freshness) -> None:
        self._app, self._lane, self._fresh = app, lane, fresh
        self._slow_until = 0.0

    def __call__(self, environ: WSGIEnvironment) -> Answer | None:
        """Answer a request; None where that is for a thread."""
        if time.monotonic() < self._slow_until or not at_hand():
            return None
        begun = now()
        found = self._finds(environ)
        if time.perf_counter() - begun.at > SLOW:
            self._slow_until = time.monotonic() + WHILE
        if not found:
            handed_back()
            return None
        environ[BEGUN] = begun
        return self._answer(environ)

    def _finds(self, environ: WSGIEnvironment) -> bool:
        """Whether the application has an answer at hand, which is left for it in the environment."""
        read = self._lane.read(environ)
        if read is None:
            return self._fresh.has_answer(environ)
        found = self._lane.find(read, environ) if read.size <= USUAL_PAGE else None
        if found is None:
            return False
        environ[FOUND] = read, found
        return True

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            begun.append((status, headers))

        pieces = self._app(environ, start)
        try:
            body = b"".join(pieces)
        finally:
            pieces.close()  # type: ignore[attr-defined]  # Always returns what ends the request when it is closed
        return *begun[-1], body
