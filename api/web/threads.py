"""Threads: a few that stay, for what may take its time."""

import threading
from collections import deque
from collections.abc import Callable

Job = Callable[[], object]


class Threads:
    """So many threads, begun when they are needed; they keep nobody from ending the process.

    Each keeps what belongs to it, such as its connection to a database, from one job to the next. One that is lent to
    a long job is replaced for as long as that takes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._begun = self._idle = self._lent = 0

    def waiting(self) -> int:
        """Return how many jobs nobody has begun."""
        return len(self._jobs)

    def busy(self) -> bool:
        """Tell whether any job is being done or waits; what is answered may still have to be logged and counted."""
        with self._changed:
            return self._begun > self._idle or bool(self._jobs)

    def do(self, job: Job) -> None:
        """Have a job done; it must not raise."""
        with self._changed:
            self._jobs.append(job)
            self._see_to_it()

    def lend(self, most: int) -> bool:
        """Tell whether the job that asks may go on for as long as it takes; at most so many may at once."""
        with self._changed:
            may = self._lent < most
            self._lent += may
            self._see_to_it()
        return may

    def give_back(self) -> None:
        """End what `lend` allowed."""
        with self._changed:
            self._lent -= 1

    def _see_to_it(self) -> None:
        """Wake a thread for the latest job, or begin one."""
        if self._idle >= len(self._jobs):
            self._changed.notify()
        elif self._begun - self._lent < self._most:
            self._begun += 1
            threading.Thread(target=self._work, name=f"crosscheck-{self._begun}", daemon=True).start()

    def _work(self) -> None:
        while job := self._next():
            job()
            del job

    def _next(self) -> Job | None:
        """Wait for a job; return nothing when there are threads enough without this one."""
        with self._changed:
            while not self._jobs:
                if self._begun - self._lent > self._most:
                    self._begun -= 1
                    return None
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
            return self._jobs.popleft()
