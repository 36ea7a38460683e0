"""A clock that jumps, by years and while a server runs: answers stay, limits run on, no time told is to come."""

import calendar
import time
from pathlib import Path

import pytest

from api.config import WORKER_KINDS
from tests.conftest import serving
from tests.faults.asking import asked, being_asked, until

YEARS = 365 * 86_400

READ = ("/v1/claims?limit=5", "/v1/lookup?q=deaths", "/v1/search?q=belgorod", "/v1/events?as_of=2024-01-01", "/readyz")


def told(headers: dict[str, str]) -> int:
    """When an answer may last have changed."""
    return calendar.timegm(time.strptime(headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT"))


@pytest.mark.parametrize("kind", WORKER_KINDS)
def test_whoever_asks_while_the_clock_jumps_is_answered(record: str, tmp_path: Path, kind: str) -> None:
    off = tmp_path / "off"
    off.write_text("0")
    command = ("-m", "tests.faults.jumping")
    settings = {"WORKERS": "2", "WORKER": kind, "CLOCK_OFF": str(off), "RATE_LIMIT": "100000/hour"}
    with serving(record, tmp_path / "log", command, **settings) as served:
        until(lambda: len(served.workers()) == 2)
        workers = served.workers()
        with being_asked(served.url, READ) as seen:
            for jump in (30 * YEARS, -20 * YEARS, 3_600, -3_600, 0):
                (tmp_path / "next").write_text(str(jump))
                (tmp_path / "next").replace(off)
                before = sum(seen.statuses.values())
                until(lambda before=before: sum(seen.statuses.values()) > before + 40)
                _, headers, _ = asked(f"{served.url}/v1/claims?limit=1")
                assert told(headers) <= time.time() + jump + 1
        assert (seen.wrong, seen.statuses.keys()) == ([], {200})
        assert served.workers() == workers, "none was taken for dead"
    assert "Traceback" not in (tmp_path / "log").read_text()
