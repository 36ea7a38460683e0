"""Reading the cases: `fixtures/cases/*.yaml`, where an editor says how two claims stand to each other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from api.engine.record import Claim, Link, Place, Property, Reckoned, Scope, Source, Statement
from api.engine.values import Value, quantity
from api.intake.reading import Loader
from schemas.moments import Span, parse_span
from schemas.vocabulary import Cause, ClaimStatus, Order, Qualifier, Reckoning, Relation, SourceKind, Stance, ValueKind

FOLDER = Path(__file__).parents[2] / "fixtures" / "cases"

Fields = dict[str, Any]

CASE = {"id", "rule", "against", "relation", "order", "left", "right", "beside", "because"}
CLAIM = {
    "event", "property", "value", "term", "time", "scope", "as_of",
    "statement", "origin", "document", "stance", "status", "cause", "worked_out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """Two claims, the rule that must fire, and an editor's reason; `against` is the rule it only seems to be about."""

    id: str
    rule: str
    relation: Relation
    left: Claim
    right: Claim
    beside: tuple[Claim, ...]
    because: str
    against: str | None
    order: Order | None


class Cast:
    """The places, sources, statements and properties that a file of cases names at its top."""

    def __init__(self, content: Fields) -> None:
        self._content = content

    def place(self, name: str) -> Place:
        given = self._named("places", name)
        within = given.pop("within", None)
        return Place(name, within=self.place(within) if within else None, **given)

    def source(self, name: str) -> Source:
        given = self._named("sources", name)
        kind, part_of = given.pop("kind", SourceKind.PERSON), given.pop("part_of", None)
        return Source(name, kind=SourceKind(kind), part_of=self.source(part_of) if part_of else None, **given)

    def statement(self, name: str) -> Statement:
        given = self._named("statements", name)
        source, follows = self.source(given.pop("source")), given.pop("follows", None)
        return Statement(name, source, follows=self.statement(follows) if follows else None, **given)

    def property(self, given: str | Fields) -> Property:
        if isinstance(given, str):
            return self.property({"id": given, **self._named("properties", given)})
        fields = {"id": "inline", "additive": False, **given}
        noun, terms = fields.pop("noun", {}), fields.pop("terms", [])
        for name in ("part_of", "moves_to"):
            if name in fields:
                fields[name] = self.property(fields[name])
        return Property(
            kind=ValueKind(fields.pop("kind")),
            singular=noun.get("one"),
            plural=noun.get("other"),
            predicate=noun.get("said"),
            terms={term["id"]: term.get("within") for term in terms},
            term_labels={term["id"]: term["label"] for term in terms},
            **fields,
        )

    def claim(self, side: str, given: Fields) -> Claim:
        _refuse_unknown(f"claim {side}", given, CLAIM)
        prop = self.property(given["property"])
        origin, statement = given.get("origin"), given.get("statement")
        return Claim(
            id=side,
            event=given.get("event", "the-event"),
            property=prop,
            value=_value(given, prop),
            scope=self._scope(given.get("scope", {})),
            as_of=_span(given.get("as_of")),
            document=given.get("document", f"document-{side}"),
            statement=self.statement(statement) if statement else None,
            attribution=(Link(self.source(origin)),) if origin else (),
            stance=Stance(given.get("stance", Stance.ASSERTS)),
            status=ClaimStatus(given.get("status", ClaimStatus.ACTIVE)),
            cause=Cause(given["cause"]) if "cause" in given else None,
            reckoned=Reckoned(Reckoning.DIFFERENCE, (), stated=False) if given.get("worked_out") else None,
        )

    def _scope(self, given: Fields) -> Scope:
        _refuse_unknown("scope", given, {"place", "population", "period"})
        place, period = given.get("place"), given.get("period")
        return Scope(
            self.place(place) if place else None, given.get("population"), _span(period) if period is not None else None
        )

    def _named(self, noun: str, name: str) -> Fields:
        return dict(self._content[noun][name])


def cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """Return every case of every file, in order."""
    return tuple(case for path in sorted(folder.glob("*.yaml")) for case in _cases_of(path))


def _cases_of(path: Path) -> list[Case]:
    # The intake's loader: a subclass of the safe one that leaves days as text.
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    cast = Cast(content)
    return [_case(cast, given) for given in content["cases"]]


def _case(cast: Cast, given: Fields) -> Case:
    _refuse_unknown(f"case {given.get('id')}", given, CASE)
    return Case(
        id=given["id"],
        rule=given["rule"],
        relation=Relation(given["relation"]),
        left=cast.claim("left", given["left"]),
        right=cast.claim("right", given["right"]),
        beside=tuple(cast.claim(f"beside-{index}", item) for index, item in enumerate(given.get("beside", []))),
        because=given["because"],
        against=given.get("against"),
        order=Order(given["order"]) if "order" in given else None,
    )


def _value(given: Fields, prop: Property) -> Value:
    if prop.kind is ValueKind.QUANTITY:
        fields = dict(given["value"])
        return quantity(Qualifier(fields.pop("qualifier", Qualifier.EXACT)), **{"unit": prop.unit, **fields})
    if prop.kind is ValueKind.TIME:
        return Value(prop.kind, span=_span(given["time"]))
    return Value(prop.kind, term=given["term"])


def _span(given: str | Fields | None) -> Span:
    """Read one day or instant, or `earliest` and `latest` of which either may be missing."""
    if isinstance(given, str):
        return parse_span(given, given)
    return parse_span(**{"earliest": None, "latest": None, **(given or {})})


def _refuse_unknown(what: str, given: Fields, known: set[str]) -> None:
    if unknown := set(given) - known:
        raise ValueError(f"{what} holds unknown fields: {', '.join(sorted(unknown))}")
