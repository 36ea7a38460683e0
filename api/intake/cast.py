"""The cast of a file of cases: what it names at its top, and its claims as the engine takes them."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from api.engine.plausibility import built, clock_faults, faults, span_faults, spanned
from api.engine.record import Claim, Link, Place, Property, Reckoned, Scope, Source, Statement
from api.intake.checking import SCHEMAS, Known, flat
from api.intake.reading import Field
from schemas.moments import Span
from schemas.values import ValueSchema
from schemas.vocabulary import Reckoning, ValueKind

Fields = Mapping[str, Any]
Faults = Iterator[tuple[Field, str]]

VALUE = ValueSchema()

UNKNOWN = {"earliest": None, "latest": None}

USUAL: dict[str, Fields] = {
    "places": {},
    "sources": {"kind": "person"},
    "statements": {"said_at": UNKNOWN},
    "properties": {},
}
"""The nouns of a cast, each with what an entry may leave out."""

WORKED_OUT = Reckoned(Reckoning.DIFFERENCE, (), stated=False)
"""A figure that its document took from others, which the case leaves out."""

REFERENCES = (("statement", "statements"), ("origin", "sources"))
"""Which field of a claim names an entry of which noun."""


class Cast:
    """The places, sources, statements and properties that a file of cases names at its top."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def place(self, name: str | None) -> Place | None:
        given = self._known["places"].get(name or "")
        return Place(given["id"], given["name"], self.place(given["within"])) if given else None

    def source(self, name: str) -> Source:
        given = self._known["sources"][name]
        whole = self.source(given["part_of"]) if given["part_of"] else None
        return Source(name, given["name"], given["kind"], whole, given["side"])

    def statement(self, name: str) -> Statement:
        given = self._known["statements"][name]
        earlier = self.statement(given["follows"]) if given["follows"] else None
        return Statement(name, self.source(given["source"]), spanned(given["said_at"]), earlier, given["corrects"])

    def property(self, given: str | Fields) -> Property:
        """Return a property by its name or by its behaviour; only `faults` knows whether it can be one."""
        data = self._known["properties"][given] if isinstance(given, str) else _behaviour(given)
        noun, terms = data["noun"] or {}, data["terms"]
        return Property(
            id=data["id"],
            kind=data["kind"],
            label=data["label"],
            unit=data["unit"],
            accumulates=data["accumulates"],
            exclusive=data["exclusive"],
            constant=data["constant"],
            additive=data["additive"],
            part_of=self.property(data["part_of"]) if data["part_of"] else None,
            also_part_of=tuple(self.property(name) for name in data["also_part_of"]),
            moves_to=self.property(data["moves_to"]) if data["moves_to"] else None,
            singular=noun.get("one"),
            plural=noun.get("other"),
            predicate=noun.get("said"),
            terms={term["id"]: term["within"] for term in terms},
            term_labels={term["id"]: term["label"] for term in terms},
        )

    def faults(self, given: Fields) -> Faults:
        """Yield everything that keeps a claim of a case from being one."""
        for name, noun in REFERENCES:
            if given[name] is not None and given[name] not in self._known[noun]:
                yield (name,), f"no entry of {noun} is called {given[name]!r}"
        if given["scope"]["place"] is not None and self.place(given["scope"]["place"]) is None:
            yield ("scope", "place"), f"no entry of places is called {given['scope']['place']!r}"
        for where, ends in ((("as_of",), given["as_of"]), (("scope", "period"), given["scope"]["period"])):
            yield from (((*where, *end), reason) for end, reason in span_faults(ends or UNKNOWN))
        if given["statement"] in self._known["statements"]:
            said_at = self._known["statements"][given["statement"]]["said_at"]
            yield from clock_faults(spanned(given["as_of"]), spanned(said_at), Span())
        unknown = list(self._property_faults(given["property"]))
        yield from unknown or _value_faults(given, self.property(given["property"]))

    def _property_faults(self, given: str | Fields) -> Faults:
        known = self._known["properties"]
        if isinstance(given, str):
            if given not in known:
                yield ("property",), f"no entry of properties is called {given!r}"
            return
        try:
            data = _behaviour(given)
        except ValidationError as error:
            yield from flat(error.messages, ("property",))
            return
        for name in ("part_of", "moves_to"):
            if data[name] is not None and data[name] not in known:
                yield ("property", name), f"no entry of properties is called {data[name]!r}"

    def claim(self, side: str, given: Fields) -> Claim:
        """Return a claim that has no faults."""
        prop, scope = self.property(given["property"]), given["scope"]
        period = scope["period"]
        return Claim(
            id=side,
            event=given["event"],
            property=prop,
            value=built(VALUE.load(_value(given, prop.kind)), given["value"].get("unit", prop.unit)),
            scope=Scope(
                self.place(scope["place"]),
                scope["population"],
                spanned(period) if period else None,
                counting=scope["counting"],
            ),
            as_of=spanned(given["as_of"]),
            document=given["document"] or f"document-{side}",
            statement=self.statement(given["statement"]) if given["statement"] else None,
            attribution=(Link(self.source(given["origin"])),) if given["origin"] else (),
            stance=given["stance"],
            status=given["status"],
            causes=tuple(given["causes"]),
            reckoned=WORKED_OUT if given["worked_out"] else None,
        )


def _behaviour(given: Fields) -> Fields:
    """Return a property that is given on the spot; without an id its behaviour tells it from others."""
    name = f"inline-{hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()[:8]}"
    data: Fields = SCHEMAS["properties"].load({"id": name, "label": "Value", **given})
    return data


def _value(given: Fields, kind: ValueKind) -> Fields:
    """Return the value of a claim as the record gives it, with what its kind says."""
    ends = {"low": given["time"]["earliest"], "high": given["time"]["latest"]} if given["time"] else {}
    return {"kind": kind.value, **ends, "term": given["term"], **given["value"]}


def _value_faults(given: Fields, prop: Property) -> Faults:
    try:
        value = VALUE.load(_value(given, prop.kind))
    except ValidationError as error:
        yield from flat(error.messages, ("value",))
        return
    for (name, *_), reason in faults(value, prop.kind, prop.unit or value["unit"], prop.terms or None):
        if name == "term":
            yield ("term",), reason
        else:
            yield (("time",) if prop.kind is ValueKind.TIME else ("value", name)), reason
