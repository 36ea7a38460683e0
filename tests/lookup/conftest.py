"""How ./lookup is run: in a folder of its own, with an environment of its own, against a server of our choice."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

LOOKUP = Path(__file__).parents[2] / "lookup"

Ended = subprocess.CompletedProcess[str]


@dataclass
class Other:
    """A server that is not Crosscheck: it keeps what it was asked and answers what it was told to."""

    url: str = ""
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    answer: tuple[int, str, str] = (200, "text/plain; charset=utf-8", "an answer\n")


@pytest.fixture
def other() -> Iterator[Other]:
    kept = Other()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            kept.asked.append((parts.path, parse_qs(parts.query, keep_blank_values=True)))
            status, kind, body = kept.answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        kept.url = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield kept
        listening.shutdown()
        thread.join()


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An environment without the proxies, colours and servers of whoever runs the tests."""
    home = str(tmp_path)
    return {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", "TMPDIR": home, "HOME": home}


@pytest.fixture
def run(surroundings: dict[str, str], tmp_path: Path) -> Callable[..., Ended]:
    """Run a command in a folder that is also its home and its temporary folder: what is left behind shows."""

    def run(*command: str | Path, **environment: str) -> Ended:
        ended = subprocess.run(  # noqa: S603 — a command of our own
            command,
            cwd=tmp_path,
            env={**surroundings, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Ended(command, ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run


@pytest.fixture
def script() -> Path:
    return LOOKUP


@pytest.fixture
def ask(run: Callable[..., Ended], server: str) -> Callable[..., Ended]:
    """Run ./lookup against the real server."""
    return lambda *arguments: run(LOOKUP, *arguments, CROSSCHECK_URL=server)
