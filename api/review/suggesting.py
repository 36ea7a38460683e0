"""Suggesting: what a few typed letters may become: an entity, something to ask of one, or a type."""

from __future__ import annotations

import re
from collections.abc import Iterable

from api.review.attributes import ATTRIBUTES, Attribute
from api.review.catalogue import Catalogue, Entity, likeness
from api.review.names import phrase
from schemas.reconciliation import TYPES, EntityKind, Type

MOST_GUESSED = 20
"""Entities suggested where nothing begins with what was typed."""


def entities(known: Catalogue, prefix: str, kind: str) -> list[Entity]:
    """Return what begins with what was typed, the likest first; where nothing does, what may have been meant."""
    if kind and kind not in TYPES:
        return []
    types = [kind] if kind else []
    if not prefix.strip():
        return known.beginning("", types)
    typed, named = phrase(prefix), known.find(prefix.strip())
    begun = known.beginning(prefix, types) or known.candidates(typed, types, MOST_GUESSED)
    return sorted(begun, key=lambda entity: (entity is not named, -likeness(typed, entity)))


def askable(known: Catalogue, prefix: str) -> list[Attribute | Entity]:
    """Return what can be asked of an entity and begins with what was typed: attributes, then properties."""
    named = [one for one in ATTRIBUTES.values() if _begins(prefix, (one.id, one.label))]
    return [*named, *entities(known, prefix, EntityKind.PROPERTY)]


def types(prefix: str) -> list[Type]:
    """Return the types whose name or id begins with what was typed."""
    return [found for found in TYPES.values() if _begins(prefix, (found.id, found.name))]


def proposed(known: Catalogue, kind: str) -> list[Attribute | Entity]:
    """Return what can be asked of the entities of a type, or of any: attributes, then the properties of events."""
    asked = TYPES.get(kind)
    noun = asked and (asked.broader or asked.id)
    attributes = [one for one in ATTRIBUTES.values() if not kind or one.of == noun]
    of_events = not kind or noun == EntityKind.EVENT
    return [*attributes, *(sorted(_properties(known), key=lambda one: one.name) if of_events else ())]


def _properties(known: Catalogue) -> Iterable[Entity]:
    return (entity for entity in known.entities if entity.kind is EntityKind.PROPERTY)


def _begins(prefix: str, names: Iterable[str]) -> bool:
    typed = prefix.strip().casefold()
    spelt = [name.casefold() for name in names]
    return any(word.startswith(typed) for name in spelt for word in (name, *re.split(r"[ .]", name)))
