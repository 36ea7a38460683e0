"""How the tests get a record.

`record` is a database with the project's own fixtures, loaded once a session; what is read there is never
written. `client` asks it through Flask. `empty` is a migrated database of one test's own, for tests that
write. `server` is a real gunicorn on a free port over `record`, for tests that need HTTP. All of them are
there twice, on SQLite and on PostgreSQL, and so is every test that asks for one.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from api.app import create_app
from api.config import METRICS_FOLDER, Config
from api.intake.loading import load
from api.store import db as store
from api.store import postgresql
from tests import databases as databases_of_tests
from tests.databases import Databases, Files, served

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # how long an example takes says something of the machine, nothing of the code

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
Elsewhere = Callable[[str], AbstractContextManager[None]]

PATIENCE = 30
"""Seconds a server may take to answer; only a failing run waits that long."""


SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 — known to this test alone
"""What the server takes for Slack's; the example in Slack's own description of how it signs."""


KIND = re.compile(r"(?<=[\[-])(sqlite|postgresql)(?=[]-])")
"""What the name of a test says it runs on."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both-databases", action="store_true", help="fail unless every test ran on PostgreSQL as well")


def by_kind(names: Iterable[str]) -> dict[str, set[str]]:
    """Return tests by the kind of database they ran on, under a name that is the same for all kinds."""
    found: dict[str, set[str]] = {"sqlite": set(), "postgresql": set()}
    for name in names:
        if kind := KIND.search(name):
            found[kind[1]].add(KIND.sub("*", name))
    return found


def lacking(passed: Mapping[str, set[str]]) -> list[str]:
    """What passed on SQLite and not on PostgreSQL; nothing at all is not enough either."""
    return sorted(passed["sqlite"] - passed["postgresql"]) if passed["sqlite"] else ["every test"]


def _passed(config: pytest.Config) -> dict[str, set[str]]:
    reports = config.pluginmanager.get_plugin("terminalreporter").stats.get("passed", ())
    return by_kind(report.nodeid for report in reports)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if config.getoption("--both-databases") and not hasattr(config, "workerinput") and lacking(_passed(config)):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    config = terminalreporter.config
    passed, both = _passed(config), config.getoption("--both-databases")
    if both or any(passed.values()):
        counts = len(passed["sqlite"]), len(passed["postgresql"])
        terminalreporter.write_line("passed on SQLite: {}, on PostgreSQL: {}".format(*counts))
    if both:
        for name in lacking(passed):
            terminalreporter.write_line(f"did not run on PostgreSQL, or failed: {name}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        session = ExitStack()
        session.enter_context(databases_of_tests.session())
        config.add_cleanup(session.close)


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """What a test, or a command that it calls, sets in the environment ends with the test."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        if METRICS_FOLDER not in before:
            rmtree(os.environ.get(METRICS_FOLDER, ""), ignore_errors=True)
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """One kind of database after the other: what asks for it, or for a fixture below, runs on each."""
    yield Files() if request.param == "sqlite" else served()
    store.unbind()


def migrate(url: str) -> None:
    """Give a database its tables."""
    database = store.bind(url, create=True)
    store.migrate(database)
    store.unbind()


def fill(url: str, fixtures: Path = FIXTURES) -> None:
    """Give a database its tables and what is in a folder."""
    database = store.bind(url, create=True)
    store.migrate(database)
    load(fixtures, now="2024-02-01T00:00:00+00:00")
    store.unbind()


@pytest.fixture(scope="session")
def record(databases: Databases) -> str:
    """The URL of a database that holds the project's fixtures."""
    return databases.shared("record", fill)


@pytest.fixture(scope="session")
def built(record: str) -> Flask:
    """The application over the record, built once: that takes longer than most questions to it."""
    return create_app(Config(database_url=record))


def forget(app: Flask) -> None:
    """Have an application know none of its answers."""
    app.extensions["fresh"].forget()
    app.extensions["lane"].forget()


@pytest.fixture
def application(built: Flask, record: str) -> Iterator[Flask]:
    """The application, with its own record bound, as if it had not been asked anything yet."""
    opened = store.bind(record)
    forget(built)
    yield built
    opened.close()


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """The URL of a migrated database with nothing in it, bound to the models."""
    url = databases.copy("empty", migrate)
    database = store.bind(url)
    yield url
    database.close()
    databases.drop(url)


@pytest.fixture
def fresh(databases: Databases) -> Iterator[Callable[[], str]]:
    """Make a database of the test's own with nothing in it, not even tables, and return its URL."""
    made: list[str] = []

    def make() -> str:
        made.append(databases.new())
        return made[-1]

    yield make
    store.unbind()
    for url in made:
        databases.drop(url)


@pytest.fixture
def elsewhere(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """Write to a database as another process does, for as long as a `with` lasts; here nobody waits for it."""
    monkeypatch.setitem(store.SQLITE_PRAGMAS, "busy_timeout", 0)
    monkeypatch.setattr(postgresql, "LOCK_PATIENCE", 1)
    return databases.written_to


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the running server writes to standard error."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="session")
def server(record: str, server_log: Path) -> Iterator[str]:
    """The base URL of a running server."""
    with serving(record, server_log, WORKERS="1") as served:
        yield served.url


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@dataclass
class Served:
    """A server of its own process."""

    url: str
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The processes that answer."""
        return children(self.process.pid)


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
