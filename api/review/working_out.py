"""Working out: everything that follows from the claims of some events, or from what touched claims bear on."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from peewee import JOIN

from api.collecting import collecting_on_request
from api.engine.findings import Finding, stale
from api.engine.record import Claim
from api.review import rendering
from api.review.concluding import Conclusion, Subject, by_family, conclusions, inside, outdated
from api.review.drafting import Draft
from api.review.resolving import Resolver
from api.review.touched import Asked, Standpoint, Touched, coupled, needed, standpoint
from api.store import queries
from api.store.bulk import Row, fetched, portions
from api.store.models import Claim as Stated
from api.store.models import Event, Place
from api.store.rendering import EVENT, dumped, event_fields

NAMED, DOCUMENT, PLACE = (
    itemgetter(queries.place_of(column)) for column in (Stated.id, Stated.document, Stated.place_in_list)
)
ASKED = itemgetter(
    *map(
        queries.place_of,
        (Stated.event, Stated.property, Stated.scope_place, Stated.population, Stated.period, Stated.counting),
    )
)
"""What a row of a claim to review answers."""


@dataclass(slots=True)
class Tally:
    """How much the record holds on an event; retracted claims are left out."""

    claims: int = 0
    documents: set[str | None] = field(default_factory=set)
    questions: int = 0
    discrepancies: int = 0
    conflicts: int = 0
    outdated: list[Finding] = field(default_factory=list)

    def counted(self, claims: Sequence[Claim]) -> Iterator[Conclusion]:
        """Yield the answers to what claims of one family raise, and count both."""
        self.claims += len(claims)
        self.documents.update(claim.document for claim in claims)
        for item in conclusions(claims):
            self.questions += 1
            self.discrepancies += item.item.answer.kind is not None
            self.conflicts += item.item.answer.conflict
            self.outdated += stale(item.item.answer)
            yield item

    @property
    def counts(self) -> dict[str, int]:
        return {
            "claims": self.claims,
            "documents": len(self.documents),
            "questions": self.questions,
            "discrepancies": self.discrepancies,
            "conflicts": self.conflicts,
        }


def work_out(events: Collection[str], draft: Draft) -> None:
    """Draft everything that follows from the claims of these events."""
    with collecting_on_request() as collect:
        tallies = _concluded(events, draft)
        collect()
    _events(tallies, draft)


def _concluded(events: Collection[str], draft: Draft) -> dict[str, Tally]:
    """Draft what the engine says of the claims on each event, and return how much there is."""
    resolver = Resolver()
    on_record: dict[str, list[Claim]] = {event: [] for event in events}
    for claim in resolver.claims(fetched(queries.claims_to_review(events))):
        on_record[claim.event].append(claim)
    questions, findings = _outcomes(events), _outcomes_inside(events)
    tallies: dict[str, Tally] = {}
    for event in sorted(on_record):
        claims, tally = on_record.pop(event), Tally()
        for members in by_family(claims, resolver.families).values():
            draft.answer(tally.counted(members), questions[event])
        draft.leave(questions[event])
        draft.look_into(inside(claims, tally.outdated), findings[event])
        tallies[event] = tally
    draft.settle()
    return tallies


def _events(tallies: Mapping[str, Tally], draft: Draft) -> None:
    for row in Event.select(Event, Place).join(Place, JOIN.LEFT_OUTER).where(Event.id.in_(list(tallies))):
        text = dumped(EVENT, event_fields(row, row.place, tallies[row.id].counts))
        if text != row.representation:
            draft.events.append((text, row.id))


def work_out_touched(touched: Touched, draft: Draft) -> None:
    """Draft what touched claims bear on, and nothing else."""
    resolver = Resolver()
    for event, (asked, documents) in sorted(touched.by_event().items()):
        scene = Scene(event, resolver)
        subjects: dict[str, list[Standpoint]] = {}
        for one in asked:
            subjects.setdefault(resolver.families[one.property], []).append(standpoint(one, resolver))
        for family, points in sorted(subjects.items()):
            _answer(scene, family, points, draft)
        speaking = {
            DOCUMENT(row)
            for family, points in subjects.items()
            for row in scene.rows(family)
            if scene.point(row).scope.key in {point.scope.key for point in points}
        }
        _look_into(scene, documents | speaking, draft)
    draft.settle()


class Scene:
    """The rows of the claims on one event, read a family of properties at a time."""

    def __init__(self, event: str, resolver: Resolver) -> None:
        self.event, self.resolver = event, resolver
        self._rows: dict[str, list[Row]] = {}
        self._points: dict[Row, Standpoint] = {}

    def properties(self, family: str) -> list[str]:
        return [name for name, other in self.resolver.families.items() if other == family]

    def rows(self, family: str) -> list[Row]:
        if family not in self._rows:
            query = queries.claims_to_review([self.event], properties=self.properties(family))
            self._rows[family] = list(fetched(query))
        return self._rows[family]

    def rows_of(self, documents: Collection[str]) -> list[Row]:
        query = queries.claims_to_review([self.event])
        return [row for some in portions(documents) for row in fetched(query.where(Stated.document.in_(some)))]

    def point(self, row: Row) -> Standpoint:
        """The question that a row answers."""
        asked = ASKED(row)
        if asked not in self._points:
            self._points[asked] = standpoint(Asked(*asked), self.resolver)
        return self._points[asked]

    def subject(self, row: Row) -> Subject:
        point = self.point(row)
        return self.resolver.families[point.property.id], point.scope.key


def _answer(scene: Scene, family: str, touched: Collection[Standpoint], draft: Draft) -> None:
    """Draft the answers to touched questions of one family, and to those coupled with them."""
    rows = scene.rows(family)
    known = {point.key: point for point in map(scene.point, rows)}.values()
    wanted = coupled(touched, known)
    read = needed(wanted, known)
    claims = scene.resolver.claims(row for row in rows if scene.point(row).key in read)
    names = {rendering.question_id(key) for key in wanted}
    outcomes = _outcomes([scene.event], scene.properties(family))[scene.event]
    stored = {name: outcomes[name] for name in names & outcomes.keys()}
    draft.answer(conclusions(claims, wanted), stored)
    draft.leave(stored)


def _look_into(scene: Scene, documents: Collection[str], draft: Draft) -> None:
    """Draft what is found inside some documents, read with what others say of the subjects they say much about."""
    own = scene.rows_of(sorted(documents))
    said = Counter((DOCUMENT(row), scene.subject(row)) for row in {NAMED(row): row for row in own}.values())
    subjects = {subject for (_, subject), count in said.items() if count > 1}
    others = (
        row
        for family in {family for family, _ in subjects}
        for row in scene.rows(family)
        if scene.subject(row) in subjects and DOCUMENT(row) not in documents
    )
    claims = scene.resolver.claims(sorted([*own, *others], key=PLACE))
    stored = {known for known in _outcomes_inside([scene.event])[scene.event] if known[0] in documents}
    draft.look_into(inside(claims, outdated(claims, documents), documents), stored)


def _outcomes(
    events: Collection[str], properties: Collection[str] | None = None
) -> defaultdict[str, dict[str, str | None]]:
    """The digests of what the engine said, by event and question."""
    found: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for event, name, outcome in fetched(queries.outcomes(events, properties)):
        found[event][name] = outcome
    return found


def _outcomes_inside(events: Collection[str]) -> defaultdict[str, set[tuple[str, str, str]]]:
    """The findings by event: document, place and digest of each."""
    found: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for event, document, place, outcome in fetched(queries.outcomes_inside(events)):
        found[event].add((document, place, outcome))
    return found
