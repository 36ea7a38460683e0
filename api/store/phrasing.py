"""Phrasing: SQL texts that are made once for each kind of database."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import ParamSpec, TypeVar

from api.store.db import db

Arguments = ParamSpec("Arguments")
Phrase = TypeVar("Phrase")

MOST = 1_000
"""Texts of one function that are kept."""


def by_dialect(phrase: Callable[Arguments, Phrase]) -> Callable[Arguments, Phrase]:
    """Keep what a function says, by its arguments and by the mark the bound database has for a parameter."""

    @lru_cache(MOST)
    def kept(mark: str, *arguments: Hashable) -> Phrase:
        return phrase(*arguments)  # type: ignore[arg-type, call-arg]

    def phrased(*arguments: Arguments.args, **_: Arguments.kwargs) -> Phrase:
        return kept(db.param, *arguments)

    return phrased
