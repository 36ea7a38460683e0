"""Connections: a request has one of the database's while it is answered, and hands it back at the answer's end.

Who asks with `Cache-Control: no-cache` for nothing kept (RFC 9111, 5.2.1.4) is not answered by a replica that may lag.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

from api.store.db import asked_anew, handed_back

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def handing_back(app: WSGIApplication) -> WSGIApplication:
    """Return an application that keeps no connection; a stream is answered when it has ended."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "no-cache" in environ.get("HTTP_CACHE_CONTROL", "").lower():
            asked_anew()
        try:
            return ClosingIterator(app(environ, start_response), handed_back)
        except BaseException:
            handed_back()
            raise

    return answer
