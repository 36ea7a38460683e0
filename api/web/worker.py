"""The worker with threads: gunicorn's own, but what it refuses itself is a problem as well."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn.http import errors, message, wsgi
from gunicorn.util import write, write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from api.config import LONGEST_LINE
from api.web import headlines
from api.web.environ import CAME
from api.web.generation import give_up
from api.web.refusals import FAULT, ONE_HOST, SERVER, last_words

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Response(wsgi.Response):
    """gunicorn's own, but headers that come again and again are looked at and written out once."""

    headers: list[tuple[str, str]]
    headers_sent: bool

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        """Take headers as they are to be sent."""
        others = [header for header in headers if header not in headlines.LINES]
        self.headers += [header for header in headers if header in headlines.LINES]
        super().process_headers(others)
        for header in others:
            if header[0] in headlines.RECURRING and header in self.headers:  # with nothing taken away
                headlines.remember(header)

    def send_headers(self) -> None:
        """Send what goes before the body, once."""
        if not self.headers_sent:
            head = "".join((*self.default_headers(), *map(headlines.line, self.headers), "\r\n"))
            write(self.sock, head.encode("latin-1"))
            self.headers_sent = True


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


class Arrival(threading.local):
    """When what this thread is to answer was there to be read."""

    at: float | None = None


ARRIVAL = Arrival()


def stamped(app: WSGIApplication) -> WSGIApplication:
    """Tell an application when what is asked came, if that is known; of what a thread answers then it is the first."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if ARRIVAL.at is not None:
            environ[CAME], ARRIVAL.at = ARRIVAL.at, None
        return app(environ, start_response)

    return answer


class Worker(ThreadWorker):
    """gunicorn's worker with threads."""

    wsgi: WSGIApplication

    def init_process(self) -> None:
        """Serve; what keeps a worker from it is logged like everything else, and ends the server."""
        try:
            super().init_process()
        except Exception:
            give_up()

    def load_wsgi(self) -> None:
        """Load the application, and have it told when what is asked came."""
        super().load_wsgi()
        self.wsgi = stamped(self.wsgi)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Note when a client asks again, which a thread may take up later."""
        conn.came = time.perf_counter()
        super().on_client_socket_readable(conn, client)

    def handle(self, conn: Any) -> Any:
        """Answer what a client asks, as of when it came; of a new connection that is not known."""
        ARRIVAL.at, conn.came = getattr(conn, "came", None), None
        return super().handle(conn)

    def accept(self, listener: Any) -> None:
        """Take a connection, and let another worker take the next."""
        super().accept(listener)
        if self.cfg.workers > 1:
            time.sleep(min(self.nr_conns * NAP, LONGEST_NAP))

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Hand a request to the application; who names no host, or two, is refused."""
        if req.version == (1, 1) and [name for name, _ in req.headers].count("HOST") != 1:
            raise errors.ParseException(ONE_HOST)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer with a problem what cannot be handed to the application, and log it as a request."""
        name = next(name for kind, name in REFUSED if isinstance(exc, kind))
        try:
            write_nonblock(client, last_words(name, exc, self.cfg))
        except OSError:
            log.debug("the client is gone")
