"""Bulk: filling an empty database, taking everything out of it, and what a server takes before it is asked anything."""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from api.store import db as store
from tests.bench import processes
from tests.bench.bars import Held
from tests.bench.generate import generate
from tests.bench.servers import ROOT, Server

STARTS = 5
AT_ONCE = 1 << 20
"""Bytes of an export that are taken at once."""

OFTEN = 0.05
"""Seconds between two looks at how much memory a server has."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How long filling a database took: seconds for rows and for what the engine says of them, and for how many."""

    claims: int
    questions: int
    rows: float
    review: float

    @property
    def rate(self) -> float:
        """Claims a second, what the engine says of them included."""
        return self.claims / (self.rows + self.review)


def filled(url: str, claims: int, known: Path) -> Filled:
    """Return the timings of a database of so many claims, which is filled where that was not done before."""
    database = store.bind(url, create=True)
    store.migrate(database)
    (there,) = database.execute_sql("SELECT count(*) FROM claim").fetchone()
    try:
        if there and known.exists():
            return Filled(**orjson.loads(known.read_bytes()))
        if there:
            raise SystemExit(f"the database holds {there:,} claims that are not of `make bench`: name an empty one")
        begun = time.perf_counter()
        generate(claims)
        rows = time.perf_counter() - begun
    finally:
        database.close()
    begun = time.perf_counter()
    questions = _review(url)
    found = Filled(claims, questions, rows, time.perf_counter() - begun)
    known.write_bytes(orjson.dumps(asdict(found)))
    return found


def _review(url: str) -> int:
    """Have everything worked out by `crosscheck review`, whose progress is shown."""
    command = [sys.executable, "-m", "api.cli", "review", "--restart"]
    with subprocess.Popen(  # noqa: S603 — a command of our own
        command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.PIPE
    ) as process:
        last = deque(process.stdout or (), maxlen=1)
    said = b"".join(last).decode().strip()
    found = re.search(r"([\d,]+) questions?", said)
    if process.returncode or found is None:
        raise SystemExit(f"the review failed: {said}")
    return int(found[1].replace(",", ""))


@dataclass(frozen=True, slots=True)
class Exported:
    """How long the export of every claim took over HTTP, and what it took of its server."""

    claims: int
    seconds: float
    worked: float
    memory: float

    @property
    def rate(self) -> float:
        """Claims a second."""
        return self.claims / self.seconds


def exported(server: Server) -> Exported:
    """Take every claim out of a server that was asked nothing before."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    before, begun = server.worked, time.perf_counter()
    connection.request("GET", "/v1/claims?format=ndjson")
    answer, buffer, lines = connection.getresponse(), bytearray(AT_ONCE), 0
    while size := answer.readinto(buffer):
        lines += buffer.count(b"\n", 0, size)
    taken = time.perf_counter() - begun
    connection.close()
    return Exported(lines, taken, server.worked - before, processes.most_resident(server.pid))


@dataclass(frozen=True, slots=True)
class Idle:
    """What a server takes: the seconds until it answers, and the memory of each process that then waits, in MiB."""

    start: float
    memory: tuple[float, ...]


def idle(server: Callable[[], Server]) -> Idle:
    """Start a server several times; the seconds are the median."""
    starts: list[float] = []
    memory: tuple[float, ...] = ()
    for _ in range(STARTS):
        begun = time.perf_counter()
        with server() as one:
            starts.append(time.perf_counter() - begun)
            workers = processes.resident(one.pid)
            workers.pop(one.pid)  # the one that started them answers nothing
            memory = tuple(sorted(workers.values()))
    return Idle(statistics.median(starts), memory)


FILL, EXPORT, START = 20_000, 100_000, 1.5
EXPORT_MEMORY, IDLE_MEMORY = 150, 90


def held(fill: Filled, export: Exported, idle: Idle) -> Iterator[Held]:
    """Hold them against their bars."""
    yield Held(
        f"load into an empty database ≥ {FILL:,} claims a second, worked out", f"{fill.rate:,.0f}", fill.rate >= FILL
    )
    yield Held(f"export as NDJSON ≥ {EXPORT:,} claims a second", f"{export.rate:,.0f}", export.rate >= EXPORT)
    yield Held(f"… in under {EXPORT_MEMORY} MiB", f"{export.memory:.0f} MiB", export.memory < EXPORT_MEMORY)
    yield Held(f"cold start < {START:g} s", f"{idle.start:.2f} s", idle.start < START)
    most = max(idle.memory)
    yield Held(f"memory of an idle worker < {IDLE_MEMORY} MiB", f"{most:.0f} MiB", most < IDLE_MEMORY)
