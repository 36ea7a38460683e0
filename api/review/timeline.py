"""Timeline: when each figure on an event was said, published and superseded, question by question."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from api.engine.questions import Answered, answers
from api.engine.record import Scope
from api.engine.timeline import Entry, Succession, timeline
from api.review import rendering
from api.review.asking import claims_on
from api.review.resolving import Resolver
from api.store.rendering import dumped
from schemas.moments import Moment
from schemas.timelines import TimelineSchema

TIMELINE = TimelineSchema()

Fields = dict[str, Any]
Row = tuple[str, Callable[[], str]]


def timelines(event: str, args: Mapping[str, Any]) -> list[Row]:
    """Return the questions of an event that the filters leave, each with what works out its timeline."""
    claims = claims_on(event, Resolver(), args["as_of"])
    wanted = {claim.question for claim in claims if args["property"] in (None, claim.property.id)}
    return [(rendering.question_id(item.key), partial(_written, item)) for item in answers(claims, wanted)]


def _written(item: Answered) -> str:
    return dumped(TIMELINE, timeline_fields(item))


def timeline_fields(item: Answered) -> Fields:
    """Return a question with its values in order."""
    return {
        "question": rendering.question_id(item.key),
        "property": item.key[1],
        "label": _label(item.claims[0].property.label, item.scope),
        "scope": rendering.scope_fields(item.scope),
        "conflict": item.answer.conflict,
        "entries": [entry_fields(entry) for entry in timeline(item.answer)],
    }


def _label(label: str, scope: Scope) -> str:
    _, population, period = scope.key
    narrowed = [scope.narrowed.name or scope.narrowed.id if scope.narrowed else None, population, period]
    parts = ", ".join(part for part in narrowed if part)
    return f"{label} ({parts})" if parts else label


def entry_fields(entry: Entry) -> Fields:
    """Return one value with its clocks."""
    given = rendering.group_fields(entry.group, entry.status)
    shared = ("value", "denied", "status", "property", "scope", "as_of", "origins")
    return {
        **{name: given[name] for name in shared},
        "said": rendering.span_fields(entry.said),
        "published": {"first": _text(entry.published.first), "last": _text(entry.published.last)},
        "documents": entry.documents,
        "claims": [claim.id for claim in entry.group.claims],
        "superseded": succession_fields(entry.superseded) if entry.superseded is not None else None,
        "late": entry.late,
    }


def succession_fields(succession: Succession) -> Fields:
    """Return what took a value's place."""
    return {
        "by": succession.by,
        "relation": succession.verdict.relation,
        "rule": succession.verdict.rule,
        "because": succession.verdict.because,
        "said": rendering.span_fields(succession.said),
        "published": _text(succession.published),
    }


def _text(moment: Moment | None) -> str | None:
    return moment.text if moment is not None else None
