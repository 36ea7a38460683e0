"""The databases of the tests: nothing of a session stays, and none passes for both kinds that ran on one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import by_kind, lacking
from tests.databases import FOLDER, ROOT

PATIENCE = 30
"""Seconds in which what a killed session left must be gone; only a failing run waits that long."""

SESSION = """
import sys
from tests import databases
with databases.session():
    databases.served()
    print(databases.folder(), flush=True)
    sys.stdin.read()
"""

SKIPPED = """
import pytest

@pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=False)
@pytest.mark.parametrize("what", ["one", "other"])
def test_something(what, databases):
    if (what, databases) == ("one", "postgresql"):
        pytest.skip()
"""


def alone() -> dict[str, str]:
    """The environment of a session that is not this one, and brings its own server."""
    return {name: value for name, value in os.environ.items() if name not in (FOLDER, "DATABASE_URL")}


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def runs(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_of_a_session_that_is_killed_stops_and_leaves_nothing(end: signal.Signals) -> None:
    session = subprocess.Popen(  # noqa: S603 — commands of our own
        [sys.executable, "-c", SESSION], cwd=ROOT, env=alone(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with session:
        assert session.stdout is not None
        folder = Path(session.stdout.readline().strip())
        server = int((folder / "server" / "data" / "postmaster.pid").read_text().splitlines()[0])
        assert runs(server)
        session.send_signal(end)
    wait_until(lambda: not runs(server) and not folder.exists())


@pytest.mark.parametrize(
    ("passed", "lacks"),
    [
        (["a[sqlite]", "a[postgresql]", "b[x-sqlite-y]", "b[x-postgresql-y]", "c", "d[postgresql]"], []),
        (["a[sqlite]", "a[postgresql]", "b[sqlite]", "c[postgresql]", "d[postgresql]"], ["b[*]"]),
        (["b[sqlite-x]", "b[postgresql-y]"], ["b[*-x]"]),
        (["a", "b[x]", "c[postgresql://host/a]"], ["every test"]),
        (["a[postgresql]"], ["every test"]),
    ],
)
def test_each_test_must_have_passed_on_both(passed: list[str], lacks: list[str]) -> None:
    assert lacking(by_kind(passed)) == lacks


def test_a_session_in_which_a_test_did_not_run_on_postgresql_fails(tmp_path: Path) -> None:
    (tmp_path / "test_skipped.py").write_text(SKIPPED)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "--both-databases"]
    command += ["-p", "no:schemathesis", "-p", "no:cov", "--rootdir", str(tmp_path), str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, env=alone(), capture_output=True, text=True, check=False)  # noqa: S603 — commands of our own
    assert ended.returncode == 1
    assert "passed on SQLite: 2, on PostgreSQL: 1" in ended.stdout
    assert "did not run on PostgreSQL, or failed: test_skipped.py::test_something[one-*]" in ended.stdout
