"""Metrics: what was asked, how it went and what is on record, as Prometheus reads it.

A request is counted in the memory of its process, which takes about a microsecond; once a second, and before they are
told, the counts are poured into files that all processes of the server share. Eight writes of 1.5 microseconds are due
for every way of asking then, instead of for every request. Labels are bounded: routes are those of the URL map, methods
those in use, statuses those of HTTP.
"""

from __future__ import annotations

import logging
import os
import threading
from bisect import bisect_left
from collections.abc import Iterator
from itertools import product

from peewee import PeeweeException
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.config import METRICS_FOLDER
from api.review import census
from api.store import timing
from api.store.db import db
from schemas.vocabulary import DiscrepancyKind

SHARED = METRICS_FOLDER in os.environ
"""Whether processes count together; the client looks once, when it is imported."""

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

EVERY = 1.0
"""Seconds from one pouring to the next: what a process that is killed may take with it."""

ROUTE = "crosscheck.route"
"""Where the environment of a request holds the route that answers it, as the description writes it."""

NO_ROUTE = "none"
"""What is asked for where nothing is, or is no HTTP."""

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

OTHER = "other"

TIMES = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: one claim takes less than the third, an export or a search among a million more than the tenth."""

REQUESTS = Counter("crosscheck_requests_total", "Requests answered.", ["route", "method", "status"], registry=None)
DURATION = Histogram(
    "crosscheck_request_duration_seconds",
    "From a request's first byte of ours to the last byte handed to the server.",
    ["route", "method"],
    registry=None,
    buckets=TIMES,
)
SENT = Counter("crosscheck_response_bytes_total", "Bytes of answers' bodies.", ["route"], registry=None)
DATABASE = Counter(
    "crosscheck_database_seconds_total", "Time requests waited for the database.", ["route"], registry=None
)
QUERIES = Counter(
    "crosscheck_database_queries_total", "Statements requests gave the database.", ["route"], registry=None
)
IN_FLIGHT = Gauge(
    "crosscheck_requests_in_flight", "Requests being answered.", registry=None, multiprocess_mode="livesum"
)
CONNECTIONS = Gauge(
    "crosscheck_database_connections",
    "Connections to the database: in use by a thread, or free in the pool.",
    ["state"],
    registry=None,
    multiprocess_mode="livesum",
)
CHOSEN = Counter(
    "crosscheck_database_reads",
    "How often a server was chosen to read from, where there are replicas.",
    ["server"],
    registry=None,
)
COUNTED = (REQUESTS, DURATION, SENT, DATABASE, QUERIES, IN_FLIGHT, CONNECTIONS, CHOSEN)
"""What is counted as requests come; 304s, 429s and failures are statuses of the first."""

log = logging.getLogger("crosscheck")


class Asked:
    """What was asked of one route by one method and answered with one status since the last pouring."""

    __slots__ = ("database", "queries", "seconds", "size", "times")

    def __init__(self) -> None:
        self.times = [0] * (len(TIMES) + 1)
        self.seconds = self.database = 0.0
        self.size = self.queries = 0


Key = tuple[str, str, str]
"""Route, method and status."""


class Tally:
    """The requests of this process that are not poured yet, and those being answered."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._rows: dict[Key, Asked] = {}
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Count a request that has come."""
        with self._lock:
            self.in_flight += 1

    def end(self, key: Key, seconds: float, size: int, database: float, queries: int) -> None:
        """Count one that was answered."""
        with self._lock:
            self.in_flight -= 1
            row = self._row(key)
            row.times[bisect_left(TIMES, seconds)] += 1
            row.seconds += seconds
            row.size += size
            row.database += database
            row.queries += queries

    def refused(self, status: int) -> None:
        """Count one that broke HTTP, so that nothing is known of it."""
        with self._lock:
            self._row((NO_ROUTE, OTHER, str(status))).times[0] += 1

    def taken(self) -> dict[Key, Asked]:
        """Return what was counted, and begin anew."""
        with self._lock:
            rows, self._rows = self._rows, {}
        return rows

    def _row(self, key: Key) -> Asked:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = Asked()
        return row


TALLY = Tally()

_pouring = threading.Lock()


def method_of(method: str) -> str:
    """Return a method as a label: anybody may make up names."""
    return method if method in METHODS else OTHER


def pour() -> None:
    """Put what this process has counted where all processes' counts are."""
    with _pouring:
        for (route, method, status), row in TALLY.taken().items():
            REQUESTS.labels(route, method, status).inc(sum(row.times))
            SENT.labels(route).inc(row.size)
            DATABASE.labels(route).inc(row.database)
            QUERIES.labels(route).inc(row.queries)
            _pour_times(DURATION.labels(route, method), row)
        IN_FLIGHT.set(TALLY.in_flight)
        if db.obj is not None:
            for state, counted in timing.connections(db.obj)._asdict().items():
                CONNECTIONS.labels(state).set(counted)
            for server, times in timing.chosen(db.obj).items():
                CHOSEN.labels(server).inc(times)


def _pour_times(durations: Histogram, row: Asked) -> None:
    """Add many observations at once; the client itself takes one at a time."""
    durations._sum.inc(row.seconds)
    for bucket, times in zip(durations._buckets, row.times, strict=True):
        if times:
            bucket.inc(times)


def keep_pouring() -> None:
    """Pour every second from now on; each process of a server calls it once."""
    threading.Thread(target=_pour_on, name="metrics", daemon=True).start()


def _pour_on() -> None:
    rest = threading.Event()
    while not rest.wait(EVERY):
        pour()


class Record(Collector):
    """The record, as the database has it when the metrics are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Tell how much is on record; where the database does not answer, that alone."""
        try:
            told = list(_on_record())
        except PeeweeException as error:
            log.warning("the record cannot be counted: %s", error)
            told = []
        yield GaugeMetricFamily("crosscheck_database_up", "Whether the database answers.", value=bool(told))
        yield from told


def _on_record() -> Iterator[GaugeMetricFamily]:
    found = census.census()
    yield GaugeMetricFamily("crosscheck_claims", "Claims on record, retracted ones too.", value=found.claims)
    yield GaugeMetricFamily("crosscheck_questions", "Questions that claims answer.", value=found.questions)
    open_ones = GaugeMetricFamily(
        "crosscheck_discrepancies", "Discrepancies that have not ended.", labels=["kind", "conflict"]
    )
    for kind, conflict in product(DiscrepancyKind, (False, True)):
        open_ones.add_metric([kind, str(conflict).lower()], found.discrepancies.get((kind, conflict), 0))
    yield open_ones
    yield GaugeMetricFamily("crosscheck_edition", "How often the record was changed.", value=found.edition.number)
    yield GaugeMetricFamily(
        "crosscheck_edition_timestamp_seconds", "When the record last changed.", value=found.edition.changed_at
    )
    yield GaugeMetricFamily(
        "crosscheck_review_due", "Whether conclusions may be those of other rules.", value=found.review_due
    )


def exposition() -> bytes:
    """Return every metric of every process, as Prometheus reads them."""
    pour()
    told = CollectorRegistry()
    if SHARED:
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]
    else:
        for metric in COUNTED:
            told.register(metric)
    told.register(Record())
    return generate_latest(told)
