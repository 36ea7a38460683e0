"""`make bench`: Crosscheck beside its limits and its peers in one run, written to docs/benchmarks.md.

BENCH_CLAIMS says how large the record is, BENCH_ROUNDS and BENCH_SECONDS how long each server is asked, BENCH_PORT
the first of the ports that are used. The record is kept in build/bench and filled only once. Where DATABASE_URL names
PostgreSQL, the record is filled into that database, which has to be empty, and all of it is measured there as well.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median_low
from urllib.parse import urlsplit

from api.store import db as store
from tests.bench import bars, bulk, growth, load, machine, report, reviewing, servers, storing
from tests.bench.bars import BARE, FLASK, GTHREAD, ON_SQLITE, SERVED_TABLES, SERVICE, SHIPPED, SMALL, TABLES
from tests.bench.load import LoadFailed, Request
from tests.bench.measuring import Asked, answered, measured
from tests.bench.reads import READS, Names, Read, anew, drawn
from tests.bench.servers import ROOT, Server, ServerFailed

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "20000"))
FEWER = max(2_000, CLAIMS // 100)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "1"))
PORT = int(os.environ.get("BENCH_PORT", "18700"))
FOLDER = ROOT / "build" / "bench"
DOCS = ROOT / "docs"
NAMED = os.environ.get("DATABASE_URL", "")
TITLES = {read.name: read.title for read in READS}

MOST_REVIEWED = 50_000
"""Claims; reviews of more are measured by `python -m tests.bench.reviewing`."""

SIZED = ("claim", "claims")
"""Reads that are asked of a smaller record too."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A record, and the servers that answer from it; `beside` are others that hold such a record, by their names."""

    url: str
    beside: Mapping[str, str]
    folder: Path

    def shipped(self, name: str, port: int, url: str) -> Server:
        return servers.crosscheck(name, port, url, self.folder / f"{name}.log")

    def started(self, bodies: Path, names: Names, stack: ExitStack) -> dict[str, Server]:
        """Start everything that is measured beside Crosscheck as it is shipped."""
        first = f"/{READS[0].name}"
        wanted = [
            servers.constant(BARE, PORT, bodies, first),
            servers.constant(FLASK, PORT + 1, bodies, first),
            servers.crosscheck_on_gthread(GTHREAD, PORT + 2, self.url, self.folder / f"{GTHREAD}.log"),
            servers.peer(SERVICE, "service:app", PORT + 3, self.url, f"/claims/{names.claims[0]}", FOLDER),
            *(self.shipped(name, PORT + 10 + place, url) for place, (name, url) in enumerate(self.beside.items())),
        ]
        if self.url.startswith("sqlite"):
            wanted.append(servers.tables_served(SERVED_TABLES, PORT + 6, str(_path(self.url)), FOLDER))
            wanted.append(
                servers.peer(TABLES, "tables:app", PORT + 4, str(_path(self.url)), "/-/versions.json", FOLDER)
            )
        return {server.name: stack.enter_context(server) for server in wanted}

    def asked(self, stack: ExitStack) -> list[Asked]:
        """Start the servers and write what each of them is asked."""
        names = drawn(self.url)
        others = {name: drawn(url) for name, url in self.beside.items()}
        shipped = stack.enter_context(self.shipped(SHIPPED, PORT + 5, self.url))
        bodies = self.folder / "bodies"
        bodies.mkdir(exist_ok=True)
        ours = {read.name: self._ours(shipped, read, names, bodies) for read in READS}
        known = {SHIPPED: shipped, **self.started(bodies, names, stack)}
        return [
            Asked(read.name, known[name], load.write(requests, self.folder / f"{read.name}.{name}.txt"))
            for read in READS
            for name, requests in self._to_ask(read, names, ours[read.name], others).items()
            if name in known
        ]

    def _to_ask(
        self, read: Read, names: Names, ours: Sequence[Request], others: Mapping[str, Names]
    ) -> dict[str, Sequence[Request]]:
        """Return what each server is asked in one of the reads, in the order in which they are asked."""
        constant = [Request(f"/{read.name}")]
        asked: dict[str, Sequence[Request]] = {BARE: constant, FLASK: constant, GTHREAD: ours, SHIPPED: ours}
        if SMALL in others and read.name in SIZED:
            asked[SMALL] = read.ours(others[SMALL])
        if ON_SQLITE in others:
            asked[ON_SQLITE] = ours
        for name, peer in ((SERVICE, read.service), (TABLES, read.tables), (SERVED_TABLES, read.tables)):
            if peer is not None:
                asked[name] = peer(names)
        if read.anew:  # of the peers nobody keeps anything
            asked |= {name: anew(asked[name]) for name in (GTHREAD, SHIPPED, ON_SQLITE) if name in asked}
        return asked

    def _ours(self, server: Server, read: Read, names: Names, bodies: Path) -> list[Request]:
        """Return what Crosscheck has an answer to, and leave the middle one of its answers for the limits."""
        found = list(answered(server, read.ours(names)))
        middle = median_low(len(body) for _, body, _ in found)
        (bodies / read.name).write_bytes(next(body for _, body, _ in found if len(body) == middle))
        if not read.known:
            return [request for request, _, _ in found]
        return [Request(request.path, ("If-None-Match", headers["ETag"])) for request, _, headers in found]


def run(kind: str, url: str, beside: Mapping[str, str]) -> report.Part:
    """Measure one kind of database, and draw its chart."""
    folder = FOLDER / kind
    folder.mkdir(parents=True, exist_ok=True)
    fill = bulk.filled(url, CLAIMS, folder / f"filled-{CLAIMS}.json")
    bench = Bench(url, beside, folder)
    idle = bulk.idle(partial(bench.shipped, SHIPPED, PORT + 5, url))
    with bench.shipped(SHIPPED, PORT + 5, url) as server:
        export = bulk.exported(server)
    one = storing.stored(_path(beside[SMALL])) if SMALL in beside else None
    servers.prepare_service(url, FOLDER)
    with ExitStack() as stack:
        results = measured(bench.asked(stack), ROUNDS, SECONDS)
    chart = DOCS / f"benchmarks-{kind}.svg"
    chart.write_text(report.chart(TITLES, results))
    database = store.bind(url)
    engine = machine.database()
    database.close()
    return report.Part(
        engine=engine,
        size=f"{fill.claims:,} claims on {fill.questions:,} questions, made up by a seed",
        results=results,
        held=[*bars.held(results), *bulk.held(fill, export, idle)],
        bulk=_bulk(fill, export, idle, one),
        chart=chart.name,
    )


def _told() -> report.Told:
    return report.Told(
        when=datetime.now(UTC).strftime("%-d %B %Y"),
        machine=machine.machine(),
        versions=machine.versions(),
        peers=machine.peers(servers.python_of_peers(FOLDER)),
        rounds=f"{ROUNDS} rounds, in each of which every server was asked every read for {SECONDS:g} s at 2 and at 16 "
        "connections",
        titles=TITLES,
    )


def _bulk(fill: bulk.Filled, export: bulk.Exported, idle: bulk.Idle, one: storing.Stored | None) -> list[str]:
    memory = " and ".join(f"{size:.0f}" for size in idle.memory)
    told = [
        f"{fill.claims:,} claims were made up and written in {fill.rows:,.1f} s"
        f" ({fill.claims / fill.rows:,.0f} a second), and what the engine says of them was worked out and stored in"
        f" {fill.review:,.1f} s: {fill.rate:,.0f} a second in all.",
        f"{export.claims:,} claims were exported as NDJSON over HTTP in {export.seconds:.1f} s ({export.rate:,.0f} a"
        f" second; {export.worked:.1f} s of the server's processor time), by processes of at most"
        f" {export.memory:.0f} MiB.",
        f"The server answered {idle.start:.2f} s after it was started; its idle workers had {memory} MiB.",
    ]
    if one is not None:
        told.append(
            f"One claim stored with what follows from it, on {FEWER:,} claims, took {one.claim:.1f} ms,"
            f" {one.ratio:.1f} times as long as its row alone ({one.row:.1f} ms)."
        )
    return told


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _files() -> dict[int, str]:
    """Return the URL of a file of SQLite's for each number of claims."""
    folders = {claims: FOLDER / "sqlite" / str(claims) for claims in (CLAIMS, FEWER)}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {claims: f"sqlite:///{folder / 'record.db'}" for claims, folder in folders.items()}


def parts() -> Iterator[report.Part]:
    """Measure on SQLite, then on PostgreSQL where that is named."""
    files = _files()
    bulk.filled(files[FEWER], FEWER, FOLDER / "sqlite" / f"filled-{FEWER}.json")
    yield run("sqlite", files[CLAIMS], {SMALL: files[FEWER]})
    if urlsplit(NAMED).scheme in ("postgresql", "postgres"):
        yield run("postgresql", NAMED, {ON_SQLITE: files[CLAIMS]})


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("make bench: ended"))  # the servers end with it
    try:
        load.wrk()
        FOLDER.mkdir(parents=True, exist_ok=True)
        servers.python_of_peers(FOLDER)
        done = []
        for part in parts():
            done.append(part)
            (DOCS / "benchmarks.md").write_text(report.page(_told(), done))
            print(part.engine)
            for one in part.held:
                print(f"{'  ' if one.holds else 'NO'} {one.promise}: {one.found}")
    except (LoadFailed, ServerFailed) as error:
        sys.exit(f"make bench: {error}")
    growth.main()
    reviewing.main(min(CLAIMS, MOST_REVIEWED))


if __name__ == "__main__":
    main()
