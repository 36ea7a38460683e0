"""Behaviours: the properties that a request names, on record or told by what they do."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.engine import record as engine
from api.engine.plausibility import Fault, Where, circle_faults
from api.engine.units import is_measure, one_of_them
from api.review.resolving import Resolver
from schemas.vocabulary import ValueKind

Fields = Mapping[str, Any]

FLAGS = ("accumulates", "exclusive", "constant", "additive")
"""What a property that is given by its behaviour may do."""

TIES = ("part_of", "moves_to")
"""How it may hang together with another: one on record by its slug, or one that the request gives a name."""


class Behaviours:
    """The properties of one request: one name is one property, and so is one behaviour that has no name."""

    def __init__(self, resolver: Resolver, unit: str | None) -> None:
        self._resolver, self._unit = resolver, unit
        self._named: dict[str, Fields] = {}
        self._places: dict[str, Where] = {}
        self._built: dict[str, engine.Property] = {}

    def introduce(self, fields: Fields, where: Where) -> Iterator[Fault]:
        """Note a property that the request gives a name; yield what contradicts what it says of it elsewhere."""
        given = fields["property"]
        if isinstance(given, str) or given["name"] is None:
            return
        self._places.setdefault(given["name"], where)
        known = self._named.setdefault(given["name"], given)
        yield from (
            ((*where, field), f"contradicts what this request says of {given['name']!r} before")
            for field, value in given.items()
            if known[field] != value
        )

    def faults(self) -> Iterator[Fault]:
        """Yield each property that comes back to itself by what it is a part of, or by what its people move to."""
        for tie in TIES:
            onwards = {name: {tie: told[tie]} for name, told in self._named.items() if told[tie] in self._named}
            yield from (((*self._places[name], tie), reason) for name, _, reason in circle_faults(onwards))

    def unknown(self, fields: Fields) -> Iterator[Fault]:
        """Yield that nobody knows the property that a claim names by its slug."""
        given: str | Fields = fields["property"]
        if isinstance(given, str) and not self._resolver.knows_property(given):
            yield ("property",), _nobody_knows(given)

    def untied(self, fields: Fields) -> Iterator[Fault]:
        """Yield each property that nobody knows to which a claim's own is tied; without it none can be built on it."""
        given: str | Fields = fields["property"]
        if isinstance(given, str):
            return
        for tie in TIES:
            other = given[tie]
            if other is not None and other not in self._named and not self._resolver.knows_property(other):
                yield ("property", tie), f"no property is called {other[:60]!r}, on record or in this request"

    def kind(self, given: str | Fields) -> ValueKind | None:
        """Return what sort of answer a property takes, or None where nobody knows it."""
        if not isinstance(given, str):
            kind: ValueKind = given["kind"]
            return kind
        return self._resolver.property(given).kind if self._resolver.knows_property(given) else None

    def property(self, fields: Fields) -> engine.Property:
        """Return a property on record, or one of the behaviour given; call it only where nothing was at fault."""
        given = fields["property"]
        if isinstance(given, str):
            return self._resolver.property(given)
        return self._made(given, fields["value"]["unit"])

    def _tied(self, name: str) -> engine.Property:
        if name not in self._named:
            return self._resolver.property(name)
        if name not in self._built:
            self._built[name] = self._made(self._named[name])
        return self._built[name]

    def _made(self, given: Fields, counted: str | None = None) -> engine.Property:
        """Build a property; what it counts is told by its unit, else by its value or by all of the request."""
        unit = given["unit"] or counted or self._unit
        additive = given["additive"] if given["additive"] is not None else not is_measure(unit)
        part_of, moves_to = (self._tied(given[tie]) if given[tie] is not None else None for tie in TIES)
        told = {**given, "additive": additive}
        return engine.Property(
            self._id(told),
            given["kind"],
            given["name"] or "",
            unit,
            part_of=part_of,
            moves_to=moves_to,
            singular=one_of_them(unit),
            plural=unit,
            **{flag: told[flag] for flag in FLAGS},
        )

    def _id(self, told: Fields) -> str:
        """Name a property as it was named, else by what it does."""
        name: str | None = told["name"]
        if name is not None:
            return f"{name} (as described)" if self._resolver.knows_property(name) else name
        ties = (f"{tie.replace('_', ' ')} {told[tie]}" for tie in TIES if told[tie] is not None)
        return f"given as {', '.join((told['kind'], *(flag for flag in FLAGS if told[flag]), *ties))}"


def _nobody_knows(name: str) -> str:
    return f"no property is called {name[:60]!r}; expected a slug of /v1/properties, or an object with its kind"
