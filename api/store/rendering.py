"""Rendering: each row as the contract gives it, dumped by its schema once per change."""

from collections.abc import Iterable, Mapping
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
    timed = claim.kind == ValueKind.TIME
    return {
        "kind": claim.kind,
        "qualifier": claim.qualifier,
        "amount": whole(claim.amount),
        "low": claim.time_earliest if timed else whole(claim.low),
        "high": claim.time_latest if timed else whole(claim.high),
        "unit": claim.property.unit if claim.kind == ValueKind.QUANTITY else None,
        "term": claim.term,
        "text": claim.text,
    }


def link_fields(link: Attribution) -> Fields:
    """Return the fields of a link."""
    return {"source": link.source_id, "role": link.role, "channel": link.channel, "inferred": link.inferred}


def claim_fields(claim: Claim, links: Iterable[Attribution]) -> Fields:
    """Return the fields of a claim."""
    return {
        "id": claim.id,
        "event": claim.event_id,
        "property": claim.property_id,
        "value": value_fields(claim),
        "scope": {
            "place": claim.scope_place_id,
            "population": claim.population,
            "period": claim.period,
            **({"counting": claim.counting} if claim.counting is not None else {}),
        },
        "as_of": {"earliest": claim.as_of_earliest, "latest": claim.as_of_latest},
        "statement": claim.statement_id,
        "attribution": [link_fields(link) for link in links],
        "origin": claim.origin_id,
        "document": claim.document_id,
        "locator": {"start": claim.span_start, "end": claim.span_end, "exact": claim.exact},
        "stance": claim.stance,
        "status": claim.status,
        "causes": orjson.loads(claim.causes),
        "reckoned": orjson.loads(claim.reckoned),
        "note": claim.note,
        "revision": claim.revision,
        "recorded_at": claim.recorded_at,
    }
