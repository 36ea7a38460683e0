"""A database that another process keeps locked, and very many heavy searches at once: an answer in bounded time."""

import sqlite3
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.conftest import serving
from tests.faults.test_disk import crosscheck, one_line

BOUND = 12
"""Seconds within which whoever asks has an answer, however long a lock is held."""

HEAVY = 100
"""Searches at the same time."""

Answer = tuple[int, dict[str, str], float]


@pytest.fixture
def file(record: str, tmp_path: Path) -> Path:
    """A record of this test's own."""
    copy = tmp_path / "own.db"
    with sqlite3.connect(record.removeprefix("sqlite:///")) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    return copy


@pytest.fixture
def own(file: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a server over that record."""
    with serving(f"sqlite:///{file}", tmp_path / "log", WORKERS="1") as served:
        yield served.url


def asked(url: str) -> Answer:
    """The status, headers and seconds of an answer."""
    begun = time.monotonic()
    try:
        answer: HTTPResponse | urllib.error.HTTPError = urllib.request.urlopen(url, timeout=60)  # noqa: S310 — an address of the server under test
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        answer.read()
        return answer.status or 0, dict(answer.headers), time.monotonic() - begun


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


def test_very_many_heavy_searches_at_once_are_answered_and_do_not_starve_the_others(own: str) -> None:
    words = ("deaths injured drones", "belgorod kharkiv odesa strike attack", "a e i o u", "killed" * 20)
    with ThreadPoolExecutor(HEAVY) as many:
        searching = [many.submit(asked, f"{own}/v1/search?q={words[i % 4].replace(' ', '+')}") for i in range(HEAVY)]
        meanwhile = [asked(f"{own}/healthz") for _ in range(5)]
        statuses = Counter(search.result()[0] for search in searching)
    assert {status for status, _, _ in meanwhile} == {200}
    assert max(seconds for _, _, seconds in meanwhile) < BOUND
    assert statuses.keys() <= {200, 429, 503}
    assert statuses[200] > 0
    assert asked(f"{own}/v1/search?q=deaths")[0] == 200


def test_a_clock_that_jumps_changes_no_answer(file: Path, own: str) -> None:
    """A record written by a clock of another day is told as old or new, never as an error."""
    for moment in (0, 4_102_444_800):  # 1970 and 2100
        with sqlite3.connect(file) as opened:
            opened.execute("UPDATE edition SET changed_at = ?, number = number + 1", (moment,))
        status, headers, _ = asked(f"{own}/v1/claims?limit=1")
        assert status == 200
        told = time.mktime(time.strptime(headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        assert told <= time.time()
