"""Pages: keyset pagination with opaque cursors that belong to their list, its filters and its order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import urlencode

import orjson
from flask import request
from flask_smorest import abort

from api.addresses import here
from api.cursors import Forged, Malformed, not_ours, opened, sealed
from api.store.bulk import portions
from api.store.keyset import Found, Position, Rows, steps, texts, total
from schemas.pages import USUAL_PAGE

NOT_FILTERS = frozenset({"limit", "cursor", "format", "fields", "include", "count"})
"""Parameters that choose no items and no order: they may change from page to page."""

AT_ONCE = 500
"""Items of a whole list that are written at once."""


class Page:
    """A part of a list: what one page holds, or everything from its cursor on. It is read when it is needed."""

    def __init__(self, rows: Rows, args: Mapping[str, Any]) -> None:
        self._rows, self._sort = rows, args.get("sort")
        self._limit: int | None = args["limit"]
        self._list = fingerprint(request.path, args)
        self._after = _position(args["cursor"], self._list) if args["cursor"] else None

    @property
    def sized(self) -> bool:
        """Whether a number of items was asked for."""
        return self._limit is not None

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The representations of one page."""
        return texts(self._rows, self._found[: self._limit or USUAL_PAGE])

    @cached_property
    def next(self) -> str | None:
        """The URL of the next page, if there is one."""
        limit = self._limit or USUAL_PAGE
        if len(self._found) <= limit:
            return None
        return _url(following(self._list, self._found[limit - 1]))

    @property
    def first(self) -> str:
        """The URL of the first page."""
        return _url(None)

    @cached_property
    def total(self) -> int:
        """How many items all pages hold."""
        return total(self._rows)

    def portions(self) -> Iterator[tuple[str, ...]]:
        """Yield the representations of the list from the cursor on, a portion at a time.

        Each is read behind the last one, in no transaction: a slow reader keeps nothing from being written, and what
        is on record all the while comes exactly once.
        """
        for found in steps(self._rows, self._sort, self._after):
            for some in portions(found, AT_ONCE):
                yield texts(self._rows, some)

    @cached_property
    def _found(self) -> list[Found]:
        return _next(self._rows, self._sort, self._after, (self._limit or USUAL_PAGE) + 1)


def page(rows: Rows, args: Mapping[str, Any]) -> Page:
    """Return the part of a list that is asked for; answers 400 for a cursor that is not ours or of another list."""
    return Page(rows, args)


def beginning(rows: Rows, sort: str | None, limit: int) -> tuple[tuple[str, ...], bool]:
    """Return the first representations of a list, and whether there are more; outside of any request."""
    found = _next(rows, sort, None, limit + 1)
    return texts(rows, found[:limit]), len(found) > limit


def _next(rows: Rows, sort: str | None, after: Position | None, wanted: int) -> list[Found]:
    found: list[Found] = []
    for step in steps(rows, sort, after, wanted):
        found += step
        if len(found) >= wanted:
            break
    return found[:wanted]


def fingerprint(path: str, args: Mapping[str, Any]) -> str:
    """Return what tells a list, its filters and its order from any other."""
    relevant = {name: str(value) for name, value in args.items() if name not in NOT_FILTERS and value is not None}
    return hashlib.sha256(orjson.dumps([path, relevant], option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def following(listed: str, last: Sequence[Any], key: str | None = None) -> str:
    """Return the cursor of the page behind the one that ends with a row: what it is sorted by, and its tie."""
    return sealed([listed, *last[:2]], key)


def _position(cursor: str, asked: str) -> Position:
    try:
        belongs_to, value, tie = opened(cursor)
    except (Malformed, ValueError):
        _refuse(cursor, "a cursor taken from the `next` of an earlier page")
    except Forged:
        not_ours("cursor", cursor)
    if belongs_to != asked:
        _refuse(cursor, "a cursor of this list with these filters, this order and this as_of")
    return Position(value, str(tie))


def _refuse(cursor: str, expected: str) -> NoReturn:
    abort(400, errors=[{"field": "cursor", "sent": cursor[:20], "expected": expected}])
    raise AssertionError


def _url(cursor: str | None) -> str:
    return address(here(), request.args.items(multi=True), cursor)


def address(here: str, given: Iterable[tuple[str, str]], cursor: str | None) -> str:
    """Return the URL of a page of the list that was asked for here, with what was given."""
    kept = [(name, value) for name, value in given if name != "cursor"]
    if cursor is not None:
        kept.append(("cursor", cursor))
    return f"{here}?{urlencode(kept)}" if kept else here
