"""Request ids: every request has one, the client's own where it is fit to be logged; each leaves one line."""

from __future__ import annotations

import logging
import re
from random import getrandbits
from typing import TYPE_CHECKING

from api.errors import REQUEST_ID
from api.lines import tell
from api.metrics import ROUTE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADER = "X-Request-Id"

FIT = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}")
"""What other systems' ids are made of; nothing that could break a line of a log or a header."""

TRACE = "crosscheck.trace"
"""Where the environment of a request holds the id of its trace, if there is one."""

log = logging.getLogger("crosscheck.requests")


def new() -> str:
    """Return an id that nobody has had; it tells requests apart and guards nothing."""
    return f"{getrandbits(128):032x}"


def given(environ: WSGIEnvironment) -> str:
    """Give a request its id, and return it."""
    sent = environ.get("HTTP_X_REQUEST_ID", "")
    environ[REQUEST_ID] = sent if FIT.fullmatch(sent) else new()
    return str(environ[REQUEST_ID])


def note(environ: WSGIEnvironment, status: str, seconds: float, size: int) -> None:
    """Log what became of a request, once its answer has been sent.

    Of whoever asked the address alone is told: neither what the address asked for holds behind the path, nor a header.
    """
    line = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        "route": environ.get(ROUTE),
        "status": int(status),
        "duration_ms": round(seconds * 1000, 1),
        "bytes": size,
        "client": environ.get("REMOTE_ADDR"),
        "request_id": environ[REQUEST_ID],
    }
    if TRACE in environ:
        line["trace_id"] = environ[TRACE]
    tell(log, "request", line)
