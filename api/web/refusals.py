"""Refusals: what the server answers itself, before the application sees a request or because it never will."""

import logging
import re
from http import HTTPStatus
from typing import Any

from api import metrics
from api.errors import LONGEST_ECHO, MEDIA_TYPE, written
from api.web import request_ids, security
from api.web.freshness import NEVER
from schemas.problems import NAMED

SERVER = "Crosscheck"
"""The header Server names no software and no version."""

FAULT = "internal-error"

DETAILS = {
    FAULT: "Something broke on our side; it has been logged.",
    "bad-request": "That is no HTTP: {said}.{hint}",
    "request-too-slow": "The request was not here in time: {said}.",
    "address-too-long": "The request's first line may have {line:,} bytes.",
    "expectation-failed": "The only expectation that is met is 100-continue.",
    "headers-too-large": "There may be {fields} headers, of {field:,} bytes each.",
    "not-implemented": "That transfer coding is not read here.",
    "busy": "More is asked than can be answered at once: {said}.",
}
"""What the server refuses, with the detail it tells."""

FIRST_LINE = re.compile(r"request line", re.IGNORECASE)
"""What is said of a first line that cannot be read: the usual reason is letters that were typed as they are."""

ENCODED = " In an address, letters other than ASCII and blanks are percent-encoded, as `curl -G --data-urlencode` does."

ONE_HOST = "HTTP/1.1 names the host that is asked, in one header"
"""What is said of a request that names none or several (RFC 9112, 3.2)."""

AGAIN = {"busy": {"Retry-After": "2"}}
"""What the headers of a refusal say beyond the usual."""

log = logging.getLogger("crosscheck.requests")


def refusal(name: str, cause: str | Exception, cfg: Any) -> tuple[int, dict[str, str], bytes]:
    """Log a refusal as a request, and return its status, headers and body."""
    request_id, said = request_ids.new(), str(cause)[:LONGEST_ECHO]
    problem = NAMED[name]
    metrics.TALLY.refused(problem.status)
    line = {"status": problem.status, "request_id": request_id, "because": said}
    if name == FAULT:
        log.error("fault", extra={"line": line}, exc_info=cause if isinstance(cause, Exception) else None)
    else:
        log.info("refused", extra={"line": line})
    told = DETAILS[name].format(
        line=cfg.limit_request_line,
        field=cfg.limit_request_field_size,
        fields=cfg.limit_request_fields,
        said=said,
        hint=ENCODED if FIRST_LINE.search(said) else "",
    )
    body = written(problem, told, "", request_id)
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Cache-Control": NEVER,
        "Server": SERVER,
        request_ids.HEADER: request_id,
        **AGAIN.get(name, {}),
        **security.HEADERS,
    }
    return problem.status, headers, body


def last_words(name: str, cause: str | Exception, cfg: Any) -> bytes:
    """Return a refusal as it is sent, after which the connection ends."""
    status, headers, body = refusal(name, cause, cfg)
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *(f"{key}: {value}" for key, value in headers.items()),
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
