"""Pages: keyset pagination with opaque cursors that belong to their filter."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import request
from flask_smorest import abort
from peewee import ModelSelect

NOT_FILTERS = ("limit", "cursor", "format")

Row = tuple[str, str | Callable[[], str]]
"""The key a list is ordered by, and the representation or what works it out."""


@dataclass(frozen=True, slots=True)
class Page:
    """The representations of one page and the URL of the next one, or None."""

    items: tuple[str, ...]
    next: str | None


def page(rows: ModelSelect[Any] | Sequence[Row], args: Mapping[str, Any]) -> Page:
    """Cut one page out of a query, or out of rows in the order of their keys.

    A query selects its key first and the representation second. Answers 400 for a cursor that is not
    ours or belongs to another filter.
    """
    limit, filters = args["limit"], _fingerprint(args)
    after = _decode(args["cursor"], filters) if args["cursor"] else None
    found = _from_query(rows, after, limit + 1) if isinstance(rows, ModelSelect) else _from_rows(rows, after, limit + 1)
    shown = found[:limit]
    following = _url(_encode(shown[-1][0], filters)) if len(found) > limit else None
    return Page(tuple(text if isinstance(text, str) else text() for _, text in shown), following)


def _from_query(query: ModelSelect[Any], after: str | None, count: int) -> list[Row]:
    key = query.selected_columns[0]
    if after is not None:
        query = query.where(key > after)
    found: list[Row] = list(query.order_by(key).limit(count).tuples())
    return found


def _from_rows(rows: Sequence[Row], after: str | None, count: int) -> list[Row]:
    ordered = sorted(rows, key=lambda row: row[0])
    return [row for row in ordered if after is None or row[0] > after][:count]


def _fingerprint(args: Mapping[str, Any]) -> str:
    relevant = {name: str(value) for name, value in args.items() if name not in NOT_FILTERS and value is not None}
    return hashlib.sha256(orjson.dumps([request.path, relevant], option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def _encode(key: str, filters: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([filters, key])).decode().rstrip("=")


def _decode(cursor: str, filters: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        belongs_to, key = orjson.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error):
        _refuse(cursor, "a cursor taken from the `next` of an earlier page")
    if belongs_to != filters or not isinstance(key, str):
        _refuse(cursor, "a cursor of this list with these filters")
    return str(key)


def _refuse(cursor: str, expected: str) -> None:
    abort(400, errors=[{"field": "cursor", "sent": cursor[:20], "expected": expected}])


def _url(cursor: str) -> str:
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.base_url}?{urlencode([*given, ('cursor', cursor)])}"
