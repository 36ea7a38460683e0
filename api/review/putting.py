"""Putting: claims that are not stored, put to the engine as if they were."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from api.engine import record as engine
from api.engine.plausibility import (
    Fault,
    Where,
    built,
    chain_faults,
    clock_faults,
    faults,
    period_faults,
    span_faults,
    spanned,
)
from api.engine.units import unit_key
from api.review.behaviours import Behaviours
from api.review.resolving import Resolver, period_of
from api.review.speakers import Speakers
from schemas.moments import Span
from schemas.vocabulary import SourceKind

Fields = Mapping[str, Any]
Errors = dict[str, Any]

SAME = "the same event"
"""The event of claims that name none."""

UNTOLD = "\0"
"""What the name begins with by which a document goes that no claim names: no text that is sent holds it."""

CLOCKS = ("as_of", "said_at", "published")
"""When a figure held, when it was said, when it was published."""


class Implausible(Exception):
    """A claim that cannot be; `errors` names its fields."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__(str(errors))


class Request:
    """The claims of one request, with the sources and statements they name, each the same throughout it."""

    def __init__(self, given: Mapping[Where, Fields]) -> None:
        self._given = {side: dict(fields) for side, fields in given.items()}
        self._resolver = Resolver()
        self._speakers = Speakers(self._resolver)
        self._said: dict[str, Span] = {}
        events = {fields["event"] for fields in given.values()} - {None}
        self._event = events.pop() if len(events) == 1 else SAME
        units = sorted({fields["value"]["unit"] for fields in given.values()} - {None})
        self._behaviours = Behaviours(self._resolver, units[0] if len(set(map(unit_key, units))) == 1 else None)
        self._grounds: dict[str | None, engine.Place | None] = {}

    def claims(self) -> list[engine.Claim]:
        """Return the claims as the engine takes them.

        Raises Implausible with everything that is at fault.
        """
        unsound = list(self._properties())
        unheard = [*self._introduced(), *self._speakers.faults()]
        wrong = [*unsound, *unheard]
        for side, fields in self._given.items():
            found = (*(() if unsound else self._value_faults(fields)), *self._faults(fields, not unheard))
            wrong += (((*side, *where), reason) for where, reason in found)
        if wrong:
            errors: Errors = {}
            for where, reason in wrong:
                errors.setdefault(".".join(map(str, where)), []).append(reason)
            raise Implausible(errors)
        ranks = {content: rank for rank, content in enumerate(sorted(map(_content, self._given.values())))}
        in_line = sorted(self._given.items(), key=lambda item: ranks[_content(item[1])])
        places = {side: place for place, (side, _) in enumerate(in_line)}
        return [
            self._claim(str(side[-1]), fields, ranks[_content(fields)], f"{UNTOLD}{places[side]}")
            for side, fields in self._given.items()
        ]

    def _properties(self) -> Iterator[Fault]:
        """Make the properties known that the request describes, and by them the kinds of values that tell none."""
        for side, fields in self._given.items():
            yield from self._behaviours.introduce(fields, (*side, "property"))
        yield from self._behaviours.faults()
        for side, fields in self._given.items():
            yield from (((*side, *where), reason) for where, reason in self._behaviours.untied(fields))
            kind = fields["value"]["kind"] or self._behaviours.kind(fields["property"])
            fields["value"] = {**fields["value"], "kind": kind}

    def _introduced(self) -> Iterator[Fault]:
        """Make the sources and the labelled statements known before any claim is built."""
        for side, fields in self._given.items():
            for index, link in enumerate(fields["attribution"] or ()):
                yield from self._speakers.introduce(link["source"], (*side, "attribution", index, "source"))
            if fields["origin"] is not None:
                yield from self._speakers.introduce(fields["origin"], (*side, "origin"))
            name, said_at = fields["statement"], spanned(fields["said_at"])
            if name is not None and said_at != Span() and self._said.setdefault(name, said_at) != said_at:
                yield (*side, "said_at"), f"this request gives the statement {name!r} another time before"

    def _value_faults(self, fields: Fields) -> Iterator[Fault]:
        """Yield what keeps a value from being an answer to its property."""
        unknown = list(self._behaviours.unknown(fields))
        if unknown:
            yield from unknown
            return
        prop = self._behaviours.property(fields)
        terms = prop.terms if isinstance(fields["property"], str) else None
        yield from _within("value", faults(fields["value"], prop.kind, prop.unit, terms))

    def _faults(self, fields: Fields, sound: bool) -> Iterator[Fault]:
        """Yield what else is wrong with one claim; its chain can only be followed where its sources are sound."""
        yield from _within("scope", period_faults(fields["scope"].get("period")))
        for clock in CLOCKS:
            yield from _within(clock, span_faults(fields[clock]))
        yield from self._clock_faults(fields)
        if sound:
            chain = [self._speakers.source(link["source"]).id for link in fields["attribution"] or ()]
            yield from _within("attribution", chain_faults(chain))
            if fields["origin"] is not None and self._speakers.source(fields["origin"]).id != chain[-1]:
                yield ("origin",), "is not the last source of the attribution; leave one of the two out"

    def _clock_faults(self, fields: Fields) -> Iterator[Fault]:
        as_of, said_at, published = (spanned(fields[clock]) for clock in CLOCKS)
        known = self._resolver.statement_if_known(fields["statement"] or "")
        if known is not None and (known.said_at.precedes(said_at) or said_at.precedes(known.said_at)):
            yield ("said_at",), f"the record has the statement {known.id} at another time"
        yield from clock_faults(as_of, known.said_at if known else said_at, published)

    def _claim(self, side: str, fields: Fields, rank: int, untold: str) -> engine.Claim:
        prop = self._behaviours.property(fields)
        scope, place = fields["scope"], fields["scope"].get("place")
        chain = tuple(
            engine.Link(self._speakers.source(link["source"]), link["role"], link["channel"], link["inferred"])
            for link in fields["attribution"] or ()
        )
        return engine.Claim(
            id=fields["id"] or side,
            event=fields["event"] or self._event,
            property=prop,
            value=built(fields["value"], prop.unit),
            scope=engine.Scope(
                (self._resolver.place(place) or engine.Place(place, place)) if place else None,
                scope.get("population"),
                period_of(scope.get("period")),
                self._ground(fields["event"] or self._event),
                scope.get("counting"),
            ),
            as_of=spanned(fields["as_of"]),
            published=spanned(fields["published"]),
            document=fields["document"] or untold,
            statement=self._statement(fields, chain, rank),
            attribution=chain,
            stance=fields["stance"],
            status=fields["status"],
            causes=tuple(fields["causes"]),
            reckoned=_reckoned(fields["reckoned"]),
            position=rank,
            exact=fields["value"]["text"] or "",
        )

    def _ground(self, event: str | None) -> engine.Place | None:
        if event not in self._grounds:
            self._grounds[event] = self._resolver.ground(event)
        return self._grounds[event]

    def _statement(self, fields: Fields, chain: tuple[engine.Link, ...], rank: int) -> engine.Statement | None:
        """A statement on record by its slug; else one by the end of the chain, under its label or for its time alone.

        Without a label, two claims go back to one statement only where one source spoke at one instant.
        """
        name, said_at = fields["statement"], spanned(fields["said_at"])
        if name is None:
            if not chain or said_at == Span():
                return None
            speaker, instant = chain[-1].source, said_at.instant
            return engine.Statement(f"{speaker.id} at {instant or rank}", speaker, said_at)
        known = self._resolver.statement_if_known(name)
        if known is not None:
            return known
        speaker = chain[-1].source if chain else engine.Source(f"speaker of {name}", name, SourceKind.UNNAMED)
        return engine.Statement(name, speaker, self._said.get(name, said_at))


def _reckoned(told: Fields | None) -> engine.Reckoned | None:
    return engine.Reckoned(told["how"], tuple(told["of"]), told["stated"]) if told else None


def _within(field: str, found: Iterable[Fault]) -> Iterator[Fault]:
    for where, reason in found:
        yield (field, *where), reason


def _content(fields: Fields) -> bytes:
    """What a claim says, to put claims in an order that is not the one they were sent in.

    Its origin stands in its chain.
    """
    return orjson.dumps({**fields, "id": None, "origin": None}, option=orjson.OPT_SORT_KEYS)
