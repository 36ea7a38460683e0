"""How long `crosscheck review` takes, against reading the same claims and encoding them again with orjson.

`python -m tests.bench.reviewing [CLAIMS [FILE]]`; the million of the bar takes its time, so fewer are usual. A FILE is
filled if it is not there, and kept.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from api.store import db as store
from api.store import queries
from api.store.bulk import fetched
from tests.bench.generate import generate

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "50000"))
PROCESSES = 2
ROUNDS = 3
OFTEN = 0.05
"""Seconds between two looks at how much memory the processes have had."""

COLUMNS = [column.column_name for column in queries.REVIEWED_COLUMNS]


@dataclass(frozen=True, slots=True)
class Measured:
    """The seconds a review took, those its processes worked, the most memory each had, in MB, and its last line."""

    seconds: float
    worked: float
    memory: tuple[int, ...]
    said: str


def read_again() -> tuple[float, float]:
    """Read every claim to review, with its document's and its attribution's columns, and encode it.

    Return the seconds it took, and those the process worked.
    """
    begun, worked = time.perf_counter(), time.process_time()
    for row in fetched(queries.claims_to_review(None)):
        orjson.dumps(dict(zip(COLUMNS, row, strict=True)))
    return time.perf_counter() - begun, time.process_time() - worked


def reviewed(url: str) -> Measured:
    """Run a review in processes of its own."""
    command = [sys.executable, "-m", "api.cli", "review", "--restart", "--processes", str(PROCESSES)]
    memory: dict[int, int] = {}
    with tempfile.TemporaryFile() as said:
        begun, before = time.perf_counter(), _children()
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, stdout=said)  # noqa: S603 — a command of our own
        while process.poll() is None:
            memory.update(_most_memory(process.pid))
            time.sleep(OFTEN)
        taken = time.perf_counter() - begun
        said.seek(0)
        last = said.read().decode().splitlines()[-1]
    return Measured(taken, _children() - before, tuple(sorted(memory.values())), last)


def _children() -> float:
    """The seconds that ended processes worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _most_memory(pid: int) -> dict[int, int]:
    """The most memory that a process and those it started have had so far."""
    found: dict[int, int] = {}
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        found[pid] = next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found.update(_most_memory(int(child)))
    except (OSError, StopIteration):
        return found  # it ended meanwhile, or this system does not tell
    return found


def measure(claims: int, file: Path) -> None:
    url = f"sqlite:///{file}"
    database = store.bind(url, create=True)
    store.migrate(database)
    if not database.execute_sql("SELECT 1 FROM claim").fetchone():
        generate(claims)
    (count,) = database.execute_sql("SELECT count(*) FROM claim").fetchone()
    print(f"review of {count:,} claims by {PROCESSES} processes, against reading and encoding them (at most 10)")
    print(
        "  what                   times as long (by processor time on each of two cores)   most memory of each process"
    )
    for what in ("first, all is stored", "again, nothing is new"):
        before = [read_again() for _ in range(ROUNDS)]
        measured = reviewed(url)
        usual, work = map(statistics.median, zip(*before, *(read_again() for _ in range(ROUNDS)), strict=True))
        memory = " + ".join(map(str, measured.memory))
        share = measured.worked / PROCESSES / work
        print(f"  {what:<22} {measured.seconds / usual:.1f} ({share:.1f})   {memory} MB")
        print(f"    {measured.said}")
    database.close()


def main(claims: int = CLAIMS, file: Path | None = None) -> None:
    if file is not None:
        measure(claims, file.resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(claims, Path(folder) / "large.db")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(Path, sys.argv[2:3]))
