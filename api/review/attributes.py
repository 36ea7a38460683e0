"""Attributes: what can be asked of an event, a source or a property by an id, and which values it has.

A figure is asked for by its property: `deaths`. What the record keeps of the thing itself has a dotted id that no
property can have: `event.place`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import orjson

from api.engine.wording import answer
from api.review.catalogue import Catalogue, Entity
from api.review.rating import read_value
from api.review.resolving import Resolver
from api.store.bulk import fetched, portions
from api.store.models import Event, Property, Question, Resource, Source
from schemas.moments import Moment, parse_moment
from schemas.reconciliation import Covering, EntityKind, Show
from schemas.vocabulary import Qualifier, ValueKind, ValueStatus

Fields = Mapping[str, Any]


class Named(NamedTuple):
    """A value that is an entity of its own."""

    id: str
    name: str


Value: TypeAlias = str | int | float | Moment | Named

MODELS: dict[EntityKind, type[Resource]] = {
    EntityKind.EVENT: Event,
    EntityKind.SOURCE: Source,
    EntityKind.PROPERTY: Property,
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """What can be asked: its id and label, of which kind of entity, and of which kind its values are, if of any.

    `read` finds the values in the fields of the contract; `called` finds further names of them, to compare with.
    """

    id: str
    label: str
    of: EntityKind
    description: str
    read: Callable[[Fields], Iterable[Any]]
    called: Callable[[Catalogue, Fields], Sequence[str]] = lambda known, fields: ()
    leads_to: EntityKind | None = None


def _field(path: str) -> Callable[[Fields], Iterable[Any]]:
    steps = path.split(".")

    def read(fields: Fields) -> Iterable[Any]:
        found: Any = fields
        for step in steps:
            found = found.get(step) if found is not None else None
        return [] if found is None else found if isinstance(found, list) else [found]

    return read


def _times(*names: str) -> Callable[[Fields], Iterable[Moment]]:
    return lambda fields: [parse_moment(text) for text in dict.fromkeys(fields[name] for name in names) if text]


def _place_names(known: Catalogue, fields: Fields) -> Sequence[str]:
    """What its place, and each that contains it, is called: what happened in Lyon happened in France."""
    place = fields["place"]
    return known.places.get(place["id"], ()) if place else ()


ATTRIBUTES = {
    found.id: found
    for found in (
        Attribute("event.place", "Place", EntityKind.EVENT, "Where it happened.", _field("place.name"), _place_names),
        Attribute("event.date", "Date", EntityKind.EVENT, "Its first and last day.", _times("starts", "ends")),
        Attribute("event.starts", "Starts", EntityKind.EVENT, "When it began.", _times("starts")),
        Attribute("event.ends", "Ends", EntityKind.EVENT, "When it ended.", _times("ends")),
        Attribute(
            "event.parent",
            "Part of event",
            EntityKind.EVENT,
            "The event it belongs to.",
            _field("parent"),
            leads_to=EntityKind.EVENT,
        ),
        Attribute("event.summary", "Summary", EntityKind.EVENT, "What happened, in short.", _field("summary")),
        Attribute("event.latitude", "Latitude", EntityKind.EVENT, "Of its place.", _field("place.latitude")),
        Attribute("event.longitude", "Longitude", EntityKind.EVENT, "Of its place.", _field("place.longitude")),
        Attribute("event.claims", "Claims", EntityKind.EVENT, "How many are on record.", _field("counts.claims")),
        Attribute(
            "event.documents", "Documents", EntityKind.EVENT, "How many speak of it.", _field("counts.documents")
        ),
        Attribute(
            "event.discrepancies",
            "Discrepancies",
            EntityKind.EVENT,
            "Questions on it whose answers do not all fit together.",
            _field("counts.discrepancies"),
        ),
        Attribute(
            "event.conflicts",
            "Conflicts",
            EntityKind.EVENT,
            "Discrepancies that nothing in the record explains.",
            _field("counts.conflicts"),
        ),
        Attribute("source.kind", "Kind of source", EntityKind.SOURCE, "What sort of speaker it is.", _field("kind")),
        Attribute("source.aliases", "Other names", EntityKind.SOURCE, "What else it is called.", _field("aliases")),
        Attribute(
            "source.part_of",
            "Part of",
            EntityKind.SOURCE,
            "The organisation it speaks for.",
            _field("part_of"),
            leads_to=EntityKind.SOURCE,
        ),
        Attribute("source.side", "Side", EntityKind.SOURCE, "Its side in the conflict.", _field("side")),
        Attribute("property.kind", "Kind of value", EntityKind.PROPERTY, "What an answer is.", _field("kind")),
        Attribute("property.unit", "Unit", EntityKind.PROPERTY, "What it is counted or measured in.", _field("unit")),
        Attribute("property.aliases", "Other names", EntityKind.PROPERTY, "What else it is called.", _field("aliases")),
        Attribute(
            "property.part_of",
            "Part of",
            EntityKind.PROPERTY,
            "The property it is a part of.",
            _field("part_of"),
            leads_to=EntityKind.PROPERTY,
        ),
    )
}
"""What the record keeps of each kind of entity."""


class Wanted(NamedTuple):
    """An attribute or a property that is asked for, and how its values are to be given."""

    id: str
    show: Show = Show.FIGURE
    scope: Covering = Covering.WHOLE
    limit: int = 0


class Values(NamedTuple):
    """The values of one attribute of one entity, and what else they are called."""

    given: Sequence[Value]
    called: Sequence[str] = ()


NONE = Values(())

Found: TypeAlias = dict[str, dict[str, Values]]
"""For each entity and what was asked of it, by their ids."""


def attribute(name: str, kind: EntityKind | None = None) -> Attribute | None:
    """Return an attribute by its id, or by the part behind the dot where the kind of entity is known."""
    return ATTRIBUTES.get(name) or ATTRIBUTES.get(f"{kind}.{name}")


def measured(known: Catalogue, name: str) -> Entity | None:
    """Return the property on record that is asked for by this id."""
    found = known.find(name) or known.find(f"{EntityKind.PROPERTY}:{name}")
    return found if found is not None and found.kind is EntityKind.PROPERTY else None


def values(known: Catalogue, entities: Iterable[Entity], wanted: Sequence[Wanted]) -> Found:
    """Return what is asked of each entity; what it has no value for is left empty."""
    asked = list(entities)
    found: Found = {entity.id: {} for entity in asked}
    _keep_attributes(known, asked, wanted, found)
    _keep_figures(known, asked, wanted, found)
    return found


def _keep_attributes(known: Catalogue, asked: Sequence[Entity], wanted: Sequence[Wanted], found: Found) -> None:
    for kind, model in MODELS.items():
        reading = [(one, read) for one in wanted if (read := attribute(one.id, kind)) and read.of is kind]
        if not reading:
            continue
        stored = _stored(model, [entity.slug for entity in asked if entity.kind is kind])
        for entity in asked:
            if entity.kind is not kind or entity.slug not in stored:
                continue
            fields = stored[entity.slug]
            for one, read in reading:
                given = [_leading(known, read, value) for value in read.read(fields)]
                found[entity.id][one.id] = Values(given[: one.limit or None], read.called(known, fields))


def _leading(known: Catalogue, read: Attribute, value: Any) -> Value:
    """Name what a reference leads to."""
    if read.leads_to is None:
        plain: Value = value
        return plain
    target = known.find(f"{read.leads_to}:{value}")
    return Named(target.id, target.name) if target is not None else str(value)


def _stored(model: type[Resource], slugs: Sequence[str]) -> dict[str, Fields]:
    return {
        name: orjson.loads(text)
        for some in portions(slugs)
        for name, text in fetched(model.select(model.id, model.representation).where(model.id.in_(some)))
    }


def _keep_figures(known: Catalogue, asked: Sequence[Entity], wanted: Sequence[Wanted], found: Found) -> None:
    figures: dict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        prop = measured(known, one.id) if attribute(one.id) is None else None
        if prop is not None:
            figures[prop.slug].append(one)
    events = {entity.slug: entity.id for entity in asked if entity.kind is EntityKind.EVENT}
    if not (figures and events):
        return
    resolver = Resolver()
    gathered: dict[tuple[str, Wanted], list[Value]] = defaultdict(list)
    for event, slug, text in _answers(events, figures):
        question = orjson.loads(text)
        for one in figures[slug]:
            if one.scope is Covering.ALL or not any(question["scope"].values()):
                gathered[events[event], one] += _shown(question, one.show, resolver)
    for (name, one), shown in gathered.items():
        found[name][one.id] = Values(list(dict.fromkeys(shown))[: one.limit or None])


def _answers(events: Collection[str], properties: Collection[str]) -> Iterator[tuple[str, str, str]]:
    columns = Question.event, Question.property, Question.representation
    for some in portions(events):
        on_events = Question.select(*columns).where(Question.event.in_(some), Question.property.in_(list(properties)))
        yield from fetched(on_events.order_by(Question.event, Question.id))


def _shown(question: Fields, show: Show, resolver: Resolver) -> list[Value]:
    """Return what is to be seen of a question's answer."""
    said = question["assessment"]
    if show is Show.CONFLICT:
        return ["yes" if question["conflict"] else "no"]
    if show is Show.AS_OF:
        latest = [given["as_of"]["latest"] for given in _standing(question) if given["as_of"]["latest"]]
        return [max(map(parse_moment, latest), key=lambda moment: moment.ends)] if latest else []
    if show is not Show.FIGURE:
        return [said[show]] if said[show] is not None else []
    prop = resolver.property(question["property"])
    shown = []
    for given in _standing(question):
        value: Value = (
            plain if (plain := _plain(given["value"])) is not None else answer(read_value(given["value"]), prop)
        )
        shown.append(f"not {value}" if given["denied"] else value)
    return shown


def _standing(question: Fields) -> list[Fields]:
    """The value that the record takes for current, else those that stand against each other, else all that stand."""
    current, asked = question["assessment"]["current"], (question["property"], question["scope"])
    own = [given for given in question["values"] if (given["property"], given["scope"]) == asked]
    if current is not None:
        return [given for given in own if given["value"] == current and not given["denied"]][:1]
    by_status = {
        status: [given for given in own if given["status"] == status]
        for status in (ValueStatus.CONTESTED, ValueStatus.CURRENT)
    }
    return by_status[ValueStatus.CONTESTED] or by_status[ValueStatus.CURRENT]


def _plain(value: Fields) -> int | float | Moment | None:
    """Return a value as what it is where nothing is lost by that: a figure without a hedge, one day, one instant."""
    if value["kind"] == ValueKind.QUANTITY and value["qualifier"] == Qualifier.EXACT:
        amount: int | float = value["amount"]
        return amount
    if value["kind"] == ValueKind.TIME and value["low"] == value["high"] and value["low"]:
        return parse_moment(value["low"])
    return None
