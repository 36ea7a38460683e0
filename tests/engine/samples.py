"""Samples: a small invented record to compare claims from."""

from itertools import count
from typing import Any

from api.engine.record import Claim, Link, Property, Source, Statement
from api.engine.values import Number, Value, quantity
from schemas.moments import Span, parse_span
from schemas.vocabulary import Qualifier, SourceKind, ValueKind

STATE = Source("state", "Northern state", side="north")
REGION = Source("region", "regional government", part_of=STATE, side="north")
GOVERNOR = Source("governor", "Vera Holt", SourceKind.PERSON, REGION, "north")
MINISTRY = Source("ministry", "Defence Ministry", SourceKind.OFFICE, STATE, "north")
HOSPITAL = Source("hospital", "City Hospital")
GENERAL = Source("general", "Marek Sol", SourceKind.PERSON, side="south")
INSIDERS = Source("insiders", "people close to the talks", SourceKind.UNNAMED)

FIRST = Statement("first-post", GOVERNOR)
SECOND = Statement("second-post", GOVERNOR, follows=FIRST)
THIRD = Statement("third-post", GOVERNOR, follows=SECOND)

DEATHS = Property(
    "deaths", ValueKind.QUANTITY, "Deaths", "people",
    accumulates=True, singular="person", plural="people", predicate="killed",
)  # fmt: skip
CHILD_DEATHS = Property(
    "child_deaths", ValueKind.QUANTITY, "Children killed", "people",
    accumulates=True, part_of=DEATHS, singular="child", plural="children", predicate="killed",
)  # fmt: skip
INJURED = Property(
    "injured", ValueKind.QUANTITY, "Injured", "people",
    moves_to=DEATHS, singular="person", plural="people", predicate="injured",
)  # fmt: skip
DRONES = Property(
    "drones", ValueKind.QUANTITY, "Drones launched", "drones", singular="drone", plural="drones", predicate="launched"
)  # fmt: skip
WEAPON = Property(
    "weapon", ValueKind.CATEGORY, "Weapons used",
    terms={"missile": None, "iskander": "missile", "drone": None},
    term_labels={"missile": "missiles", "iskander": "Iskander missiles", "drone": "drones"},
)  # fmt: skip
MODEL = Property("model", ValueKind.CATEGORY, "Missile model", exclusive=True, terms={"iskander": None, "s-300": None})
BEGAN = Property("began", ValueKind.TIME, "Start of the attack", constant=True)
RESPONSIBLE = Property("responsible", ValueKind.POLARITY, "Responsibility")

_numbers = count(1)


def on(day: str) -> Span:
    """Return the span of one day or instant."""
    return parse_span(day, day)


def people(amount: Number | None, qualifier: Qualifier = Qualifier.EXACT, text: str | None = None) -> Value:
    return quantity(qualifier, amount, unit="people", text=text)


def claim(
    value: Value | Number,
    origin: Source | None = None,
    document: str | None = "morning-paper",
    prop: Property = DEATHS,
    **fields: Any,
) -> Claim:
    """Make a claim with an id of its own; a bare number is that many, exactly."""
    given = value if isinstance(value, Value) else quantity(Qualifier.EXACT, value, unit=prop.unit)
    chain = (Link(origin),) if origin is not None else ()
    return Claim(
        **{
            "id": f"claim-{next(_numbers):04}",
            "event": "the-strike",
            "property": prop,
            "value": given,
            "document": document,
            "attribution": chain,
            **fields,
        }
    )


def term(name: str, prop: Property) -> Value:
    return Value(prop.kind, term=name)
