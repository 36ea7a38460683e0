"""A disk that is full or cannot be written to: what was there stays, reads go on, and one line says what is wrong."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import serving
from tests.faults.asking import asked, being_asked, until_answered

ROOT = Path(__file__).parents[2]

Ended = subprocess.CompletedProcess[str]


def crosscheck(url: str, *arguments: str, limit: int | None = None, within: str = "") -> Ended:
    """Run a command, in which no file may grow beyond a limit, inside of a mount of its own if one is given."""
    command = [sys.executable, "-m", "api.cli", *arguments]
    if within:
        command = ["unshare", "-rm", "sh", "-c", f'{within} && exec "$@"', "sh", *command]

    def bounded() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(  # noqa: S603 — a command of our own
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        preexec_fn=bounded,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def held(file: Path) -> dict[str, int]:
    """How many rows every table has; the database must be sound."""
    with sqlite3.connect(file) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        plain = [name for name in names if not name.startswith(("search", "sqlite"))]
        return {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in plain}  # noqa: S608 — names of our own tables and columns


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A migrated database with nothing in it, in a folder of its own."""
    file = tmp_path / "disk" / "facts.db"
    file.parent.mkdir()
    assert crosscheck(f"sqlite:///{file}", "migrate").returncode == 0
    return file


def one_line(result: Ended) -> str:
    (line,) = result.stderr.strip().splitlines()
    assert "Traceback" not in result.stderr
    return line


def test_a_load_that_a_full_disk_stops_leaves_nothing_behind(database: Path) -> None:
    before, size = held(database), database.stat().st_size
    stopped = crosscheck(f"sqlite:///{database}", "load", "fixtures", limit=size + 300_000)
    assert stopped.returncode != 0
    assert "disk" in one_line(stopped)
    assert held(database) == before
    assert crosscheck(f"sqlite:///{database}", "load", "fixtures").returncode == 0
    assert held(database)["claim"] > 0


def test_a_review_that_a_full_disk_stops_can_be_taken_up_again(database: Path) -> None:
    url = f"sqlite:///{database}"
    assert crosscheck(url, "load", "fixtures").returncode == 0
    before = held(database)
    stopped = crosscheck(url, "review", "--restart", limit=4_096)
    assert stopped.returncode != 0
    assert "disk" in one_line(stopped)
    assert held(database)["claim"] == before["claim"]
    again = crosscheck(url, "review", "--restart")
    assert again.returncode == 0
    assert held(database) == before


READ = ("/v1/claims?limit=5", "/v1/search?q=fire", "/v1/events?as_of=2024-01-01", "/v1/claims?format=ndjson", "/readyz")


def test_readers_of_a_server_do_not_notice_a_full_disk(database: Path, tmp_path: Path) -> None:
    url, size = f"sqlite:///{database}", database.stat().st_size
    with serving(url, tmp_path / "log", RATE_LIMIT="off") as served, being_asked(served.url, READ) as seen:
        stopped = crosscheck(url, "load", "fixtures", limit=size + 300_000)
        assert asked(f"{served.url}/v1/events/{LOADED}")[0] == 404
        assert crosscheck(url, "load", "fixtures").returncode == 0
        until_answered(f"{served.url}/v1/events/{LOADED}")
    assert (stopped.returncode != 0, "disk" in one_line(stopped)) == (True, True)
    assert (seen.wrong, seen.statuses.keys()) == ([], {200})
    assert held(database)["claim"] > 0


LOADED = "belgorod-strike-2023-12-30"
"""An event of the fixtures."""


def mounting(folder: Path, how: str) -> str:
    return f"mount --bind {folder} {folder} && mount -o remount,bind,{how} {folder}"


@pytest.fixture
def mounted() -> Callable[[Path, str], str]:
    """How to mount a folder in a namespace of one's own; skipped where the system lets nobody."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode != 0:  # noqa: S607 — wherever the system has it
        pytest.skip("this system lets nobody mount anything in a namespace of their own")
    return mounting


def test_a_disk_that_cannot_be_written_to_is_refused_at_start(
    database: Path, mounted: Callable[[Path, str], str]
) -> None:
    refused = crosscheck(f"sqlite:///{database}", "load", "fixtures", within=mounted(database.parent, "ro"))
    assert refused.returncode != 0
    line = one_line(refused)
    assert str(database.parent) in line
    assert "cannot be written to" in line
