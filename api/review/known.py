"""Known: what the record says now, or said of what had been published by a given moment.

Now is a lookup of what upkeep stored; any other moment is worked out from the claims of its documents.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from peewee import ModelSelect

from api.engine.questions import Answered, answers, relations_of
from api.engine.record import Claim as EngineClaim
from api.review import rendering
from api.review.asking import claims_by_event, claims_on
from api.review.concluding import Found, inside, outdated
from api.review.drafting import DISCREPANCY, FINDING, QUESTION
from api.review.lookup import named
from api.review.resolving import Resolver
from api.store import db as store
from api.store import queries
from api.store.bulk import fetched
from api.store.models import (
    Claim,
    Discrepancy,
    Document,
    Event,
    Finding,
    Place,
    Property,
    Question,
    Source,
    Statement,
)
from api.store.rendering import (
    DOCUMENT,
    EVENT,
    STATEMENT,
    document_fields,
    dumped,
    event_fields,
    statement_fields,
)
from schemas.vocabulary import ClaimStatus

Args = Mapping[str, Any]
Row = tuple[str, str | Callable[[], str]]
Rows: TypeAlias = "ModelSelect[Any] | list[Row]"
Fields = dict[str, Any]
OnRecord: TypeAlias = Mapping[str, Sequence[EngineClaim]]
"""Claims by event."""


def events(args: Args) -> Rows:
    """Return the events that the filters leave, with their counts."""
    if args["as_of"] is None:
        return queries.events(args)
    rows = list(queries.events(args).select(Event))
    claims = claims_by_event(Resolver(), args["as_of"], [row.id for row in rows])
    places = {row.id: row for row in Place.select()}
    return [(row.id, partial(_event_at, row, places.get(row.place_id or ""), claims.get(row.id, []))) for row in rows]


def event(name: str, as_of: str | None) -> str | None:
    """Return the representation of one event, or None when there is none or nothing on it was out."""
    if as_of is None:
        return queries.stored(Event, name)
    row = queries.events({"as_of": as_of}).select(Event).where(Event.id == name).first()
    return _event_at(row, row.place, claims_on(name, Resolver(), as_of)) if row is not None else None


def _event_at(row: Event, place: Place | None, claims: Sequence[EngineClaim]) -> str:
    answered = answers(claims)
    counts = {
        "claims": len(claims),
        "documents": len({claim.document for claim in claims}),
        "questions": len(answered),
        "discrepancies": sum(item.answer.kind is not None for item in answered),
        "conflicts": sum(item.answer.conflict for item in answered),
    }
    return dumped(EVENT, event_fields(row, place, counts))


def questions(args: Args) -> Rows:
    """Return the questions that the filters leave, with their answers."""
    if args["as_of"] is None:
        return queries.questions(args)
    wanted = {"property": lambda f: f["property"], "grade": lambda f: f["assessment"]["grade"]}
    return [
        (fields["id"], partial(dumped, QUESTION, fields))
        for item in _answered_at(args)
        if _fits(args, fields := rendering.question_fields(item.key, item.scope, item.answer), wanted)
    ]


def question(name: str, as_of: str | None) -> str | None:
    """Return the representation of one question, or None."""
    if as_of is None:
        return queries.stored(Question, name)
    row = Question.get_or_none(Question.id == name)
    for item in answers(claims_on(row.event_id, Resolver(), as_of)) if row else ():
        if rendering.question_id(item.key) == name:
            return dumped(QUESTION, rendering.question_fields(item.key, item.scope, item.answer))
    return None


def discrepancies(args: Args) -> Rows:
    """Return the discrepancies that the filters leave; `q` leaves those of the questions that a lookup finds."""
    asked = named(args["q"]) if args["q"] is not None and args["q"].strip() else None
    if args["as_of"] is None:
        return queries.discrepancies({**args, "questions": asked})
    wanted = {
        "property": lambda f: f["property"],
        "kind": lambda f: f["kind"],
        "conflict": lambda f: f["conflict"],
    }
    rows: list[Row] = []
    left = {name for (name,) in fetched(asked)} if asked is not None else None
    for item in _answered_at(args):
        unasked = left is not None and rendering.question_id(item.key) not in left
        if item.answer.kind is None or unasked or not _names(args, item):
            continue
        fields = rendering.discrepancy_fields(item.key, item.scope, item.answer, None, None)
        if _fits(args, fields, wanted) and _changed_since(args["changed_since"], fields["id"]):
            rows.append((fields["id"], dumped(DISCREPANCY, fields)))
    return rows


def _changed_since(moment: str | None, name: str) -> bool:
    """Whether the record changed a discrepancy then or later; what was out by a moment does not tell."""
    if moment is None:
        return True
    row = (Discrepancy.id == name) & (Discrepancy.changed_at >= queries.since(moment))
    changed: bool = Discrepancy.select().where(row).exists()
    return changed


def discrepancy(name: str, as_of: str | None) -> str | None:
    """Return the representation of one discrepancy, or None."""
    if as_of is None:
        return queries.stored(Discrepancy, name)
    asked = Question.get_or_none(Question.discrepancy_name == name)
    for item in answers(claims_on(asked.event_id, Resolver(), as_of)) if asked else ():
        if rendering.discrepancy_id(item.key) == name and item.answer.kind is not None:
            return dumped(DISCREPANCY, rendering.discrepancy_fields(item.key, item.scope, item.answer, None, None))
    return None


def _answered_at(args: Args) -> Iterator[Answered]:
    events = [args["event"]] if args.get("event") else None
    for claims in claims_by_event(Resolver(), args["as_of"], events).values():
        yield from answers(claims)


def _fits(args: Args, fields: Fields, wanted: Mapping[str, Callable[[Fields], Any]]) -> bool:
    return all(args.get(name) is None or read(fields) == args[name] for name, read in wanted.items())


def _names(args: Args, item: Answered) -> bool:
    documents = {claim.document for claim in item.claims}
    origins = {claim.origin.id for claim in item.claims if claim.origin}
    return (args.get("document") is None or args["document"] in documents) and (
        args.get("origin") is None or args["origin"] in origins
    )


def documents(args: Args) -> Rows:
    """Return the documents that the filters leave, with their findings."""
    query = queries.documents(args)
    if args["as_of"] is None:
        return query
    on_record = _on_record(args["as_of"])
    return [(row.id, partial(_document_at, row, on_record)) for row in query.select(Document)]


def document(name: str, as_of: str | None) -> str | None:
    """Return the representation of one document, or None when it was not out."""
    if as_of is None:
        return queries.stored(Document, name)
    if not _out(name, as_of):
        return None
    return _document_at(Document.get_by_id(name), _around(name, as_of))


def _out(document_id: str, as_of: str) -> bool:
    out: bool = queries.published_documents(as_of).where(Document.id == document_id).exists()
    return out


def _document_at(row: Document, on_record: OnRecord) -> str:
    return dumped(DOCUMENT, document_fields(row, [found.fields for found in _inside(row.id, on_record)]))


def findings(document_id: str, as_of: str | None, kind: str | None) -> list[str]:
    """Return the findings about one document."""
    if as_of is None:
        query = Finding.select().where(Finding.document == document_id).order_by(Finding.place_in_list, Finding.outcome)
        return [row.representation for row in query if kind in (None, row.kind)]
    found = _inside(document_id, _around(document_id, as_of))
    return [dumped(FINDING, item.fields) for item in found if kind in (None, item.finding.kind)]


def _around(document_id: str, as_of: str) -> OnRecord:
    """Every claim, published by then, on the events that a document speaks of."""
    spoken_of = Claim.select(Claim.event).where(Claim.document == document_id).distinct()
    return _on_record(as_of, [row.event_id for row in spoken_of])


def _on_record(as_of: str, events: Collection[str] | None = None) -> OnRecord:
    return claims_by_event(Resolver(), as_of, events)


def _inside(document_id: str, on_record: OnRecord) -> list[Found]:
    """What is wrong inside a document, in the order its findings are listed in."""
    found = [
        item
        for claims in on_record.values()
        if any(claim.document == document_id for claim in claims)
        for item in inside(claims, outdated(claims, [document_id]), [document_id])
    ]
    return sorted(found, key=lambda item: (item.place_in_list, item.outcome))


def claim_text(name: str, as_of: str | None) -> str | None:
    """Return the representation of a claim, if its document had been published by then."""
    if as_of is None:
        return queries.stored(Claim, name)
    row = claim(name, as_of)
    return str(row.representation) if row is not None else None


def claim(name: str, as_of: str | None) -> Claim | None:
    """Return a claim, if its document had been published by then."""
    row: Claim | None = Claim.get_or_none(Claim.id == name)
    return row if row is None or as_of is None or _out(row.document_id, as_of) else None


def relations(row: Claim, as_of: str | None) -> list[Fields]:
    """Relate one claim to the others on its question or coupled to it."""
    found = relations_of(row.id, claims_on(row.event_id, Resolver(), as_of))
    return [
        {
            "claim": other.id,
            "relation": verdict.relation,
            "rule": verdict.rule,
            "because": verdict.because,
            "order": verdict.order,
        }
        for other, verdict in found
    ]


def statement(name: str, as_of: str | None) -> str | None:
    """Return the representation of one statement, or None."""
    row = queries.statements(as_of).where(Statement.id == name).first()
    if row is None or as_of is None:
        return str(row.representation) if row is not None else None
    visible = Claim.select(Claim.id).where(
        (Claim.statement == name)
        & (Claim.status != ClaimStatus.RETRACTED)
        & Claim.document.in_(queries.published_documents(as_of))
    )
    ids = [claim.id for claim in visible.order_by(Claim.place_in_list)]
    return dumped(STATEMENT, statement_fields(Statement.get_by_id(name), ids))


def claims(args: Args) -> Rows:
    """Return the claims that the filters leave."""
    return queries.claims(args)


def sources(args: Args) -> Rows:
    """Return the sources that the filters leave."""
    return queries.sources(args)


def source(name: str, as_of: str | None) -> str | None:
    """Return the representation of one source, or None when nobody had named it."""
    if as_of is None:
        return queries.stored(Source, name)
    row = queries.sources({"as_of": as_of}).where(Source.id == name).first()
    return str(row.representation) if row is not None else None


def properties(args: Args) -> Rows:
    """Return the properties that the filters leave."""
    return queries.properties(args)


def property_text(name: str) -> str | None:
    """Return the representation of one property."""
    return queries.stored(Property, name)


def answers_at_all() -> None:
    """Ask the store for as little as possible; raises peewee's OperationalError when it does not answer."""
    store.answers()
