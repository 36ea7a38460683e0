"""Constant: the limits that a server is held against, which answer with bytes they have read before.

A path is the name of a file in the folder BENCH_BODIES.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

JSON = "application/json"


def bodies() -> dict[str, bytes]:
    """Read what is answered, by path."""
    return {f"/{file.name}": file.read_bytes() for file in Path(os.environ["BENCH_BODIES"]).iterdir()}


def bare() -> Callable[..., Iterable[bytes]]:
    """Return the least that a server can be asked to run: a callable that answers with bytes."""
    known = bodies()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = known[environ["PATH_INFO"]]
        start_response("200 OK", [("Content-Type", JSON), ("Content-Length", str(len(body)))])
        return (body,)

    return answer


def flask() -> Flask:
    """Return a Flask application that answers with bytes, by a route for each."""
    app = Flask("constant")
    for path, body in bodies().items():
        app.add_url_rule(path, path.strip("/"), _constant(body), methods=["GET", "POST"])
    return app


def _constant(body: bytes) -> Callable[[], Response]:
    return lambda: Response(body, content_type=JSON)
