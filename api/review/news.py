"""News: the revisions of discrepancies, newest first, each with a headline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from api.engine.wording import listed
from api.review.differences import in_words
from api.store import changes as store
from api.store.bulk import fetched
from api.store.changes import Entry
from api.store.models import Event, Place, Property
from schemas.vocabulary import Change

MOST_IN_A_HEADLINE = 4
"""Values a headline names; a feed reader shows one line."""

Fields = dict[str, Any]
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A revision of a discrepancy: what it was then, and what was news about it."""

    sequence: int
    entry: Entry
    headline: str
    event: str
    property: str
    discrepancy: Fields


@dataclass(frozen=True, slots=True)
class News:
    """Some of the news, newest first: `older` is behind which there is more, and `at` when the first of them was."""

    items: list[Item]
    older: int | None
    at: str | None


def news(before: int | None, args: Mapping[str, Any]) -> News:
    """Return the newest entries, or those ahead of one, as many as are asked for."""
    found = list(fetched(store.told(before, args).limit(args["limit"] + 1)))
    rows = found[: args["limit"]]
    named = _Naming([(row[3], orjson.loads(row[-1])) for row in rows])
    items = [_item(row, named) for row in rows]
    return News(items, items[-1].sequence if len(found) > len(rows) else None, items[0].entry.at if items else None)


def title_of(event: str) -> str:
    """Return the title of an event."""
    title: str = Event.get_by_id(event).title
    return title


class _Naming:
    """The titles, labels and names that headlines need, each noun asked for once."""

    def __init__(self, told: list[tuple[str, Fields]]) -> None:
        self.events = _names(Event.title, {event for event, _ in told})
        self.properties = _names(Property.label, {fields["property"] for _, fields in told})
        terms = _names(Property.terms, set(self.properties))
        self.terms = {name: {term["id"]: term["label"] for term in orjson.loads(text)} for name, text in terms.items()}
        self.places = _names(Place.name, {fields["scope"]["place"] for _, fields in told} - {None})


def _names(column: Any, ids: set[str]) -> Names:
    model = column.model
    return dict(fetched(model.select(model.id, column).where(model.id.in_(ids))))


def _item(row: tuple[Any, ...], named: _Naming) -> Item:
    sequence, *logged, state = row
    entry, fields = Entry(*logged), orjson.loads(state)
    scope = fields["scope"]
    place = named.places.get(scope["place"], scope["place"])
    narrowed = ", ".join(part for part in (place, *(scope[name] for name in scope if name != "place")) if part)
    event, prop = named.events.get(entry.event, entry.event), named.properties[fields["property"]]
    about = f"{prop} ({narrowed})" if narrowed else prop
    return Item(sequence, entry, f"{about} · {event}: {_values(entry, fields, named)}", event, prop, fields)


def _values(entry: Entry, fields: Fields, named: _Naming) -> str:
    if entry.change == Change.ENDED:
        return "no longer in question"
    words = list(dict.fromkeys(in_words(given, named.terms[fields["property"]]) for given in fields["values"]))
    rest = len(words) - MOST_IN_A_HEADLINE
    return f"{listed([*words[:MOST_IN_A_HEADLINE], *([f'{rest} more'] if rest > 0 else [])], 'or')}?"
