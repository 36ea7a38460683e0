"""Reconciliation in the shape of the W3C Reconciliation Service API 0.2: manifest, candidates, cells, suggestions."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Response
from flask_smorest import abort
from markupsafe import Markup

from api.addresses import base
from api.errors import not_found
from api.review.attributes import ATTRIBUTES, NONE, Attribute, Named, Value, Wanted, measured, values
from api.review.catalogue import Catalogue, Entity
from api.review.reconciling import Candidate
from schemas.moments import Moment
from schemas.reconciliation import BATCH, TYPES, USUAL_SUGGESTIONS, Covering, EntityKind, Show, Type

PREFIX = "/reconcile"
"""Everything at it or below speaks this protocol."""

VERSIONS = ("0.1", "0.2")
WIDTH, HEIGHT = 430, 320
"""Pixels of a preview."""

LARGEST_INT = 2**31 - 1
"""OpenRefine's whole numbers; a larger one is told as a float, which holds it as exactly."""

PATHS = {EntityKind.EVENT: "events", EntityKind.SOURCE: "sources", EntityKind.PROPERTY: "properties"}

Fields = dict[str, Any]

SETTINGS: tuple[Fields, ...] = (
    {
        "name": "show",
        "label": "Show",
        "type": "select",
        "default": Show.FIGURE,
        "help_text": "Of a figure: what of the answer to show.",
        "choices": [
            {"value": Show.FIGURE, "name": "The current figure, or every one that stands"},
            {"value": Show.LOW, "name": "The lowest it can be"},
            {"value": Show.HIGH, "name": "The highest it can be"},
            {"value": Show.AS_OF, "name": "As of when it held"},
            {"value": Show.GRADE, "name": "How well it is supported"},
            {"value": Show.CONFLICT, "name": "Whether reports conflict"},
            {"value": Show.DOCUMENTS, "name": "How many documents give one"},
            {"value": Show.SENTENCE, "name": "A sentence to print"},
        ],
    },
    {
        "name": "scope",
        "label": "Covering",
        "type": "select",
        "default": Covering.WHOLE,
        "help_text": "Of a figure: for the whole event, or for its places, days and groups of people too.",
        "choices": [
            {"value": Covering.WHOLE, "name": "The whole event"},
            {"value": Covering.ALL, "name": "Its parts too"},
        ],
    },
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "The most values of a cell; 0 for all.",
    },
)
"""What can be set of every property that is fetched."""


def manifest() -> Fields:
    """Say what this service offers."""
    here = base()
    return {
        "versions": VERSIONS,
        "name": "Crosscheck",
        "identifierSpace": f"{here}{PREFIX}/entities/",
        "schemaSpace": f"{here}/v1/properties/",
        "documentation": f"{here}/docs/",
        "defaultTypes": [_type(kind) for kind in EntityKind],
        "view": {"url": f"{here}{PREFIX}/entities/{{{{id}}}}"},
        "preview": {"url": f"{here}{PREFIX}/entities/{{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            noun: {
                "service_url": here,
                "service_path": f"{PREFIX}/suggest/{noun}",
                "flyout_service_url": here,
                "flyout_service_path": f"{PREFIX}/flyout/{noun}?id=${{id}}",
            }
            for noun in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": here, "service_path": f"{PREFIX}/properties"},
            "property_settings": SETTINGS,
        },
        "batchSize": BATCH,
    }


def answer(content: Fields, callback: str) -> Response:
    """Write an answer as JSON, or handed to a function where one is named."""
    body = orjson.dumps(content)
    if not callback:
        return Response(body, content_type="application/json")
    safe = body.decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Response(f"/**/{callback}({safe});\n", content_type="text/javascript; charset=utf-8")


def results(found: Mapping[str, Sequence[Candidate]]) -> Fields:
    """Write the candidates of each query."""
    return {name: {"result": [_candidate(one) for one in candidates]} for name, candidates in found.items()}


def _candidate(found: Candidate) -> Fields:
    return {
        "id": found.entity.id,
        "name": found.entity.name,
        "description": found.entity.description,
        "type": [_type(name) for name in found.entity.types],
        "score": found.score,
        "features": [{"id": name, "value": value} for name, value in found.features.items()],
        "match": found.match,
    }


def _type(name: str) -> Fields:
    return {"id": TYPES[name].id, "name": TYPES[name].name}


def extended(known: Catalogue, asked: Fields) -> Fields:
    """Fetch what is wanted of each entity; one that is not on record has no values, and a property must be."""
    wanted = [Wanted(one["id"], **one["settings"]) for one in asked["properties"]]
    columns = [_column(known, one.id) for one in wanted]
    if len({one.id for one in wanted}) < len(wanted):
        abort(400, errors=[{"field": "extend.properties", "sent": None, "expected": "names a property twice"}])
    ids = list(dict.fromkeys(asked["ids"]))
    entities = {name: entity for name in ids if (entity := known.find(name)) is not None}
    found = values(known, entities.values(), wanted)
    return {
        "meta": columns,
        "rows": {
            name: {
                one.id: [cell(value) for value in found[entities[name].id].get(one.id, NONE).given]
                if name in entities
                else []
                for one in wanted
            }
            for name in ids
        },
    }


def _column(known: Catalogue, name: str) -> Fields:
    """Say what a column holds."""
    asked = property_called(known, name)
    leads_to = asked.leads_to if isinstance(asked, Attribute) else None
    return {"id": name, "name": _label(asked), **({"type": _type(leads_to)} if leads_to else {})}


def _label(asked: Attribute | Entity) -> str:
    return asked.label if isinstance(asked, Attribute) else asked.name


def cell(value: Value) -> Fields:
    """Write a value as a typed cell: a day as its first second, as the protocol knows no days; a month as its words."""
    if isinstance(value, Named):
        return {"id": value.id, "name": value.name}
    if isinstance(value, Moment):
        if value.instant is not None:
            return {"date": value.instant.isoformat(timespec="seconds")}
        return {"date": f"{value.first}T00:00:00Z"} if value.first == value.last else {"str": value.text}
    if isinstance(value, str):
        return {"str": value}
    if isinstance(value, int) and abs(value) <= LARGEST_INT:
        return {"int": value}
    return {"float": float(value)}


def suggested(found: Sequence[Attribute | Entity | Type], cursor: int) -> Fields:
    """Write one page of suggestions."""
    return {"result": [suggestion(one) for one in found[cursor : cursor + USUAL_SUGGESTIONS]]}


def suggestion(found: Attribute | Entity | Type) -> Fields:
    """Write a suggestion as what it is."""
    if isinstance(found, Type):
        return {**_type(found.id), "broader": [_type(found.broader)] if found.broader else []}
    told = {"id": found.id, "name": _label(found), "description": found.description}
    if isinstance(found, Attribute) or found.kind is EntityKind.PROPERTY:
        return told
    return {**told, "notable": [_type(name) for name in found.types]}


def proposal(found: Sequence[Attribute | Entity], kind: str, limit: int) -> Fields:
    """Write which properties can be fetched."""
    told = {"properties": [suggestion(one) for one in found[: limit or None]], "type": kind}
    return {**told, "limit": limit} if limit else told


def entity(known: Catalogue, name: str) -> Entity:
    """Return what has this id; answer 404 with the nearest ids where nothing has."""
    return known.find(name) or not_found("entity", name, known.by_id)


def property_called(known: Catalogue, name: str) -> Attribute | Entity:
    """Return the attribute or property of this id; answer 404 where there is none."""
    found = ATTRIBUTES.get(name) or measured(known, name)
    properties = (one.id for one in known.entities if one.kind is EntityKind.PROPERTY)
    return found or not_found("property", name, [*ATTRIBUTES, *properties])


def type_called(name: str) -> Type:
    """Return the type of this id; answer 404 where there is none."""
    return TYPES.get(name) or not_found("type", name, TYPES)


def flyout(found: Attribute | Entity | Type) -> Fields:
    """Write a small preview; nothing of the record is markup in it."""
    name = found.name if isinstance(found, Type) else _label(found)
    told = _type(found.broader)["name"] if isinstance(found, Type) and found.broader else ""
    text = told if isinstance(found, Type) else found.description
    return {"id": found.id, "html": Markup("<p><strong>{}</strong></p><p>{}</p>").format(name, text)}


def path(found: Entity) -> str:
    """Return where the record has it."""
    return f"/v1/{PATHS[found.kind]}/{found.slug}"
