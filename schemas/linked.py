"""Linked data: what the description shows as JSON-LD, annotation and provenance, from a made-up record."""

from pathlib import Path
from typing import Any

import orjson

Fields = dict[str, Any]

ANY: Fields = {"type": "object"}
"""The schema of what is described by a vocabulary of its own."""


def _day(day: str) -> Fields:
    return {"earliest": day, "latest": day}


_VALUE: Fields = {
    "kind": "quantity",
    "qualifier": "exact",
    "amount": 21,
    "low": 21,
    "high": 21,
    "unit": "people",
    "term": None,
    "text": "has risen to 21",
}
_WHOLE: Fields = {"place": None, "population": None, "period": None}
_MAYOR: Fields = {"id": "mayor", "name": "the mayor", "kind": "person", "part_of": "city-council", "side": None}
_DOCUMENT: Fields = {
    "id": "evening-edition",
    "title": "Bridge collapses in the old town",
    "publisher": "Evening Wire",
    "url": "https://evening-wire.example/bridge",
    "language": "en",
    "published": _day("2024-05-01T20:15+02:00"),
    "sha256": "0" * 64,
}
_LOCATOR: Fields = {"start": 120, "end": 135, "exact": "has risen to 21"}
_SENTENCE = "24 people were killed as of 2 May 2024, according to the mayor; earlier reports said 21."
_BECAUSE = "One named origin gives it; organisations count once, whoever speaks for them."

RATED: Fields = {
    "claim": {
        "id": "c0123abcd",
        "property": "deaths",
        "value": _VALUE,
        "as_of": _day("2024-05-01"),
        "statement": "mayor-1",
        "locator": _LOCATOR,
        "status": "active",
        "recorded_at": "2024-05-02T10:00:00+00:00",
    },
    "label": "Deaths",
    "says": "21 people killed",
    "event": {"id": "bridge-collapse", "title": "Bridge collapse"},
    "place": None,
    "document": _DOCUMENT,
    "said_at": _day("2024-05-01T18:00+02:00"),
    "speaker": _MAYOR,
    "review": {
        "question": "bridge-collapse.deaths",
        "rating": "superseded: 24 as of 2 May 2024",
        "because": _BECAUSE,
        "sentence": _SENTENCE,
        "reviewed_at": "2024-05-02T10:00:00+00:00",
    },
}
"""A claim as it is rated."""

EVENT: Fields = {
    "id": "bridge-collapse",
    "title": "Bridge collapse",
    "parent": None,
    "place": {"id": "old-town", "name": "Old Town", "aliases": [], "latitude": None, "longitude": None},
    "starts": "2024-05-01",
    "ends": "2024-05-01",
    "summary": "The old bridge collapsed at noon.",
}

QUESTION: Fields = {
    "id": "bridge-collapse.deaths",
    "values": [{"value": _VALUE, "claims": [{"id": "c0123abcd", "exact": "has risen to 21"}]}],
    "assessment": {"grade": "single_origin", "because": _BECAUSE, "sentence": _SENTENCE},
    "links": {"self": "/v1/questions/bridge-collapse.deaths", "event": "/v1/events/bridge-collapse"},
}

PROVENANCE: Fields = {
    "claim": "c0123abcd",
    "document": _DOCUMENT,
    "locator": _LOCATOR,
    "statement": {
        "id": "mayor-1",
        "source": "mayor",
        "channel": "briefing",
        "said_at": _day("2024-05-01T18:00+02:00"),
        "follows": None,
        "corrects": False,
    },
    "attribution": [
        {"source": _MAYOR, "role": "quotes", "channel": "briefing", "inferred": False, "part_of": ["city-council"]}
    ],
    "origin": _MAYOR,
}

SHOWN_BY = "https://crosscheck.example"
"""Where the made-up record is served."""

LINEAGE: Fields = orjson.loads(Path(__file__).with_name("lineage.json").read_bytes())
"""That provenance as W3C PROV writes it, in JSON and for people; `make openapi` writes it anew."""
