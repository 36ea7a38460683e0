"""Formats: one answer as JSON, as an aligned table for a terminal, as CSV, or as lines of JSON."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import abort
from marshmallow import Schema
from werkzeug.datastructures import MIMEAccept

from api import writers
from api.addresses import asked
from api.briefing import listing
from api.pagination import Page
from api.tables import TABLES, table
from api.timetable import entries, timetable
from schemas.pages import Format, OwnFormat

MEDIA_TYPES: dict[str | None, Format] = {
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

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell; such cells are written as text."""

Args = Mapping[str, Any]


def chosen(args: Args, noun: str = "") -> Format | OwnFormat:
    """Return the format asked for by `format`, else by the Accept header; answer 406 if there is none."""
    offered: dict[str | None, Format | OwnFormat] = {**MEDIA_TYPES, **writers.offered(noun)}
    if args.get("format") is not None:
        return next(form for form in offered.values() if form == args["format"])
    if not request.accept_mimetypes:
        return Format.JSON
    bare = MIMEAccept((writers.bare(kind), quality) for kind, quality in request.accept_mimetypes)
    best = bare.best_match([str(name) for name in offered])
    if best not in offered:
        abort(406, message=f"This can be had as {', '.join(map(str, offered))}.")
    return offered[best]


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
    return _respond(_rows(noun, rows, form).encode(), form)


def dumped(
    noun: str, schema: Schema, content: Any, args: Args, written: Callable[[Any], str] | None = None
) -> Response:
    """Answer what is worked out for this request."""
    return one(noun, orjson.dumps(schema.dump(content)).decode(), args, written)


def many(noun: str, page: Page, args: Args) -> Response:
    """Answer one page of a list."""
    form = chosen(args, noun)
    if isinstance(form, OwnFormat):
        content = {"items": [orjson.loads(item) for item in page.items], "next": page.next}
        body = writers.written(noun, form, content, asked(args.get("as_of")))
    elif form is Format.JSON:
        body = b'{"items":[' + ",".join(page.items).encode() + b'],"next":' + orjson.dumps(page.next) + b"}"
    else:
        body = _rows(noun, [orjson.loads(item) for item in page.items], form).encode()
        if form is Format.TEXT and page.next:
            body += f"\nmore: {page.next}\n".encode()
    response = _respond(body, form)
    if page.next:
        response.headers["Link"] = f'<{page.next}>; rel="next"'
    return response


def _respond(body: bytes, form: Format | OwnFormat) -> Response:
    response = Response(body, content_type=CONTENT_TYPES[form])
    response.headers["Vary"] = "Accept"
    return response


def _rows(noun: str, rows: Sequence[Any], form: Format) -> str:
    if form is Format.NDJSON:
        return "".join(f"{orjson.dumps(row).decode()}\n" for row in rows)
    columns = TABLES[noun]
    if form is Format.TEXT:
        return LISTINGS[noun](rows) if noun in LISTINGS else table(columns, rows)
    written = io.StringIO(newline="")
    sheet = csv.writer(written)
    sheet.writerow([column.name for column in columns])
    spread = SPREAD[noun](rows) if noun in SPREAD else rows
    sheet.writerows([[defused(column.text(row)) for column in columns] for row in spread])
    return written.getvalue()


def defused(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
