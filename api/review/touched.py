"""Touched: what changed claims bear on, and nothing else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from api.engine.record import Property, QuestionKey, Scope
from api.engine.scopes import property_within, scope_within
from api.review.resolving import Resolver
from api.store.models import Claim


class Asked(NamedTuple):
    """What a claim answers, as its row has it."""

    event: str
    property: str
    place: str | None
    population: str | None
    period: str | None
    counting: str | None


@dataclass(slots=True)
class Touched:
    """What claims bear on that are created, changed, moved, retracted or deleted.

    Each is noted as it was before, where it was there, and as it is after, where it still is.
    """

    asked: set[Asked] = field(default_factory=set)
    documents: set[tuple[str, str]] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)

    def note(self, claim: Claim) -> None:
        """Note one claim in one of its states."""
        self.note_row(claim.__data__)

    def note_row(self, row: Mapping[str, Any]) -> None:
        """Note the row of a claim in one of its states."""
        event = row["event"]
        asked = Asked(event, row["property"], row["scope_place"], row["population"], row["period"], row["counting"])
        self.asked.add(asked)
        self.documents.add((event, row["document"]))
        self.events.add(event)
        if row["statement"] is not None:
            self.statements.add(row["statement"])

    def __bool__(self) -> bool:
        return bool(self.asked or self.statements or self.events)

    def by_event(self) -> dict[str, tuple[set[Asked], set[str]]]:
        """Return the questions and the documents touched on each event."""
        found: dict[str, tuple[set[Asked], set[str]]] = {}
        for asked in self.asked:
            found.setdefault(asked.event, (set(), set()))[0].add(asked)
        for event, document in self.documents:
            found[event][1].add(document)
        return found


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A question with what it covers."""

    key: QuestionKey
    property: Property
    scope: Scope

    def within(self, other: "Standpoint") -> bool:
        """Whether this is a part of what the other question covers, or the same."""
        return property_within(self.property, other.property) and scope_within(self.scope, other.scope)


def standpoint(asked: Asked, resolver: Resolver) -> Standpoint:
    """Return the question that is asked there."""
    scope = resolver.scope(asked.event, asked.place, asked.population, asked.period, asked.counting)
    return Standpoint((asked.event, asked.property, scope.key), resolver.property(asked.property), scope)


def coupled(touched: Iterable[Standpoint], known: Collection[Standpoint]) -> set[QuestionKey]:
    """The questions to be answered again: the touched ones, their differences, and what lies within either."""
    moved = list(touched)
    moved += [one for one in known if any(_reckoned_from(one, other) for other in moved)]
    return {one.key for one in moved} | {one.key for one in known if any(map(one.within, moved))}


def needed(wanted: Collection[QuestionKey], known: Collection[Standpoint]) -> set[QuestionKey]:
    """The questions whose claims that takes: the wanted ones, what contains them, and what either is reckoned from."""
    parts = [one for one in known if one.key in wanted]
    read = [one for one in known if one.key in wanted or any(part.within(one) for part in parts)]
    differences = [one for one in read if one.property.difference_of]
    reckoned = {one.key for one in known if any(_reckoned_from(other, one) for other in differences)}
    return {one.key for one in read} | reckoned


def _reckoned_from(one: Standpoint, other: Standpoint) -> bool:
    """Whether the answer to one question may be the difference of the other and a third."""
    return other.property in (one.property.difference_of or ()) and one.scope.key == other.scope.key
