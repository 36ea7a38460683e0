"""Concluding: what the engine says of the claims on one event, each conclusion with a digest to know it by."""

import hashlib
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.engine.assess import assess
from api.engine.findings import Finding, Stated, stale, unsound
from api.engine.questions import Answered, answers
from api.engine.reckoning import recognised
from api.engine.record import Claim, QuestionKey, ScopeKey
from api.review import rendering
from schemas.vocabulary import FindingKind

CONTRACT = "3"
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
    claims: Iterable[Claim], replaced: Iterable[Finding], documents: Collection[str] | None = None
) -> Iterator[Found]:
    """Look into the documents behind claims on one event, or into the wanted ones.

    `replaced` is what the answers to the event's questions show to be stale. The claims must include those that
    answer any question on which a wanted document says something beside another count of it.
    """
    listed = recognised(claims)
    stated = Stated(listed)
    spoken: dict[str, list[Claim]] = {}
    for claim in listed:
        if claim.document is not None and (documents is None or claim.document in documents):
            spoken.setdefault(claim.document, []).append(claim)
    yield from (_found(finding) for finding in replaced if finding.document in spoken)
    for own in spoken.values():
        yield from map(_found, unsound(own, stated))


def outdated(claims: Iterable[Claim], documents: Collection[str]) -> Iterator[Finding]:
    """Assess the questions on which one of these documents gives two values, and say which of those are stale."""
    asked: dict[QuestionKey, list[Claim]] = {}
    given: dict[tuple[QuestionKey, str], set[Hashable]] = {}
    for claim in recognised(claims):
        asked.setdefault(claim.question, []).append(claim)
        if claim.document is not None and claim.document in documents:
            given.setdefault((claim.question, claim.document), set()).add(claim.value.key)
    for question in dict.fromkeys(question for (question, _), values in given.items() if len(values) > 1):
        yield from stale(assess(asked[question]))


def _found(finding: Finding) -> Found:
    first, fields = finding.claims[0], rendering.finding_fields(finding)
    place = f"{finding.event} {KINDS[finding.kind]} {first.position:08d} {first.id}"
    return Found(finding, place, fields, _digest(fields))


def _digest(content: Any) -> str:
    return hashlib.blake2b(orjson.dumps([CONTRACT, content]), digest_size=10).hexdigest()
