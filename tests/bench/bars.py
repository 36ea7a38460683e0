"""Bars: what is promised of ratios in one run, and whether a run keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.measuring import CONNECTIONS, Results

BARE, FLASK, GTHREAD, SHIPPED, SMALL = "bare", "flask", "gthread", "shipped", "small"
ON_SQLITE = "on-sqlite"
SERVICE, TABLES, SERVED_TABLES = "fastapi", "datasette", "datasette-serve"

BUSY = CONNECTIONS[-1]
"""Connections at which ratios are held against their bars."""


@dataclass(frozen=True, slots=True)
class Held:
    """A promise, what was measured, and whether that keeps it."""

    promise: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """A promise that one server gives at least so many answers for each of another's."""

    promise: str
    read: str
    server: str
    other: str
    least: float

    def held(self, results: Results) -> Held | None:
        if not (results.has(self.read, self.server) and results.has(self.read, self.other)):
            return None
        found = results.ratio(self.read, self.server, self.other, BUSY)
        spent = results.cost_ratio(self.read, self.server, self.other, BUSY)
        return Held(
            f"{self.promise} ≥ {self.least:g}", f"{found:.2f} (by processor time {spent:.2f})", found >= self.least
        )


LISTS = ("claims", "discrepancies")
READ = ("claim", "claims", "discrepancies", "question", "search", "search_anew", "as_of", "as_of_anew")
"""What the peers are asked for too."""

RATIOS = (
    Ratio("gthread: one claim, of constant Flask", "claim", GTHREAD, FLASK, 0.9),
    Ratio("gthread: one claim, of the limit", "claim", GTHREAD, BARE, 0.55),
    Ratio("gthread: one claim unchanged (304), of constant Flask", "known", GTHREAD, FLASK, 0.95),
    Ratio("gthread: 50 claims, of the limit", "claims", GTHREAD, BARE, 0.40),
    Ratio("gthread: an event's discrepancies, of the limit", "discrepancies", GTHREAD, BARE, 0.55),
    *(
        Ratio(f"shipped: {name}, of FastAPI and orjson", name, SHIPPED, SERVICE, 2.0 if name in LISTS else 1.0)
        for name in READ
    ),
    *(
        Ratio(f"shipped: {name}, of Datasette", name, SHIPPED, SERVED_TABLES, 10.0)
        for name in ("claim", "claims", "discrepancies", "question")
    ),
    *(Ratio(f"PostgreSQL: {name}, of SQLite", name, SHIPPED, ON_SQLITE, 0.7) for name in READ),
)

PATIENCE = 8.0
"""How many times as long as the usual answer the slowest of a hundred may take."""

SPREAD = 0.15
"""How far a ratio may be from that with a hundredth of the claims."""


def held(results: Results) -> list[Held]:
    """Hold what was asked over HTTP against every bar that it bears on."""
    ratios = [found for bar in RATIOS if (found := bar.held(results)) is not None]
    return [*ratios, *_patience(results), *_sizes(results), *_search(results)]


def _patience(results: Results) -> Iterator[Held]:
    for read, server, connections in results.rounds:
        if server == SHIPPED and connections == BUSY:
            found = results.within(read, server, BUSY, 99) / results.within(read, server, BUSY, 50)
            yield Held(
                f"shipped: {read}, p99 of p50 at {BUSY} connections ≤ {PATIENCE:g}", f"{found:.1f}", found <= PATIENCE
            )


def _sizes(results: Results) -> Iterator[Held]:
    for read in {read: None for read, server, _ in results.rounds if server == SMALL}:
        found = results.ratio(read, SHIPPED, SMALL, BUSY)
        promise = f"shipped: {read}, of the same with fewer claims, within {SPREAD:.0%}"
        yield Held(promise, f"{found:.2f}", found >= 1 - SPREAD)


SEARCH = 20.0
"""How many times as long as a read by its key 95 of a hundred searches may take."""


def _search(results: Results) -> Iterator[Held]:
    if results.has("search_anew", SHIPPED) and results.has("claim", SHIPPED):
        few = CONNECTIONS[0]
        found = results.within("search_anew", SHIPPED, few, 95) / results.within("claim", SHIPPED, few, 50)
        yield Held(f"shipped: p95 of search, of one claim's p50 ≤ {SEARCH:g}", f"{found:.1f}", found <= SEARCH)
