"""Findings: what can be wrong inside one document."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from api.engine.assess import Answer, assess
from api.engine.reckoning import holds, overfull, recognised
from api.engine.record import Claim, Property, QuestionKey, ScopeKey, Statement
from api.engine.relate import read_in_context
from api.engine.wording import listed, lowered, number, quoted, said
from schemas.vocabulary import ClaimStatus, FindingKind, ValueKind

PAIR = 2


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
    on_record = recognised(claims)
    given: dict[QuestionKey, set[object]] = {}
    for claim in on_record:
        if claim.document == document:
            given.setdefault(claim.question, set()).add(claim.value.key)
    outdated = (
        finding
        for question, values in given.items()
        if len(values) > 1
        for finding in stale(assess(claim for claim in on_record if claim.question == question))
        if finding.document == document
    )
    return (*outdated, *unsound((claim for claim in on_record if claim.document == document), Stated(on_record)))


def stale(answer: Answer) -> Iterator[Finding]:
    """Find each document in which a figure that the record has replaced stands beside its successor."""
    successors: dict[int, list[int]] = {}
    for tie in answer.ties:
        if tie.superseded is not None:
            successors.setdefault(tie.superseded, []).append(tie.later)
    own = [_by_document(group.claims) for group in answer.groups] if successors else []
    for index, later in successors.items():
        for document, old in own[index].items():
            fresh = [claim for place in later for claim in own[place].get(document, ())]
            if fresh:
                prop = old[0].property
                newer = listed(said(claim.value, prop) for claim in fresh)
                because = f"It still gives {said(old[0].value, prop)}, though it also gives {newer}, which replaced it."
                yield _finding(FindingKind.STALE_WITHIN_DOCUMENT, (*old, *fresh), because)


def _by_document(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    gathered: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.document is not None:
            gathered.setdefault(claim.document, []).append(claim)
    return gathered


class Stated:
    """What claims on record go back to statements, and to which, to be looked up by question."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._by_question: dict[QuestionKey, list[tuple[Statement, Claim]]] = {}
        self._by_value: dict[QuestionKey, dict[object, set[Statement]]] = {}
        self._by_chain: dict[QuestionKey, dict[Statement, list[tuple[int, Claim]]]] = {}
        for claim in claims:
            if claim.statement is not None and claim.status is not ClaimStatus.RETRACTED:
                self._by_question.setdefault(claim.question, []).append((claim.statement, claim))

    def giving(self, claim: Claim) -> set[Statement]:
        """Return the statement a claim goes back to; where none is known, those that give the same value."""
        if claim.statement is not None:
            return {claim.statement}
        self._look_up(claim.question)
        return self._by_value[claim.question].get(claim.value.key, set())

    def along(self, question: QuestionKey, chained: set[Statement]) -> list[Claim]:
        """Return what answers a question in these statements and in those before and after them."""
        self._look_up(question)
        known, chains = self._by_chain[question], {statement.place.first for statement in chained}
        placed = sorted((found for first in chains for found in known.get(first, ())), key=itemgetter(0))
        return [claim for _, claim in placed if any(_one_chain(claim.statement, one) for one in chained)]

    def _look_up(self, question: QuestionKey) -> None:
        """Gather what answers a question by value and by chain, once it is asked for: few ever are."""
        if question in self._by_value:
            return
        values = self._by_value[question] = {}
        chains = self._by_chain[question] = {}
        for place, (statement, claim) in enumerate(self.answering(question)):
            values.setdefault(claim.value.key, set()).add(statement)
            chains.setdefault(statement.place.first, []).append((place, claim))

    def answering(self, question: QuestionKey) -> Sequence[tuple[Statement, Claim]]:
        """Return what answers a question, each with the statement it goes back to."""
        return self._by_question.get(question, ())


def unsound(own: Iterable[Claim], stated: Stated) -> tuple[Finding, ...]:
    """Return what does not hang together among the claims of one document, beside what is stated on record."""
    in_context = read_in_context(claim for claim in own if claim.status is not ClaimStatus.RETRACTED)
    listed = tuple(sorted(in_context, key=lambda claim: claim.position))
    return (*_mixed(listed, stated), *_broken(listed), *_misreckoned(listed))


def _mixed(own: tuple[Claim, ...], stated: Stated) -> Iterator[Finding]:
    """A count stands beside the count it belongs with, but from another statement, or from none on record."""
    of_scope: dict[tuple[str, ScopeKey], list[Claim]] = {}
    for claim in own:
        of_scope.setdefault((claim.event, claim.scope.key), []).append(claim)
    for claim, beside in ((claim, members) for members in of_scope.values() for claim in members):
        if len(beside) == 1 or claim.value.kind is not ValueKind.QUANTITY or claim.worked_out:
            continue
        heads = _heads(claim.property, beside)
        named = [head for head in heads if head.statement is not None] or heads
        if not named:
            continue
        head = min(named, key=lambda other: (abs(other.position - claim.position), other.position))
        because = _mismatch(claim, head, stated)
        if because is not None:
            yield Finding(
                FindingKind.MIXED_SNAPSHOT, claim.document or "", claim.event, claim.property.id, (claim, head), because
            )


def _heads(count: Property, beside: Iterable[Claim]) -> list[Claim]:
    """Return the claims on the counts that this one is a part of, or that people move to from it."""
    heads = {whole.id for whole in count.wholes()}
    if count.moves_to is not None:
        heads.add(count.moves_to.id)
    return [head for head in beside if head.property.id in heads] if heads else []


def _mismatch(claim: Claim, head: Claim, stated: Stated) -> str | None:
    """Say why two figures that belong together do not come from one statement, or None."""
    theirs, mine = stated.giving(head), stated.giving(claim)
    if not theirs or mine & theirs or claim.value.high is None:
        return None
    words = f"{said(claim.value, claim.property)} stands beside {said(head.value, head.property)}"
    words = f"{words[:1].upper()}{words[1:]}"
    if claim.statement is not None:
        one_source = any(_one_chain(claim.statement, one) for one in theirs)
        return f"{words}, but the two go back to different statements of one source." if one_source else None
    chained = stated.along(claim.question, theirs)
    if not chained:
        return None
    if any(other.statement in mine for other in chained):
        return f"{words}, but is the figure of another statement."
    figures = listed(said(other.value, other.property) for other in chained)
    return f"{words}, but matches no statement on record: those give {figures}.{_balance(claim, head, stated)}"


def _one_chain(one: Statement | None, other: Statement | None) -> bool:
    """Whether two statements are one, or one follows the other."""
    if one is None or other is None:
        return False
    return one == other or one.comes_before(other) or other.comes_before(one)


def _balance(claim: Claim, head: Claim, stated: Stated) -> str:
    """Add up two counts that people move between, beside what they add up to in each statement that gives both."""
    if claim.property.moves_to != head.property:
        return ""
    amounts: dict[Statement, dict[object, set[float]]] = {}
    for question in (claim.question, head.question):
        for statement, other in stated.answering(question):
            exact = other.value.amount if other.value.width == 0 else None
            if exact is not None:
                amounts.setdefault(statement, {}).setdefault(question, set()).add(exact)
    sums = sorted(
        sum(next(iter(found)) for found in given.values())
        for given in amounts.values()
        if len(given) == PAIR and all(len(found) == 1 for found in given.values())
    )
    if not sums or claim.value.amount is None or head.value.amount is None:
        return ""
    together = number(claim.value.amount + head.value.amount)
    return f" Together they make {together}; in the statements that give both, {listed(map(number, sums))}."


def _misreckoned(own: tuple[Claim, ...]) -> Iterator[Finding]:
    """A figure is not the sum or the difference it is given as, or parts add up to more than their whole."""
    reckoned = [(claim, claim.reckoned) for claim in own if claim.reckoned is not None]
    by_id = {claim.id: claim for claim in own} if reckoned else {}
    for claim, reckoning in reckoned:
        of = [by_id[name] for name in reckoning.of if name in by_id]
        if len(of) == len(reckoning.of) and not holds(claim, of):
            figures = listed(said(one.value, one.property) for one in of)
            value, how = said(claim.value, claim.property), reckoning.how
            because = f"It gives {value} as the {how} of {figures}, which it is not."
            yield _finding(FindingKind.WRONG_RECKONING, (claim, *of), because)
    for whole, parts in overfull(own):
        figures = listed(f"{said(part.value, part.property)} ({_where(part)})" for part in parts)
        because = f"The parts add up to more than the whole: {figures}, of {said(whole.value, whole.property)}."
        yield _finding(FindingKind.WRONG_RECKONING, (whole, *parts), because)


def _where(claim: Claim) -> str:
    place = claim.scope.narrowed
    return (place.name or place.id) if place is not None else "the whole event"


def _finding(kind: FindingKind, claims: tuple[Claim, ...], because: str) -> Finding:
    first = claims[0]
    return Finding(kind, first.document or "", first.event, first.property.id, claims, because)


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
    links = claim.attribution
    if len(links) > 1 and len({link.source for link in links}) < len(links):
        return "The attribution comes back to a source it has already named"
    if links and links[-1].source.unnamed:
        return "The origin is unnamed"
    if not links and claim.statement is None and claim.value.kind is ValueKind.QUANTITY:
        return "The document gives it on nobody's word"
    return None
