"""Limits: how often one address may ask, told in the headers of the IETF.

The usual limit is told to processes on the same machine, but not counted for them; one that was set holds for them too.
Counters live in each worker's memory, or together in Redis; where that fails, each worker counts for itself.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_smorest import abort
from limits import RateLimitItem, WindowStats, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from api.config import IN_MEMORY, USUAL_LIMIT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXCEEDED = "crosscheck.limit_exceeded"
"""Where the environment of a request says that it is one too many, and why."""

WATCHED = {"/healthz", "/healthz/", "/readyz", "/readyz/", "/metrics", "/metrics/"}
"""Whoever runs the service asks for these as often as need be, and wants to know how it is now."""

POLICY = "default"

MOST = 1_000
"""Addresses of which is remembered whether they are the machine's own."""

log = logging.getLogger("crosscheck")


class Counter:
    """What counts the requests of every address."""

    def __init__(self, limit: RateLimitItem, storage: str) -> None:
        self.limit = limit
        self._own = FixedWindowRateLimiter(MemoryStorage())
        if storage != IN_MEMORY:
            self._common = FixedWindowRateLimiter(storage_from_string(storage, wrap_exceptions=True))
        else:
            self._common = self._own

    def count(self, address: str) -> tuple[bool, WindowStats]:
        """Count one request; return whether it may be answered, and what is left."""
        try:
            return self._count(self._common, address)
        except StorageError as error:
            log.warning("the common counter of rate limits failed: %s", error)
            return self._count(self._own, address)

    def _count(self, counter: FixedWindowRateLimiter, address: str) -> tuple[bool, WindowStats]:
        return counter.hit(self.limit, address), counter.get_window_stats(self.limit, address)


class Limits:
    """A WSGI application that counts each request before anything is done for it."""

    def __init__(self, app: WSGIApplication, limit: str, storage: str) -> None:
        self._app = app
        self._counter = Counter(parse(limit), storage)
        self._window = self._counter.limit.get_expiry()
        self._policy = f'"{POLICY}";q={self._counter.limit.amount};w={self._window}'
        self._spares_itself = limit == USUAL_LIMIT

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request on, with the problem it is to be answered with if it is one too many; tell what is left."""
        address = environ.get("REMOTE_ADDR") or ""
        if uncounted(environ["REQUEST_METHOD"], environ["PATH_INFO"], address):
            return self._app(environ, start_response)
        may, remaining, seconds = self._left(address)
        told = [("RateLimit-Policy", self._policy), ("RateLimit", f'"{POLICY}";r={remaining};t={seconds}')]
        if not may:
            environ[EXCEEDED] = f"One address may ask {self._counter.limit}; ask again in {seconds} seconds."
            told.append(("Retry-After", str(seconds)))

        def start(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            return start_response(status, [*headers, *told], *failed)

        return self._app(environ, start)

    def _left(self, address: str) -> tuple[bool, int, int]:
        """Count a request unless it is spared; return whether it may be answered, what is left, and for how long."""
        if self._spares_itself and _is_here(address):
            return True, self._counter.limit.amount, self._window
        may, window = self._counter.count(address)
        return may, window.remaining, min(max(1, math.ceil(window.reset_time - time.time())), self._window)


def refuse() -> None:
    """Answer 429 to one request too many."""
    if EXCEEDED in request.environ:
        abort(429, message=request.environ[EXCEEDED])


def register(app: Flask, limit: str, storage: str) -> None:
    """Hold every address to `limit`, counted in `storage`; with no limit, nothing is counted."""
    if limit:
        app.wsgi_app = Limits(app.wsgi_app, limit, storage)  # type: ignore[method-assign]
        app.before_request(refuse)


def uncounted(method: str, path: str, address: str) -> bool:
    """Whether no limit is for a request."""
    return method == "OPTIONS" or path in WATCHED or not address


@lru_cache(MOST)
def _is_here(address: str) -> bool:
    """Whether an address is the machine's own; what a proxy says may be no bare address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback
