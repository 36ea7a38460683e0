"""Rating: claims in words, with what surrounds them and what the record makes of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from api.engine.questions import answers
from api.engine.record import Claim as EngineClaim
from api.engine.record import Property as EngineProperty
from api.engine.values import Value, quantity
from api.engine.wording import answer, day, figure, listed, period, said
from api.review import rendering
from api.review.asking import claims_by_event
from api.review.resolving import SOURCE_COLUMNS, Resolver, span_of
from api.store import queries
from api.store.bulk import fetched, portions
from api.store.models import Claim, Document, Event, Question, QuestionClaim, Source
from schemas.moments import parse_moment
from schemas.vocabulary import Grade, Qualifier, SourceKind, Stance, ValueKind, ValueStatus

Fields = dict[str, Any]
Answering = Mapping[str, tuple[Fields, Fields, str | None]]
"""The question that each claim answers, the value it gives there, and since when the answer stands."""

MOST_NAMED = 3
"""Origins a rating names; the question has the rest."""

STANCES = {
    Stance.ASSERTS: "{}",
    Stance.DENIES: "denied: {}",
    Stance.REPORTS_UNVERIFIED: "{}, not verified",
    Stance.NO_COMMENT: "no comment: {}",
}


def rated(claims: Sequence[Mapping[str, Any]], as_of: str | None) -> list[Fields]:
    """Return each claim in words, with its event, document, speaker and times, and what the record makes of it.

    The claims are given, and come back, in the form and order of the contract.
    """
    resolver = Resolver()
    around = {claim.id: claim for claim in _resolved([fields["id"] for fields in claims], resolver)}
    events = _events({claim.event for claim in around.values()})
    documents = _documents({fields["document"] for fields in claims})
    answering = _answering(list(around.values()), as_of)
    named = _Confirming(answering[name] for name in around if name in answering)
    return [
        {
            "claim": fields,
            "label": claim.property.label,
            "says": worded(claim),
            "event": {"id": claim.event, "title": events[claim.event]},
            "place": {"id": place.id, "name": place.name} if (place := claim.scope.narrowed) else None,
            "document": documents[fields["document"]],
            "said_at": rendering.span_fields(claim.statement.said_at) if claim.statement else None,
            "speaker": _speaker(claim),
            "review": _review(claim, answering, resolver, named),
        }
        for fields in claims
        if (claim := around[fields["id"]])
    ]


def worded(claim: EngineClaim) -> str:
    """Say what a claim says: "24 people killed", "Weapon: S-300 missiles (the old port)", "denied: …"."""
    prop, scope = claim.property, claim.scope
    place = scope.narrowed
    covers = (place and (place.name or place.id), scope.population, scope.period and period(scope.period))
    within = ", ".join(part for part in covers if part)
    words = said(claim.value, prop)
    plain = words if prop.predicate and claim.value.kind is ValueKind.QUANTITY else f"{prop.label}: {words}"
    return STANCES[claim.stance].format(f"{plain} ({within})" if within else plain)


def _resolved(names: Sequence[str], resolver: Resolver) -> tuple[EngineClaim, ...]:
    return resolver.claims(fetched(queries.claims_as_reviewed().where(Claim.id.in_(list(names)))))


def _events(names: Iterable[str]) -> dict[str, str]:
    rows = Event.select(Event.id, Event.title).where(Event.id.in_(list(names)))
    return dict(fetched(rows))


def _documents(names: Iterable[str]) -> dict[str, Fields]:
    rows = Document.select(Document.id, Document.representation).where(Document.id.in_(list(names)))
    return {name: orjson.loads(text) for name, text in fetched(rows)}


def _speaker(claim: EngineClaim) -> Fields | None:
    voice = claim.voice
    return {"id": voice.id, "name": voice.name, "kind": voice.kind} if voice else None


def _answering(claims: Sequence[EngineClaim], as_of: str | None) -> Answering:
    """Find what claims answer: as stored, or as it had been answered by a moment."""
    if as_of is None:
        return _held(_stored([claim.id for claim in claims]))
    by_event = claims_by_event(Resolver(), as_of, {claim.event for claim in claims})
    return _held(
        (rendering.question_fields(item.key, item.scope, item.answer), None)
        for on_event in by_event.values()
        for item in answers(on_event)
    )


def _stored(names: Sequence[str]) -> Iterator[tuple[Fields, str | None]]:
    asked = QuestionClaim.select(QuestionClaim.question).where(QuestionClaim.claim.in_(list(names)))
    rows = Question.select(Question.representation, Question.recorded_at).where(Question.id.in_(asked))
    return ((orjson.loads(text), recorded_at) for text, recorded_at in fetched(rows))


def _held(questions: Iterable[tuple[Fields, str | None]]) -> Answering:
    return {
        held["id"]: (question, given, since)
        for question, since in questions
        for given in question["values"]
        for held in given["claims"]
        if given["property"] == question["property"] and given["scope"] == question["scope"]
    }


def _review(claim: EngineClaim, answering: Answering, resolver: Resolver, named: "_Confirming") -> Fields | None:
    """Say what the record makes of one claim; None where it no longer answers anything."""
    if claim.id not in answering:
        return None
    question, given, since = answering[claim.id]
    return {
        "question": question["id"],
        "rating": rating(question, given, resolver.property(question["property"]), named.by(given)),
        "because": question["assessment"]["because"],
        "sentence": question["assessment"]["sentence"],
        "reviewed_at": since,
    }


def rating(question: Fields, given: Fields, prop: EngineProperty, confirming: Sequence[str] = ()) -> str:
    """Rate one value of a question in a few words: "superseded: 24 as of 1 January 2024", "single origin"."""
    status, grade = ValueStatus(given["status"]), Grade(question["assessment"]["grade"])
    if status in (ValueStatus.SUPERSEDED, ValueStatus.CORRECTED):
        stands = _standing(question, prop)
        return f"{status}: {stands}" if stands else f"{status}; what stands is {grade}".replace("_", " ")
    if Grade.CONTESTED in (status, grade):
        return "contested"
    if grade is Grade.UNATTRIBUTED or not given["origins"]:
        return "unattributed"
    if grade is Grade.CORROBORATED and len(confirming) > 1:
        others = len(confirming) - MOST_NAMED
        return f"confirmed by {listed([*confirming[:MOST_NAMED], *([f'{others} more'] if others > 0 else [])])}"
    return "single origin"


def _standing(question: Fields, prop: EngineProperty) -> str | None:
    """Say what stands in the place of what was replaced, and as of when."""
    current = question["assessment"]["current"]
    if current is None:
        return None
    value = read_value(current)
    words = figure(value) if value.kind is ValueKind.QUANTITY else answer(value, prop)
    given = next((item for item in question["values"] if item["value"] == current), None)
    latest = given["as_of"]["latest"] if given else None
    return f"{words} as of {day(parse_moment(latest))}" if latest else words


def read_value(given: Fields) -> Value:
    """Read a value back from the form of the contract."""
    kind = ValueKind(given["kind"])
    if kind is ValueKind.QUANTITY:
        hedge = Qualifier(given["qualifier"])
        low, high = (given["low"], given["high"]) if hedge is Qualifier.BETWEEN else (None, None)
        return quantity(hedge, given["amount"], low, high, given["unit"], given["text"])
    if kind is ValueKind.TIME:
        return Value(kind, span=span_of(given["low"], given["high"]), text=given["text"])
    return Value(kind, term=given["term"], text=given["text"])


class _Confirming:
    """Who may confirm whom, among the origins of corroborated values: one name for each that counts."""

    def __init__(self, answered: Iterable[tuple[Fields, Fields, str | None]]) -> None:
        named = {
            origin
            for question, given, _ in answered
            if question["assessment"]["grade"] == Grade.CORROBORATED
            for origin in given["origins"]
        }
        self._rows = {
            row[0]: row
            for some in portions(sorted(named))
            for row in queries.reached(SOURCE_COLUMNS, Source.part_of, some)
        }

    def by(self, given: Fields) -> list[str]:
        """Name the first origin under each organisation that speaks for itself."""
        found: dict[str, str] = {}
        for name in given["origins"]:
            chain = list(self._outwards(name))
            if chain and all(kind not in (SourceKind.UNNAMED, SourceKind.OUTLET) for _, _, kind, *_ in chain):
                found.setdefault(chain[-1][0], chain[0][1])
        return list(found.values())

    def _outwards(self, name: str | None) -> Iterator[Any]:
        while name in self._rows:
            row = self._rows[name]
            yield row
            name = row[3]
