"""Naming: a slug that names nothing on record is refused, with the nearest there is."""

from collections.abc import Mapping
from typing import Any

from api.errors import not_found
from api.review import known
from api.store.models import Document, Event, Place, Property, Resource, Source, Statement

NAMED: dict[str, tuple[str, type[Resource]]] = {
    "event": ("event", Event),
    "parent": ("event", Event),
    "property": ("property", Property),
    "document": ("document", Document),
    "statement": ("statement", Statement),
    "source": ("source", Source),
    "origin": ("source", Source),
    "part_of": ("source", Source),
    "place": ("place", Place),
}
"""Which noun each parameter names."""


def must_exist(args: Mapping[str, Any], *parameters: str) -> None:
    """Answer 404 for the first parameter that names nothing on record."""
    for parameter in parameters:
        name = args.get(parameter)
        noun, model = NAMED[parameter]
        if name is not None and not model.select(model.id).where(model.id == name).exists():
            not_found(noun, name, known.ids(model))
