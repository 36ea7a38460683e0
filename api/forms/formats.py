"""Formats: one answer as JSON, as an aligned table for a terminal, as CSV, or as lines of JSON."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import abort
from marshmallow import Schema
from werkzeug.datastructures import MIMEAccept

from api.addresses import asked
from api.forms import sheets, sparse, writers
from api.forms.briefing import listing
from api.forms.negotiation import preferred
from api.forms.tables import TABLES, Column, table
from api.forms.timetable import entries, timetable
from api.pagination import Page
from api.review.neighbours import TooMany, included
from api.store.reading import reading
from schemas.pages import Format, OwnFormat

MEDIA_TYPES: dict[str, Format] = {
    "application/json": Format.JSON,
    "text/plain": Format.TEXT,
    "text/csv": Format.CSV,
    "application/x-ndjson": Format.NDJSON,
}

CONTENT_TYPES: dict[Format | OwnFormat, str] = {
    Format.JSON: "application/json",
    Format.TEXT: "text/plain; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.NDJSON: "application/x-ndjson",
    **writers.CONTENT_TYPES,
}

LISTINGS: dict[str, Callable[[Sequence[Any]], str]] = {"discrepancies": listing, "timelines": timetable}
"""Nouns that a terminal shows better in blocks than in a table."""

SPREAD: dict[str, Callable[[Sequence[Any]], Sequence[Any]]] = {"timelines": entries}
"""Nouns whose items take several rows of a sheet each."""

WHOLE = (Format.CSV, Format.NDJSON)
"""Formats that give a whole list, row by row, unless a number of items is asked for."""

COUNTED = "Total-Count"
"""The header that tells how many items all pages hold."""

Args = Mapping[str, Any]


def chosen(args: Args, noun: str = "") -> Format | OwnFormat:
    """Return the format asked for by `format`, else by the Accept header; answer 406 if there is none."""
    offered = _offered(noun)
    if args.get("format") is not None:
        return next(form for form in offered.values() if form == args["format"])
    best = accepted(noun, request.accept_mimetypes)
    if best is None:
        abort(406, message=f"This can be had as {', '.join(offered)}.")
        raise AssertionError
    return best


def accepted(noun: str, kinds: MIMEAccept) -> Format | OwnFormat | None:
    """Return the format that an Accept header wants most; None if it wants none of those there are."""
    if not kinds:
        return Format.JSON
    offered = _offered(noun)
    best = preferred(((writers.bare(kind), quality) for kind, quality in kinds), tuple(offered))
    return offered[best] if best is not None else None


def _offered(noun: str) -> dict[str, Format | OwnFormat]:
    return {**MEDIA_TYPES, **writers.offered(noun)}


def one(noun: str, text: str, args: Args, written: Callable[[Any], str] | None = None) -> Response:
    """Answer one resource from its JSON text; `written` words it for a terminal."""
    form = chosen(args, noun)
    if form is Format.JSON:
        return _respond(text.encode(), form)
    content = orjson.loads(text)
    if isinstance(form, OwnFormat):
        return _respond(writers.written(noun, form, content, asked(args.get("as_of"))), form)
    if form is Format.TEXT and written is not None:
        return _respond(written(content).encode(), form)
    rows = content.get("items", [content])
    return _respond(_rows(noun, rows, form, None), form)


def dumped(
    noun: str, schema: Schema, content: Any, args: Args, written: Callable[[Any], str] | None = None
) -> Response:
    """Answer what is worked out for this request."""
    return one(noun, orjson.dumps(schema.dump(content)).decode(), args, written)


def many(noun: str, page: Page, args: Args) -> Response:
    """Answer one page of a list, or the whole of it in a format that is read row by row.

    What has no place beside the items of a format is left out of it: the neighbours in all but JSON.
    """
    form, names = chosen(args, noun), args.get("fields")
    if form is Format.JSON:
        body = _enveloped(noun, page, args)
    elif isinstance(form, OwnFormat):
        content = {"items": [orjson.loads(item) for item in page.items], "next": page.next}
        body = writers.written(noun, form, content, asked(args.get("as_of")))
    elif form in WHOLE and not page.sized:
        return _counted(_respond(_whole(noun, page, form, names), form), page, args)
    else:
        body = _rows(noun, [orjson.loads(item) for item in page.items], form, names)
        if form is Format.TEXT and page.next:
            body += f"\nmore: {page.next}\n".encode()
    response = _respond(body, form)
    following = [f'<{page.next}>; rel="next"'] if page.next else []
    response.headers["Link"] = ", ".join((*following, f'<{page.first}>; rel="first"'))
    return _counted(response, page, args)


def _counted(response: Response, page: Page, args: Args) -> Response:
    if args.get("count") is not None:
        response.headers[COUNTED] = str(page.total)
    return response


def _enveloped(noun: str, page: Page, args: Args) -> bytes:
    """Write a page with what was asked for beside it; all of it is of one state of the record."""
    if args.get("count") is None and not args.get("include"):
        return b"{" + _members(page, args, page.items) + b"}"
    with reading():
        members = [_members(page, args, page.items)]
        if args.get("count") is not None:
            members.append(b'"total":%d' % page.total)
        if args.get("include"):
            members.append(b'"included":' + _included(noun, page, args))
    return b"{" + b",".join(members) + b"}"


def _members(page: Page, args: Args, items: Iterable[str]) -> bytes:
    if args.get("fields"):
        items = _sparse(items, args["fields"])
    return b'"items":[' + ",".join(items).encode() + b'],"next":' + orjson.dumps(page.next)


def _included(noun: str, page: Page, args: Args) -> bytes:
    items = [orjson.loads(item) for item in page.items]
    try:
        found = included(noun, items, args["include"], args.get("as_of"))
    except TooMany as error:
        expected = f"no more of {error} than an answer holds; take smaller pages, or the list of {error}"
        abort(422, errors=[{"field": "include", "sent": ",".join(args["include"]), "expected": expected}])
    return orjson.dumps(
        {kind: {name: orjson.Fragment(text) for name, text in known.items()} for kind, known in found.items()}
    )


def _sparse(items: Iterable[str], names: Sequence[str]) -> Iterator[str]:
    wanted = sparse.tree(names)
    return (orjson.dumps(sparse.picked(orjson.loads(item), wanted)).decode() for item in items)


def _whole(noun: str, page: Page, form: Format, names: Sequence[str] | None) -> Iterator[bytes]:
    """Write a list portion by portion.

    What fails before the first portion is answered as any failure is. What fails later ends the connection before the
    body is at its end, so that no client takes a part for the whole.
    """
    portions = page.portions()
    begun = chain([next(portions, ())], portions)
    return _lines(begun, names) if form is Format.NDJSON else _sheet(noun, begun, names)


def _lines(portions: Iterable[Sequence[str]], names: Sequence[str] | None) -> Iterator[bytes]:
    for items in portions:
        yield "".join(f"{item}\n" for item in (_sparse(items, names) if names else items)).encode()


def _sheet(noun: str, portions: Iterable[Sequence[str]], names: Sequence[str] | None) -> Iterator[bytes]:
    columns = _columns(noun, names)
    yield sheets.heading(columns).encode()
    for items in portions:
        yield sheets.sheet(columns, _spread(noun, [orjson.loads(item) for item in items], names)).encode()


def _respond(body: bytes | Iterator[bytes], form: Format | OwnFormat) -> Response:
    response = Response(body, content_type=CONTENT_TYPES[form])
    response.headers["Vary"] = "Accept"
    return response


def _rows(noun: str, rows: Sequence[Any], form: Format, names: Sequence[str] | None) -> bytes:
    if form is Format.NDJSON:
        wanted = sparse.tree(names or ())
        return b"".join(orjson.dumps(sparse.picked(row, wanted)) + b"\n" for row in rows)
    columns = _columns(noun, names)
    if form is Format.TEXT:
        return (LISTINGS[noun](rows) if noun in LISTINGS and not names else table(columns, rows)).encode()
    return (sheets.heading(columns) + sheets.sheet(columns, _spread(noun, rows, names))).encode()


def _columns(noun: str, names: Sequence[str] | None) -> Sequence[Column]:
    return [sparse.column(name) for name in names] if names else TABLES[noun]


def _spread(noun: str, rows: Sequence[Any], names: Sequence[str] | None) -> Sequence[Any]:
    return SPREAD[noun](rows) if noun in SPREAD and not names else rows
