"""The environment of a request, as WSGI has it, made from what gunicorn's event loop has read."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

USUAL: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,  # it ends where the body ends, chunked or not
}

CAME = "crosscheck.came"
"""Where an environment says when what is asked began to come, by `time.perf_counter`, if the server knows: what the
database has said since then holds for it."""

KNOWN: dict[bytes, str] = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
"""What the headers met so far are called in an environment."""

MOST_KNOWN = 500
"""Names that are kept; a client can make up as many as it likes."""


def environ(
    method: str,
    target: bytes,
    query: str,
    version: str,
    scheme: str,
    headers: Iterable[tuple[bytes, bytes]],
    server: tuple[str, int] | None,
    client: tuple[str, int] | None,
) -> WSGIEnvironment:
    """Return the environment of a request without a body; its headers have names in small letters."""
    if not target.startswith(b"/"):
        target = _path(target)
    path = unquote_to_bytes(target) if b"%" in target else target
    made: WSGIEnvironment = {
        **USUAL,
        "REQUEST_METHOD": method,
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": version,
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
    }
    made["SERVER_NAME"], port = server or ("localhost", 0)
    made["SERVER_PORT"] = str(port)
    if client:
        made["REMOTE_ADDR"] = client[0]
        made["REMOTE_PORT"] = str(client[1])
    for name, value in headers:
        key = KNOWN.get(name) or _called(name)
        said = value.decode("latin-1")
        made[key] = f"{made[key]},{said}" if key in made else said
    return made


def _path(target: bytes) -> bytes:
    """Return the path of a target that names a host as well; `*`, which is all of the server, stays."""
    try:
        return urlsplit(target).path or (b"*" if target == b"*" else b"/")
    except ValueError:
        return b"/"


def _called(name: bytes) -> str:
    key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    if len(KNOWN) < MOST_KNOWN:
        KNOWN[name] = key
    return key
