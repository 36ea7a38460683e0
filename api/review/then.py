"""Then: what the record said of what had been published by a moment, worked out from the claims of its documents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from api.engine.questions import Answered, answers, odds
from api.engine.record import Claim as EngineClaim
from api.review import moments, rendering
from api.review.asking import claims_by_event, claims_on
from api.review.concluding import Found, inside, outdated
from api.review.drafting import DISCREPANCY, QUESTION
from api.review.moments import Counts, Publications
from api.review.resolving import Resolver, around
from api.store import queries, shown
from api.store.bulk import fetched, portions
from api.store.keyset import Row
from api.store.models import Claim, Discrepancy, Document, Event, Statement
from api.store.rendering import (
    DOCUMENT,
    STATEMENT,
    document_fields,
    dumped,
    statement_fields,
)
from schemas.moments import parse_moment

Args = Mapping[str, Any]
Fields = dict[str, Any]
AT_ONCE = 5_000
"""Claims that are worked out together, unless one event has more."""


def events_at(as_of: str, names: Sequence[str]) -> dict[str, str]:
    """Return the representations of events by their ids."""
    stored = queries.representations(Event, names)
    return {name: moments.shown(stored[name], _counts(claims)) for name, claims in _claims_at(as_of, stored)}


def event_at(name: str, as_of: str) -> str | None:
    """Return the representation of one event, or None where there is none or nothing on it was out.

    Where what was out has been retracted since, there is the event and nothing on it.
    """
    found = shown.event_with_turn(name)
    if found is None:
        return None
    stored, turn, _ = found

    counts = moments.counted(
        name, turn, parse_moment(as_of), lambda: _published(name), lambda: _counts(claims_on(name, around(), as_of))
    )
    return moments.shown(stored, counts) if counts is not None else None


def _published(event: str) -> Publications:
    dates = list(queries.publications(event))
    return Publications(sorted(day for day, _ in dates if day), sorted(instant for _, instant in dates if instant))


def _counts(claims: Sequence[EngineClaim]) -> Counts:
    """Count what there is on an event with these claims on it."""
    found = odds(claims)
    return {
        "claims": len(claims),
        "documents": len({claim.document for claim in claims}),
        "questions": found.questions,
        "discrepancies": found.discrepancies,
        "conflicts": found.conflicts,
    }


def questions_at(args: Args, after: str | None) -> Iterator[Row]:
    """Yield the questions that the filters leave, each with what renders it, in the order of their ids."""
    wanted = {"property": lambda f: f["property"], "grade": lambda f: f["assessment"]["grade"]}
    for name, item in answered_at(args["as_of"], [args["event"]] if args.get("event") else None, after):
        fields = rendering.question_fields(item.key, item.scope, item.answer)
        if _fits(args, fields, wanted):
            yield name, partial(dumped, QUESTION, fields)


def discrepancies_at(args: Args, asked: Collection[str] | None, after: str | None) -> Iterator[Row]:
    """Yield the discrepancies that the filters leave, each with what renders it, in the order of their questions."""
    wanted = {
        "property": lambda f: f["property"],
        "kind": lambda f: f["kind"],
        "conflict": lambda f: f["conflict"],
    }
    changed = _changed_since(args["changed_since"]) if args["changed_since"] is not None else None
    for name, item in answered_at(args["as_of"], [args["event"]] if args.get("event") else None, after):
        unasked = asked is not None and name not in asked
        if item.answer.kind is None or unasked or not _names(args, item):
            continue
        fields = rendering.discrepancy_fields(item.key, item.scope, item.answer, None, None)
        if _fits(args, fields, wanted) and (changed is None or fields["id"] in changed):
            yield name, partial(dumped, DISCREPANCY, fields)


def _changed_since(moment: str) -> set[str]:
    """The discrepancies that the record changed then or later; what was out by a moment does not tell."""
    changed = Discrepancy.select(Discrepancy.id).where(Discrepancy.changed_at >= queries.since(moment))
    return {name for (name,) in fetched(changed)}


def answered_at(as_of: str, events: Collection[str] | None, after: str | None = None) -> Iterator[tuple[str, Answered]]:
    """Yield every question on these events, or on all, in the order of the ids, from the event on that an id is of."""
    named = events if events is not None else [name for (name,) in fetched(Event.select(Event.id))]
    for _, claims in _claims_at(as_of, [name for name in named if after is None or begins(name) >= begins(after)]):
        found = ((rendering.question_id(item.key), item) for item in answers(claims))
        yield from sorted(found, key=lambda pair: pair[0])


def begins(name: str) -> str:
    """Return how the id of every question on an event begins; in this order the events come as their questions do."""
    return f"{name.split('.')[0]}."


def _claims_at(as_of: str, events: Collection[str]) -> Iterator[tuple[str, Sequence[EngineClaim]]]:
    """Yield events with the claims on them, so many events at a time that their claims can be held at once."""
    sizes: dict[str, int] = {}
    for some in portions(events):
        sizes |= dict(fetched(queries.event_sizes().where(Event.id.in_(some))))
    for together in _together(sorted(sizes, key=begins), sizes):
        known = claims_by_event(Resolver(), as_of, together)
        yield from ((name, known.get(name, ())) for name in together)


def _together(events: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    some: list[str] = []
    held = 0
    for name in events:
        if some and (held + sizes[name] > AT_ONCE or len(some) >= AT_ONCE):
            yield some
            some, held = [], 0
        some.append(name)
        held += sizes[name]
    if some:
        yield some


def _fits(args: Args, fields: Fields, wanted: Mapping[str, Callable[[Fields], Any]]) -> bool:
    return all(args.get(name) is None or read(fields) == args[name] for name, read in wanted.items())


def _names(args: Args, item: Answered) -> bool:
    documents = {claim.document for claim in item.claims}
    origins = {claim.origin.id for claim in item.claims if claim.origin}
    return (args.get("document") is None or args["document"] in documents) and (
        args.get("origin") is None or args["origin"] in origins
    )


def documents_at(as_of: str, names: Sequence[str]) -> dict[str, str]:
    """Return the representations of documents by their ids."""
    found = findings_at(as_of, names)
    rows = Document.select().where(Document.id.in_(list(names)))
    return {
        row.id: dumped(DOCUMENT, document_fields(row, [item.fields for item in found.get(row.id, ())])) for row in rows
    }


def findings_at(as_of: str, documents: Sequence[str]) -> dict[str, list[Found]]:
    """Return what is wrong inside documents, in the order their findings are listed in."""
    spoken_of: dict[str, set[str]] = {}
    spoken = Claim.select(Claim.event, Claim.document).where(Claim.document.in_(list(documents))).distinct()
    for event, document in fetched(spoken):
        spoken_of.setdefault(event, set()).add(document)
    found: dict[str, list[Found]] = {}
    for event, claims in _claims_at(as_of, spoken_of):
        for item in inside(claims, outdated(claims, spoken_of[event]), spoken_of[event]):
            found.setdefault(item.finding.document, []).append(item)
    for items in found.values():
        items.sort(key=lambda item: (item.place_in_list, item.outcome))
    return found


def statements_at(as_of: str, names: Sequence[str]) -> dict[str, str]:
    """Return the representations of statements by their ids, those that a document published by then goes back to."""
    out = Claim.document.in_(queries.published_documents(as_of))
    said: dict[str, list[str]] = {}
    for statement, claim in fetched(queries.claims_said(names).where(out)):
        said.setdefault(statement, []).append(claim)
    reported = queries.statements(as_of).select(Statement).where(Statement.id.in_(list(names)))
    return {row.id: dumped(STATEMENT, statement_fields(row, said.get(row.id, ()))) for row in reported}
