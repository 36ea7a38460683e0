"""Always: what every answer carries and leaves behind, whoever gave it. It lies around Flask.

A request has one of the database's connections while it is answered, and hands it back at the answer's end. Who asks
with `Cache-Control: no-cache` for nothing kept (RFC 9111, 5.2.1.4) is not answered by a replica that may lag.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from api.config import LogRequests
from api.metrics import NO_ROUTE, ROUTE, TALLY, method_of
from api.store.db import asked_anew, handed_back
from api.store.timing import SPENT
from api.web import cors, request_ids, security
from api.web.freshness import forget_unreadable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BEGUN = "crosscheck.begun"
"""Where the environment of a request says when it began, if something was done for it before it came here."""

FAULT = "500 INTERNAL SERVER ERROR"
"""What a request is taken for until its answer begins."""

FAILED = "4"
"""What the statuses of failures begin with, or with more."""


class Begun(NamedTuple):
    """A moment, and what the database had cost this thread by then."""

    at: float
    seconds: float
    queries: int


def now() -> Begun:
    """Return this moment."""
    return Begun(time.perf_counter(), SPENT.seconds, SPENT.queries)


class Always:
    """A WSGI application that gives each request an id, each answer its usual headers, and the log a line.

    It counts each request too, once its answer has been sent or given up.
    """

    def __init__(self, app: WSGIApplication, hsts_seconds: int, logged: LogRequests = LogRequests.ALL) -> None:
        self._app = app
        self._hsts_seconds = hsts_seconds
        self._logged = logged
        self._of_reads = [*security.headers("/", hsts_seconds), *cors.headers("GET", "/")]
        self._names = {request_ids.HEADER, *dict(self._of_reads), *dict(cors.headers("OPTIONS", "/", "GET"))}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request on, and back what it is answered with; what the application said itself stays."""
        forget_unreadable(environ)
        course = Course(environ, self._logged)
        usual = [(request_ids.HEADER, request_ids.given(environ)), *self._usual(environ)]
        if "no-cache" in environ.get("HTTP_CACHE_CONTROL", "").lower():
            asked_anew()

        def start(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            course.status = status
            said = dict(headers)
            if said.keys().isdisjoint(self._names):
                return start_response(status, headers + usual, *failed)
            if security.may_be_framed(said):
                said[security.FRAMES] = ""
            return start_response(status, [*headers, *(item for item in usual if item[0] not in said)], *failed)

        try:
            return course.follow(self._app(environ, start))
        except BaseException:
            course.close()
            raise

    def _usual(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if method == "GET" and not path.startswith(security.OF_PAGES):
            return self._of_reads
        opened = cors.headers(method, path, environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"))
        return [*security.headers(path, self._hsts_seconds), *opened]


class Course:
    """A request from its beginning to its end: an answer's body that notes how long it was and what it cost.

    What the database cost is what its thread spent meanwhile, piece by piece: between two pieces of a stream the
    thread may do other things.
    """

    __slots__ = ("_answer", "_begun", "_database", "_environ", "_logged", "_queries", "_size", "status")

    def __init__(self, environ: WSGIEnvironment, logged: LogRequests) -> None:
        self.status = FAULT
        self._environ = environ
        self._logged = logged
        self._size = 0
        self._answer: Iterable[bytes] = ()
        begun: Begun = environ.get(BEGUN) or now()
        self._database, self._queries = -begun.seconds, -begun.queries
        self._begun = begun.at
        TALLY.begin()

    def follow(self, answer: Iterable[bytes]) -> Course:
        """Hand on the pieces of an answer from here on."""
        self._database += SPENT.seconds
        self._queries += SPENT.queries
        self._answer = answer
        return self

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces; those of an answer that is whole already cost nothing more."""
        if isinstance(self._answer, tuple):
            self._size = sum(map(len, self._answer))
            return iter(self._answer)
        return self._made()

    def _made(self) -> Iterator[bytes]:
        pieces = iter(self._answer)
        while True:
            seconds, queries = SPENT.seconds, SPENT.queries
            piece = next(pieces, None)
            self._database += SPENT.seconds - seconds
            self._queries += SPENT.queries - queries
            if piece is None:
                return
            self._size += len(piece)
            yield piece

    def close(self) -> None:
        """Count the request and log it, once its answer has been sent or given up."""
        try:
            self._leave()
        finally:
            self._end()

    def _leave(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            handed_back()

    def _end(self) -> None:
        environ, seconds = self._environ, time.perf_counter() - self._begun
        status = self.status[:3]
        key = environ.get(ROUTE, NO_ROUTE), method_of(environ["REQUEST_METHOD"]), status
        TALLY.end(key, seconds, self._size, self._database, self._queries)
        if self._logged is LogRequests.ALL or (self._logged is LogRequests.FAILURES and status >= FAILED):
            request_ids.note(environ, status, seconds, self._size)
