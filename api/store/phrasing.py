"""Phrasing: SQL texts that are made once for each kind of database."""

from collections.abc import Callable, Hashable
from functools import cache
from typing import ParamSpec

from api.store.db import db

Arguments = ParamSpec("Arguments")


def by_dialect(phrase: Callable[Arguments, str]) -> Callable[Arguments, str]:
    """Keep what a function says, by its arguments and by the mark the bound database has for a parameter."""

    @cache
    def kept(mark: str, *arguments: Hashable) -> str:
        return phrase(*arguments)  # type: ignore[arg-type, call-arg]

    def phrased(*arguments: Arguments.args, **_: Arguments.kwargs) -> str:
        return kept(db.param, *arguments)

    return phrased
