"""How the tests get a record.

`record` is a database file with the project's own fixtures, loaded once a session; what is read there is
never written. `client` asks it through Flask. `empty` is a migrated database of one test's own, for tests
that write. `server` is a real gunicorn on a free port over `record`, for tests that need HTTP.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # how long an example takes says something of the machine, nothing of the code

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
PATIENCE = 30
"""Seconds a server may take to answer; only a failing run waits that long."""


SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 — known to this test alone
"""What the server takes for Slack's; the example in Slack's own description of how it signs."""


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database that holds the project's fixtures."""
    url = f"sqlite:///{tmp_path_factory.mktemp('record') / 'record.db'}"
    database = store.bind(url, create=True)
    store.migrate(database)
    load(FIXTURES, now="2024-02-01T00:00:00+00:00")
    database.close()
    return url


@pytest.fixture(scope="session")
def application(record: str) -> Flask:
    """The application over the record, built once: that takes longer than most questions to it."""
    return create_app(Config(database_url=record))


@pytest.fixture
def client(application: Flask, record: str) -> Iterator[FlaskClient]:
    opened = store.bind(record)
    yield application.test_client()
    opened.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database with nothing in it, bound to the models."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    database = store.bind(url, create=True)
    store.migrate(database)
    yield url
    database.close()


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the running server writes to standard error."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="session")
def server(record: str, server_log: Path) -> Iterator[str]:
    """The base URL of a running server."""
    with serving(record, server_log, WORKERS="1") as served:
        yield served.url


@dataclass
class Served:
    """A server of its own process."""

    url: str
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [
            int(word) for word in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]


@contextmanager
def serving(
    database: str, log: Path, command: Sequence[str] = ("-m", "api.cli", "serve"), **settings: str
) -> Iterator[Served]:
    """Run a server over a database, with settings of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database, "HOST": "127.0.0.1", "PORT": str(port)}
    environment = {**environment, "SLACK_SIGNING_SECRET": SIGNING_SECRET, **settings}
    with log.open("wb") as lines:
        process = subprocess.Popen(  # noqa: S603 — a command of our own
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=lines
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/readyz", process)
        yield Served(url, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 — an address of the server under test
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {url}")
