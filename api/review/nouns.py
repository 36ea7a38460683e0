"""Nouns: which of them have ids of their own, and which ids there are."""

from api.store import queries
from api.store.models import (
    Claim,
    Discrepancy,
    Document,
    Event,
    Place,
    Property,
    Question,
    Resource,
    Source,
    Statement,
)

MOST_SUGGESTED_FROM = 10_000
"""Ids looked through for a suggestion."""

NAMED: dict[str, type[Resource]] = {
    "event": Event,
    "claim": Claim,
    "property": Property,
    "document": Document,
    "statement": Statement,
    "source": Source,
    "place": Place,
    "question": Question,
    "discrepancy": Discrepancy,
}
"""The nouns that have ids of their own."""

MEANT = {"parent": "event", "origin": "source", "part_of": "source"}
"""Parameters that name a noun by another word than its own."""


def exists(noun: str, name: str) -> bool:
    """Whether a noun on record has this id."""
    return queries.stored(NAMED[noun], name) is not None


def ids(noun: str) -> list[str]:
    """Return the ids of one noun, for suggesting the nearest."""
    model = NAMED[noun]
    return [row.id for row in model.select(model.id).limit(MOST_SUGGESTED_FROM)]
