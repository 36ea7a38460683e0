"""The worker with an event loop: gunicorn's own, which no number of slow clients keeps from answering others.

What is refused before the application is asked is a problem here too, and every connection has a time by which
something must have happened on it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from gunicorn.asgi import protocol
from gunicorn.workers.gasgi import ASGIWorker

from api.web import headlines
from api.web.bridge import Bridge, Quick
from api.web.environ import CAME, environ
from api.web.generation import give_up
from api.web.refusals import FAULT, ONE_HOST, SERVER, last_words

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

protocol._CACHED_SERVER_HEADER = f"Server: {SERVER}\r\n".encode()
for status in HTTPStatus:
    protocol._REASON_PHRASES.setdefault(status.value, status.phrase)  # it knows 412, 417 and others not

REFUSED = {
    400: "bad-request",
    408: "request-too-slow",
    414: "address-too-long",
    431: "headers-too-large",
    501: "not-implemented",
    503: "busy",
}
"""What gunicorn refuses by itself, as which problem; all else is a fault."""

HEADER_SECONDS = 10.0
"""How long a client may take for a request's headers."""

STALLED_SECONDS = 30.0
"""How long a client may read nothing of what is sent to it."""

PROGRESS = 32_768
"""Bytes that count as something; a client that reads less in that time reads to keep us busy."""

PARTING_SECONDS = 2.0
"""How long a client may take to read the last answer, and an idle one to send what it has begun when we end."""

PARTING_BYTES = 1_048_576
"""Of what a refused client goes on sending, as much is thrown away unread; then it has to read the answer."""

FILES = 65_536
"""Connections and files that a worker may have open, if the system lets it."""

TURN = 0.0002
"""Seconds for which a thread that computes keeps Python to itself, usually 0.005; as long may the loop wait."""

HOST_IS_NAMED = (1, 1)
"""The version of HTTP from which on a request names its host."""

BEAT = 1.0
"""Seconds between two looks at the connections."""

log = logging.getLogger("crosscheck")


class Connection(protocol.ASGIProtocol):
    """A connection to a client."""

    def __init__(self, worker: Loop) -> None:
        super().__init__(worker)
        self._quick = worker.quick
        self._closed = False
        self._due: float | None = None
        self._heard = False
        self._answering = False
        self._refused = False
        self._idle = False
        self._parting = False
        self._asks_no_more = False
        self._thrown_away = 0
        self._unread = 0
        self._came = 0.0

    def connection_made(self, transport: Any) -> None:
        """Begin; a connection beyond what a worker holds is refused at once."""
        super().connection_made(transport)
        self.worker.connections.add(self)
        self._await(HEADER_SECONDS)
        if len(self.worker.connections) > self.worker.worker_connections:
            self._send_error_response(503, f"{self.worker.worker_connections:,} connections are open")
            self._close_transport()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and tell so whoever waits for the client to read."""
        super().connection_lost(exc)
        self.worker.connections.discard(self)
        if self._flow_control:
            self._flow_control.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on; what a client sends that was refused is thrown away."""
        if self._parting:
            self._thrown_away += len(data)
            if self._thrown_away > PARTING_BYTES:
                self._pause_reading()
            return
        if self._idle:
            self._idle = False
            self._await(HEADER_SECONDS)
        self._heard = True
        self._came = time.perf_counter()
        super().data_received(data)

    def eof_received(self) -> bool:
        """Answer what was asked to its end: a client that sends nothing more may still read."""
        receiver = self._body_receiver
        self._asks_no_more = receiver is not None and receiver._complete and not self._idle
        if receiver is not None and not receiver._complete:
            self._send_error_response(400, "its body breaks off")
        return self._asks_no_more

    def _feed_callback_parser(self, data: bytes) -> bool:
        """Read on; a length of more digits than Python reads is no fault of ours."""
        try:
            return bool(super()._feed_callback_parser(data))
        except ValueError as error:
            self._send_error_response(400, str(error))
            self._close_transport()
            return False

    def pause_writing(self) -> None:
        """Note that the client does not read as fast as we write."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._await(STALLED_SECONDS)

    def resume_writing(self) -> None:
        """Note that it has caught up."""
        super().resume_writing()
        if not self._idle:
            self._await(None)

    def _await(self, seconds: float | None) -> None:
        """Have something happen within so many seconds, or whenever; a connection that is ending has its time."""
        if not self._parting:
            self._due = None if seconds is None else self.worker.loop.time() + seconds

    def look(self, now: float) -> None:
        """End what is overdue."""
        if self._due is None or now < self._due:
            return
        if self._parting:
            self.transport.abort()
        elif self._flow_control and self._flow_control.write_paused:
            self._look_at_writing()
        else:
            if self._heard and not self._idle:
                self._send_error_response(408, f"its headers took more than {HEADER_SECONDS:.0f} seconds")
            self._keepalive_timeout()

    def _look_at_writing(self) -> None:
        left = self.transport.get_write_buffer_size()
        if self._unread - left < PROGRESS:
            self.transport.abort()
        self._unread = left
        self._await(STALLED_SECONDS)

    def leave_if_idle(self) -> None:
        """End a connection on which nothing is asked."""
        if self._idle or not self._heard:
            self._keepalive_timeout()

    @classmethod
    def _check_h1c_protocol_available(cls) -> bool:
        return bool(protocol.ASGIProtocol._check_h1c_protocol_available())  # which keeps what it finds in its class

    def _arm_keepalive_timer(self) -> None:
        if self._asks_no_more:
            self._keepalive_timeout()
            return
        self._idle = True
        self._await(self._keepalive)

    def _cancel_keepalive_timer(self) -> None:
        self._idle = False
        self._await(None)

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        return self.worker.ending.is_set() or bool(super()._will_close(request, response_requires_close))

    def _is_websocket_upgrade(self, request: Any) -> bool:
        return False

    async def _serve_http_request(self, request: Any, sockname: Any, peername: Any) -> bool:
        """Answer what can be answered at once, else hand it on; who names no host, or two, is refused."""
        if request.version == HOST_IS_NAMED and [name for name, _ in request.headers_bytes].count(b"host") != 1:
            self._send_error_response(400, ONE_HOST)
            return False
        if self._quick and request.method in ("GET", "HEAD") and not (request.content_length or request.chunked):
            asked = environ(
                request.method,
                request.raw_path,
                request.query,
                f"HTTP/{request.version[0]}.{request.version[1]}",
                request.scheme,
                request.headers_bytes,
                sockname,
                peername,
            )
            asked[CAME] = self._came
            if "HTTP_EXPECT" not in asked and (answer := self._asked(self._quick, asked)):
                return await self._send_at_once(request, *answer)
        kept = bool(await super()._serve_http_request(request, sockname, peername))
        self._answering = False
        return kept

    def _asked(self, quick: Quick, asked: WSGIEnvironment) -> tuple[int, str, bytes] | None:
        """Return what is answered at once: status, headers as they are sent, with the length, and body; a failure is
        left to who answers at leisure."""
        try:
            answer = quick(asked)
            if answer is None:
                return None
            status, headers, body = answer
            written, has_length = headlines.lines(headers)
        except Exception:
            log.exception("the quick way failed on %s", asked["PATH_INFO"])
            return None
        return int(status[:3]), written if has_length or not body else f"{written}Content-Length: {len(body)}\r\n", body

    async def _send_at_once(self, request: Any, code: int, headers: str, body: bytes) -> bool:
        close = self._will_close(request, False)
        self._response_buffer = b"".join(
            (
                protocol._get_cached_status_line(request.version, code),
                headers.encode("latin-1"),
                protocol._CACHED_SERVER_HEADER,
                protocol._get_cached_date_header(),
                b"Connection: close\r\n\r\n" if close else b"\r\n",
            )
        )
        self._send_body(b"" if self._response_omits_body(request.method, code) else body)
        if self._flow_control.write_paused:
            await self._flow_control.drain()
        return not close

    def _send_response_start(self, status: int, headers: Any, request: Any, close: bool = False) -> None:
        self._answering = True
        super()._send_response_start(status, headers, request, close)

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        if self._answering or self._closed:
            return
        self._answering = self._refused = True
        self._safe_write(last_words(REFUSED.get(status, FAULT), message, self.cfg))

    def _close_transport(self) -> None:
        """End a connection, giving the client time to read; one that is still sending would not see the answer else."""
        if self._closed or not self.transport:
            return
        receiver = self._body_receiver
        if not self._refused and (receiver is None or receiver._complete):
            super()._close_transport()
        elif not self.transport.is_closing():
            self._closed = True
            self._resume_reading()
            self.transport.write_eof()
        self._await(PARTING_SECONDS)
        self._parting = True


class Loop(ASGIWorker):
    """gunicorn's worker with an event loop, and threads for what takes its time."""

    quick: Quick | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()
        self.ending = asyncio.Event()

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Take every configuration; that there are threads here needs no warning."""

    def init_process(self) -> None:
        """Serve; let more files be open, and threads take turns quickly."""
        self._heed_before_serving()
        sys.setswitchinterval(TURN)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard) if hard >= 0 else FILES, hard))
        try:
            super().init_process()
        except Exception:
            give_up()

    def load_wsgi(self) -> None:
        """Load the application, and put the bridge in front of it."""
        app = self.app.wsgi()
        self.quick = getattr(app, "quick", None)
        self.asgi = Bridge(app, self.cfg)

    def _heed_before_serving(self) -> None:
        """Note that the end is asked for while the application is loaded: uvloop forgets it as long as it rests."""
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(name, lambda *_: self.ending.set())

    def init_signals(self) -> None:
        """Leave signals as they are heeded until the loop runs."""

    def handle_exit_signal(self) -> None:
        """Finish what is being served.

        What gunicorn calls alive stays so: it would end connections whose last answer has said that they are kept.
        """
        self.ending.set()

    def handle_quit_signal(self) -> None:
        """End at once."""
        super().handle_quit_signal()
        self.ending.set()

    async def _serve(self) -> None:
        if self.ending.is_set():
            return
        super().init_signals()
        ssl = self._get_ssl_context()
        for sock in self.sockets:
            made = self.loop.create_server(lambda: Connection(self), sock=sock.sock, ssl=ssl, backlog=self.cfg.backlog)
            self.servers.append(await made)
        while self.alive and self.ppid == os.getppid() and not self.ending.is_set():
            self._look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), BEAT)
        await self._shutdown()

    def _look(self) -> None:
        self.notify()
        now = self.loop.time()
        for connection in list(self.connections):
            connection.look(now)

    async def _shutdown(self) -> None:
        """Take no new connections, finish what is being served, and let idle clients send what they have begun."""
        self.ending.set()
        for server in self.servers:
            server.close()
        begun = self.loop.time()
        while (self.connections or self.asgi.busy()) and not self._quick_shutdown:
            gone = self.loop.time() - begun
            if gone > self.cfg.graceful_timeout:
                log.warning("%d connections are cut off", len(self.connections))
                break
            if gone > PARTING_SECONDS:
                for connection in list(self.connections):
                    connection.leave_if_idle()
            self._look()
            await asyncio.sleep(0.05)
        self.asgi.stop()
