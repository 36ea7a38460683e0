"""How long `crosscheck review` takes, against reading the same claims and encoding them again with orjson.

`python -m tests.bench.reviewing [CLAIMS [FILE]]`; the million of the bar takes its time, so fewer are usual. A FILE is
filled if it is not there, and kept.
"""

import os
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
    """The seconds a review took, the most memory each of its processes had, in megabytes, and its last line."""

    seconds: float
    memory: tuple[int, ...]
    said: str


def read_again() -> float:
    """Read every claim to review, with its document's and its attribution's columns, and encode it; in seconds."""
    begun = time.perf_counter()
    for row in fetched(queries.claims_to_review(None)):
        orjson.dumps(dict(zip(COLUMNS, row, strict=True)))
    return time.perf_counter() - begun


def reviewed(url: str) -> Measured:
    """Run a review in processes of its own."""
    command = [sys.executable, "-m", "api.cli", "review", "--restart", "--processes", str(PROCESSES)]
    memory: dict[int, int] = {}
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, stdout=said)
        while process.poll() is None:
            memory.update(_most_memory(process.pid))
            time.sleep(OFTEN)
        taken = time.perf_counter() - begun
        said.seek(0)
        last = said.read().decode().splitlines()[-1]
    return Measured(taken, tuple(sorted(memory.values())), last)


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
    for what in ("first, all is stored", "again, nothing is new"):
        before = [read_again() for _ in range(ROUNDS)]
        measured = reviewed(url)
        usual = statistics.median([*before, *(read_again() for _ in range(ROUNDS))])
        memory = " + ".join(map(str, measured.memory))
        print(f"  {what:<22} {measured.seconds / usual:.1f}   peak memory {memory} MB   {measured.said}")
    database.close()


def main(claims: int = CLAIMS, file: Path | None = None) -> None:
    if file is not None:
        measure(claims, file.resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(claims, Path(folder) / "large.db")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(Path, sys.argv[2:3]))
