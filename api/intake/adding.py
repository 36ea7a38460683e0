"""Adding: rows that are not on record yet, many at a time, each as it will be served."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from marshmallow import Schema

from api.intake.rows import Row, claim_row
from api.review.changes import claim_entries
from api.store import bulk
from api.store.changes import log
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
    claim_fields,
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


def add_claims(items: Sequence[Row], properties: Mapping[str, Property], now: str) -> list[Claim]:
    """Add checked claims with their chains, keep their state, log them, and return them."""
    claims = [_claim(item, properties[item["property"]], now) for item in items]
    links = [list(_links(item)) for item in items]
    shown = [written_as(CLAIM, claim_fields(claim, linked)) for claim, linked in zip(claims, links, strict=True)]
    for claim, (_, text) in zip(claims, shown, strict=True):
        claim.representation = text
    _insert(Claim, [claim.__data__ for claim in claims])
    _insert(Attribution, [link.__data__ for link in chain.from_iterable(links)])
    _insert(ClaimRevision, [_state(claim) for claim in claims])
    log([entry for fields, _ in shown for entry in claim_entries(None, fields)])
    return claims


def _claim(item: Row, prop: Property, now: str) -> Claim:
    row = claim_row(item, prop.unit)
    figures = {name: None if row[name] is None else float(row[name]) for name in FIGURES}
    return Claim(**{**row, **figures, "property": prop, "revision": 1, "recorded_at": now})


def _links(item: Row) -> Iterator[Attribution]:
    for position, link in enumerate(item["attribution"]):
        yield Attribution(
            claim=item["id"],
            position=position,
            source=link["source"],
            role=link["role"].value,
            channel=link["channel"],
            inferred=link["inferred"],
        )


def _state(claim: Claim) -> Row:
    """Return the first of a claim's revisions."""
    known = {name: getattr(claim, name) for name in ("revision", "recorded_at", "representation")}
    return {"claim": claim.id, **known}


def _insert(model: type[Record], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        names = list(rows[0])
        bulk.insert(
            model, [getattr(model, name) for name in names], [tuple(row[name] for name in names) for row in rows]
        )
