"""Findings: what can be wrong inside one document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.engine.assess import Answer, assess
from api.engine.record import Claim
from api.engine.relate import read_in_context
from api.engine.scopes import property_within
from api.engine.wording import listed, lowered, quoted, said
from schemas.vocabulary import ClaimStatus, FindingKind, ValueKind


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a document, with the claims it rests on."""

    kind: FindingKind
    document: str
    event: str
    property: str
    claims: tuple[Claim, ...]
    because: str


def findings(document: str, claims: Iterable[Claim]) -> tuple[Finding, ...]:
    """Return every finding about one document; `claims` are all claims on the events it speaks of."""
    on_record = tuple(claim for claim in claims if claim.status is not ClaimStatus.RETRACTED)
    own = tuple(
        sorted((claim for claim in read_in_context(on_record) if claim.document == document), key=lambda c: c.position)
    )
    return (*_stale(document, on_record), *_mixed(own, on_record), *_broken(own))


def _stale(document: str, on_record: tuple[Claim, ...]) -> Iterator[Finding]:
    """A figure that the record has replaced stands in the same document as its successor."""
    questions: dict[tuple[object, ...], list[Claim]] = {}
    for claim in on_record:
        questions.setdefault(claim.question, []).append(claim)
    for members in questions.values():
        if len({claim.value.key for claim in members if claim.document == document}) > 1:
            yield from _stale_in(document, assess(members))


def _stale_in(document: str, answer: Answer) -> Iterator[Finding]:
    own = [tuple(claim for claim in group.claims if claim.document == document) for group in answer.groups]
    for index, stale in enumerate(own):
        successors = [tie.later for tie in answer.ties if tie.superseded == index and own[tie.later]]
        if stale and successors:
            fresh = [claim for later in successors for claim in own[later]]
            prop = stale[0].property
            newer = listed(said(claim.value, prop) for claim in fresh)
            because = f"It still gives {said(stale[0].value, prop)}, though it also gives {newer}, which replaced it."
            kind = FindingKind.STALE_WITHIN_DOCUMENT
            yield Finding(kind, document, stale[0].event, prop.id, (*stale, *fresh), because)


def _mixed(own: tuple[Claim, ...], on_record: tuple[Claim, ...]) -> Iterator[Finding]:
    """A count stands beside the count it belongs with, but from another statement, or from none on record."""
    for claim in own:
        beside = [head for head in own if _belongs_with(claim, head) and head.statement is not None]
        if not beside or claim.value.kind is not ValueKind.QUANTITY:
            continue
        head = min(beside, key=lambda other: (abs(other.position - claim.position), other.position))
        because = _mismatch(claim, head, on_record)
        if because is not None:
            yield Finding(
                FindingKind.MIXED_SNAPSHOT, claim.document or "", claim.event, claim.property.id, (claim, head), because
            )


def _belongs_with(claim: Claim, head: Claim) -> bool:
    if claim.event != head.event or claim.scope.key != head.scope.key or claim.property == head.property:
        return False
    return property_within(claim.property, head.property) or head.property == claim.property.moves_to


def _mismatch(claim: Claim, head: Claim, on_record: tuple[Claim, ...]) -> str | None:
    if claim.statement == head.statement or head.statement is None:
        return None
    words = f"{said(claim.value, claim.property)} stands beside {said(head.value, head.property)}"
    if claim.statement is not None:
        chain = (head.statement, *head.statement.earlier_ones())
        if claim.statement in chain or head.statement in claim.statement.earlier_ones():
            return f"{words[:1].upper()}{words[1:]}, but the two go back to different statements of one source."
        return None
    given = [
        other
        for other in on_record
        if other.statement is not None
        and (other.event, other.property, other.scope.key) == (claim.event, claim.property, claim.scope.key)
    ]
    related = (head.statement, *head.statement.earlier_ones())
    stated = [other for other in given if other.statement in related]
    same = [other.statement for other in stated if other.value.key == claim.value.key]
    if not stated or claim.value.high is None or head.statement in same:
        return None
    if same:
        return f"{words[:1].upper()}{words[1:]}, but is the figure of an earlier statement."
    figures = listed(said(other.value, other.property) for other in stated)
    return f"{words[:1].upper()}{words[1:]}, but matches no statement on record: those give {figures}."


def _broken(own: tuple[Claim, ...]) -> Iterator[Finding]:
    """The chain of a figure ends with nobody, with somebody unnamed, or comes back to itself."""
    broken: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in own:
        because = _break(claim)
        if because is not None:
            broken.setdefault((because, claim.event, claim.property.id), []).append(claim)
    for (because, event, prop), claims in broken.items():
        label = claims[0].property.label or prop
        figures = listed(quoted(claim) for claim in claims)
        yield Finding(
            FindingKind.BROKEN_CHAIN, claims[0].document or "", event, prop, tuple(claims),
            f"{because}: {lowered(label)}, {figures}.",
        )  # fmt: skip


def _break(claim: Claim) -> str | None:
    links = [link.source for link in claim.attribution]
    if len(set(links)) < len(links):
        return "The attribution comes back to a source it has already named"
    if links and links[-1].unnamed:
        return "The origin is unnamed"
    if not links and claim.statement is None and claim.value.kind is ValueKind.QUANTITY:
        return "The document gives it on nobody's word"
    return None
