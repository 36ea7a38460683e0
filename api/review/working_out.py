"""Working out: everything that follows from the claims of some events, or from what touched claims bear on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from peewee import JOIN

from api.engine.record import Claim
from api.review import rendering
from api.review.concluding import Conclusion, by_family, conclusions, inside
from api.review.drafting import Draft
from api.review.resolving import Resolver
from api.review.touched import Asked, Touched, coupled, needed, standpoint
from api.store import queries
from api.store.bulk import fetched
from api.store.models import Claim as Stated
from api.store.models import Event, Place
from api.store.rendering import EVENT, dumped, event_fields

ASKED = itemgetter(
    *map(
        queries.place_of,
        (Stated.event, Stated.property, Stated.scope_place, Stated.population, Stated.period),
    )
)
"""What a row of a claim to review answers."""

DOCUMENT = itemgetter(queries.place_of(Stated.document))


@dataclass(slots=True)
class Stored:
    """What is stored on one event and family: outcomes of questions, and findings (document, place, outcome)."""

    questions: dict[str, str | None] = field(default_factory=dict)
    findings: set[tuple[str, str, str]] = field(default_factory=set)


@dataclass(slots=True)
class Tally:
    """How much the record holds on an event; retracted claims are left out."""

    claims: int = 0
    documents: set[str | None] = field(default_factory=set)
    questions: int = 0
    discrepancies: int = 0
    conflicts: int = 0

    def add(self, claims: Sequence[Claim], concluded: Sequence[Conclusion]) -> None:
        """Count claims and the questions they raise."""
        self.claims += len(claims)
        self.documents.update(claim.document for claim in claims)
        self.questions += len(concluded)
        self.discrepancies += sum(item.item.answer.kind is not None for item in concluded)
        self.conflicts += sum(item.item.answer.conflict for item in concluded)

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
    resolver = Resolver()
    claims = by_family(resolver.claims(fetched(queries.claims_to_review(events))), resolver)
    stored = _stored(events, resolver)
    tallies = {event: Tally() for event in events}
    for where in sorted(claims.keys() | stored.keys()):
        members, kept = claims.pop(where, []), stored[where]
        concluded = list(conclusions(members))
        tallies[where[0]].add(members, concluded)
        draft.answer(concluded, kept.questions)
        draft.look_into(inside(members), kept.findings)
    for row in Event.select(Event, Place).join(Place, JOIN.LEFT_OUTER).where(Event.id.in_(list(events))):
        text = dumped(EVENT, event_fields(row, row.place, tallies[row.id].counts))
        if text != row.representation:
            draft.events.append((text, row.id))


def work_out_touched(touched: Touched, draft: Draft) -> None:
    """Draft what touched claims bear on, and nothing else."""
    resolver = Resolver()
    for event, family, asked, documents in touched.families(resolver):
        _family(event, family, asked, documents, resolver, draft)


def _family(
    event: str, family: str, asked: Collection[Asked], documents: set[str], resolver: Resolver, draft: Draft
) -> None:
    """Draft what is touched within one event and family of properties."""
    properties = [name for name, other in resolver.families.items() if other == family]
    rows = list(fetched(queries.claims_to_review([event], properties=properties)))
    points = {one: standpoint(one, resolver) for one in {*(Asked(*ASKED(row)) for row in rows), *asked}}
    stored = _stored([event], resolver, properties)[event, family]
    wanted = coupled([points[one] for one in asked], points.values())
    read = needed(wanted, points.values())
    claims = resolver.claims(row for row in rows if points[ASKED(row)].key in read)
    names = {rendering.question_id(key) for key in wanted}
    known = {name: outcome for name, outcome in stored.questions.items() if name in names}
    draft.answer(list(conclusions(claims, wanted)), known)
    scopes = {points[one].scope.key for one in asked}
    spoken = {(DOCUMENT(row), points[ASKED(row)].scope.key) for row in rows}
    about = documents | {document for document, scope in spoken if scope in scopes}
    around = {scope for document, scope in spoken if document in about}
    claims = resolver.claims(row for row in rows if points[ASKED(row)].scope.key in around)
    draft.look_into(inside(claims, about), {found for found in stored.findings if found[0] in about})


def _stored(
    events: Collection[str], resolver: Resolver, properties: Collection[str] | None = None
) -> defaultdict[tuple[str, str], Stored]:
    found: defaultdict[tuple[str, str], Stored] = defaultdict(Stored)
    for event, prop, name, outcome in fetched(queries.outcomes(events, properties)):
        found[event, resolver.families[prop]].questions[name] = outcome
    for event, prop, document, place, outcome in fetched(queries.outcomes_inside(events, properties)):
        found[event, resolver.families[prop]].findings.add((document, place, outcome))
    return found
