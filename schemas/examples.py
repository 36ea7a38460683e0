"""Examples: what can be put to the engine and what it answers, as the description shows them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A request; its answer is what the engine says to it."""

    name: str
    summary: str
    request: Fields

    @property
    def answer(self) -> Fields:
        found: Fields = ANSWERS.get(self.name, {})
        return found


def _day(day: str) -> Fields:
    return {"earliest": day, "latest": day}


MAYOR = {"name": "the mayor", "kind": "person", "part_of": "city council"}
MINISTRY = {"name": "Interior Ministry", "kind": "office"}
INSIDERS = {"name": "officials close to the inquiry", "kind": "unnamed"}
WIRE = {"name": "Evening Wire", "kind": "outlet"}

EVENING: Fields = {
    "event": "bridge-collapse",
    "property": "deaths",
    "value": {"kind": "quantity", "qualifier": "exact", "amount": 21, "text": "has risen to 21"},
    "as_of": _day("2024-05-01"),
    "said_at": _day("2024-05-01T18:00+02:00"),
    "published": _day("2024-05-01T20:15+02:00"),
    "attribution": [{"source": WIRE, "role": "reports"}, {"source": MAYOR, "role": "quotes", "channel": "briefing"}],
    "document": "evening-edition",
}
MORNING: Fields = {
    "event": "bridge-collapse",
    "property": "deaths",
    "value": {"kind": "quantity", "qualifier": "exact", "amount": 24, "text": "24 people"},
    "as_of": _day("2024-05-02"),
    "said_at": _day("2024-05-02T07:30+02:00"),
    "published": _day("2024-05-02T09:00+02:00"),
    "attribution": [{"source": "the mayor", "role": "quotes", "channel": "briefing"}],
    "document": "morning-edition",
}
WEEKLY: Fields = {
    "event": "bridge-collapse",
    "property": "deaths",
    "value": {"kind": "quantity", "qualifier": "exact", "amount": 27, "text": "27 victims"},
    "as_of": _day("2024-05-02"),
    "attribution": [{"source": MINISTRY, "role": "reports"}],
    "document": "weekly",
}
UNNAMED: Fields = {
    "event": "bridge-collapse",
    "property": "deaths",
    "value": {"kind": "quantity", "qualifier": "about", "amount": 30, "text": "about 30"},
    "as_of": _day("2024-05-02"),
    "attribution": [{"source": INSIDERS, "role": "quotes"}],
    "document": "weekly",
}
CROWD = {"kind": "quantity", "unit": "people"}
OVER: Fields = {
    "property": CROWD,
    "value": {"kind": "quantity", "qualifier": "more_than", "amount": 4500000, "text": "over 4.5 million"},
    "attribution": [{"source": "labour ministry"}],
}
COUNTED: Fields = {
    "property": CROWD,
    "value": {"kind": "quantity", "qualifier": "exact", "amount": 4480000, "text": "4.48 million"},
    "attribution": [{"source": "statistics office"}],
}

ANSWERS: Fields = orjson.loads(Path(__file__).with_name("examples.json").read_bytes())
"""What the engine answers, by the example's name; `make openapi` asks it anew."""

COMPARISONS = (
    Example("update", "A count that grew", {"left": EVENING, "right": MORNING}),
    Example("unnamed", "An unnamed source against the mayor", {"left": MORNING, "right": UNNAMED}),
    Example("pragmatic", "Hedges read as a reader does", {"left": OVER, "right": COUNTED, "reading": "pragmatic"}),
)
ASSESSMENTS = (Example("conflict", "Two origins that do not agree", {"claims": [EVENING, MORNING, WEEKLY]}),)

PUT = {"/v1/compare": COMPARISONS, "/v1/assess": ASSESSMENTS}
"""The examples of each path."""
