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

PAIRS = """
import pytest

@pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=False)
@pytest.mark.parametrize("what", ["one", "other"])
def test_something(what, databases):
    {check}
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
    session = subprocess.Popen(
        [sys.executable, "-c", SESSION], cwd=ROOT, env=alone(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with session:
        assert session.stdout is not None
        folder = Path(session.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        assert runs(server)
        session.send_signal(end)
    wait_until(lambda: not runs(server) and not folder.exists())


@pytest.mark.parametrize(
    ("check", "code", "told"),
    [
        ("pass", 0, "passed on SQLite: 2, on PostgreSQL: 2"),
        ("if what == 'one' and databases == 'postgresql': pytest.skip()", 1, "did not run on PostgreSQL, or failed: "),
        ("if databases == 'postgresql': pytest.skip()", 1, "passed on SQLite: 2, on PostgreSQL: 0"),
        ("pytest.skip()", 1, "every test"),
    ],
)
def test_a_session_on_both_databases_fails_where_a_test_ran_on_sqlite_alone(
    tmp_path: Path, check: str, code: int, told: str
) -> None:
    (tmp_path / "test_pairs.py").write_text(PAIRS.format(check=check))
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "--both-databases"]
    command += ["--rootdir", str(tmp_path), str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, env=alone(), capture_output=True, text=True, check=False)
    assert (ended.returncode, told in ended.stdout) == (code, True), ended.stdout + ended.stderr
