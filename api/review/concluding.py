"""Concluding: what the engine says of the claims on one event, each conclusion with a digest to know it by."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.engine.assess import Answer, assess
from api.engine.findings import Finding, findings
from api.engine.questions import Answered, answers
from api.engine.record import Claim, QuestionKey, ScopeKey
from api.review import rendering
from schemas.vocabulary import FindingKind

CONTRACT = "2"
"""Raised when a question, a discrepancy or a finding is rendered otherwise: then each is rendered anew."""

KINDS = {kind: place for place, kind in enumerate(FindingKind)}

Fields = dict[str, Any]
Subject = tuple[str, ScopeKey]
"""A family of properties and a scope."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The answer to one question; `outcome` is another one whenever something about it is."""

    id: str
    item: Answered
    fields: Fields
    outcome: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding inside a document; `place_in_list` is where the document's findings show it."""

    finding: Finding
    place_in_list: str
    fields: Fields
    outcome: str


def by_family(claims: Iterable[Claim], families: Mapping[str, str]) -> dict[str, list[Claim]]:
    """Gather claims on one event by family of properties: what lies apart there answers nothing of the other."""
    gathered: dict[str, list[Claim]] = {}
    for claim in claims:
        gathered.setdefault(families[claim.property.id], []).append(claim)
    return gathered


def conclusions(claims: Sequence[Claim], wanted: Collection[QuestionKey] | None = None) -> Iterator[Conclusion]:
    """Answer the questions of claims on one event and family, or the wanted ones."""
    for item in answers(claims, wanted):
        fields = rendering.question_fields(item.key, item.scope, item.answer)
        yield Conclusion(fields["id"], item, fields, _digest([fields, [claim.id for claim in item.claims]]))


def inside(
    claims: Sequence[Claim], families: Mapping[str, str], documents: Collection[str] | None = None
) -> Iterator[Found]:
    """Look into the documents behind claims on one event, or into the wanted ones.

    A document is held against what others say of a scope, on one family of properties, only where it says two
    things about that itself.
    """
    said: dict[Subject, list[Claim]] = {}
    spoken: dict[str, dict[Subject, list[Claim]]] = {}
    for claim in claims:
        subject = (families[claim.property.id], claim.scope.key)
        said.setdefault(subject, []).append(claim)
        if claim.document is not None and (documents is None or claim.document in documents):
            spoken.setdefault(claim.document, {}).setdefault(subject, []).append(claim)
    answered: dict[QuestionKey, Answer] = {}

    def assessed(members: Sequence[Claim]) -> Answer:
        """Whatever the document, the claims of a question it says two things on are all there."""
        key = members[0].question
        if key not in answered:
            answered[key] = assess(members)
        return answered[key]

    for document, subjects in spoken.items():
        around: list[Claim] = []
        for subject in sorted(subjects, key=repr):
            around += said[subject] if len(subjects[subject]) > 1 else subjects[subject]
        yield from map(_found, findings(document, around, assessed))


def _found(finding: Finding) -> Found:
    first, fields = finding.claims[0], rendering.finding_fields(finding)
    place = f"{finding.event} {KINDS[finding.kind]} {first.position:08d} {first.id}"
    return Found(finding, place, fields, _digest(fields))


def _digest(content: Any) -> str:
    return hashlib.blake2b(orjson.dumps([CONTRACT, content]), digest_size=10).hexdigest()
