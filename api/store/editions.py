"""Editions: how often the record was changed and when last, kept in the transaction of every write."""

from typing import NamedTuple

from api.store.db import reopened, row, stood_at


class Edition(NamedTuple):
    """A state of the record; `changed_at` is the whole second, since 1970, by which the change was over."""

    number: int
    changed_at: int


UNCHANGED = Edition(0, 0)
"""The edition of what no change of the record bears on."""


def edition() -> Edition:
    """Return the present edition; read it before what it stands for, so that it is never newer than that."""
    reopened()
    stood = stood_at()
    if stood is not None:
        return Edition(*stood)
    found = row("SELECT number, changed_at FROM edition")
    return Edition(*found) if found is not None else UNCHANGED
