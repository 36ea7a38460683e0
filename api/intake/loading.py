"""Loading: a checked folder becomes the record, all of it or nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from api.engine.rules.table import RULE_SET_VERSION
from api.intake.adding import SHARED, UNRENDERED, add, add_claims
from api.intake.cases import judged, read_cases
from api.intake.checking import Known, Loaded, check_loaded, load_entries
from api.intake.examples import store_examples
from api.intake.lines import load_lines
from api.intake.reading import Problem, digest, rank, read
from api.intake.rows import NOUNS, Row, claim_row
from api.intake.states import MISSING, render_claim, render_claims
from api.review.concluding import CONTRACT
from api.review.touched import Touched
from api.review.upkeep import refresh, refresh_all, review_due
from api.store.bulk import fetched, one_of, portions
from api.store.db import writing
from api.store.filling import without_indexes
from api.store.indexing import index
from api.store.models import (
    Attribution,
    Claim,
    Document,
    Event,
    Finding,
    Loading,
    Property,
    Question,
    Resource,
    Source,
    Statement,
)
from api.store.rendering import document_fields, dumped
from schemas.vocabulary import ClaimStatus

CODE = f"rules-{RULE_SET_VERSION} contract-{CONTRACT}"
"""What renderings and findings depend on beside the record: raised, everything is rendered and reviewed again."""


class FixturesRefused(Exception):
    """The folder has errors; nothing of it was loaded. `problems` lists them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} errors")


@dataclass(slots=True)
class Outcome:
    """What a load did: how many rows of each noun were added, changed and left as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retracted: int = 0
    skipped: bool = False
    touched: Touched = field(default_factory=Touched)
    written: dict[type[Resource], list[str]] = field(default_factory=dict)
    changed_documents: list[str] = field(default_factory=list)
    changed_claims: list[str] = field(default_factory=list)

    def note_added(self, model: type[Resource], names: Sequence[str]) -> None:
        """Note rows that were not on record."""
        self.added += len(names)
        self.written.setdefault(model, []).extend(names)

    def note_changed(self, model: type[Resource], name: str) -> None:
        """Note a row that was."""
        self.changed += 1
        self.written.setdefault(model, []).append(name)
        if model is Document:
            self.changed_documents.append(name)
        elif model is Claim:
            self.changed_claims.append(name)

    def __str__(self) -> str:
        if self.skipped:
            return "nothing changed since the last load"
        retracted = f", {self.retracted} retracted" if self.retracted else ""
        return f"{self.added} added, {self.changed} changed{retracted}, {self.unchanged} as they were"


Progress = Callable[[int, int], object]


def load(folder: Path, progress: Progress = lambda done, total: None, now: str | None = None) -> Outcome:
    """Load a folder of fixtures in one transaction.

    Ids stay stable, a changed entry becomes a change of its row, and a claim that is gone from the
    folder while its document is still there is retracted. Raises FixturesRefused with every error.
    """
    seen, name = f"{CODE} {digest(folder)}", str(folder.resolve())
    due = review_due()
    if not due and Loading.select().where((Loading.folder == name) & (Loading.digest == seen)).exists():
        return Outcome(skipped=True)
    entries, problems = read(folder)
    loaded = merge(load_entries(entries, problems), load_lines(folder, problems), key=_rank)
    known, problems = check_loaded(loaded, problems)
    cases, misread = read_cases(folder)
    problems.extend((*misread, *judged(cases)))
    if problems:
        raise FixturesRefused(problems)
    moment = now or datetime.now(UTC).isoformat(timespec="seconds")
    with writing():
        by_other_code = not Loading.select().where(Loading.digest.startswith(f"{CODE} ")).exists()
        outcome = _store(known, moment, progress, anew=by_other_code or due)
        store_examples(cases)
        Loading.delete().execute()
        Loading.create(folder=name, digest=seen, loaded_at=moment)
    return outcome


def _rank(loaded: Loaded) -> int:
    return rank(loaded[0])


def _store(known: Known, now: str, progress: Progress, anew: bool) -> Outcome:
    """Store what was checked; `anew` renders and reviews all of it, though nothing may have changed."""
    outcome = Outcome()
    total = sum(len(items) for items in known.values()) + len(known["events"])
    done = 0

    def step(steps: int = 1) -> None:
        nonlocal done
        for _ in range(steps):
            done += 1
            progress(done, total)

    with without_indexes(len(known["claims"])):
        _put_nouns(known, now, outcome, step)
        anew = anew or outcome.changed > 0
        _render_shared(anew, outcome)
        for model in (Event, Source):
            index(model, outcome.written.get(model, ()), new=not outcome.changed)
        units: dict[str, str | None] = dict(fetched(Property.select(Property.id, Property.unit)))
        for some in portions(known["claims"].values()):
            _put_claims(some, units, now, outcome)
            step(len(some))
    _retract_missing(known, now, outcome)
    outcome.touched.events.update(_unrendered(Event))
    outcome.touched.statements.update(_unrendered(Statement))
    if anew:
        render_claims(now, set(outcome.written.get(Claim, ())))
        refresh_all(now, step)
    elif outcome.touched:
        refresh(outcome.touched, now, step)
    _index_changed(outcome)
    step(total - done)
    return outcome


def _index_changed(outcome: Outcome) -> None:
    """Index what changed or shows something that did.

    A name may stand in the words of any event or question, and a claim's entry tells its document's date.
    """
    if outcome.changed:
        index(Event)
        index(Question)
        index(Claim, outcome.changed_claims)
    for names in portions(outcome.changed_documents):
        index(Claim, [name for (name,) in fetched(Claim.select(Claim.id).where(Claim.document.in_(names)))])


def _parents_first(items: dict[str, Row], parents: str | None) -> list[Row]:
    """Order entries so that each comes after those it refers to; circles were refused before."""
    placed: dict[str, Row] = {}
    for name in items:
        waiting = [name]
        while waiting:
            item = items[waiting[-1]]
            before = [item[field] for field in (parents or "").split() if item[field] and item[field] not in placed]
            if before:
                waiting.extend(before)
            else:
                placed[waiting.pop()] = item
    return list(placed.values())


def _put_nouns(known: Known, now: str, outcome: Outcome, step: Callable[[int], None]) -> None:
    """Add or change all but the claims, a noun after those it refers to."""
    for noun, model, row_of, parent in NOUNS:
        for some in portions(_parents_first(known[noun], parent)):
            _put_all(model, [row_of(item) for item in some], now, outcome)
            step(len(some))


def _put_all(model: type[Resource], rows: Sequence[Row], now: str, outcome: Outcome) -> None:
    """Add or change rows, in their order; those that are added side by side are added together."""
    there = {row.id: row for row in model.select().where(one_of(model.id, [row["id"] for row in rows]))}
    for known, some in groupby(rows, key=lambda row: row["id"] in there):
        if known:
            for row in some:
                _change(there[row["id"]], row, now, outcome)
        else:
            new = list(some)
            add(model, new, now)
            outcome.note_added(model, [row["id"] for row in new])


def _change(existing: Resource, row: Row, now: str, outcome: Outcome, anyway: bool = False) -> bool:
    """Change one row; return whether anything changed, or was said to have changed `anyway`."""
    model = type(existing)
    if not anyway and all(existing.__data__[name] == value for name, value in row.items()):
        outcome.unchanged += 1
        return False
    changed = {**row, "revision": existing.revision + 1, "recorded_at": now, "representation": UNRENDERED}
    model.update(**changed).where(model.id == row["id"]).execute()
    outcome.note_changed(model, row["id"])
    return True


def _put_claims(items: Sequence[Row], units: Mapping[str, str | None], now: str, outcome: Outcome) -> None:
    """Add or change claims; those that are new refer to none of the others."""
    names = [item["id"] for item in items]
    there = {row.id: row for row in Claim.select().where(one_of(Claim.id, names))}
    new = [item for item in items if item["id"] not in there]
    for row in add_claims(new, units, now):
        outcome.touched.note_row(row)
    outcome.note_added(Claim, [item["id"] for item in new])
    chains: dict[str, list[tuple[Any, ...]]] = {name: [] for name in there}
    for link in Attribution.select().where(Attribution.claim.in_(list(there))).order_by(Attribution.position):
        chains[link.claim_id].append((link.source_id, link.role, link.channel, link.inferred))
    for item in items:
        if item["id"] in there:
            before = there[item["id"]]
            _change_claim(before, chains[before.id], item, units[item["property"]], now, outcome)


def _change_claim(
    before: Claim, chain: Sequence[tuple[Any, ...]], item: Row, unit: str | None, now: str, outcome: Outcome
) -> None:
    links = item["attribution"]
    given = [(link["source"], link["role"].value, link["channel"], link["inferred"]) for link in links]
    if not _change(before, claim_row(item, unit), now, outcome, anyway=list(chain) != given):
        return
    outcome.touched.note(before)
    Attribution.delete().where(Attribution.claim == before.id).execute()
    for position, (source, role, channel, inferred) in enumerate(given):
        Attribution.create(
            claim=before.id, position=position, source=source, role=role, channel=channel, inferred=inferred
        )
    outcome.touched.note(render_claim(before.id, before))


def _retract_missing(known: Known, now: str, outcome: Outcome) -> None:
    for names in portions(known["documents"]):
        standing = one_of(Claim.document, names) & (Claim.status != ClaimStatus.RETRACTED)
        there = [name for (name,) in fetched(Claim.select(Claim.id).where(standing).order_by(Claim.place_in_list))]
        for name in there:
            if name not in known["claims"]:
                _retract(Claim.get_by_id(name), now, outcome)


def _retract(claim: Claim, now: str, outcome: Outcome) -> None:
    Claim.update(status=ClaimStatus.RETRACTED, revision=claim.revision + 1, recorded_at=now).where(
        Claim.id == claim.id
    ).execute()
    outcome.touched.note(render_claim(claim.id, claim, MISSING))
    outcome.retracted += 1


def noted_document(row: Document) -> Row:
    """Return a document with the findings that are stored about it."""
    found = Finding.select().where(Finding.document == row.id).order_by(Finding.place_in_list, Finding.outcome)
    return document_fields(row, [orjson.loads(finding.representation) for finding in found])


def _unrendered(model: type[Resource]) -> list[str]:
    return [row.id for row in model.select(model.id).where(model.representation == UNRENDERED)]


def _render_shared(anew: bool, outcome: Outcome) -> None:
    """Render what changed of the nouns whose representation needs no claims, or all but what was just added."""
    for model, (schema, fields) in SHARED.items():
        shown: Callable[[Any], Row] = noted_document if model is Document else fields
        written = set(outcome.written.get(model, ()))
        for row in model.select() if anew else model.select().where(model.representation == UNRENDERED):
            if row.representation == UNRENDERED or row.id not in written:
                model.update(representation=dumped(schema, shown(row))).where(model.id == row.id).execute()
