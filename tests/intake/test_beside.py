"""Beside: what another process makes arrives here in order, and so does what it fails by."""

import os
from collections.abc import Iterator

import pytest

from api.intake.beside import MakerEndedError, made_beside


def counted(to: int, what: str = "") -> Iterator[tuple[int, str, int]]:
    for number in range(to):
        yield number, what, os.getpid()


def failing(after: int) -> Iterator[int]:
    yield from range(after)
    raise ValueError("that is no number")


def ending(after: int) -> Iterator[int]:
    yield from range(after)
    os._exit(1)


def endless() -> Iterator[bytes]:
    while True:
        yield bytes(1 << 20)


def test_what_is_made_in_another_process_arrives_in_order() -> None:
    made = list(made_beside(counted, 3, what="so"))
    assert [(number, what) for number, what, _ in made] == [(0, "so"), (1, "so"), (2, "so")]
    assert {process for _, _, process in made} != {os.getpid()}


def test_nothing_is_made() -> None:
    assert list(made_beside(counted, 0)) == []


def test_what_it_fails_by_is_raised_after_what_was_made() -> None:
    made = made_beside(failing, 1)
    assert next(made) == 0
    with pytest.raises(ValueError, match="that is no number"):
        next(made)


def test_a_process_that_is_gone_is_no_end() -> None:
    made = made_beside(ending, 0)
    with pytest.raises(MakerEndedError):
        next(made)


def test_who_makes_ends_with_who_takes() -> None:
    made = made_beside(endless)
    assert len(next(made)) == 1 << 20
    made.close()
