"""Resolving: rows of the store as the engine's plain objects."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import orjson

from api.engine import record as engine
from api.engine.values import Value, quantity
from api.store import queries
from api.store.models import Attribution, Claim, Event, Place, Property, Source, Statement
from api.store.rendering import whole
from schemas.moments import Span, parse_span
from schemas.vocabulary import ClaimStatus, LinkRole, Qualifier, SourceKind, Stance, ValueKind


class Resolver:
    """The places, sources, properties and statements of the record, each built once."""

    def __init__(self) -> None:
        self._places = {row.id: row for row in Place.select()}
        self._sources = {row.id: row for row in Source.select()}
        self._properties = {row.id: row for row in Property.select()}
        self._statements = {row.id: row for row in Statement.select()}
        self._built_sources: dict[str, engine.Source] = {}
        self._built_statements: dict[str, engine.Statement] = {}
        self._built_properties: dict[str, engine.Property] = {}
        self.place_terms: dict[str, str | None] = {row.id: row.within_id for row in self._places.values()}
        self.place_names = {row.id: row.name for row in self._places.values()}

    def place(self, name: str | None) -> engine.Place | None:
        row = self._places.get(name or "")
        if row is None:
            return None
        return engine.Place(row.id, row.name, self.place(row.within_id))

    def ground(self, event: str | None) -> engine.Place | None:
        """Return an event's own place, where the event is on record and has one."""
        row = Event.get_or_none(Event.id == event) if event else None
        return self.place(row.place_id) if row is not None else None

    def source(self, name: str | None) -> engine.Source | None:
        return self.speaker(name) if name else None

    def speaker(self, name: str) -> engine.Source:
        """Return a source that the record holds; a foreign key says that it does."""
        built = self._built_sources.get(name)
        if built is None:
            row = self._sources[name]
            built = engine.Source(row.id, row.name, SourceKind(row.kind), self.source(row.part_of_id), row.side)
            self._built_sources[name] = built
        return built

    def source_if_known(self, name: str) -> engine.Source | None:
        return self.speaker(name) if name in self._sources else None

    @cached_property
    def _called(self) -> dict[str, set[str]]:
        """Which sources go by a name or an alias, each folded."""
        called: dict[str, set[str]] = defaultdict(set)
        for row in self._sources.values():
            for name in (row.name, *orjson.loads(row.aliases)):
                called[folded(name)].add(row.id)
        return called

    def source_called(self, name: str) -> engine.Source | None:
        """Return the one source that goes by this name or alias, whatever its case and spacing; None if several do."""
        ids = self._called.get(folded(name), set())
        return self.speaker(next(iter(ids))) if len(ids) == 1 else None

    def statement_if_known(self, name: str) -> engine.Statement | None:
        return self.statement(name) if name in self._statements else None

    def knows_property(self, name: str) -> bool:
        return name in self._properties

    def statement(self, name: str | None) -> engine.Statement | None:
        """Return a statement with the chain of those it follows, built from the first one on."""
        if not name:
            return None
        chain: list[str] = []
        step: str | None = name
        while step is not None and step not in self._built_statements:
            chain.append(step)
            step = self._statements[step].follows_id
        for unbuilt in reversed(chain):
            row = self._statements[unbuilt]
            said = parse_span(row.said_earliest, row.said_latest)
            earlier = self._built_statements.get(row.follows_id or "")
            self._built_statements[unbuilt] = engine.Statement(
                row.id, self.speaker(row.source_id), said, earlier, row.corrects
            )
        return self._built_statements[name]

    def property(self, name: str) -> engine.Property:
        if name in self._built_properties:
            return self._built_properties[name]
        row = self._properties[name]
        noun, terms = orjson.loads(row.noun) or {}, orjson.loads(row.terms)
        of_places = row.vocabulary == "places"
        made = engine.Property(
            id=row.id,
            kind=ValueKind(row.kind),
            label=row.label,
            unit=row.unit,
            accumulates=row.accumulates,
            exclusive=row.exclusive,
            constant=row.constant,
            additive=row.additive,
            part_of=self.property(row.part_of_id) if row.part_of_id else None,
            moves_to=self.property(row.moves_to_id) if row.moves_to_id else None,
            singular=noun.get("one"),
            plural=noun.get("other"),
            predicate=noun.get("said"),
            terms=self.place_terms if of_places else {term["id"]: term["within"] for term in terms},
            term_labels=self.place_names if of_places else {term["id"]: term["label"] for term in terms},
        )
        self._built_properties[name] = made
        return made

    def claims(self, rows: Iterable[Claim]) -> tuple[engine.Claim, ...]:
        """Resolve claims with what surrounds them."""
        listed = list(rows)
        if not listed:
            return ()
        chains: dict[str, list[engine.Link]] = defaultdict(list)
        for link in queries.links_of([row.id for row in listed]):
            chains[link.claim_id].append(self._link(link))
        own_places = {row.id: row.place_id for row in Event.select().where(Event.id.in_({r.event_id for r in listed}))}
        return tuple(self._claim(row, tuple(chains[row.id]), own_places[row.event_id]) for row in listed)

    def _link(self, link: Attribution) -> engine.Link:
        return engine.Link(self.speaker(link.source_id), LinkRole(link.role), link.channel, link.inferred)

    def _claim(self, row: Claim, chain: tuple[engine.Link, ...], own_place: str | None) -> engine.Claim:
        prop = self.property(row.property_id)
        return engine.Claim(
            id=row.id,
            event=row.event_id,
            property=prop,
            value=_value(row, prop),
            scope=engine.Scope(
                self.place(row.scope_place_id), row.population, period_of(row.period), self.place(own_place)
            ),
            as_of=parse_span(row.as_of_earliest, row.as_of_latest),
            published=parse_span(row.document.published_earliest, row.document.published_latest),
            document=row.document_id,
            statement=self.statement(row.statement_id),
            attribution=chain,
            stance=Stance(row.stance),
            status=ClaimStatus(row.status),
            position=row.span_start,
            exact=row.exact,
        )


def folded(name: str) -> str:
    """Fold a name, so that case and spacing make no difference."""
    return " ".join(name.split()).casefold()


def period_of(text: str | None) -> Span | None:
    """Read a scope's period: a day, or two ends joined by `/`."""
    if text is None:
        return None
    ends = text.split("/") if "/" in text else [text, text]
    return parse_span(*(None if end == ".." else end for end in ends))


def _value(row: Claim, prop: engine.Property) -> Value:
    kind = ValueKind(row.kind)
    if kind is ValueKind.QUANTITY:
        return quantity(
            Qualifier(row.qualifier or ""), whole(row.amount), whole(row.low), whole(row.high), prop.unit, row.text
        )
    if kind is ValueKind.TIME:
        return Value(kind, span=parse_span(row.time_earliest, row.time_latest), text=row.text)
    return Value(kind, term=row.term, text=row.text)
