"""Upkeep: what the engine finds is stored whenever claims change, so that a read is a lookup."""

from collections.abc import Callable, Collection

import orjson

from api.engine.rules.table import RULE_SET_VERSION
from api.review.drafting import Draft
from api.review.touched import Touched
from api.review.working_out import work_out, work_out_touched
from api.store import queries
from api.store.bulk import fetched, portions, update
from api.store.db import writing
from api.store.models import Claim, Discrepancy, Document, Event, Finding, Question, Statement, Upkeep
from api.store.rendering import (
    DOCUMENT,
    EVENT,
    STATEMENT,
    document_fields,
    dumped,
    event_fields,
    statement_fields,
)
from schemas.vocabulary import ClaimStatus

BATCH = 5_000
"""Claims worked out together; the claims of one event are never torn apart."""


def refresh(touched: Touched, now: str, step: Callable[[], object] = lambda: None) -> None:
    """Work out anew what changed claims bear on, and store it.

    Call it inside the transaction that changed them; `step` is called once an event.
    """
    draft = Draft(now)
    work_out_touched(touched, draft)
    store(draft)
    turn_over(touched.events)
    for event in sorted(touched.events):
        _render_event(event)
        step()
    render_statements(sorted(touched.statements))
    _note_change()


def turn_over(events: Collection[str]) -> None:
    """Give events another turn: what is kept of what they show no longer holds."""
    for names in portions(sorted(events)):
        Event.update(turn=Event.turn + 1).where(Event.id.in_(names)).execute()


def refresh_all(now: str, step: Callable[[], object] = lambda: None) -> None:
    """Work out everything and store it, a batch of events at a time; call it inside a transaction."""
    by_rules = rules_changed()
    for events in batches():
        draft = Draft(now, by_rules)
        work_out(events, draft)
        store(draft)
        for _ in events:
            step()
    Event.update(turn=Event.turn + 1).execute()
    finish(anyway=True)


def batches(done: Collection[str] = ()) -> list[list[str]]:
    """Cut the events that are not done into batches by how many claims they have, the largest first."""
    cut: list[list[str]] = []
    room = 0
    for event, claims in fetched(queries.event_sizes()):
        if event in done:
            continue
        if claims >= room:
            cut.append([])
            room = BATCH
        cut[-1].append(event)
        room -= claims + 1
    return cut


def store(draft: Draft) -> None:
    """Write what was drafted and what the documents then list; call it inside a transaction."""
    draft.write()
    for names in portions(sorted(draft.documents)):
        _render_documents(names)


def finish(anyway: bool = False) -> None:
    """Render the statements, and remember that everything stored was worked out by these rules."""
    for names in portions([name for (name,) in fetched(Statement.select(Statement.id))]):
        with writing():
            render_statements(names, anyway)
    with writing():
        _note_change()
        Upkeep.update(rules=RULE_SET_VERSION).execute()


def rules_followed() -> str | None:
    """Return the version of the rules by which everything stored was worked out, or None where nothing tells."""
    row = Upkeep.get_or_none()
    return row.rules if row is not None else None


def rules_changed() -> bool:
    """Whether what is stored was worked out by other rules than the code's."""
    return rules_followed() not in (None, RULE_SET_VERSION)


def review_due() -> bool:
    """Whether there are claims on record whose conclusions may not be those of the code's rules."""
    due: bool = rules_followed() != RULE_SET_VERSION and Claim.select().exists()
    return due


def turn() -> int:
    """Return a number that is another one after every change of claims and every review of them."""
    row = Upkeep.get_or_none()
    return row.turn if row is not None else 0


def _note_change() -> None:
    if not Upkeep.update(turn=Upkeep.turn + 1).execute():
        Upkeep.create(turn=1)


def _render_documents(names: list[str]) -> None:
    listed: dict[str, list[dict[str, object]]] = {}
    found = Finding.select(Finding.document, Finding.representation).where(Finding.document.in_(names))
    for document, text in fetched(found.order_by(Finding.place_in_list, Finding.outcome)):
        listed.setdefault(document, []).append(orjson.loads(text))
    rendered = []
    for row in Document.select().where(Document.id.in_(names)):
        text = dumped(DOCUMENT, document_fields(row, listed.get(row.id, ())))
        if text != row.representation:
            rendered.append((text, row.id))
    update(Document.representation, rendered)


def _render_event(event: str) -> None:
    row = Event.get_by_id(event)
    text = dumped(EVENT, event_fields(row, row.place, counts(event)))
    if text != row.representation:
        update(Event.representation, [(text, event)])


def counts(event: str) -> dict[str, int]:
    """Count what the record holds on an event; retracted claims and ended discrepancies are left out."""
    standing = Claim.select().where((Claim.event == event) & (Claim.status != ClaimStatus.RETRACTED))
    found = Discrepancy.select().where((Discrepancy.event == event) & Discrepancy.ended_at.is_null())
    return {
        "claims": standing.count(),
        "documents": standing.select(Claim.document).distinct().count(),
        "questions": Question.select().where(Question.event == event).count(),
        "discrepancies": found.count(),
        "conflicts": found.where(Discrepancy.conflict).count(),
    }


def render_statements(names: Collection[str], anyway: bool = False) -> None:
    """Render these statements where other claims go back to them than they show, or `anyway`."""
    said: dict[str, list[str]] = {name: [] for name in names}
    for statement, claim in fetched(queries.claims_said(names)):
        said[statement].append(claim)
    shown = Statement.select(Statement.id, Statement.representation).where(Statement.id.in_(list(names)))
    other = [name for name, text in fetched(shown) if anyway or orjson.loads(text).get("claims") != said[name]]
    rendered = [
        (dumped(STATEMENT, statement_fields(row, said[row.id])), row.id)
        for row in Statement.select().where(Statement.id.in_(other))
    ]
    update(Statement.representation, rendered)
