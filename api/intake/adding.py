"""Adding: rows that are not on record yet, many at a time, each as it will be served."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from marshmallow import Schema

from api.intake.rows import Row, claim_row
from api.review.changes import claim_entries
from api.store import bulk
from api.store.bulk import among
from api.store.changes import Entry, log
from api.store.indexing import add_entries, claim_entry
from api.store.models import (
    Attribution,
    Claim,
    ClaimRevision,
    Document,
    Place,
    Property,
    Record,
    Resource,
    Source,
)
from api.store.rendering import (
    CLAIM,
    DOCUMENT,
    PLACE,
    PROPERTY,
    SOURCE,
    claim_row_fields,
    document_fields,
    dumped,
    place_fields,
    property_fields,
    source_fields,
    written_as,
)

UNRENDERED = "{}"
"""The representation of a row that has yet to be rendered."""

SHARED: dict[type[Resource], tuple[Schema, Callable[[Any], Row]]] = {
    Place: (PLACE, place_fields),
    Source: (SOURCE, source_fields),
    Property: (PROPERTY, property_fields),
    Document: (DOCUMENT, document_fields),
}
"""Nouns whose representation needs no claims; on a document that is new there are no findings."""

STATE = ("revision", "recorded_at", "representation")
"""Columns of a claim that each of its revisions has as well."""

FIGURES = ("amount", "low", "high")
"""Columns of a claim that are read back as numbers with a fraction, whatever was written."""


def add(model: type[Resource], rows: Sequence[Row], now: str) -> None:
    """Add rows of a noun other than claims, in this order."""
    begun = model().__data__  # what a row begins with that a folder says nothing of
    whole = [{**begun, **row, "revision": 1, "recorded_at": now} for row in rows]
    _insert(model, [{**row, "representation": _rendered(model, row)} for row in whole])


def _rendered(model: type[Resource], row: Row) -> str:
    if model not in SHARED:
        return UNRENDERED
    schema, fields = SHARED[model]
    return dumped(schema, fields(model(**row)))


def add_claims(items: Sequence[Row], units: Mapping[str, str | None], now: str) -> list[Row]:
    """Add checked claims with their chains, keep their state, log and index them, and return their rows.

    `units` has the unit of each property.
    """
    out = _out(item["document"] for item in items)
    rows: list[Row] = []
    links: list[Row] = []
    entries: list[Entry] = []
    for item in items:
        unit = units[item["property"]]
        row, chain = _claim(item, unit, now), [_link(link) for link in item["attribution"]]
        shown, row["representation"] = written_as(CLAIM, claim_row_fields(row, unit, chain))
        rows.append(row)
        links.extend({"claim": row["id"], "position": position, **link} for position, link in enumerate(chain))
        entries.extend(claim_entries(None, shown))
    _insert(Claim, rows)
    _insert(Attribution, links)
    _insert(ClaimRevision, [{"claim": row["id"], **{name: row[name] for name in STATE}} for row in rows])
    log(entries)
    add_entries(Claim, [claim_entry(row["id"], row["exact"], row["event"], *out[row["document"]]) for row in rows])
    return rows


def _out(documents: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the day or the instant at which each document was out."""
    names = list(dict.fromkeys(documents))
    rows = among(Document.id, names, Document.id, Document.public_day, Document.public_instant)
    return {name: (day, instant) for name, day, instant in rows}


def _claim(item: Row, unit: str | None, now: str) -> Row:
    row = claim_row(item, unit)
    for name in FIGURES:
        if row[name] is not None:
            row[name] = float(row[name])
    return {**row, "revision": 1, "recorded_at": now}


def _link(link: Row) -> Row:
    return {**link, "role": link["role"].value}


def _insert(model: type[Record], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        bulk.insert(model, [getattr(model, name) for name in rows[0]], list(map(itemgetter(*rows[0]), rows)))
