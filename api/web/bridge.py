"""The bridge: asks the application, which is WSGI and may take its time, from an event loop that must not wait.

What the application can answer at once, by its `quick`, is answered on the loop itself. For all else the loop collects
the body, so that a client that sends slowly takes up no thread; a thread asks; the loop sends what it answers. A stream
has its thread to the end, and is held up when its client reads slowly, and ended when that is gone.
"""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import NoMoreData

from api.web.environ import environ
from api.web.refusals import refusal
from api.web.streaming import Gone, Stream
from api.web.threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Answer = tuple[str, list[tuple[str, str]], bytes]
"""A status with its phrase, headers, and the whole body."""

Quick = Callable[["WSGIEnvironment"], Answer | None]
"""Answers at once what can be answered at once, and nothing else."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY = 1_048_576
"""Bytes of a body that are collected before the application is asked; of a longer one it is asked at once."""

BODIES = 64 * BODY
"""Bytes of bodies that are collected at once, so that many slow clients do not fill the memory."""

BODY_SECONDS = 30.0
"""How long that may take."""

WHOLE = 1_048_576
"""Bytes of an answer that is handed on in one piece, whose thread goes on to the next; a longer one is streamed."""

STREAMS = 8
"""Threads that may stream at once, besides the others."""

WAITING = 1_000
"""Requests that may wait for a thread."""

WAITING_SECONDS = 20.0
"""How long one may wait."""

log = logging.getLogger("crosscheck")


class Refused(Exception):
    """The server answers itself, with a problem, and says why."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(cause)
        self.name = name


class Bridge:
    """An ASGI application made of a WSGI one."""

    def __init__(self, app: WSGIApplication, cfg: Any) -> None:
        self._app = app
        self._cfg = cfg
        self._threads = Threads(cfg.threads)
        self._held = 0
        self._streams: set[Stream] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._serve(scope, receive, send)
        except Refused as refused:
            status, headers, body = refusal(refused.name, str(refused), self._cfg)
            told = [(name.encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": status, "headers": told})
            await send({"type": "http.response.body", "body": body})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        asked = environ(
            scope["method"],
            scope["raw_path"],
            scope["query_string"].decode("latin-1"),
            f"HTTP/{scope['http_version']}",
            scope["scheme"],
            scope["headers"],
            scope["server"],
            scope["client"],
        )
        if asked.get("HTTP_EXPECT", "100-continue").lower() != "100-continue":
            raise Refused("expectation-failed", asked["HTTP_EXPECT"])
        if self._threads.waiting() >= WAITING:
            raise Refused("busy", f"{WAITING:,} requests are waiting")
        try:
            asked["wsgi.input"] = await self._body(asked, receive)
        except NoMoreData:
            return
        await self._answer(asked, receive, send)

    def busy(self) -> bool:
        """Tell whether anything is still being done for a request, whose answer may be sent already."""
        return self._threads.busy()

    def stop(self) -> None:
        """End every stream."""
        for stream in self._streams:
            stream.leave()

    async def _body(self, asked: WSGIEnvironment, receive: Receive) -> Any:
        """Return the body: all of it, or of one that is long what has come of it, and then the rest."""
        length = asked.get("CONTENT_LENGTH")
        if not int(length or 0) and "HTTP_TRANSFER_ENCODING" not in asked:
            return asked["wsgi.input"]
        if int(length or 0) > BODY:
            return io.BufferedReader(Rest(b"", receive))
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while size <= BODY:
                    message = await receive()
                    part = _part(message)
                    parts.append(part)
                    size += len(part)
                    self._held += len(part)
                    if self._held > BODIES:
                        raise Refused("busy", "too many bodies are being sent")
                    if not message.get("more_body"):
                        return io.BytesIO(b"".join(parts))
            return io.BufferedReader(Rest(b"".join(parts), receive))
        except TimeoutError:
            raise Refused("request-too-slow", f"its body took more than {BODY_SECONDS:.0f} seconds") from None
        finally:
            self._held -= size

    async def _answer(self, asked: WSGIEnvironment, receive: Receive, send: Send) -> None:
        call = Call(self._app, asked, self._threads)
        self._threads.do(call.run)
        try:
            status, headers, body = await call.begun
        except asyncio.CancelledError:
            call.given_up = True
            raise
        await send({"type": "http.response.start", "status": int(status[:3]), "headers": headers})
        if isinstance(body, bytes):
            await send({"type": "http.response.body", "body": body})
        else:
            await self._stream(body, asked, receive, send)

    async def _stream(self, stream: Stream, asked: WSGIEnvironment, receive: Receive, send: Send) -> None:
        """Send piece after piece; what breaks off is not ended, so that no part passes for the whole."""
        self._streams.add(stream)
        watch = None
        if isinstance(asked["wsgi.input"], io.BytesIO):
            watch = asyncio.ensure_future(_watch(stream, receive))
        try:
            async for pieces in stream:
                await send({"type": "http.response.body", "body": pieces, "more_body": True})
            if stream.whole:
                await send({"type": "http.response.body", "body": b""})
        finally:
            stream.leave()
            self._streams.discard(stream)
            if watch:
                watch.cancel()


def _part(message: Message) -> bytes:
    """Return a part of a body; raises NoMoreData where the client is gone."""
    if message["type"] == "http.disconnect":
        raise NoMoreData
    return bytes(message.get("body", b""))


async def _watch(stream: Stream, receive: Receive) -> None:
    """Leave a stream when its client does."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.leave()


class Call:
    """The application being asked in a thread."""

    def __init__(self, app: WSGIApplication, asked: WSGIEnvironment, threads: Threads) -> None:
        self._app = app
        self._asked = asked
        self._threads = threads
        self._loop = asyncio.get_running_loop()
        self._since = time.monotonic()
        self._head: tuple[str, list[tuple[bytes, bytes]], int | None] | None = None
        self.begun: asyncio.Future[tuple[str, list[tuple[bytes, bytes]], bytes | Stream]] = self._loop.create_future()
        self.given_up = False

    def run(self) -> None:
        """Ask; for a thread."""
        if self.given_up:
            return
        try:
            if time.monotonic() - self._since > WAITING_SECONDS:
                raise Refused("busy", f"no thread was free within {WAITING_SECONDS:.0f} seconds")
            self._ask()
        except BaseException as error:
            self._tell(self._fail, error)

    def _ask(self) -> None:
        pieces = self._app(self._asked, self._start)
        try:
            self._take(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()

    def _start(self, status: str, headers: list[tuple[str, str]], failed: Any = None) -> Callable[[bytes], object]:
        length = next((value for name, value in headers if name.lower() == "content-length"), None)
        written = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = status, written, int(length) if length is not None else None
        return _no_writing

    def _take(self, pieces: Iterable[bytes]) -> None:
        """Hand on an answer: at once when it says how long it is and that is not long, else as it comes."""
        taken: list[bytes] = []
        size = 0
        rest = iter(pieces)
        for piece in rest:
            taken.append(piece)
            size += len(piece)
            length = self._promised()[2]
            if length is None or length > WHOLE:
                return self._stream(b"".join(taken), rest)
        status, headers, _ = self._promised()
        self._tell(self._settle, (status, headers, b"".join(taken)))
        return None

    def _promised(self) -> tuple[str, list[tuple[bytes, bytes]], int | None]:
        if self._head is None:
            raise RuntimeError("The application answered without a status")
        return self._head

    def _stream(self, first: bytes, rest: Iterable[bytes]) -> None:
        if not self._threads.lend(STREAMS):
            raise Refused("busy", f"{STREAMS} lists are being sent whole")
        stream = Stream(self._loop)
        try:
            status, headers, _ = self._promised()
            self._tell(self._settle, (status, headers, stream))
            stream.put(first)
            for piece in rest:
                stream.put(piece)
            stream.end(whole=True)
        except Gone:
            log.debug("whom the stream was for is gone")
        except Exception:
            log.exception("a stream broke off")
        finally:
            stream.end()
            self._threads.give_back()

    def _tell(self, what: Callable[[Any], None], argument: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(what, argument)
        except RuntimeError:
            log.debug("the loop has ended")

    def _settle(self, answer: tuple[str, list[tuple[bytes, bytes]], bytes | Stream]) -> None:
        if not self.begun.done():
            self.begun.set_result(answer)
        elif isinstance(answer[2], Stream):
            answer[2].leave()

    def _fail(self, error: BaseException) -> None:
        if not self.begun.done():
            self.begun.set_exception(error)
        elif not self.begun.cancelled():
            log.error("an answer failed after it was given", exc_info=error)


def _no_writing(_: bytes) -> None:
    raise NotImplementedError("an application returns its answer")


class Rest(io.RawIOBase):
    """The rest of a body, which a thread reads as it comes."""

    def __init__(self, begun: bytes, receive: Receive) -> None:
        self._begun = memoryview(begun)
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._more = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as what has come goes; raises NoMoreData where nothing more comes."""
        while not self._begun and self._more:
            message = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
            self._begun = memoryview(_part(message))
            self._more = bool(message.get("more_body"))
        size = min(len(buffer), len(self._begun))
        buffer[:size] = self._begun[:size]
        self._begun = self._begun[size:]
        return size

    async def _next(self) -> Message:
        try:
            return await asyncio.wait_for(asyncio.ensure_future(self._receive()), BODY_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}
