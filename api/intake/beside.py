"""Beside: what one process makes, another one writes meanwhile.

The one that makes is started afresh (spawn), as a forked one would share the connection to the database. It is listened
to through a pipe, which holds it up when it is far ahead, and ends it when the one that writes is gone.
"""

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from api.collecting import collect_seldom

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


class MakerEndedError(Exception):
    """The process that makes things ended before it was done."""


def made_beside(
    make: Callable[Arguments, Iterator[Made]], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Generator[Made, None, None]:
    """Yield what a function yields in a process of its own; raises what the function raises there."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(there, make, arguments, named), daemon=True)
    process.start()
    there.close()
    try:
        goes_on, made = _received(here)
        while goes_on:
            yield made
            goes_on, made = _received(here)
    finally:
        here.close()
        process.join()
    if made is not None:
        raise made


def _received(line: Connection) -> tuple[bool, Any]:
    """Return whether it goes on, and what comes next: something made, or at the end what the other one failed by."""
    try:
        received: tuple[bool, Any] = line.recv()
    except (EOFError, OSError):
        raise MakerEndedError("a process that worked for this one ended before it was done") from None
    return received


def _make(line: Connection, make: Callable[..., Iterator[Any]], arguments: Any, named: Any) -> None:
    """Send what is made until there is no more, or nobody who takes it; an interrupt is the other one's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    failed = None
    with suppress(BrokenPipeError):
        try:
            for made in make(*arguments, **named):
                line.send((True, made))
        except Exception as error:
            failed = error
        line.send((False, failed))
