"""An application to serve in tests: what it does is told by its paths, and what it has done by `/state`."""

import hashlib
import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from api.web import bridge, loop

if "HASTY" in os.environ:
    loop.HEADER_SECONDS = loop.PARTING_SECONDS = loop.STALLED_SECONDS = bridge.BODY_SECONDS = 1.0
    loop.BEAT = 0.1

STATE = {"asked": 0, "pieces": 0, "closed": 0}
PATIENCE = 20
PIECE = b"x" * 65_535 + b"\n"
GATES = Path(os.environ.get("GATES", ""))
"""A folder; what waits at `/gate/<name>` goes on when a file of that name is there."""


class Stream:
    """So many pieces; it counts them, and its end."""

    def __init__(self, pieces: int) -> None:
        self._left = pieces

    def __iter__(self) -> Iterator[bytes]:
        while self._left:
            self._left -= 1
            STATE["pieces"] += 1
            yield PIECE

    def close(self) -> None:
        STATE["closed"] += 1


class Late:
    """An answer whose end is noted only when a file is there, long after it was sent."""

    def __init__(self, body: bytes, gate: str) -> None:
        self._body = body
        self._gate = gate

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    def close(self) -> None:
        wait(self._gate)
        (GATES / f"{self._gate}-noted").touch()


def wait(name: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (GATES / name).exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def gated(name: str) -> Iterator[bytes]:
    yield b"before\n"
    wait(name)
    yield b"after\n"


def parts(environ: dict[str, Any]) -> tuple[str, str]:
    first, _, more = environ["PATH_INFO"].strip("/").partition("/")
    return first, more


def told(environ: dict[str, Any]) -> str:
    """What is said to a path."""
    path, more = parts(environ)
    if path == "gate":
        wait(more)
    if path == "fault":
        raise RuntimeError("as asked")
    if path == "state":
        return " ".join(f"{name}={number}" for name, number in STATE.items())
    if path == "body":
        body = environ["wsgi.input"].read()
        return f"{len(body)} {hashlib.sha256(body).hexdigest()}"
    if path == "environ":
        return "\n".join(f"{name}: {value!r}" for name, value in sorted(environ.items()) if "." not in name)
    return threading.current_thread().name


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if "state" not in environ["PATH_INFO"]:
        STATE["asked"] += 1
    path, more = parts(environ)
    headers = [("Content-Type", "text/plain")]
    if path in ("stream", "gated"):
        start_response("200 OK", headers)
        return Stream(int(more)) if path == "stream" else gated(more)
    body = told(environ).encode()
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return Late(body, more) if path == "late" else [body]


def quick(environ: dict[str, Any]) -> bridge.Answer | None:
    if environ["PATH_INFO"] == "/quick/fault":
        raise RuntimeError("as asked")
    if environ["PATH_INFO"] != "/quick":
        return None
    if environ.get("HTTP_IF_NONE_MATCH"):
        return "304 NOT MODIFIED", [("ETag", '"1"')], b""
    body = threading.current_thread().name.encode()
    return "200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("ETag", '"1"')], body


app.quick = quick  # type: ignore[attr-defined]
