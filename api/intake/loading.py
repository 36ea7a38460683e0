"""Loading: a checked folder becomes the record, all of it or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from marshmallow import Schema

from api.engine.rules.table import RULE_SET_VERSION
from api.intake.cases import judged, read_cases
from api.intake.checking import Known, check
from api.intake.examples import store_examples
from api.intake.reading import Problem, digest, read
from api.intake.rows import NOUNS, Row, claim_row
from api.intake.states import MISSING, render_claim, render_claims
from api.review.concluding import CONTRACT
from api.review.touched import Touched
from api.review.upkeep import refresh, refresh_all, review_due
from api.store.bulk import fetched, portions
from api.store.db import writing
from api.store.indexing import INDEXED, index
from api.store.models import (
    Attribution,
    Claim,
    Document,
    Event,
    Finding,
    Loading,
    Place,
    Property,
    Question,
    Resource,
    Source,
    Statement,
)
from api.store.rendering import (
    DOCUMENT,
    PLACE,
    PROPERTY,
    SOURCE,
    document_fields,
    dumped,
    place_fields,
    property_fields,
    source_fields,
)
from schemas.vocabulary import ClaimStatus

CODE = f"rules-{RULE_SET_VERSION} contract-{CONTRACT}"
"""What renderings and findings depend on beside the record: raised, everything is rendered and reviewed again."""

UNRENDERED = "{}"
"""The representation of a row that changed and has yet to be rendered."""


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
    known, wrong = check(entries)
    cases, misread = read_cases(folder)
    problems.extend((*wrong, *misread, *judged(cases)))
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


def _store(known: Known, now: str, progress: Progress, anew: bool) -> Outcome:
    """Store what was checked; `anew` renders and reviews all of it, though nothing may have changed."""
    outcome = Outcome()
    total = sum(len(items) for items in known.values()) + len(known["events"])
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    for noun, model, row_of, parent in NOUNS:
        for item in _parents_first(known[noun], parent):
            _put(model, row_of(item), now, outcome)
            step()
    anew = anew or outcome.changed > 0
    _render_shared(anew)
    units = {row.id: row.unit for row in Property.select(Property.id, Property.unit)}
    for item in known["claims"].values():
        _put_claim(item, units[item["property"]], now, outcome)
        step()
    _retract_missing(known, now, outcome)
    outcome.touched.events.update(_unrendered(Event))
    outcome.touched.statements.update(_unrendered(Statement))
    if anew:
        render_claims(now)
        refresh_all(now, step)
    elif outcome.touched:
        refresh(outcome.touched, now, step)
    _index(outcome)
    while done < total:
        step()
    return outcome


def _index(outcome: Outcome) -> None:
    """Index what was written.

    A name that changed may stand in the words of any event or question, and a claim's entry tells its document's date.
    """
    if outcome.changed:
        index(Event)
        index(Question)
    for model in INDEXED:
        index(model, outcome.written.get(model, ()))
    for names in portions(outcome.written.get(Document, ())):
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


def _put(model: type[Resource], row: Row, now: str, outcome: Outcome, anyway: bool = False) -> bool:
    """Insert or change one row; return whether anything changed, or was said to have changed `anyway`."""
    existing = model.get_or_none(model.id == row["id"])
    if existing is None:
        model.create(**row, recorded_at=now)
        outcome.added += 1
        outcome.written.setdefault(model, []).append(row["id"])
        return True
    if not anyway and all(existing.__data__[name] == value for name, value in row.items()):
        outcome.unchanged += 1
        return False
    changed = {**row, "revision": existing.revision + 1, "recorded_at": now, "representation": UNRENDERED}
    model.update(**changed).where(model.id == row["id"]).execute()
    outcome.changed += 1
    outcome.written.setdefault(model, []).append(row["id"])
    return True


def _put_claim(item: Row, unit: str | None, now: str, outcome: Outcome) -> None:
    row, chain = claim_row(item, unit), item["attribution"]
    before = Claim.get_or_none(Claim.id == item["id"])
    links = list(Attribution.select().where(Attribution.claim == item["id"]).order_by(Attribution.position))
    stored = [(link.source_id, link.role, link.channel, link.inferred) for link in links]
    given = [(link["source"], link["role"].value, link["channel"], link["inferred"]) for link in chain]
    if not _put(Claim, row, now, outcome, anyway=stored != given):
        return
    if before is not None:
        outcome.touched.note(before)
    Attribution.delete().where(Attribution.claim == item["id"]).execute()
    for position, (source, role, channel, inferred) in enumerate(given):
        Attribution.create(
            claim=item["id"], position=position, source=source, role=role, channel=channel, inferred=inferred
        )
    outcome.touched.note(render_claim(item["id"], before))


def _retract_missing(known: Known, now: str, outcome: Outcome) -> None:
    gone = Claim.select().where(Claim.document.in_(list(known["documents"])) & (Claim.status != ClaimStatus.RETRACTED))
    for claim in [claim for claim in gone if claim.id not in known["claims"]]:
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


SHARED: tuple[tuple[type[Resource], Schema, Callable[[Any], Row]], ...] = (
    (Place, PLACE, place_fields),
    (Source, SOURCE, source_fields),
    (Property, PROPERTY, property_fields),
    (Document, DOCUMENT, noted_document),
)
"""Nouns whose representation needs no claims."""


def _render_shared(anew: bool) -> None:
    """Render what changed of them, or all."""
    for model, schema, fields in SHARED:
        for row in model.select() if anew else model.select().where(model.representation == UNRENDERED):
            model.update(representation=dumped(schema, fields(row))).where(model.id == row.id).execute()
