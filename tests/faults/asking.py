"""Asking a server again and again while something befalls it, and noting what its clients see."""

import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from itertools import cycle

BOUND = 12
"""Seconds within which whoever asks has an answer, whatever happens."""

PATIENCE = 60
"""Seconds after which a server that does not answer as it should never will; only a failing run waits that long."""

Answer = tuple[int, dict[str, str], float]


def asked(url: str) -> Answer:
    """The status, headers and seconds of an answer."""
    begun = time.monotonic()
    try:
        answer: HTTPResponse | urllib.error.HTTPError = urllib.request.urlopen(url, timeout=PATIENCE)  # noqa: S310 — an address of the server under test
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        answer.read()
        return answer.status or 0, dict(answer.headers), time.monotonic() - begun


class Seen:
    """What clients saw: how often which status, and whatever no client should see."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []

    def ask(self, url: str) -> None:
        """Ask once, and note it."""
        try:
            status, headers, seconds = asked(url)
        except (OSError, HTTPException) as error:
            self.wrong.append(f"{url}: {error!r}")
            return
        self.statuses[status] += 1
        if seconds > BOUND:
            self.wrong.append(f"{url}: {seconds:.1f} seconds")
        if status != 200 and (status != 503 or "Retry-After" not in headers):
            self.wrong.append(f"{url}: {status} {headers}")
        if status == 503 and headers["Content-Type"] != "application/problem+json":
            self.wrong.append(f"{url}: {headers['Content-Type']}")


@contextmanager
def being_asked(url: str, paths: Sequence[str], clients: int = 4) -> Iterator[Seen]:
    """Have a server asked for as long as a `with` lasts."""
    seen, over = Seen(), threading.Event()

    def go_on() -> None:
        for path in cycle(paths):
            if over.is_set():
                return
            seen.ask(f"{url}{path}")

    threads = [threading.Thread(target=go_on) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def until(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def until_answered(url: str, status: int = 200) -> None:
    """Wait until a server answers as it should."""
    until(lambda: asked(url)[0] == status)
