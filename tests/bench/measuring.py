"""Measuring: every server asked the same in turn, round after round, so that what else the machine does hits all."""

import statistics
import urllib.error
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from tests.bench import load
from tests.bench.load import Load, Request
from tests.bench.servers import Server

CONNECTIONS = (2, 16)
WARM = 1.0
"""Seconds that a server is asked before anything counts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one server is asked in one of the reads."""

    read: str
    server: Server
    requests: Path


@dataclass(frozen=True, slots=True)
class Once:
    """What one round gave."""

    load: Load
    worked: float

    @property
    def cost(self) -> float:
        """Microseconds of processor time that the server's processes worked for an answer."""
        return self.worked * 1e6 / self.load.requests


@dataclass(slots=True)
class Results:
    """What every round gave, by read, server and connections."""

    rounds: dict[tuple[str, str, int], list[Once]] = field(default_factory=dict)

    def has(self, read: str, server: str) -> bool:
        return any(key[:2] == (read, server) for key in self.rounds)

    def of(self, read: str, server: str, connections: int) -> Sequence[Once]:
        return self.rounds[read, server, connections]

    def rate(self, read: str, server: str, connections: int) -> float:
        """Answers a second, the median of the rounds."""
        return statistics.median(once.load.rate for once in self.of(read, server, connections))

    def cost(self, read: str, server: str, connections: int) -> float:
        """Microseconds of processor time an answer, the median of the rounds."""
        return statistics.median(once.cost for once in self.of(read, server, connections))

    def within(self, read: str, server: str, connections: int, percent: int) -> float:
        """Microseconds within which that part of the answers came, the median of the rounds."""
        return statistics.median(getattr(once.load, f"p{percent}") for once in self.of(read, server, connections))

    def ratio(self, read: str, server: str, other: str, connections: int) -> float:
        """How many answers a server gives for each of another's, the median over rounds."""
        pairs = zip(self.of(read, server, connections), self.of(read, other, connections), strict=True)
        return statistics.median(one.load.rate / two.load.rate for one, two in pairs)

    def cost_ratio(self, read: str, server: str, other: str, connections: int) -> float:
        """What part of another's processor time a server takes for an answer, turned over: more is better."""
        pairs = zip(self.of(read, server, connections), self.of(read, other, connections), strict=True)
        return statistics.median(two.cost / one.cost for one, two in pairs)


def measured(asked: Sequence[Asked], rounds: int, seconds: float) -> Results:
    """Ask everybody everything, in turn, in every round; the first that each is asked does not count."""
    results = Results()
    steps = len(asked) * (1 + rounds * len(CONNECTIONS))
    with tqdm(total=steps, desc="measuring", unit="runs", leave=False, disable=None) as bar:
        for one in asked:
            load.send(one.server.port, one.requests, CONNECTIONS[-1], WARM, 0)
            bar.update()
        for number in range(rounds):
            for connections in CONNECTIONS:
                for one in asked:
                    before = one.server.worked
                    found = load.send(one.server.port, one.requests, connections, seconds, number + 1)
                    once = Once(found, one.server.worked - before)
                    results.rounds.setdefault((one.read, one.server.name, connections), []).append(once)
                    bar.update()
    return results


def answered(server: Server, requests: Sequence[Request]) -> Iterator[tuple[Request, bytes, Mapping[str, str]]]:
    """Yield the requests that a server has an answer to, with the answers."""
    for request in requests:
        try:
            if request.body:
                yield request, server.post(request.path, request.body), {}
            else:
                yield (request, *server.get(request.path))
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
