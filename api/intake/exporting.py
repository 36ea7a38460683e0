"""Exporting: the record as a folder of fixtures."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import yaml

from api.intake.checking import SCHEMAS
from api.store.models import Claim, Document, Event, Place, Property, Source, Statement
from api.store.rendering import (
    document_fields,
    place_fields,
    property_fields,
    source_fields,
    statement_fields,
)
from schemas.vocabulary import ClaimStatus, ValueKind

Fields = Mapping[str, Any]


def export(folder: Path) -> int:
    """Write every noun into its file and every event with its claims into one; return how many entries.

    Retracted claims stay behind. Loading the folder into an empty database gives the same ids and values.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events").mkdir(exist_ok=True)
    count = 0
    for noun, entries in (
        ("places", [place_fields(row) for row in Place.select().order_by(Place.id)]),
        ("sources", [source_fields(row) for row in Source.select().order_by(Source.id)]),
        ("documents", [document_fields(row) for row in Document.select().order_by(Document.id)]),
        ("properties", [property_fields(row) for row in Property.select().order_by(Property.id)]),
        ("statements", [statement_fields(row) for row in Statement.select().order_by(Statement.id)]),
    ):
        count += len(entries)
        _write(folder / f"{noun}.yaml", {noun: [_entered(noun, entry) for entry in entries]})
    for event in Event.select().order_by(Event.id):
        claims = list(_claims(event))
        count += 1 + len(claims)
        _write(folder / "events" / f"{event.id}.yaml", {"event": _event(event), "claims": claims})
    return count


def _event(event: Event) -> Fields:
    fields = {name: event.__data__[name] for name in ("id", "title", "parent", "place", "starts", "ends", "summary")}
    return {**fields, "aliases": orjson.loads(event.aliases)}


def _claims(event: Event) -> Iterable[Fields]:
    rows = Claim.select().where((Claim.event == event) & (Claim.status != ClaimStatus.RETRACTED))
    for row in rows.order_by(Claim.place_in_list):
        entry = _entered("claims", orjson.loads(row.representation))
        derived = ("low", "high") if entry["value"]["kind"] == ValueKind.QUANTITY and row.qualifier != "between" else ()
        entry["value"] = {k: v for k, v in entry["value"].items() if k not in derived and v is not None}
        yield {name: value for name, value in entry.items() if name != "event"}


def _entered(noun: str, fields: Fields) -> dict[str, Any]:
    """Leave out what the record works out by itself."""
    derived = SCHEMAS[noun].dump_fields.keys() - SCHEMAS[noun].load_fields.keys()
    return {name: value for name, value in fields.items() if name not in derived}


def _write(path: Path, content: Fields) -> None:
    plain = orjson.loads(orjson.dumps(content))
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")
