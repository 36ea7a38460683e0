"""Rows: checked entries as the columns of their tables."""

from collections.abc import Callable
from typing import Any

import orjson

from api.engine.plausibility import figure
from api.engine.values import Value
from api.store.models import Document, Event, Place, Property, Resource, Source, Statement
from api.store.published import visibility
from schemas.vocabulary import ValueKind

Row = dict[str, Any]

NO_FIGURE = Value(ValueKind.POLARITY)
"""What the columns of a figure hold where a claim gives none."""


def packed_json(value: Any) -> str:
    """Write a list or mapping as the JSON text a column holds."""
    return orjson.dumps(value).decode()


def searchable(*texts: str) -> str:
    """Fold texts so that a search finds them whatever their case, in any script."""
    return " ".join(texts).casefold()


def _place_row(item: Row) -> Row:
    return {**item, "aliases": packed_json(item["aliases"])}


def _source_row(item: Row) -> Row:
    words = searchable(item["name"], *item["aliases"])
    return {**item, "kind": item["kind"].value, "aliases": packed_json(item["aliases"]), "words": words}


def _document_row(item: Row) -> Row:
    published = item["published"]
    day, instant = visibility(published["latest"])
    plain = {name: value for name, value in item.items() if name != "published"}
    return {
        **plain,
        "published_earliest": published["earliest"],
        "published_latest": published["latest"],
        "public_day": day,
        "public_instant": instant,
    }


def _property_row(item: Row) -> Row:
    packed = {name: packed_json(item[name]) for name in ("noun", "terms", "aliases", "also_part_of", "difference_of")}
    return {**item, **packed, "kind": item["kind"].value}


def _event_row(item: Row) -> Row:
    words = searchable(item["title"], item["summary"] or "", *item["aliases"])
    return {**item, "aliases": packed_json(item["aliases"]), "words": words}


def _statement_row(item: Row) -> Row:
    said = item["said_at"]
    plain = {name: value for name, value in item.items() if name != "said_at"}
    return {**plain, "said_earliest": said["earliest"], "said_latest": said["latest"]}


def claim_row(item: Row, unit: str | None) -> Row:
    """Return the columns of a claim, its interval worked out in the unit of its property."""
    value, scope, locator = item["value"], item["scope"], item["locator"]
    timed = value["kind"] is ValueKind.TIME
    worked = NO_FIGURE
    if value["kind"] is ValueKind.QUANTITY:
        worked = figure(value["qualifier"], value["amount"], value["low"], value["high"], unit)
    return {
        "id": item["id"],
        "place_in_list": f"{item['document']} {locator['start']:08d} {item['id']}",
        "event": item["event"],
        "property": item["property"],
        "document": item["document"],
        "statement": item["statement"],
        "origin": item["attribution"][-1]["source"] if item["attribution"] else None,
        "kind": value["kind"].value,
        "qualifier": worked.qualifier.value if worked.qualifier else None,
        "amount": worked.amount,
        "low": worked.low,
        "high": worked.high,
        "term": value["term"],
        "text": value["text"],
        "time_earliest": str(value["low"]) if timed and value["low"] is not None else None,
        "time_latest": str(value["high"]) if timed and value["high"] is not None else None,
        "scope_place": scope.get("place"),
        "population": scope.get("population"),
        "period": scope.get("period"),
        "counting": scope.get("counting"),
        "as_of_earliest": item["as_of"]["earliest"],
        "as_of_latest": item["as_of"]["latest"],
        "stance": item["stance"].value,
        "status": item["status"].value,
        "causes": packed_json(item["causes"]),
        "reckoned": packed_json(item["reckoned"]),
        "span_start": locator["start"],
        "span_end": locator["end"],
        "exact": locator["exact"],
        "words": searchable(locator["exact"]),
        "note": item["note"],
    }


NOUNS: tuple[tuple[str, type[Resource], Callable[[Row], Row], str | None], ...] = (
    ("places", Place, _place_row, "within"),
    ("sources", Source, _source_row, "part_of"),
    ("documents", Document, _document_row, None),
    ("properties", Property, _property_row, "part_of moves_to"),
    ("statements", Statement, _statement_row, "follows"),
    ("events", Event, _event_row, "parent"),
)
"""Each noun with its table, how an entry becomes a row, and which fields refer to its own kind."""
