"""Rendering: each row as the contract gives it, dumped by its schema once per change."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from marshmallow import Schema

from api.store.models import Attribution, Claim, Document, Event, Place, Property, Source, Statement
from schemas.claims import ClaimSchema
from schemas.documents import DocumentSchema
from schemas.dumping import dumper
from schemas.events import EventSchema, PlaceSchema
from schemas.properties import PropertySchema
from schemas.sources import SourceSchema
from schemas.statements import StatementSchema
from schemas.vocabulary import ValueKind

CLAIM, DOCUMENT, EVENT, PLACE = ClaimSchema(), DocumentSchema(), EventSchema(), PlaceSchema()
PROPERTY, SOURCE, STATEMENT = PropertySchema(), SourceSchema(), StatementSchema()

Fields = dict[str, Any]


def dumped(schema: Schema, fields: Mapping[str, Any]) -> str:
    """Return the JSON text of one resource."""
    return written_as(schema, fields)[1]


def written_as(schema: Schema, fields: Mapping[str, Any]) -> tuple[Fields, str]:
    """Return one resource as the contract gives it, and its JSON text."""
    given = dumper(schema)(fields)
    return given, orjson.dumps(given).decode()


def whole(number: float | None) -> int | float | None:
    """Give back a count as the whole number it is."""
    return int(number) if number is not None and number.is_integer() else number


def place_fields(place: Place) -> Fields:
    """Return the fields of a place."""
    return {
        "id": place.id,
        "name": place.name,
        "within": place.within_id,
        "aliases": orjson.loads(place.aliases),
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def source_fields(source: Source) -> Fields:
    """Return the fields of a source."""
    return {
        "id": source.id,
        "name": source.name,
        "aliases": orjson.loads(source.aliases),
        "kind": source.kind,
        "part_of": source.part_of_id,
        "side": source.side,
    }


def document_fields(document: Document, findings: Iterable[Fields] = ()) -> Fields:
    """Return the fields of a document."""
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "url": document.url,
        "language": document.language,
        "published": {"earliest": document.published_earliest, "latest": document.published_latest},
        "sha256": document.sha256,
        "length": document.length,
        "note": document.note,
        "findings": list(findings),
    }


def property_fields(prop: Property) -> Fields:
    """Return the fields of a property."""
    return {
        "id": prop.id,
        "label": prop.label,
        "kind": prop.kind,
        "unit": prop.unit,
        "accumulates": prop.accumulates,
        "exclusive": prop.exclusive,
        "constant": prop.constant,
        "additive": prop.additive,
        "part_of": prop.part_of_id,
        "also_part_of": orjson.loads(prop.also_part_of),
        "moves_to": prop.moves_to_id,
        "difference_of": orjson.loads(prop.difference_of),
        "noun": orjson.loads(prop.noun),
        "vocabulary": prop.vocabulary,
        "terms": orjson.loads(prop.terms),
        "aliases": orjson.loads(prop.aliases),
    }


def statement_fields(statement: Statement, claims: Iterable[str] = ()) -> Fields:
    """Return the fields of a statement."""
    return {
        "id": statement.id,
        "source": statement.source_id,
        "channel": statement.channel,
        "said_at": {"earliest": statement.said_earliest, "latest": statement.said_latest},
        "follows": statement.follows_id,
        "corrects": statement.corrects,
        "note": statement.note,
        "claims": list(claims),
    }


def event_fields(event: Event, place: Place | None, counts: Mapping[str, int]) -> Fields:
    """Return the fields of an event."""
    return {
        "id": event.id,
        "title": event.title,
        "parent": event.parent_id,
        "place": place_fields(place) if place is not None else None,
        "starts": event.starts,
        "ends": event.ends,
        "summary": event.summary,
        "counts": dict(counts),
    }


def value_fields(claim: Claim) -> Fields:
    """Return the value of a claim; a time has its ends in `low` and `high`."""
    return _value_fields(claim.__data__, _unit(claim))


def _value_fields(row: Mapping[str, Any], unit: str | None) -> Fields:
    kind = row["kind"]
    timed = kind == ValueKind.TIME
    return {
        "kind": kind,
        "qualifier": row["qualifier"],
        "amount": whole(row["amount"]),
        "low": row["time_earliest"] if timed else whole(row["low"]),
        "high": row["time_latest"] if timed else whole(row["high"]),
        "unit": unit if kind == ValueKind.QUANTITY else None,
        "term": row["term"],
        "text": row["text"],
    }


def _unit(claim: Claim) -> str | None:
    unit: str | None = claim.property.unit if claim.kind == ValueKind.QUANTITY else None
    return unit


def link_fields(link: Attribution) -> Fields:
    """Return the fields of a link."""
    return {"source": link.source_id, "role": link.role, "channel": link.channel, "inferred": link.inferred}


def claim_fields(claim: Claim, links: Iterable[Attribution]) -> Fields:
    """Return the fields of a claim."""
    return claim_row_fields(claim.__data__, _unit(claim), [link_fields(link) for link in links])


def claim_row_fields(row: Mapping[str, Any], unit: str | None, links: Sequence[Fields]) -> Fields:
    """Return the fields of a claim from its row, in the unit of its property, with those of its links."""
    scope = {"place": row["scope_place"], "population": row["population"], "period": row["period"]}
    if row["counting"] is not None:
        scope["counting"] = row["counting"]
    return {
        "id": row["id"],
        "event": row["event"],
        "property": row["property"],
        "value": _value_fields(row, unit),
        "scope": scope,
        "as_of": {"earliest": row["as_of_earliest"], "latest": row["as_of_latest"]},
        "statement": row["statement"],
        "attribution": links,
        "origin": row["origin"],
        "document": row["document"],
        "locator": {"start": row["span_start"], "end": row["span_end"], "exact": row["exact"]},
        "stance": row["stance"],
        "status": row["status"],
        "causes": orjson.loads(row["causes"]),
        "reckoned": orjson.loads(row["reckoned"]),
        "note": row["note"],
        "revision": row["revision"],
        "recorded_at": row["recorded_at"],
    }
