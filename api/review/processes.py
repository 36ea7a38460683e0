"""Processes: batches of events worked out side by side; what comes of them is handed back to be written by one.

Each process is started afresh (spawn): a forked one would share the connection to the database and the threads of
its parent. It is spoken to through a pipe of its own, so that it ends when its parent does, however that ends.
"""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from peewee import OperationalError, PeeweeException

from api.collecting import collect_seldom
from api.review.drafting import Draft
from api.review.working_out import work_out
from api.store import db as store


class ProcessEnded(Exception):
    """A process ended before its work was done."""


class Order(NamedTuple):
    """Events to be worked out: as of which turn of the record, at what time, and whether by other rules than before."""

    events: list[str]
    turn: int
    now: str
    by_rules: bool


def drafted(order: Order) -> Draft:
    """Work an order out in this process."""
    draft = Draft(order.now, order.by_rules)
    work_out(order.events, draft)
    return draft


class Crew:
    """Processes that work orders out; use it in a `with`."""

    def __init__(self, url: str, count: int) -> None:
        self.url, self.count = url, count
        self.lines: dict[Connection, Any] = {}

    def __enter__(self) -> "Crew":
        context = multiprocessing.get_context("spawn")
        for _ in range(self.count):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(self.url, there), daemon=True)
            process.start()
            there.close()
            self.lines[here] = process
        return self

    def __exit__(self, *_: object) -> None:
        for line, process in self.lines.items():
            line.close()
            process.terminate()
            process.join()

    def work(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Draft]]:
        """Yield each order with what came of it, in the order they are ready; no more are given out than are at work.

        Raises OperationalError where a process cannot read the database, and ProcessEnded where one is gone.
        """
        waiting, at_work = iter(orders), dict[Connection, Order]()
        for line in self.lines:
            _give(line, next(waiting, None), at_work)
        while at_work:
            ready = set(map(id, wait(list(at_work))))
            for line in [line for line in at_work if id(line) in ready]:
                done, draft = at_work.pop(line), _received(line)
                _give(line, next(waiting, None), at_work)
                yield done, draft


def _give(line: Connection, order: Order | None, at_work: dict[Connection, Order]) -> None:
    if order is not None:
        at_work[line] = order
        with _minding_the_end():
            line.send(order)


@contextmanager
def _minding_the_end() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError):
        raise ProcessEnded("a process ended before its work was done") from None


def _received(line: Connection) -> Draft:
    with _minding_the_end():
        answer = line.recv()
    if not isinstance(answer, Draft):
        raise OperationalError(str(answer))
    return answer


def _serve(url: str, line: Connection) -> None:
    """Work orders out until the pipe is closed; an interrupt is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    with suppress(EOFError, BrokenPipeError):
        while True:
            order = line.recv()
            try:
                if store.db.obj is None:
                    store.bind(url)
                line.send(drafted(order))
            except (PeeweeException, store.DatabaseRefused) as error:
                line.send(str(error))
