"""Resolving: rows of the store as the engine's plain objects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter

import orjson
from peewee import Field, ForeignKeyField

from api.engine import record as engine
from api.engine.values import Value, quantity
from api.store import queries
from api.store.bulk import Row, every, fetched, portions
from api.store.editions import Kept
from api.store.models import Attribution, Claim, Event, Place, Property, Source, Statement
from api.store.rendering import whole
from schemas.moments import Span, parse_span
from schemas.vocabulary import Cause, ClaimStatus, LinkRole, Qualifier, Reckoning, SourceKind, Stance, ValueKind

SOURCE_COLUMNS = (Source.id, Source.name, Source.kind, Source.part_of, Source.side)
PLACE_COLUMNS = (Place.id, Place.name, Place.within)
PROPERTY_COLUMNS = (
    *(Property.id, Property.kind, Property.label, Property.unit, Property.vocabulary, Property.terms, Property.noun),
    *(Property.accumulates, Property.exclusive, Property.constant, Property.additive),
    *(Property.part_of, Property.also_part_of, Property.moves_to, Property.difference_of),
)
STATEMENT_COLUMNS = (
    *(Statement.id, Statement.source, Statement.said_earliest, Statement.said_latest),
    *(Statement.follows, Statement.corrects),
)
NAME, EVENT, STATEMENT, PLACE, LINK = (
    queries.place_of(column)
    for column in (Claim.id, Claim.event, Claim.statement, Claim.scope_place, Attribution.source)
)

PORTION = 2_000
"""Claims whose rows are held at once."""

REMEMBERED = 65_536
"""Times and values kept built; the same few come again and again."""


class _Reached(dict[str, Row]):
    """The rows of a noun that were needed, with all that they lead to, by their ids; each is asked for once."""

    def __init__(self, columns: Sequence[Field], onwards: ForeignKeyField) -> None:
        super().__init__()
        self._columns, self._onwards = columns, onwards
        self._absent: set[str] = set()

    def find(self, names: Iterable[str | None]) -> list[Row]:
        """Read the rows that are not here yet, and return what was found."""
        unknown = [name for name in names if name and name not in self and name not in self._absent]
        found = [row for some in portions(unknown) for row in queries.reached(self._columns, self._onwards, some)]
        self.update((row[0], row) for row in found)
        self._absent.update(name for name in unknown if name not in self)
        return found


class Resolver:
    """The places, sources, properties and statements around claims, each read when it is needed and built once."""

    def __init__(self) -> None:
        self._place_rows = _Reached(PLACE_COLUMNS, Place.within)
        self._source_rows = _Reached(SOURCE_COLUMNS, Source.part_of)
        self._statement_rows = _Reached(STATEMENT_COLUMNS, Statement.follows)
        self._grounds: dict[str, engine.Place | None] = {}
        self._places: dict[str, engine.Place] = {}
        self._sources: dict[str, engine.Source] = {}
        self._statements: dict[str, engine.Statement] = {}
        self._properties: dict[str, engine.Property] = {}
        self._scopes: dict[Row, engine.Scope] = {}
        self._chains: dict[tuple[Row, ...], tuple[engine.Link, ...]] = {}

    @property
    def held(self) -> int:
        """How much was built that grows with the claims."""
        return len(self._statements) + len(self._scopes) + len(self._chains)

    @cached_property
    def _property_rows(self) -> dict[str, Row]:
        return {row[0]: row for row in every(*PROPERTY_COLUMNS)}

    @cached_property
    def _every_place(self) -> list[Row]:
        return list(every(*PLACE_COLUMNS))

    @cached_property
    def place_terms(self) -> dict[str, str | None]:
        return {name: within for name, _, within in self._every_place}

    @cached_property
    def place_names(self) -> dict[str, str]:
        return {name: label for name, label, _ in self._every_place}

    def place(self, name: str | None) -> engine.Place | None:
        self._place_rows.find([name])
        if name is None or name not in self._place_rows:
            return None
        if name not in self._places:
            _, label, within = self._place_rows[name]
            self._places[name] = engine.Place(name, label, self.place(within))
        return self._places[name]

    def ground(self, event: str | None) -> engine.Place | None:
        """Return an event's own place, where the event is on record and has one."""
        if event is not None:
            self._find_grounds([event])
        return self._grounds.get(event or "")

    def source(self, name: str | None) -> engine.Source | None:
        return self.speaker(name) if name else None

    def speaker(self, name: str) -> engine.Source:
        """Return a source that the record holds; a foreign key says that it does."""
        if name not in self._sources:
            self._source_rows.find([name])
            _, label, kind, part_of, side = self._source_rows[name]
            self._sources[name] = engine.Source(name, label, SourceKind(kind), self.source(part_of), side)
        return self._sources[name]

    def source_if_known(self, name: str) -> engine.Source | None:
        self._source_rows.find([name])
        return self.speaker(name) if name in self._source_rows else None

    def source_called(self, name: str) -> engine.Source | None:
        """Return the one source that goes by this name or alias, whatever its case and spacing; None if several do."""
        ids = CALLED.get().get(folded(name), set())
        return self.speaker(next(iter(ids))) if len(ids) == 1 else None

    def statement_if_known(self, name: str) -> engine.Statement | None:
        self._find_statements([name])
        return self.statement(name) if name in self._statement_rows else None

    def knows_property(self, name: str) -> bool:
        return name in self._property_rows

    def statement(self, name: str | None) -> engine.Statement | None:
        """Return a statement with the chain of those it follows, built from the first one on."""
        if not name or name in self._statements:
            return self._statements.get(name or "")
        self._find_statements([name])
        chain: list[str] = []
        step: str | None = name
        while step is not None and step not in self._statements:
            chain.append(step)
            step = self._statement_rows[step][4]
        for unbuilt in reversed(chain):
            _, source, earliest, latest, follows, corrects = self._statement_rows[unbuilt]
            said, earlier = span_of(earliest, latest), self._statements.get(follows or "")
            self._statements[unbuilt] = engine.Statement(unbuilt, self.speaker(source), said, earlier, bool(corrects))
        return self._statements[name]

    def property(self, name: str) -> engine.Property:
        if name in self._properties:
            return self._properties[name]
        (
            _, kind, label, unit, vocabulary, own, said, accumulates, exclusive, constant, additive,
            part_of, also_part_of, moves_to, difference_of,
        ) = self._property_rows[name]  # fmt: skip
        noun, terms = orjson.loads(said) or {}, orjson.loads(own)
        of_places = vocabulary == "places"
        made = engine.Property(
            id=name,
            kind=ValueKind(kind),
            label=label,
            unit=unit,
            accumulates=bool(accumulates),
            exclusive=bool(exclusive),
            constant=bool(constant),
            additive=bool(additive),
            part_of=self.property(part_of) if part_of else None,
            also_part_of=tuple(self.property(whole) for whole in orjson.loads(also_part_of)),
            moves_to=self.property(moves_to) if moves_to else None,
            difference_of=self._pair(orjson.loads(difference_of)),
            singular=noun.get("one"),
            plural=noun.get("other"),
            predicate=noun.get("said"),
            terms=self.place_terms if of_places else {term["id"]: term["within"] for term in terms},
            term_labels=self.place_names if of_places else {term["id"]: term["label"] for term in terms},
        )
        self._properties[name] = made
        return made

    def _pair(self, names: list[str]) -> tuple[engine.Property, engine.Property] | None:
        return (self.property(names[0]), self.property(names[1])) if names else None

    @cached_property
    def families(self) -> dict[str, str]:
        """The name of each property's family: those it is coupled with as a part, by moves or as a difference."""
        families = {name: name for name in self._property_rows}
        for name in self._property_rows:
            prop = self.property(name)
            for other in (*prop.wholes(), prop.moves_to, *(prop.difference_of or ())):
                if other is not None and families[other.id] != families[name]:
                    one, two = families[name], families[other.id]
                    families.update({member: one for member, family in families.items() if family == two})
        return families

    def scope(
        self, event: str, place: str | None, population: str | None, period: str | None, counting: str | None
    ) -> engine.Scope:
        """Return what a claim on an event covers."""
        given = (event, place, population, period, counting)
        if given not in self._scopes:
            self._scopes[given] = engine.Scope(
                self.place(place), population, period_of(period), self.ground(event), counting
            )
        return self._scopes[given]

    def claims(self, rows: Iterable[Row]) -> tuple[engine.Claim, ...]:
        """Resolve the rows of claims to review with what surrounds them, a portion at a time."""
        made: list[engine.Claim] = []
        stated = (tuple(links) for _, links in groupby(rows, itemgetter(NAME)))
        for some in portions(stated, PORTION):
            self._find_grounds({links[0][EVENT] for links in some}, {links[0][PLACE] for links in some})
            self._find_statements(
                {links[0][STATEMENT] for links in some}, {row[LINK] for links in some for row in links}
            )
            made += map(self._claim, some)
        return tuple(made)

    def _claim(self, rows: tuple[Row, ...]) -> engine.Claim:
        (
            name, event, prop_name, document, statement, kind, qualifier, amount, low, high, term, text,
            time_earliest, time_latest, place, population, period, as_of_earliest, as_of_latest,
            stance, status, start, exact, counting, causes, reckoned, published_earliest, published_latest, *_,
        ) = rows[0]  # fmt: skip
        prop = self.property(prop_name)
        return engine.Claim(
            id=name,
            event=event,
            property=prop,
            value=_value(kind, qualifier, amount, low, high, prop.unit, term, text, time_earliest, time_latest),
            scope=self.scope(event, place, population, period, counting),
            as_of=span_of(as_of_earliest, as_of_latest),
            published=span_of(published_earliest, published_latest),
            document=document,
            statement=self.statement(statement),
            attribution=self._chain(tuple(row[LINK:] for row in rows)),
            stance=STANCES[stance],
            status=STATUSES[status],
            causes=_causes(causes),
            reckoned=_reckoned(reckoned),
            position=start,
            exact=exact,
        )

    def _chain(self, links: tuple[Row, ...]) -> tuple[engine.Link, ...]:
        if links not in self._chains:
            self._chains[links] = tuple(
                engine.Link(self.speaker(source), LinkRole(role), channel, bool(inferred))
                for source, role, channel, inferred in links
                if source is not None
            )
        return self._chains[links]

    def _find_grounds(self, events: Iterable[str], places: Iterable[str | None] = ()) -> None:
        """Find the places of events, and with them others that are needed beside."""
        unknown = [event for event in events if event not in self._grounds]
        where = dict.fromkeys(unknown) | {
            event: place
            for names in portions(unknown)
            for event, place in fetched(Event.select(Event.id, Event.place).where(Event.id.in_(names)))
        }
        self._place_rows.find({*where.values(), *places})
        self._grounds.update((event, self.place(place)) for event, place in where.items())

    def _find_statements(self, names: Iterable[str | None], sources: Iterable[str | None] = ()) -> None:
        """Find statements and who made them, and with these other sources that are needed beside."""
        found = self._statement_rows.find(names)
        self._source_rows.find({*(row[1] for row in found), *sources})


MOST_HELD = 20_000
"""Statements, scopes and chains of attribution that are held together: some 20 MiB."""

AROUND: Kept[Resolver] = Kept(Resolver)


def around() -> Resolver:
    """Return what surrounds claims as far as it was read, while the record is the same; threads share it."""
    if AROUND.get().held > MOST_HELD:
        AROUND.forget()
    return AROUND.get()


STANCES = {word.value: word for word in Stance}
STATUSES = {word.value: word for word in ClaimStatus}


@lru_cache(REMEMBERED)
def _causes(text: str) -> tuple[Cause, ...]:
    return tuple(map(Cause, orjson.loads(text)))


@lru_cache(REMEMBERED)
def _reckoned(text: str) -> engine.Reckoned | None:
    given = orjson.loads(text)
    return engine.Reckoned(Reckoning(given["how"]), tuple(given["of"]), given["stated"]) if given else None


@lru_cache(REMEMBERED)
def span_of(earliest: str | None, latest: str | None) -> Span:
    """Read both ends of a time on record."""
    return parse_span(earliest, latest)


def _called() -> Mapping[str, set[str]]:
    """Return which sources go by a name or an alias, each folded."""
    called: dict[str, set[str]] = defaultdict(set)
    for source, label, aliases in every(Source.id, Source.name, Source.aliases):
        for name in (label, *orjson.loads(aliases)):
            called[folded(name)].add(source)
    return called


CALLED = Kept(_called)
"""Read by every comparison that names who said a thing."""


def folded(name: str) -> str:
    """Fold a name, so that case and spacing make no difference."""
    return " ".join(name.split()).casefold()


def period_of(text: str | None) -> Span | None:
    """Read a scope's period: a day, or two ends joined by `/`."""
    if text is None:
        return None
    ends = text.split("/") if "/" in text else [text, text]
    return span_of(*(None if end == ".." else end for end in ends))


@lru_cache(REMEMBERED)
def _value(
    kind: str,
    qualifier: str | None,
    amount: float | None,
    low: float | None,
    high: float | None,
    unit: str | None,
    term: str | None,
    text: str | None,
    earliest: str | None,
    latest: str | None,
) -> Value:
    sort = ValueKind(kind)
    if sort is ValueKind.QUANTITY:
        hedge = Qualifier(qualifier or "")
        ends = (
            (whole(low), whole(high)) if hedge is Qualifier.BETWEEN else (None, None)
        )  # else the qualifier gives them
        return quantity(hedge, whole(amount), *ends, unit, text)
    if sort is ValueKind.TIME:
        return Value(sort, span=span_of(earliest, latest), text=text)
    return Value(sort, term=term, text=text)
