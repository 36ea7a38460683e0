"""Known: what the record says now, or said of what had been published by a given moment.

Now is a lookup of what upkeep stored; any other moment is worked out from the claims of its documents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from api.engine.questions import answers, relations_of
from api.review import lookup, rendering, then
from api.review.asking import claims_on
from api.review.drafting import DISCREPANCY, FINDING, QUESTION
from api.review.resolving import Resolver
from api.store import db as store
from api.store import queries
from api.store.bulk import among, fetched, portions
from api.store.keyset import Rendered, Rows, Worked
from api.store.models import (
    Claim,
    Discrepancy,
    Document,
    Event,
    Finding,
    Property,
    Question,
    Resource,
    Source,
    Statement,
)
from api.store.rendering import (
    dumped,
)

Args = Mapping[str, Any]
Fields = dict[str, Any]


def events(args: Args) -> Rows:
    """Return the events that the filters leave, with their counts."""
    if args["as_of"] is None:
        return queries.events(args)
    return Rendered(queries.events(args), partial(then.events_at, args["as_of"]))


def event(name: str, as_of: str | None) -> str | None:
    """Return the representation of one event, or None when there is none or nothing on it was out."""
    return queries.stored(Event, name) if as_of is None else then.event_at(name, as_of)


def questions(args: Args) -> Rows:
    """Return the questions that the filters leave, with their answers."""
    if args["as_of"] is None:
        return queries.questions(args)
    return Worked("id", partial(then.questions_at, args))


def question(name: str, as_of: str | None) -> str | None:
    """Return the representation of one question, or None."""
    if as_of is None:
        return queries.stored(Question, name)
    row = Question.get_or_none(Question.id == name)
    for item in answers(claims_on(row.event_id, Resolver(), as_of)) if row else ():
        if rendering.question_id(item.key) == name:
            return dumped(QUESTION, rendering.question_fields(item.key, item.scope, item.answer))
    return None


def discrepancies(args: Args) -> Rows:
    """Return the discrepancies that the filters leave; `q` leaves those of the questions that a lookup finds."""
    asked = lookup.named(args["q"]) if args["q"] is not None and args["q"].strip() else None
    if args["as_of"] is None:
        return queries.discrepancies({**args, "questions": asked})
    left = {name for (name,) in fetched(asked)} if asked is not None else None
    return Worked("question", partial(then.discrepancies_at, args, left))


def discrepancy(name: str, as_of: str | None) -> str | None:
    """Return the representation of one discrepancy, or None."""
    if as_of is None:
        return queries.stored(Discrepancy, name)
    asked = Question.get_or_none(Question.discrepancy_name == name)
    for item in answers(claims_on(asked.event_id, Resolver(), as_of)) if asked else ():
        if rendering.discrepancy_id(item.key) == name and item.answer.kind is not None:
            return dumped(DISCREPANCY, rendering.discrepancy_fields(item.key, item.scope, item.answer, None, None))
    return None


def documents(args: Args) -> Rows:
    """Return the documents that the filters leave, with their findings."""
    query = queries.documents(args)
    if args["as_of"] is None:
        return query
    return Rendered(query, partial(then.documents_at, args["as_of"]))


def document(name: str, as_of: str | None) -> str | None:
    """Return the representation of one document, or None when it was not out."""
    if as_of is None:
        return queries.stored(Document, name)
    if not _out(name, as_of):
        return None
    return then.documents_at(as_of, [name]).get(name)


def _out(document_id: str, as_of: str) -> bool:
    out: bool = queries.published_documents(as_of).where(Document.id == document_id).exists()
    return out


def findings(documents: Collection[str], as_of: str | None, kind: str | None) -> list[str]:
    """Return the findings about documents, in the order of their ids."""
    if as_of is None:
        columns = Finding.document, Finding.kind, Finding.representation, Finding.place_in_list, Finding.outcome
        rows = sorted(among(Finding.document, list(documents), *columns), key=itemgetter(0, 3, 4))
        return [text for _, what, text, *_ in rows if kind in (None, what)]
    found = then.findings_at(as_of, sorted(documents))
    said = (item for name in sorted(documents) for item in found.get(name, ()))
    return [dumped(FINDING, item.fields) for item in said if kind in (None, item.finding.kind)]


def claim_text(name: str, as_of: str | None) -> str | None:
    """Return the representation of a claim, if its document had been published by then."""
    if as_of is None:
        return queries.stored(Claim, name)
    row = claim(name, as_of)
    return str(row.representation) if row is not None else None


def claim(name: str, as_of: str | None) -> Claim | None:
    """Return a claim, if its document had been published by then."""
    row: Claim | None = Claim.get_or_none(Claim.id == name)
    return row if row is None or as_of is None or _out(row.document_id, as_of) else None


def relations(row: Claim, as_of: str | None) -> list[Fields]:
    """Relate one claim to the others on its question or coupled to it."""
    found = relations_of(row.id, claims_on(row.event_id, Resolver(), as_of))
    return [
        {
            "claim": other.id,
            "relation": verdict.relation,
            "rule": verdict.rule,
            "because": verdict.because,
            "order": verdict.order,
        }
        for other, verdict in found
    ]


def statement(name: str, as_of: str | None) -> str | None:
    """Return the representation of one statement, or None."""
    return queries.stored(Statement, name) if as_of is None else then.statements_at(as_of, [name]).get(name)


def claims(args: Args) -> Rows:
    """Return the claims that the filters leave."""
    return queries.claims(args)


def sources(args: Args) -> Rows:
    """Return the sources that the filters leave."""
    return queries.sources(args)


def source(name: str, as_of: str | None) -> str | None:
    """Return the representation of one source, or None when nobody had named it."""
    if as_of is None:
        return queries.stored(Source, name)
    row = queries.sources({"as_of": as_of}).where(Source.id == name).first()
    return str(row.representation) if row is not None else None


def names_of(sources: Collection[str]) -> dict[str, str]:
    """Return what these sources are called."""
    return _called(Source, Source.name, sources)


def titles_of(documents: Collection[str]) -> dict[str, str]:
    """Return the titles of those of these documents that have one."""
    return _called(Document, Document.title, documents)


def _called(model: type[Resource], column: Any, ids: Collection[str]) -> dict[str, str]:
    return {
        name: called
        for some in portions(ids)
        for name, called in fetched(model.select(model.id, column).where(model.id.in_(some)))
        if called is not None
    }


def properties(args: Args) -> Rows:
    """Return the properties that the filters leave."""
    return queries.properties(args)


def property_text(name: str) -> str | None:
    """Return the representation of one property."""
    return queries.stored(Property, name)


def answers_at_all() -> None:
    """Ask the store for as little as possible; raises peewee's OperationalError when it does not answer."""
    store.answers()
