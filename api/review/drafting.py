"""Drafting: conclusions held against what is stored; only what differs is rendered and becomes rows to write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from api.engine.assess import assess
from api.review import rendering
from api.review.concluding import Conclusion, Found
from api.review.differences import OTHER_FORM, why_changed
from api.store import bulk
from api.store.bulk import Row, fetched, portions
from api.store.changes import Entry, log
from api.store.indexing import index
from api.store.models import (
    Discrepancy,
    DiscrepancyRevision,
    Event,
    Finding,
    Question,
    QuestionClaim,
)
from api.store.rendering import dumped
from schemas.discrepancies import DiscrepancySchema
from schemas.documents import FindingSchema
from schemas.dumping import dumper
from schemas.questions import QuestionSchema
from schemas.vocabulary import Change as Logged
from schemas.vocabulary import ChangedNoun

QUESTION, DISCREPANCY, FINDING = QuestionSchema(), DiscrepancySchema(), FindingSchema()

SHARED = tuple(name for name in DISCREPANCY.fields if name in QUESTION.fields and name not in ("id", "links"))
"""What a discrepancy and its question say alike, rendered once for both."""

OWN = DiscrepancySchema(exclude=SHARED)

QUESTION_COLUMNS = (
    *(Question.id, Question.revision, Question.recorded_at, Question.representation, Question.event),
    *(Question.property, Question.discrepancy_name, Question.grade, Question.outcome),
)
DISCREPANCY_COLUMNS = (
    *(Discrepancy.id, Discrepancy.revision, Discrepancy.recorded_at, Discrepancy.representation),
    *(Discrepancy.question, Discrepancy.event, Discrepancy.property, Discrepancy.kind, Discrepancy.conflict),
    *(Discrepancy.changed_at, Discrepancy.ended_at),
)
REVISION_COLUMNS = (
    *(DiscrepancyRevision.discrepancy, DiscrepancyRevision.revision, DiscrepancyRevision.recorded_at),
    *(DiscrepancyRevision.changed_because, DiscrepancyRevision.representation),
)
FINDING_COLUMNS = (
    *(Finding.document, Finding.place_in_list, Finding.kind, Finding.event, Finding.property),
    *(Finding.outcome, Finding.representation),
)

MOST_WAITING = 500
"""Answers that wait to be rendered; a large event has far more."""

Fields = Mapping[str, Any]
Known = tuple[str, str, str]
"""A stored finding: its document, its place in the list, and its digest."""


class Kept(NamedTuple):
    """A discrepancy as it is stored."""

    id: str
    revision: int
    representation: str
    kind: str | None
    changed_at: str


class Change(NamedTuple):
    """A discrepancy that got a new revision: what is otherwise, and of what kind it was and is."""

    discrepancy: str
    event: str
    property: str
    because: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Draft:
    """Rows to be written together. `now` is when they are; `by_rules` says that the rules changed since the last."""

    now: str
    by_rules: bool = False
    asked: int = 0
    changes: list[Change] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)
    questions_gone: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    answers_gone: list[Row] = field(default_factory=list)
    discrepancies: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    reformatted: list[Row] = field(default_factory=list)
    logged: list[Entry] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    findings_gone: list[Row] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    events: list[Row] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    _changed: list[Conclusion] = field(default_factory=list)
    _gone: list[str] = field(default_factory=list)

    def write(self) -> None:
        """Write every row; call it inside a transaction."""
        bulk.put(Question, QUESTION_COLUMNS, self.questions)
        bulk.put(Discrepancy, DISCREPANCY_COLUMNS, self.discrepancies)
        bulk.insert(DiscrepancyRevision, REVISION_COLUMNS, self.revisions)
        bulk.update(
            DiscrepancyRevision.representation,
            self.reformatted,
            by=(DiscrepancyRevision.discrepancy, DiscrepancyRevision.revision),
        )
        log(self.logged)
        bulk.delete((QuestionClaim.question, QuestionClaim.claim), self.answers_gone)
        bulk.insert(QuestionClaim, (QuestionClaim.question, QuestionClaim.claim), self.answers)
        bulk.delete((Question.id,), self.questions_gone)
        bulk.delete((Finding.document, Finding.place_in_list, Finding.outcome), self.findings_gone)
        bulk.insert(Finding, FINDING_COLUMNS, self.findings)
        bulk.update(Event.representation, self.events)
        index(Question, self.begun)

    def answer(self, concluded: Iterable[Conclusion], stored: dict[str, str | None]) -> None:
        """Draft the questions whose outcome is not the stored one, and take every one out of what is stored."""
        for item in concluded:
            self.asked += 1
            if stored.pop(item.id, "") != item.outcome:
                self._changed.append(item)
            if len(self._changed) > MOST_WAITING:
                self.settle()

    def leave(self, questions: Iterable[str]) -> None:
        """Draft the end of questions that nobody answers any more."""
        self._gone += questions

    def settle(self) -> None:
        """Render the answers that wait for it, many at a time as what is stored of them is asked for together."""
        changed, gone, self._changed, self._gone = self._changed, self._gone, [], []
        if changed or gone:
            self._questions(changed, gone)

    def look_into(self, found: Iterable[Found], stored: Collection[Known]) -> None:
        """Draft the findings that are not stored; a stored one that is not found again is gone."""
        seen: set[Known] = set()
        for item in found:
            known = (item.finding.document, item.place_in_list, item.outcome)
            if known not in seen and known not in stored:
                self._finding(item)
            seen.add(known)
        gone = [known for known in stored if known not in seen]
        self.findings_gone += gone
        self.documents.update(document for document, *_ in gone)

    def _finding(self, item: Found) -> None:
        finding = item.finding
        row = finding.document, item.place_in_list, finding.kind, finding.event, finding.property
        self.findings.append((*row, item.outcome, dumped(FINDING, item.fields)))
        self.documents.add(finding.document)

    def _questions(self, changed: Sequence[Conclusion], gone: Sequence[str]) -> None:
        names = [*(item.id for item in changed), *gone]
        before = _questions_before(names)
        held = _answers_before(names)
        kept = _discrepancies_before(
            [*(rendering.discrepancy_id(item.item.key) for item in changed), *(before[name][3] for name in gone)]
        )
        for item in changed:
            shared = dumper(QUESTION)(item.fields)
            discrepancy = rendering.discrepancy_id(item.item.key)
            self._question(item, shared, before.get(item.id), discrepancy)
            self._answers(item.id, {claim.id for claim in item.item.claims}, held.get(item.id, set()))
            self._discrepancy(item, shared, kept.get(discrepancy))
        for name in gone:
            self.questions_gone.append((name,))
            self._without_claims(kept.get(before[name][3]))

    def _question(self, item: Conclusion, shared: Fields, before: Row | None, discrepancy: str) -> None:
        event, prop, _ = item.item.key
        text = orjson.dumps(shared).decode()
        revision, recorded_at = 1, self.now
        if before is None:
            self.begun.append(item.id)
        else:
            revision, recorded_at, stored, _ = before
            if stored != text:
                revision, recorded_at = revision + 1, self.now
        grade = item.item.answer.assessment.grade
        self.questions.append((item.id, revision, recorded_at, text, event, prop, discrepancy, grade, item.outcome))

    def _answers(self, question: str, now: set[str], before: set[str]) -> None:
        self.answers += [(question, claim) for claim in sorted(now - before)]
        self.answers_gone += [(question, claim) for claim in sorted(before - now)]

    def _discrepancy(self, item: Conclusion, shared: Fields, kept: Kept | None) -> None:
        if item.item.answer.kind is None and (kept is None or kept.kind is None):
            return
        fields = rendering.discrepancy_own_fields(item.item.key, item.item.answer, None, None)
        own = dumper(OWN)(fields)
        self._state({name: own[name] if name in own else shared[name] for name in DISCREPANCY.fields}, item.id, kept)

    def _without_claims(self, kept: Kept | None) -> None:
        """End a discrepancy whose question nobody answers any more."""
        if kept is None or kept.kind is None:
            return
        nothing = assess(())
        fields = {
            **orjson.loads(kept.representation),
            **{"kind": None, "conflict": False, "values": [], "relations": [], "summary": nothing.summary},
            "assessment": rendering.assessment_fields(nothing.assessment),
        }
        self._state(dumper(DISCREPANCY)(fields), None, kept)

    def _state(self, state: dict[str, Any], question: str | None, kept: Kept | None) -> None:
        """Give a discrepancy its next revision, or only its new rendering where it says what it said."""
        before = orjson.loads(kept.representation) if kept is not None else None
        because = why_changed(before, state, self.by_rules)
        revision, changed_at = (kept.revision, kept.changed_at) if kept is not None else (0, self.now)
        if because is not None:
            revision, changed_at = revision + 1, self.now
        state |= {"revision": revision, "changed_at": changed_at}
        state["ended_at"] = changed_at if state["kind"] is None else None
        text = orjson.dumps(state).decode()
        if kept is not None and kept.representation == text:
            return
        name, event, prop, kind = (state[field] for field in ("id", "event", "property", "kind"))
        self.discrepancies.append(
            (name, revision, changed_at, text, question, event, prop, kind, state["conflict"],
             changed_at, state["ended_at"])
        )  # fmt: skip
        if because is not None:
            self.revisions.append((name, revision, changed_at, because, text))
            self.changes.append(Change(name, event, prop, because, before and before["kind"], kind))
        else:
            self.reformatted.append((text, name, revision))
        became = _became(kept, kind) if because is not None else Logged.REFORMATTED
        self.logged.append(
            Entry(ChangedNoun.DISCREPANCY, name, event, revision, became, self.now, because or OTHER_FORM,
                  state["conflict"])
        )  # fmt: skip


def _became(kept: Kept | None, kind: str | None) -> Logged:
    if kept is None:
        return Logged.CREATED
    if kind is None:
        return Logged.ENDED
    return Logged.RESTORED if kept.kind is None else Logged.CHANGED


def _questions_before(names: Collection[str]) -> dict[str, Row]:
    columns = (Question.id, Question.revision, Question.recorded_at, Question.representation, Question.discrepancy_name)
    return {
        name: tuple(rest)
        for some in portions(names)
        for name, *rest in fetched(Question.select(*columns).where(Question.id.in_(some)))
    }


def _answers_before(names: Collection[str]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for some in portions(names):
        query = QuestionClaim.select(QuestionClaim.question, QuestionClaim.claim)
        for question, claim in fetched(query.where(QuestionClaim.question.in_(some))):
            held.setdefault(question, set()).add(claim)
    return held


def _discrepancies_before(names: Collection[str]) -> dict[str, Kept]:
    columns = (
        *(Discrepancy.id, Discrepancy.revision, Discrepancy.representation),
        *(Discrepancy.kind, Discrepancy.changed_at),
    )
    return {
        row[0]: Kept(*row)
        for some in portions(names)
        for row in fetched(Discrepancy.select(*columns).where(Discrepancy.id.in_(some)))
    }
