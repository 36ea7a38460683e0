"""Neighbours: what the items of a page lead to, each once and as its own route gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from peewee import ModelSelect

from api.review import rendering, then
from api.review.drafting import DISCREPANCY, QUESTION
from api.store import queries
from api.store.bulk import fetched
from api.store.models import (
    Attribution,
    Claim,
    Discrepancy,
    Document,
    Event,
    Property,
    Question,
    Resource,
    Source,
    Statement,
)
from api.store.rendering import dumped
from schemas.neighbours import NEIGHBOURS

MOST = 5_000
"""Neighbours of one kind that an answer brings along; more is for a list of its own."""

MODELS: dict[str, type[Resource]] = {
    "claims": Claim,
    "discrepancies": Discrepancy,
    "documents": Document,
    "events": Event,
    "properties": Property,
    "questions": Question,
    "sources": Source,
    "statements": Statement,
}

Ids = Sequence[str]


class TooMany(Exception):
    """More neighbours of a kind than an answer brings along; it names what was asked for."""


def _within(content: Any, steps: Sequence[str]) -> Iterator[str]:
    """Yield the ids at the end of a path, through lists."""
    if isinstance(content, list | tuple):
        for item in content:
            yield from _within(item, steps)
    elif steps and content is not None:
        yield from _within(content[steps[0]], steps[1:])
    elif content is not None:
        yield content


def _led_to(noun: str, name: str, items: Sequence[Any], as_of: str | None) -> Iterator[str]:
    led_to = LED_TO if as_of is None else {**LED_TO, **LED_TO_THEN}
    query = led_to[noun, name]([item["id"] for item in items])
    if as_of is not None and query.model in (Claim, Attribution):
        query = query.where(Claim.document.in_(queries.published_documents(as_of)))
    return (found for (found,) in fetched(query.distinct().limit(MOST + 1)))


LED_TO: Mapping[tuple[str, str], Callable[[Ids], ModelSelect[Any]]] = {
    ("events", "questions"): lambda ids: Question.select(Question.id).where(Question.event.in_(ids)),
    ("events", "discrepancies"): lambda ids: Discrepancy.select(Discrepancy.id).where(
        Discrepancy.event.in_(ids) & Discrepancy.ended_at.is_null()
    ),
    ("events", "documents"): lambda ids: Claim.select(Claim.document).where(Claim.event.in_(ids)),
    ("events", "sources"): lambda ids: Attribution.select(Attribution.source).join(Claim).where(Claim.event.in_(ids)),
    ("documents", "events"): lambda ids: Claim.select(Claim.event).where(Claim.document.in_(ids)),
    ("documents", "claims"): lambda ids: Claim.select(Claim.id).where(Claim.document.in_(ids)),
    ("documents", "sources"): lambda ids: (
        Attribution.select(Attribution.source).join(Claim).where(Claim.document.in_(ids))
    ),
}
"""How the record finds the neighbours of items that do not name them."""

LED_TO_THEN: Mapping[tuple[str, str], Callable[[Ids], ModelSelect[Any]]] = {
    ("events", "discrepancies"): lambda ids: Question.select(Question.discrepancy_name).where(Question.event.in_(ids)),
}
"""The same of a moment: what has ended since may not have ended then."""


def _claims_at(as_of: str, ids: Ids) -> dict[str, str]:
    out = Claim.document.in_(queries.published_documents(as_of))
    return dict(fetched(Claim.select(Claim.id, Claim.representation).where(Claim.id.in_(ids) & out)))


def _discrepancies_at(as_of: str, ids: Ids) -> dict[str, str]:
    wanted = frozenset(ids)
    return {
        name: dumped(DISCREPANCY, rendering.discrepancy_fields(item.key, item.scope, item.answer, None, None))
        for _, item in then.answered_at(as_of, _events_of(Question.discrepancy_name, ids))
        if item.answer.kind is not None and (name := rendering.discrepancy_id(item.key)) in wanted
    }


def _documents_at(as_of: str, ids: Ids) -> dict[str, str]:
    out = queries.published_documents(as_of).where(Document.id.in_(ids))
    return then.documents_at(as_of, [name for (name,) in fetched(out)])


def _events_at(as_of: str, ids: Ids) -> dict[str, str]:
    reported = queries.events({"as_of": as_of}).select(Event.id).where(Event.id.in_(ids))
    return then.events_at(as_of, [name for (name,) in fetched(reported)])


def _questions_at(as_of: str, ids: Ids) -> dict[str, str]:
    wanted = frozenset(ids)
    return {
        name: dumped(QUESTION, rendering.question_fields(item.key, item.scope, item.answer))
        for name, item in then.answered_at(as_of, _events_of(Question.id, ids))
        if name in wanted
    }


def _sources_at(as_of: str, ids: Ids) -> dict[str, str]:
    return dict(fetched(queries.sources({"as_of": as_of}).where(Source.id.in_(ids))))


def _events_of(column: Any, names: Ids) -> list[str]:
    return [event for (event,) in fetched(Question.select(Question.event).where(column.in_(names)).distinct())]


AT: Mapping[str, Callable[[str, Ids], dict[str, str]]] = {
    "claims": _claims_at,
    "discrepancies": _discrepancies_at,
    "documents": _documents_at,
    "events": _events_at,
    "questions": _questions_at,
    "sources": _sources_at,
    "statements": then.statements_at,
}
"""How each kind is represented of a moment, many at a time; a moment changes nothing about properties."""


def included(noun: str, items: Sequence[Any], names: Iterable[str], as_of: str | None) -> dict[str, dict[str, str]]:
    """Return the neighbours of these names by kind and id, with one query for what stands in the items.

    Raises TooMany.
    """
    wanted: dict[str, dict[str, None]] = {}
    for name in names:
        neighbour = NEIGHBOURS[noun][name]
        known = wanted.setdefault(neighbour.kind, {})
        found = _within(items, neighbour.path.split(".")) if neighbour.path else _led_to(noun, name, items, as_of)
        known.update(dict.fromkeys(found))
        if len(known) > MOST:
            raise TooMany(name)
    return {kind: represented(kind, list(known), as_of) for kind, known in wanted.items()}


def represented(kind: str, ids: Ids, as_of: str | None) -> dict[str, str]:
    """Return what the routes of these ids answer; what they do not find is left out."""
    if as_of is not None and kind in AT:
        return AT[kind](as_of, ids)
    return queries.representations(MODELS[kind], ids)
