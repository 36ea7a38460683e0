"""The worker: gunicorn's own, but what it refuses before the application sees it is a problem as well."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.http import errors, message, wsgi
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from api import metrics
from api.config import LONGEST_LINE
from api.errors import LONGEST_ECHO, MEDIA_TYPE, written
from api.web import request_ids, security
from api.web.freshness import NEVER
from schemas.problems import NAMED, ProblemType

FAULT = ("internal-error", "Something broke on our side; it has been logged.")

message.MAX_REQUEST_LINE = LONGEST_LINE  # the most that gunicorn lets itself be set to
wsgi.SERVER = "Crosscheck"  # the header Server names no software and no version

REFUSED: tuple[tuple[type[Exception], str, str], ...] = (
    (errors.InvalidResponseHeader, *FAULT),
    (errors.InvalidResponseHeaderName, *FAULT),
    (errors.ConfigurationProblem, *FAULT),
    (errors.LimitRequestLine, "address-too-long", "The request's first line may have {line:,} bytes."),
    (errors.LimitRequestHeaders, "headers-too-large", "There may be {fields} headers, of {field:,} bytes each."),
    (errors.UnsupportedTransferCoding, "not-implemented", "That transfer coding is not read here."),
    (errors.ExpectationFailed, "expectation-failed", "The only expectation that is met is 100-continue."),
    (errors.ParseException, "bad-request", "That is no HTTP: {said}."),
    (Exception, *FAULT),
)
"""What gunicorn may fail at, as which problem, with its detail; the first that fits."""

log = logging.getLogger("crosscheck.requests")


class Worker(ThreadWorker):
    """gunicorn's worker with threads."""

    def init_process(self) -> None:
        """Serve; what keeps a worker from it is logged like everything else, and ends the server."""
        try:
            super().init_process()
        except Exception:
            log.critical("the worker cannot start", exc_info=True)
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer with a problem what cannot be handed to the application, and log it as a request."""
        name, detail = next((name, detail) for kind, name, detail in REFUSED if isinstance(exc, kind))
        problem, request_id = NAMED[name], request_ids.new()
        metrics.TALLY.refused(problem.status)
        line = {"status": problem.status, "request_id": request_id, "because": str(exc)[:LONGEST_ECHO]}
        if problem.status == 500:
            log.error("fault", extra={"line": line}, exc_info=exc)
        else:
            log.info("refused", extra={"line": line})
        told = detail.format(
            line=self.cfg.limit_request_line,
            field=self.cfg.limit_request_field_size,
            fields=self.cfg.limit_request_fields,
            said=str(exc)[:LONGEST_ECHO],
        )
        try:
            write_nonblock(client, answer(problem, told, request_id))
        except OSError:
            log.debug("the client is gone")


def answer(problem: ProblemType, detail: str, request_id: str) -> bytes:
    """Return a whole answer, after which the connection ends."""
    body = written(problem, detail, "", request_id)
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Connection": "close",
        "Cache-Control": NEVER,
        "Server": wsgi.SERVER,
        request_ids.HEADER: request_id,
        **security.HEADERS,
    }
    lines = [
        f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
