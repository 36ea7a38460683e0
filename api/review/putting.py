"""Putting: claims that are not stored, put to the engine as if they were."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from api.engine import record as engine
from api.engine.assess import assess
from api.engine.plausibility import built, faults, period_faults, span_faults
from api.engine.values import QUALIFIERS
from api.review import rendering
from api.review.comparing import compared, same_question
from api.review.resolving import Resolver, period_of
from schemas.comparisons import Reading
from schemas.moments import parse_span
from schemas.vocabulary import Qualifier, SourceKind, ValueKind

Fields = Mapping[str, Any]
Errors = dict[str, Any]

SAME = "the same event"
"""The event of claims that name none."""


class Implausible(Exception):
    """A claim that cannot be; `errors` names its fields."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__(str(errors))


def compare(left: Fields, right: Fields, reading: Reading) -> dict[str, Any]:
    """Return relation, rule, reason, order, independence and a sentence of two claims.

    Raises Implausible when a value, a time or a property cannot be.
    """
    resolver = Resolver()
    one, other = _claims({"left": left, "right": right}, resolver)
    if reading is Reading.PRAGMATIC:
        one, other = _pragmatic(one), _pragmatic(other)
    return compared(one, other)


def assess_together(claims: Iterable[Fields]) -> dict[str, Any]:
    """Return the discrepancy and the assessment of claims on one question.

    Raises Implausible when a claim cannot be or the claims ask different questions.
    """
    listed = _claims(dict(enumerate(claims)), Resolver())
    apart = [index for index, claim in enumerate(listed) if not same_question(claim, listed[0])]
    if apart:
        raise Implausible({f"claims.{index}": ["answers another question than the first claim"] for index in apart})
    answer = assess(listed)
    fields = rendering.answer_fields(listed[0].question, listed[0].scope, answer)
    return {
        "discrepancy": {**fields, "kind": answer.kind} if answer.kind else None,
        "assessment": fields["assessment"],
    }


def _claims(given: Mapping[Any, Fields], resolver: Resolver) -> list[engine.Claim]:
    errors: Errors = {}
    made = []
    ranks = {content: rank for rank, content in enumerate(sorted(map(_content, given.values())))}
    for side, fields in given.items():
        wrong = {".".join((str(side), *where)): [reason] for where, reason in _faults(fields, resolver)}
        errors.update(wrong)
        if not wrong:
            made.append(_claim(fields, str(side), ranks[_content(fields)], resolver))
    if errors:
        raise Implausible(errors)
    return made


def _content(fields: Fields) -> bytes:
    """What a claim says, to put claims in an order that is not the one they were sent in."""
    return orjson.dumps({**fields, "id": None}, option=orjson.OPT_SORT_KEYS)


def _faults(fields: Fields, resolver: Resolver) -> Iterator[tuple[tuple[str, ...], str]]:
    prop = _property(fields["property"], resolver)
    if prop is None:
        yield ("property",), f"no property is called {str(fields['property'])[:60]!r}"
        return
    terms = prop.terms if isinstance(fields["property"], str) else None
    for name, found in (
        ("value", faults(fields["value"], prop.kind, prop.unit, terms)),
        ("scope", period_faults(fields["scope"].get("period"))),
        ("as_of", span_faults(fields["as_of"])),
    ):
        yield from (((name, *where), reason) for where, reason in found)


def _property(given: str | Fields, resolver: Resolver) -> engine.Property | None:
    if isinstance(given, str):
        return resolver.property(given) if resolver.knows_property(given) else None
    noun = given["unit"]
    return engine.Property("given", label="Value", singular=noun, plural=noun, **given)


def _claim(fields: Fields, side: str, rank: int, resolver: Resolver) -> engine.Claim:
    prop = _property(fields["property"], resolver) or engine.Property("given", ValueKind.QUANTITY)
    scope, as_of = fields["scope"], fields["as_of"]
    place = scope.get("place")
    chain = tuple(
        engine.Link(_source(link["source"], resolver), link["role"], link["channel"], link["inferred"])
        for link in fields["attribution"] or ()
    )
    return engine.Claim(
        id=fields["id"] or side,
        event=fields["event"] or SAME,
        property=prop,
        value=built(fields["value"], prop.unit),
        scope=engine.Scope(
            (resolver.place(place) or engine.Place(place, place)) if place else None,
            scope.get("population"),
            period_of(scope.get("period")),
            resolver.ground(fields["event"]),
        ),
        as_of=parse_span(as_of["earliest"], as_of["latest"]),
        document=fields["document"],
        statement=_statement(fields["statement"], chain, resolver),
        attribution=chain,
        stance=fields["stance"],
        status=fields["status"],
        position=rank,
        exact=fields["value"]["text"] or "",
    )


def _source(label: str, resolver: Resolver) -> engine.Source:
    """A source on record by its slug; else a label, equal only to itself."""
    return resolver.source_if_known(label) or engine.Source(label, label, SourceKind.PERSON)


def _statement(name: str | None, chain: tuple[engine.Link, ...], resolver: Resolver) -> engine.Statement | None:
    """A statement on record by its slug; else a label for one by the end of the chain."""
    if name is None:
        return None
    known = resolver.statement_if_known(name)
    if known is not None:
        return known
    speaker = chain[-1].source if chain else engine.Source(f"speaker of {name}", name, SourceKind.UNNAMED)
    return engine.Statement(name, speaker)


def _pragmatic(claim: engine.Claim) -> engine.Claim:
    """Read "over 4.5 million" and "nearly 50" as about that number, as a reader does."""
    value = claim.value
    if value.amount is None or value.qualifier not in HEDGES_OF_ABOUT:
        return claim
    low, high = QUALIFIERS[Qualifier.ABOUT](value.amount)
    read = replace(value, low=low, high=high)
    return replace(claim, reading=read, value=read)


HEDGES_OF_ABOUT = (Qualifier.ABOUT, Qualifier.NEARLY, Qualifier.MORE_THAN, Qualifier.FEWER_THAN)
"""Hedges that a pragmatic reader takes for roughly that number."""
