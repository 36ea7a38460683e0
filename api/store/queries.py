"""Queries: named questions to the store; they return queries, not lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC
from functools import cache
from typing import Any

from peewee import ModelSelect

from api.store.db import db
from api.store.models import (
    Attribution,
    Claim,
    Discrepancy,
    Document,
    Event,
    Property,
    Question,
    QuestionClaim,
    Resource,
    Source,
    Statement,
)
from api.store.published import out_by
from schemas.moments import parse_moment
from schemas.vocabulary import ClaimStatus

Filters = Mapping[str, Any]


@cache
def _stored_sql(model: type[Resource]) -> str:
    """The SQL of one stored representation: building it through peewee costs more than asking SQLite."""
    sql: str = model.select(model.representation).where(model.id == "").sql()[0]
    return sql


def stored(model: type[Resource], name: str) -> str | None:
    """The stored representation of one resource, or None."""
    row = db.execute_sql(_stored_sql(model), (name,)).fetchone()
    return str(row[0]) if row is not None else None


def published_documents(as_of: str | None) -> ModelSelect[Document]:
    """The ids of the documents that had been published by `as_of`; all of them when it is None."""
    query = Document.select(Document.id)
    return query.where(out_by(parse_moment(as_of))) if as_of else query


CLAIM_FILTERS: dict[str, Callable[[Any], Any]] = {
    "event": lambda name: Claim.event == name,
    "property": lambda name: Claim.property == name,
    "origin": lambda name: Claim.origin == name,
    "document": lambda name: Claim.document == name,
    "statement": lambda name: Claim.statement == name,
    "kind": lambda word: Claim.kind == word,
    "status": lambda word: Claim.status == word,
    "place": lambda name: Claim.scope_place == name,
    "source": lambda name: Claim.id.in_(Attribution.select(Attribution.claim).where(Attribution.source == name)),
    "min": lambda least: (Claim.kind == "quantity") & (Claim.high.is_null() | (Claim.high >= least)),
    "max": lambda most: (Claim.kind == "quantity") & (Claim.low.is_null() | (Claim.low <= most)),
    "changed_since": lambda moment: Claim.recorded_at >= since(moment),
    "as_of": lambda moment: Claim.document.in_(published_documents(moment)),
}
"""What each filter on claims asks of a row."""


def claims(filters: Filters) -> ModelSelect[Claim]:
    """Claims to which every given filter applies."""
    query = Claim.select(Claim.place_in_list, Claim.representation)
    for name, condition in CLAIM_FILTERS.items():
        if filters.get(name) is not None:
            query = query.where(condition(filters[name]))
    for word in (filters.get("q") or "").split():
        query = query.where(Claim.words.contains(word.casefold()))
    return query


def since(moment: str) -> str:
    """Return the UTC time at which a moment begins, as the record writes it."""
    return parse_moment(moment).begins[1].astimezone(UTC).isoformat()


def events(filters: Filters) -> ModelSelect[Event]:
    """Events to which every given filter applies."""
    query = Event.select(Event.id, Event.representation)
    for name, column in (("parent", Event.parent), ("place", Event.place)):
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    for word in (filters.get("q") or "").split():
        query = query.where(Event.words.contains(word.casefold()))
    if filters.get("as_of") is not None:
        reported = Claim.select(Claim.event).where(Claim.document.in_(published_documents(filters["as_of"])))
        query = query.where(Event.id.in_(reported))
    return query


def sources(filters: Filters) -> ModelSelect[Source]:
    """Sources to which every given filter applies."""
    query = Source.select(Source.id, Source.representation)
    for name, column in (("kind", Source.kind), ("side", Source.side), ("part_of", Source.part_of)):
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    for word in (filters.get("q") or "").split():
        query = query.where(Source.words.contains(word.casefold()))
    if filters.get("as_of") is not None:
        named = _with_organisations(
            Attribution.select(Attribution.source)
            .join(Claim)
            .where(Claim.document.in_(published_documents(filters["as_of"])))
            .distinct()
        )
        query = query.where(Source.id.in_(named))
    return query


def _with_organisations(named: ModelSelect[Attribution]) -> set[str]:
    """The ids of these sources and of every organisation they are a part of."""
    part_of = {row.id: row.part_of_id for row in Source.select(Source.id, Source.part_of)}
    found: set[str] = set()
    for row in named:
        step: str | None = row.source_id
        while step is not None and step not in found:
            found.add(step)
            step = part_of[step]
    return found


def documents(filters: Filters) -> ModelSelect[Document]:
    """Documents to which every given filter applies."""
    query = Document.select(Document.id, Document.representation)
    if filters.get("event") is not None:
        query = query.where(Document.id.in_(Claim.select(Claim.document).where(Claim.event == filters["event"])))
    if filters.get("source") is not None:
        naming = Attribution.select(Claim.document).join(Claim).where(Attribution.source == filters["source"])
        query = query.where(Document.id.in_(naming))
    if filters.get("published_since") is not None:
        moment = parse_moment(filters["published_since"])
        query = query.where(
            (Document.public_day >= moment.first.isoformat()) | (Document.public_instant >= since(moment.text))
        )
    if filters.get("published_until") is not None:
        query = query.where(out_by(parse_moment(filters["published_until"])))
    if filters.get("as_of") is not None:
        query = query.where(out_by(parse_moment(filters["as_of"])))
    return query


def statements(as_of: str | None) -> ModelSelect[Statement]:
    """Statements that a document published by `as_of` goes back to."""
    query = Statement.select(Statement.id, Statement.representation)
    if as_of is not None:
        reported = Claim.select(Claim.statement).where(Claim.document.in_(published_documents(as_of)))
        query = query.where(Statement.id.in_(reported))
    return query


def properties(filters: Filters) -> ModelSelect[Property]:
    """Properties to which every given filter applies."""
    query = Property.select(Property.id, Property.representation)
    return query.where(Property.kind == filters["kind"]) if filters.get("kind") is not None else query


def questions(filters: Filters) -> ModelSelect[Question]:
    """Questions to which every given filter applies."""
    query = Question.select(Question.id, Question.representation)
    for name, column in (("event", Question.event), ("property", Question.property), ("grade", Question.grade)):
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    return query


def questions_known(as_of: str) -> ModelSelect[QuestionClaim]:
    """The questions with an answer in a document published by then."""
    visible = Claim.document.in_(published_documents(as_of)) & (Claim.status != ClaimStatus.RETRACTED)
    return QuestionClaim.select(QuestionClaim.question).join(Claim).where(visible).distinct()


def discrepancies(filters: Filters) -> ModelSelect[Discrepancy]:
    """Discrepancies to which every given filter applies."""
    query = Discrepancy.select(Discrepancy.id, Discrepancy.representation)
    plain = {
        "event": Discrepancy.event,
        "property": Discrepancy.property,
        "kind": Discrepancy.kind,
        "conflict": Discrepancy.conflict,
    }
    for name, column in plain.items():
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    for name, column in (("document", Claim.document), ("origin", Claim.origin)):
        if filters.get(name) is not None:
            answered = QuestionClaim.select(QuestionClaim.question).join(Claim).where(column == filters[name])
            query = query.where(Discrepancy.question.in_(answered))
    if filters.get("questions") is not None:
        query = query.where(Discrepancy.question.in_(filters["questions"]))
    if filters.get("changed_since") is not None:
        query = query.where(Discrepancy.changed_at >= since(filters["changed_since"]))
    return query


def claims_to_review(events: Collection[str] | None, as_of: str | None = None) -> ModelSelect[Claim]:
    """The claims that the engine looks at, of these events or of all, with their document."""
    query = (
        Claim.select(Claim, Document)
        .join(Document)
        .where(Claim.status != ClaimStatus.RETRACTED)
        .order_by(Claim.place_in_list)
    )
    if events is not None:
        query = query.where(Claim.event.in_(list(events)))
    return query.where(out_by(parse_moment(as_of))) if as_of else query


def links_of(ids: list[str]) -> ModelSelect[Attribution]:
    """The attribution links of these claims, each chain in its order."""
    return Attribution.select().where(Attribution.claim.in_(ids)).order_by(Attribution.claim, Attribution.position)
