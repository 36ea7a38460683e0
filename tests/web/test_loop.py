"""The loop tells the application when what is asked came."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.asgi.protocol import ASGIProtocol

from api.web.environ import CAME
from api.web.loop import Connection


def test_what_is_answered_at_once_is_asked_with_when_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    connection: Any = object.__new__(Connection)
    connection._parting = connection._idle = False
    connection._quick = asked.append
    monkeypatch.setattr(ASGIProtocol, "data_received", lambda *_: None)

    async def by_others(*_: Any) -> bool:
        return True

    monkeypatch.setattr(ASGIProtocol, "_serve_http_request", by_others)
    request = SimpleNamespace(
        method="GET",
        raw_path=b"/v1/claims",
        query="",
        version=(1, 1),
        scheme="http",
        headers_bytes=[(b"host", b"a")],
        content_length=None,
        chunked=False,
    )
    before = time.perf_counter()
    connection.data_received(b"GET /v1/claims HTTP/1.1\r\nHost: a\r\n\r\n")
    after = time.perf_counter()
    assert asyncio.run(connection._serve_http_request(request, ("127.0.0.1", 80), ("127.0.0.1", 5)))
    (environ,) = asked
    assert before <= environ[CAME] <= after
