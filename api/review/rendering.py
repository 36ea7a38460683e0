"""Rendering: what the engine found, as the contract gives it."""

import hashlib
from typing import Any

from api.engine.assess import Answer, Assessment
from api.engine.findings import Finding
from api.engine.groups import Group
from api.engine.record import Claim, QuestionKey, Scope
from api.engine.values import Value
from schemas.moments import Span
from schemas.vocabulary import ValueStatus

Fields = dict[str, Any]


def question_id(key: QuestionKey) -> str:
    """Return a question's readable id: event.property, then the place, then a digest of what else narrows it."""
    event, prop, (place, *others) = key
    parts = [event, prop, place or ("all" if any(others) else None), digest(repr(others)) if any(others) else None]
    return ".".join(part for part in parts if part)


def event_and_property(name: str) -> tuple[str, str]:
    """Return what the question of a readable id asks about: no id of an event or a property has a point in it."""
    event, prop, *_ = name.split(".", 2)
    return event, prop


def narrowed(name: str, event: str, prop: str) -> list[str] | None:
    """Return what the question of a readable id is narrowed to, beside event and property; None if it does not tell."""
    rest = name.removeprefix(f"{event}.{prop}").removeprefix(".")
    return None if "." in rest else [rest] if rest else []


def discrepancy_id(key: QuestionKey) -> str:
    """Return a discrepancy's opaque id; it stays while its question does."""
    return f"d{digest(question_id(key))}"


def digest(text: str) -> str:
    """Return a short digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def value_fields(value: Value) -> Fields:
    """Return a value; a time has its ends in `low` and `high`."""
    span = value.span
    return {
        "kind": value.kind,
        "qualifier": value.qualifier,
        "amount": value.amount,
        "low": _text(span.earliest) if span else value.low,
        "high": _text(span.latest) if span else value.high,
        "unit": value.unit,
        "term": value.term,
        "text": value.text,
    }


def span_fields(span: Span) -> Fields:
    """Return an interval of time."""
    return {"earliest": _text(span.earliest), "latest": _text(span.latest)}


def scope_fields(scope: Scope) -> Fields:
    """Return a scope."""
    place, _, period, *_ = scope.key
    rule = {"counting": scope.counting} if scope.counting is not None else {}
    return {"place": place, "population": scope.population, "period": period, **rule}


def _text(moment: Any) -> str | None:
    return moment.text if moment is not None else None


def group_fields(group: Group, status: ValueStatus) -> Fields:
    """Return one distinct value with everybody who gives it."""
    first = group.claims[0]
    return {
        "value": value_fields(group.value),
        "status": status,
        "denied": group.denied,
        "property": first.property.id,
        "scope": scope_fields(first.scope),
        "claims": [held_by(claim) for claim in group.claims],
        "origins": [source.id for source in group.origins],
        "independent_origins": group.independent_origins,
        "as_of": span_fields(group.as_of),
    }


def held_by(claim: Claim) -> Fields:
    """Return a claim in short."""
    return {
        "id": claim.id,
        "document": claim.document,
        "origin": claim.origin.id if claim.origin else None,
        "exact": claim.exact,
    }


def assessment_fields(assessment: Assessment) -> Fields:
    """Return an assessment."""
    return {
        "current": value_fields(assessment.current) if assessment.current else None,
        "low": assessment.low,
        "high": assessment.high,
        "grade": assessment.grade,
        "because": assessment.because,
        "documents": assessment.documents,
        "origins": assessment.origins,
        "independent_origins": assessment.independent_origins,
        "sentence": assessment.sentence,
    }


def answer_fields(key: QuestionKey, scope: Scope, answer: Answer) -> Fields:
    """Return what a question and its discrepancy share."""
    return {
        "event": key[0],
        "property": key[1],
        "scope": scope_fields(scope),
        "conflict": answer.conflict,
        "summary": answer.summary,
        "values": [group_fields(*pair) for pair in zip(answer.groups, answer.statuses, strict=True)],
        "relations": [
            {
                "left": tie.left,
                "right": tie.right,
                "relation": tie.verdict.relation,
                "rule": tie.verdict.rule,
                "because": tie.verdict.because,
                "order": tie.verdict.order,
            }
            for tie in answer.ties
        ],
        "assessment": assessment_fields(answer.assessment),
    }


def question_fields(key: QuestionKey, scope: Scope, answer: Answer) -> Fields:
    """Return a question with its answer."""
    name = question_id(key)
    return {
        "id": name,
        "discrepancy": discrepancy_id(key) if answer.kind else None,
        **answer_fields(key, scope, answer),
        "links": {
            "self": f"/v1/questions/{name}",
            "event": f"/v1/events/{key[0]}",
            "claims": f"/v1/claims?event={key[0]}&property={key[1]}",
        },
    }


def discrepancy_fields(
    key: QuestionKey, scope: Scope, answer: Answer, revision: int | None, changed_at: str | None
) -> Fields:
    """Return a discrepancy; one worked out for another moment has no revision of its own."""
    return {**answer_fields(key, scope, answer), **discrepancy_own_fields(key, answer, revision, changed_at)}


def discrepancy_own_fields(key: QuestionKey, answer: Answer, revision: int | None, changed_at: str | None) -> Fields:
    """Return what a discrepancy says and its question does not."""
    name = discrepancy_id(key)
    return {
        "id": name,
        "kind": answer.kind,
        "changed_at": changed_at,
        "ended_at": None,
        "revision": revision,
        "links": {
            "self": f"/v1/discrepancies/{name}",
            "question": f"/v1/questions/{question_id(key)}",
            "event": f"/v1/events/{key[0]}",
            "provenance": f"/v1/discrepancies/{name}/provenance",
        },
    }


def finding_fields(finding: Finding) -> Fields:
    """Return a finding with the claims it rests on."""
    return {
        "kind": finding.kind,
        "document": finding.document,
        "event": finding.event,
        "property": finding.property,
        "because": finding.because,
        "claims": [
            {
                "id": claim.id,
                "value": value_fields(claim.value),
                "scope": scope_fields(claim.scope),
                "statement": claim.statement.id if claim.statement else None,
                "start": claim.position,
                "end": claim.position + len(claim.exact or ""),
                "exact": claim.exact,
            }
            for claim in finding.claims
        ],
    }
