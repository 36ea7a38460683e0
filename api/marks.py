"""Marks: where in the log of changes a reader has come to, as a cursor that belongs to its filters."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlencode

import orjson
from flask import request
from flask_smorest import abort

from api.addresses import here
from api.cursors import Forged, Malformed, not_ours, opened, sealed

NO_FILTERS = frozenset({"limit", "since", "cursor", "format", "include"})
"""Parameters that may change from one answer to the next."""


def mark(name: str, args: Mapping[str, Any]) -> list[str]:
    """Return what the cursor in a parameter holds; answers 400 for one that is not ours or of other filters."""
    cursor = args[name]
    try:
        belongs_to, *content = opened(cursor)
    except (Malformed, ValueError):
        _refuse(name, cursor, "a cursor taken from the `next` of an earlier answer")
    except Forged:
        not_ours(name, cursor)
    if belongs_to != _filters(args):
        _refuse(name, cursor, "a cursor of this path with these filters")
    return [str(part) for part in content]


def url(name: str, content: Sequence[str], args: Mapping[str, Any], address: str | None = None) -> str:
    """Return the address of what was asked for, or of another one, from this mark on."""
    given = [(known, value) for known, value in request.args.items(multi=True) if known != name]
    cursor = sealed([_filters(args), *content])
    return f"{address or here()}?{urlencode([*given, (name, cursor)])}"


def _filters(args: Mapping[str, Any]) -> str:
    relevant = {name: str(value) for name, value in args.items() if name not in NO_FILTERS and value is not None}
    return hashlib.sha256(orjson.dumps([request.path, relevant], option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def _refuse(name: str, cursor: str, expected: str) -> NoReturn:
    abort(400, errors=[{"field": name, "sent": cursor[:20], "expected": expected}])
    raise AssertionError
