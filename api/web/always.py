"""Always: what every answer carries and leaves behind, whoever gave it. It lies around Flask."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

from api.web import cors, request_ids, security

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Always:
    """A WSGI application that gives each request an id, each answer its usual headers, and the log a line."""

    def __init__(self, app: WSGIApplication, hsts_seconds: int) -> None:
        self._app = app
        self._hsts_seconds = hsts_seconds

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request on, and back what it is answered with; what the application said itself stays."""
        begun, statuses = time.perf_counter(), ["500"]
        usual = [(request_ids.HEADER, request_ids.given(environ)), *self._usual(environ)]

        def start(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            statuses.append(status)
            said = dict(headers)
            if security.may_be_framed(said):
                said[security.FRAMES] = ""
            return start_response(status, [*headers, *(item for item in usual if item[0] not in said)], *failed)

        answer = self._app(environ, start)
        if not request_ids.log.isEnabledFor(logging.INFO):
            return answer
        return ClosingIterator(answer, lambda: request_ids.note(environ, statuses[-1], begun))

    def _usual(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        path = environ["PATH_INFO"]
        opened = cors.headers(environ["REQUEST_METHOD"], path, environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"))
        return [*security.headers(path, self._hsts_seconds), *opened]
