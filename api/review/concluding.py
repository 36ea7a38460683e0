"""Concluding: what the engine says of the claims on one event, each conclusion with a digest to know it by."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.engine.findings import Finding, findings
from api.engine.questions import Answered, answers
from api.engine.record import Claim, QuestionKey, ScopeKey
from api.review import rendering
from api.review.resolving import Resolver
from schemas.vocabulary import FindingKind

CONTRACT = "2"
"""Raised when a question, a discrepancy or a finding is rendered otherwise: then each is rendered anew."""

KINDS = {kind: place for place, kind in enumerate(FindingKind)}

Fields = dict[str, Any]


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


def by_family(claims: Iterable[Claim], resolver: Resolver) -> dict[tuple[str, str], list[Claim]]:
    """Gather claims by event and family of properties: what lies apart there never bears on the other."""
    gathered: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        gathered.setdefault((claim.event, resolver.families[claim.property.id]), []).append(claim)
    return gathered


def conclusions(claims: Sequence[Claim], wanted: Collection[QuestionKey] | None = None) -> Iterator[Conclusion]:
    """Answer the questions of claims on one event and family, or the wanted ones."""
    for item in answers(claims, wanted):
        fields = rendering.question_fields(item.key, item.scope, item.answer)
        yield Conclusion(fields["id"], item, fields, _digest([fields, [claim.id for claim in item.claims]]))


def inside(claims: Sequence[Claim], documents: Collection[str] | None = None) -> Iterator[Found]:
    """Look into the documents behind claims on one event and family, or into the wanted ones.

    A document is held against what others say of a scope only where it says two things about it itself.
    """
    by_scope: dict[ScopeKey, list[Claim]] = {}
    spoken: dict[str, dict[ScopeKey, list[Claim]]] = {}
    for claim in claims:
        key = claim.scope.key
        by_scope.setdefault(key, []).append(claim)
        if claim.document is not None and (documents is None or claim.document in documents):
            spoken.setdefault(claim.document, {}).setdefault(key, []).append(claim)
    for document, scopes in spoken.items():
        around: list[Claim] = []
        for key in sorted(scopes, key=repr):
            around += by_scope[key] if len(scopes[key]) > 1 else scopes[key]
        yield from map(_found, findings(document, around))


def _found(finding: Finding) -> Found:
    first, fields = finding.claims[0], rendering.finding_fields(finding)
    place = f"{finding.event} {KINDS[finding.kind]} {first.position:08d} {first.id}"
    return Found(finding, place, fields, _digest(fields))


def _digest(content: Any) -> str:
    return hashlib.blake2b(orjson.dumps([CONTRACT, content]), digest_size=10).hexdigest()
