"""Commands and servers that are killed at any moment: all of a load or nothing, and one line to who ended it."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.config import WORKER_KINDS
from api.store import db as store
from tests.conftest import ROOT, migrate, serving
from tests.databases import Databases, beside, folder, start, started, stop
from tests.faults.asking import PATIENCE, asked, being_asked, until, until_answered

READ = ("/v1/claims?limit=5", "/v1/search?q=belgorod", "/v1/claims?format=ndjson", "/v1/lookup?q=deaths", "/readyz")

EVERY_WORKER = 20
"""Questions after which each of two workers was very likely asked: each finds for itself that its database is back."""

TABLES = ("claim", "claim_revision", "discrepancy", "document", "event", "question", "search_entry")


def loading(url: str) -> "subprocess.Popen[bytes]":
    """A load that goes on."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "load", "fixtures"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def end(going_on: "subprocess.Popen[bytes]") -> tuple[int, bytes]:
    """Wait for the end of a load; its status, and what it said was wrong."""
    _, said = going_on.communicate()
    return going_on.returncode, said


def held(url: str) -> dict[str, int]:
    """How many rows tables have."""
    with beside(url) as database:
        return {name: database.execute_sql(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in TABLES}  # noqa: S608 — names of our own tables


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_load_that_is_ended_at_any_moment_is_whole_or_nothing(
    fresh: Callable[[], str], databases: Databases, how: signal.Signals
) -> None:
    url = fresh()
    migrate(url)
    nothing, begun = held(url), time.monotonic()
    assert end(loading(url)) == (0, b"")
    everything, took = held(url), time.monotonic() - begun
    moments = random.Random(how)  # noqa: S311 — moments, no secrets
    for _ in range(3):
        url = fresh()
        migrate(url)
        going_on = loading(url)
        time.sleep(moments.uniform(0.3, 1) * took)
        going_on.send_signal(how)
        assert b"Traceback" not in end(going_on)[1]
        assert held(url) in (nothing, everything)
        assert end(loading(url)) == (0, b"")
        assert held(url) == everything


@pytest.fixture
def own() -> Iterator[tuple[Path, str]]:
    """A PostgreSQL that nobody else uses, with tables in it: its folder, and its URL."""
    name = f"killed-{uuid.uuid4().hex[:8]}"
    url = started(name)
    migrate(url)
    yield folder() / name, url
    store.unbind()
    stop(folder() / name, "immediate")


@pytest.mark.parametrize("kind", WORKER_KINDS)
def test_a_postgresql_that_is_killed_under_load_is_a_503_and_then_used_again(
    own: tuple[Path, str], tmp_path: Path, kind: str
) -> None:
    home, url = own
    assert end(loading(url)) == (0, b"")
    everything = held(url)
    with serving(url, tmp_path / "log", WORKERS="2", WORKER=kind, RATE_LIMIT="off") as served:
        until(lambda: len(served.workers()) == 2)
        with being_asked(served.url, READ) as seen:
            until(lambda: all(has_answered(worker, tmp_path / "log") for worker in served.workers()))
            for _ in range(2):
                os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                until_answered(f"{served.url}/readyz", 503)
                start_again(home)
                until_answered(f"{served.url}/readyz")
        until(lambda: all(asked(f"{served.url}/readyz")[0] == 200 for _ in range(EVERY_WORKER)))
        with being_asked(served.url, READ) as afterwards:
            time.sleep(0.5)
    assert seen.statuses.keys() == {200, 503}
    assert [what for what in seen.wrong if "ndjson" not in what] == []  # a stream that has begun can only break off
    assert (afterwards.statuses.keys(), afterwards.wrong) == ({200}, [])
    assert "Traceback" not in (tmp_path / "log").read_text()
    assert held(url) == everything


@pytest.mark.parametrize("kind", WORKER_KINDS)
def test_a_worker_that_is_replaced_while_the_database_is_away_takes_nobody_along(
    own: tuple[Path, str], tmp_path: Path, kind: str
) -> None:
    home, url = own
    with serving(url, tmp_path / "log", WORKERS="2", WORKER=kind, RATE_LIMIT="off") as served:
        until(lambda: len(served.workers()) == 2)
        until_answered(f"{served.url}/readyz")
        stop(home)
        killed, stays = served.workers()
        os.kill(killed, signal.SIGKILL)
        until(lambda: "the worker cannot start" in (tmp_path / "log").read_text())
        until_answered(f"{served.url}/readyz", 503)
        assert (served.process.poll(), stays in served.workers()) == (None, True)
        start(home)
        until_answered(f"{served.url}/readyz")
        until(lambda: len(served.workers()) == 2)
        assert stays in served.workers()


def has_answered(worker: int, log: Path) -> bool:
    """Whether a process has a request in the log."""
    return f'"message":"request","process":{worker},' in log.read_text()


def start_again(home: Path) -> None:
    """Start a server that was killed, once what is left of it has ended: as long it holds on to its memory."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return start(home)
        except subprocess.CalledProcessError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
