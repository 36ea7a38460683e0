"""Neighbours: what the items of a list lead to, and may bring along."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What an item leads to: its kind, and where in the item the ids stand; without a path the record knows them."""

    kind: str
    path: str = ""


SCHEMAS = {
    "claims": "ClaimSchema",
    "discrepancies": "DiscrepancySchema",
    "documents": "DocumentSchema",
    "events": "EventSchema",
    "properties": "PropertySchema",
    "questions": "QuestionSchema",
    "sources": "SourceSchema",
    "statements": "StatementSchema",
}
"""The schema of each kind; it is named, as the nouns lead to each other."""

_OF_VALUES = {
    "event": Neighbour("events", "event"),
    "property": Neighbour("properties", "property"),
    "claims": Neighbour("claims", "values.claims.id"),
    "documents": Neighbour("documents", "values.claims.document"),
    "origins": Neighbour("sources", "values.origins"),
}

NEIGHBOURS: dict[str, dict[str, Neighbour]] = {
    "events": {
        "parent": Neighbour("events", "parent"),
        "questions": Neighbour("questions"),
        "discrepancies": Neighbour("discrepancies"),
        "documents": Neighbour("documents"),
        "sources": Neighbour("sources"),
    },
    "claims": {
        "event": Neighbour("events", "event"),
        "property": Neighbour("properties", "property"),
        "document": Neighbour("documents", "document"),
        "statement": Neighbour("statements", "statement"),
        "source": Neighbour("sources", "attribution.source"),
        "origin": Neighbour("sources", "origin"),
    },
    "discrepancies": _OF_VALUES,
    "questions": {**_OF_VALUES, "discrepancy": Neighbour("discrepancies", "discrepancy")},
    "documents": {
        "events": Neighbour("events"),
        "claims": Neighbour("claims"),
        "sources": Neighbour("sources"),
    },
    "sources": {"part_of": Neighbour("sources", "part_of")},
    "properties": {
        "part_of": Neighbour("properties", "part_of"),
        "moves_to": Neighbour("properties", "moves_to"),
    },
    "timelines": {
        "property": Neighbour("properties", "property"),
        "claims": Neighbour("claims", "entries.claims"),
        "documents": Neighbour("documents", "entries.documents"),
        "origins": Neighbour("sources", "entries.origins"),
    },
}
"""What each list may bring along. A name is that of the filter or the field that holds the ids."""
