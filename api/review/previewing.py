"""Previewing: what is shown of an event, a source or a property at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from api.review.attributes import ATTRIBUTES, Named, Value, Wanted, values
from api.review.catalogue import Catalogue, Entity
from api.store.bulk import fetched
from api.store.models import Question
from schemas.moments import Moment
from schemas.reconciliation import TYPES, EntityKind

LEFT_OUT = {"event.starts", "event.ends", "event.latitude", "event.longitude", "event.claims", "event.summary"}
"""Attributes that a glance can do without."""

MOST_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Glance:
    """What is shown: names, attributes with their values, and what can be said; conflicts first."""

    entity: Entity
    type: str
    attributes: Sequence[tuple[str, str]]
    sentences: Sequence[str]


def glance(known: Catalogue, entity: Entity) -> Glance:
    """Return what is shown of an entity."""
    shown = [one for one in ATTRIBUTES.values() if one.of is entity.kind and one.id not in LEFT_OUT]
    found = values(known, [entity], [Wanted(one.id) for one in shown])[entity.id]
    told = [(one.label, ", ".join(map(_worded, found[one.id].given))) for one in shown if one.id in found]
    kind = TYPES[entity.types[0]].name
    return Glance(entity, kind, [(label, text) for label, text in told if text], _sentences(entity))


def _worded(value: Value) -> str:
    if isinstance(value, Named):
        return value.name
    return value.text if isinstance(value, Moment) else str(value)


def _sentences(entity: Entity) -> list[str]:
    """What can be said of an event as a whole: what conflicts, then what most documents speak of."""
    if entity.kind is not EntityKind.EVENT:
        return []
    rows = Question.select(Question.representation).where(Question.event == entity.slug)
    questions = [orjson.loads(text) for (text,) in fetched(rows)]
    whole = [question for question in questions if not any(question["scope"].values())]
    whole.sort(key=lambda found: (not found["conflict"], -found["assessment"]["documents"], found["id"]))
    return [question["assessment"]["sentence"] for question in whole[:MOST_SENTENCES]]
