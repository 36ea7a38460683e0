"""Upkeep: what the engine finds is stored whenever claims change, so that a read is a lookup."""

from collections.abc import Callable, Iterable

from api.engine.findings import findings
from api.engine.questions import Answered, answers
from api.engine.record import Claim as EngineClaim
from api.review import rendering
from api.review.asking import claims_by_event, claims_on
from api.review.resolving import Resolver
from api.store.models import Claim, Discrepancy, Document, Event, Finding, Question, QuestionClaim, Statement
from api.store.rendering import (
    DOCUMENT,
    EVENT,
    STATEMENT,
    document_fields,
    dumped,
    event_fields,
    statement_fields,
)
from schemas.discrepancies import DiscrepancySchema
from schemas.documents import FindingSchema
from schemas.questions import QuestionSchema
from schemas.vocabulary import ClaimStatus

QUESTION, DISCREPANCY, FINDING = QuestionSchema(), DiscrepancySchema(), FindingSchema()


def refresh(events: Iterable[str], now: str, step: Callable[[], object] = lambda: None) -> None:
    """Recompute everything that follows from the claims of these events and store it.

    Call it inside the transaction that changed them; `step` is called once an event.
    """
    resolver = Resolver()
    documents: set[str] = set()
    for event in sorted(set(events)):
        documents.update(row.document_id for row in Claim.select(Claim.document).where(Claim.event == event).distinct())
        claims = claims_on(event, resolver)
        _store_answers(event, answers(claims), now)
        _render_event(event)
        step()
    _review_documents(sorted(documents), resolver)
    _render_statements()


def _review_documents(documents: list[str], resolver: Resolver) -> None:
    """Look into each document with every claim on the events it speaks of."""
    spoken_of = Claim.select(Claim.event).where(Claim.document.in_(documents)).distinct()
    on_record = claims_by_event(resolver, events=[row.event_id for row in spoken_of])
    for document in documents:
        around = [claims for claims in on_record.values() if any(claim.document == document for claim in claims)]
        _store_findings(document, [claim for claims in around for claim in claims])


def _store_answers(event: str, answered: Iterable[Answered], now: str) -> None:
    asked = tuple(answered)
    names = [rendering.question_id(item.key) for item in asked]
    Question.delete().where((Question.event == event) & Question.id.not_in(names)).execute()
    for name, item in zip(names, asked, strict=True):
        fields = rendering.question_fields(item.key, item.scope, item.answer)
        text = dumped(QUESTION, fields)
        existing = Question.get_or_none(Question.id == name)
        if existing is None:
            Question.create(
                id=name,
                event=event,
                property=item.key[1],
                discrepancy_name=rendering.discrepancy_id(item.key),
                grade=item.answer.assessment.grade,
                recorded_at=now,
                representation=text,
            )
        elif existing.representation != text:
            existing.grade, existing.representation = item.answer.assessment.grade, text
            existing.recorded_at, existing.revision = now, existing.revision + 1
            existing.save()
        QuestionClaim.delete().where(QuestionClaim.question == name).execute()
        QuestionClaim.insert_many([{"question": name, "claim": claim.id} for claim in item.claims]).execute()
        _store_discrepancy(name, item, now)


def _store_discrepancy(question: str, item: Answered, now: str) -> None:
    name = rendering.discrepancy_id(item.key)
    existing = Discrepancy.get_or_none(Discrepancy.id == name)
    if item.answer.kind is None:
        Discrepancy.delete().where(Discrepancy.id == name).execute()
        return
    revision, changed_at = (existing.revision, existing.changed_at) if existing else (1, now)
    text = dumped(DISCREPANCY, rendering.discrepancy_fields(item.key, item.scope, item.answer, revision, changed_at))
    if existing is not None and existing.representation == text:
        return
    if existing is not None:
        fields = rendering.discrepancy_fields(item.key, item.scope, item.answer, revision + 1, now)
        existing.representation, existing.revision = dumped(DISCREPANCY, fields), revision + 1
        existing.changed_at = existing.recorded_at = now
        existing.kind, existing.conflict = item.answer.kind, item.answer.conflict
        existing.save()
        return
    Discrepancy.create(
        id=name,
        question=question,
        event=item.key[0],
        property=item.key[1],
        kind=item.answer.kind,
        conflict=item.answer.conflict,
        changed_at=now,
        recorded_at=now,
        representation=text,
    )


def _store_findings(document: str, claims: Iterable[EngineClaim]) -> None:
    found = findings(document, claims)
    fields = [rendering.finding_fields(finding) for finding in found]
    Finding.delete().where(Finding.document == document).execute()
    if fields:
        Finding.insert_many(
            [
                {
                    "document": document,
                    "place": place,
                    "kind": finding.kind,
                    "event": finding.event,
                    "property": finding.property,
                    "representation": dumped(FINDING, rendered),
                }
                for place, (finding, rendered) in enumerate(zip(found, fields, strict=True))
            ]
        ).execute()
    row = Document.get_by_id(document)
    row.representation = dumped(DOCUMENT, document_fields(row, fields))
    row.save()


def _render_event(event: str) -> None:
    row = Event.get_by_id(event)
    row.representation = dumped(EVENT, event_fields(row, row.place, counts(event)))
    row.save()


def counts(event: str) -> dict[str, int]:
    """Count what the record holds on an event; retracted claims are left out."""
    standing = Claim.select().where((Claim.event == event) & (Claim.status != ClaimStatus.RETRACTED))
    found = Discrepancy.select().where(Discrepancy.event == event)
    return {
        "claims": standing.count(),
        "documents": standing.select(Claim.document).distinct().count(),
        "questions": Question.select().where(Question.event == event).count(),
        "discrepancies": found.count(),
        "conflicts": found.where(Discrepancy.conflict).count(),
    }


def _render_statements() -> None:
    said: dict[str, list[str]] = {}
    standing = Claim.statement.is_null(False) & (Claim.status != ClaimStatus.RETRACTED)
    for row in Claim.select(Claim.id, Claim.statement).where(standing).order_by(Claim.place_in_list):
        said.setdefault(str(row.statement_id), []).append(row.id)
    for statement in Statement.select():
        text = dumped(STATEMENT, statement_fields(statement, said.get(statement.id, ())))
        if text != statement.representation:
            Statement.update(representation=text).where(Statement.id == statement.id).execute()
