"""A database that another process keeps locked, and very many heavy searches at once: an answer in bounded time."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.config import WORKER_KINDS
from tests.conftest import fill, serving
from tests.databases import Files
from tests.faults.asking import BOUND, asked
from tests.faults.test_disk import crosscheck, one_line

HEAVY = 100
"""Searches at the same time."""


@pytest.fixture
def file() -> Path:
    """A record of this test's own, in a file that it can lock; of PostgreSQL see `tests/store/test_connections.py`."""
    return Path(Files().copy("record", fill).removeprefix("sqlite:///"))


@pytest.fixture
def own(file: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a server over that record."""
    with serving(f"sqlite:///{file}", tmp_path / "log", WORKERS="1") as served:
        yield served.url


def test_reads_go_on_while_somebody_keeps_all_others_from_writing(file: Path, own: str) -> None:
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE edition SET number = number + 1")
    for path in ("/v1/claims?limit=5", "/v1/lookup?q=deaths", "/v1/events?as_of=2024-01-01", "/readyz"):
        status, _, seconds = asked(f"{own}{path}")
        assert status == 200, path
        assert seconds < BOUND, path
    begun = time.monotonic()
    refused = crosscheck(f"sqlite:///{file}", "review", "--restart")
    assert time.monotonic() - begun < BOUND
    assert refused.returncode != 0
    assert "locked" in one_line(refused)
    writer.execute("ROLLBACK")
    writer.close()
    assert crosscheck(f"sqlite:///{file}", "review", "--restart").returncode == 0


@pytest.fixture(params=WORKER_KINDS)
def shared(record: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a server over the record of all tests, on either database, with either worker."""
    with serving(record, tmp_path / "log", WORKERS="1", WORKER=request.param) as served:
        yield served.url


def test_very_many_heavy_searches_at_once_are_answered_and_do_not_starve_the_others(shared: str) -> None:
    words = ("deaths injured drones", "belgorod kharkiv odesa strike attack", "a e i o u", "killed" * 20)
    with ThreadPoolExecutor(HEAVY) as many:
        searching = [many.submit(asked, f"{shared}/v1/search?q={words[i % 4].replace(' ', '+')}") for i in range(HEAVY)]
        meanwhile = [asked(f"{shared}/healthz") for _ in range(5)]
        statuses = Counter(search.result()[0] for search in searching)
    assert {status for status, _, _ in meanwhile} == {200}
    assert max(seconds for _, _, seconds in meanwhile) < BOUND
    assert statuses.keys() <= {200, 429, 503}
    assert statuses[200] > 0
    assert asked(f"{shared}/v1/search?q=deaths")[0] == 200


def test_a_clock_that_jumps_changes_no_answer(file: Path, own: str) -> None:
    """A record written by a clock of another day is told as old or new, never as an error."""
    for moment in (0, 4_102_444_800):  # 1970 and 2100
        with sqlite3.connect(file) as opened:
            opened.execute("UPDATE edition SET changed_at = ?, number = number + 1", (moment,))
        status, headers, _ = asked(f"{own}/v1/claims?limit=1")
        assert status == 200
        told = time.mktime(time.strptime(headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        assert told <= time.time()
