"""Queries: named questions to the store; they return queries, not lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from peewee import JOIN, Field, ForeignKeyField, ModelSelect, Value, fn

from api.store.bulk import Row, fetched, listed, one_of
from api.store.db import db
from api.store.models import (
    Attribution,
    Claim,
    Discrepancy,
    Document,
    Event,
    Finding,
    Property,
    Question,
    QuestionClaim,
    Resource,
    Source,
    Statement,
)
from api.store.phrasing import by_dialect
from api.store.published import latest, out_by
from schemas.moments import parse_moment
from schemas.vocabulary import ClaimStatus

Filters = Mapping[str, Any]


@by_dialect
def _stored_sql(model: type[Resource]) -> str:
    """The SQL of one stored representation: building it through peewee costs more than asking SQLite."""
    sql: str = model.select(model.representation).where(model.id == "").sql()[0]
    return sql


def stored(model: type[Resource], name: str) -> str | None:
    """The stored representation of one resource, or None."""
    row = db.execute_sql(_stored_sql(model), (name,)).fetchone()
    return str(row[0]) if row is not None else None


def publications(event: str) -> Iterator[Row]:
    """When the documents that claims on an event are from came out, retracted ones included: a day or an instant."""
    rows: Iterator[Row] = iter(db.execute_sql(_publications_sql(), (event,)).fetchall())
    return rows


@by_dialect
def _publications_sql() -> str:
    dates = Document.select(Document.public_day, Document.public_instant).join(Claim).where(Claim.event == "")
    return str(dates.distinct().sql()[0])


def representations(model: type[Resource], names: Collection[str]) -> dict[str, str]:
    """The stored representations of resources by their ids."""
    return dict(fetched(model.select(model.id, model.representation).where(model.id.in_(list(names)))))


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
        reported = (
            Claim.select(Value(1)).join(Document).where(Claim.event == Event.id, out_by(parse_moment(filters["as_of"])))
        )
        query = query.where(fn.EXISTS(reported))
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
        links = Attribution.select(Attribution.source).join(Claim)
        named = links.where(Claim.document.in_(published_documents(filters["as_of"]))).distinct()
        query = query.where(Source.id.in_(with_organisations(link.source_id for link in named)))
    return query


def with_organisations(named: Iterable[str]) -> set[str]:
    """The ids of these sources and of every organisation they are a part of."""
    part_of = {row.id: row.part_of_id for row in Source.select(Source.id, Source.part_of)}
    found: set[str] = set()
    for name in named:
        step: str | None = name
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
    """Discrepancies that have not ended and to which every given filter applies."""
    query = Discrepancy.select(Discrepancy.id, Discrepancy.representation).where(Discrepancy.ended_at.is_null())
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


REVIEWED_COLUMNS = (
    *(Claim.id, Claim.event, Claim.property, Claim.document, Claim.statement, Claim.kind, Claim.qualifier),
    *(Claim.amount, Claim.low, Claim.high, Claim.term, Claim.text, Claim.time_earliest, Claim.time_latest),
    *(Claim.scope_place, Claim.population, Claim.period, Claim.as_of_earliest, Claim.as_of_latest),
    *(Claim.stance, Claim.status, Claim.span_start, Claim.exact, Claim.counting, Claim.causes, Claim.reckoned),
    *(Document.published_earliest, Document.published_latest, Claim.place_in_list),
    *(Attribution.source, Attribution.role, Attribution.channel, Attribution.inferred),
)
"""What the engine reads of a claim; a claim has a row for each link of its chain, or one without a link."""


def place_of(column: Field) -> int:
    """Return where in a row of a claim to review a column stands; peewee's columns do not compare."""
    return next(place for place, known in enumerate(REVIEWED_COLUMNS) if known is column)


def claims_as_reviewed() -> ModelSelect[Claim]:
    """Every claim as the engine looks at it, each link by link."""
    return (
        Claim.select(*REVIEWED_COLUMNS)
        .join(Document)
        .switch(Claim)
        .join(Attribution, JOIN.LEFT_OUTER, on=Attribution.claim == Claim.id)
        .order_by(Claim.place_in_list, Attribution.position)
    )


def claims_to_review(
    events: Collection[str] | None, as_of: str | None = None, properties: Collection[str] | None = None
) -> ModelSelect[Claim]:
    """The claims that the engine looks at, of these events and properties or of all; retracted ones are left out."""
    query = claims_as_reviewed().where(Claim.status != ClaimStatus.RETRACTED)
    if events is not None:
        query = query.where(Claim.event.in_(list(events)))
    if properties is not None:
        query = query.where(Claim.property.in_(list(properties)))
    return query.where(out_by(parse_moment(as_of))) if as_of else query


def claims_to_review_on(event: str, as_of: str | None = None) -> Iterator[Row]:
    """Return the rows of the claims on one event that the engine looks at, by SQL worked out once."""
    moment = latest(parse_moment(as_of)) if as_of else ()
    sql = _claims_to_review_sql(as_of is not None)
    rows: Iterator[Row] = iter(db.execute_sql(sql, (ClaimStatus.RETRACTED.value, event, *moment)).fetchall())
    return rows


@by_dialect
def _claims_to_review_sql(dated: bool) -> str:
    return str(claims_to_review([""], "2000-01-01" if dated else None).sql()[0])


def reached(columns: Sequence[Field], onwards: ForeignKeyField, names: Sequence[str]) -> Iterator[Row]:
    """Return these columns of the rows with these names, and of all they lead to along a reference to their kind."""
    rows: Iterator[Row] = iter(db.execute_sql(_reached_sql(tuple(columns), onwards), (listed(names),)).fetchall())
    return rows


@by_dialect
def _reached_sql(columns: tuple[Field, ...], onwards: ForeignKeyField) -> str:
    model = onwards.model
    start = model.select(model.id.alias("id"), onwards.alias("onwards")).where(one_of(model.id, ()))
    found = start.cte("reached", recursive=True, columns=("id", "onwards"))
    further = model.alias()
    steps = further.select(further.id, getattr(further, onwards.name)).join(found, on=further.id == found.c.onwards)
    every = found.union(steps)
    return str(model.select(*columns).join(every, on=model.id == every.c.id).with_cte(every).sql()[0])


def event_sizes() -> ModelSelect[Event]:
    """Every event with how many claims are on it, retracted ones included, the largest first; an index tells."""
    size = fn.COUNT(Claim.event)
    return Event.select(Event.id, size).join(Claim, JOIN.LEFT_OUTER).group_by(Event.id).order_by(size.desc(), Event.id)


def outcomes(events: Collection[str], properties: Collection[str] | None = None) -> ModelSelect[Question]:
    """The questions on these events and properties with the digest of what the engine said."""
    query = Question.select(Question.event, Question.id, Question.outcome)
    query = query.where(Question.event.in_(list(events)))
    return query.where(Question.property.in_(list(properties))) if properties is not None else query


def outcomes_inside(events: Collection[str]) -> ModelSelect[Finding]:
    """The findings about these events with the digest of what the engine found."""
    query = Finding.select(Finding.event, Finding.document, Finding.place_in_list, Finding.outcome)
    return query.where(Finding.event.in_(list(events)))


def claims_said(statements: Collection[str]) -> ModelSelect[Claim]:
    """The claims that go back to these statements, in the order of the documents; retracted ones are left out."""
    return (
        Claim.select(Claim.statement, Claim.id)
        .where(Claim.statement.in_(list(statements)) & (Claim.status != ClaimStatus.RETRACTED))
        .order_by(Claim.place_in_list)
    )
