"""The worker with threads: gunicorn's own, but what it refuses itself is a problem as well."""

import logging
import time
from typing import Any

from gunicorn.http import errors, message, wsgi
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from api.config import LONGEST_LINE
from api.web import cors, security
from api.web.generation import give_up
from api.web.refusals import FAULT, SERVER, last_words

SOUND = frozenset([*security.headers("/", 0), *cors.OPEN])
"""Headers that nearly every answer has; gunicorn looks at each anew, which takes a tenth of what one claim does."""


class Response(wsgi.Response):
    """gunicorn's own, but what was once found sound is not looked at again."""

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        """Take headers as they are to be sent."""
        self.headers += [header for header in headers if header in SOUND]
        super().process_headers([header for header in headers if header not in SOUND])


message.MAX_REQUEST_LINE = LONGEST_LINE  # the most that gunicorn lets itself be set to
wsgi.SERVER = SERVER
wsgi.Response = Response


class Whole(message.LengthReader):
    """A body of a length that was told; one that breaks off before is not taken for it."""

    def read(self, size: int) -> bytes:
        """Return so many bytes, or those that are left."""
        due = min(size, self.length)
        found: bytes = super().read(size)
        if len(found) < due:
            raise errors.NoMoreData(found)
        return found


message.LengthReader = Whole

REFUSED: tuple[tuple[type[Exception], str], ...] = (
    (errors.InvalidResponseHeader, FAULT),
    (errors.InvalidResponseHeaderName, FAULT),
    (errors.ConfigurationProblem, FAULT),
    (errors.LimitRequestLine, "address-too-long"),
    (errors.LimitRequestHeaders, "headers-too-large"),
    (errors.UnsupportedTransferCoding, "not-implemented"),
    (errors.ExpectationFailed, "expectation-failed"),
    (errors.ParseException, "bad-request"),
    (Exception, FAULT),
)
"""What gunicorn may fail at, as which problem; the first that fits."""

NAP, LONGEST_NAP = 0.0001, 0.001
"""Seconds for which a worker leaves the next connection to others, for each that it has, and at most.

Of sixteen that come at once one worker of two would take up to all, and have one core do the work of both.
"""

log = logging.getLogger("crosscheck.requests")


class Worker(ThreadWorker):
    """gunicorn's worker with threads."""

    def init_process(self) -> None:
        """Serve; what keeps a worker from it is logged like everything else, and ends the server."""
        try:
            super().init_process()
        except Exception:
            give_up(self)

    def accept(self, listener: Any) -> None:
        """Take a connection, and let another worker take the next."""
        super().accept(listener)
        if self.cfg.workers > 1:
            time.sleep(min(self.nr_conns * NAP, LONGEST_NAP))

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer with a problem what cannot be handed to the application, and log it as a request."""
        name = next(name for kind, name in REFUSED if isinstance(exc, kind))
        try:
            write_nonblock(client, last_words(name, exc, self.cfg))
        except OSError:
            log.debug("the client is gone")
