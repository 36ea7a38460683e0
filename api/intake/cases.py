"""Cases: `cases/*.yaml`, where an editor says how two claims stand to each other, read and held against the engine."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from api.engine.record import Claim
from api.engine.relate import read_in_context, relate
from api.engine.rules.pair import Verdict
from api.engine.rules.table import RULES
from api.intake.cast import USUAL, Cast
from api.intake.checking import check, flat
from api.intake.reading import Entry, Field, Origin, Problem, case_files, mapping, noting
from schemas.cases import CaseSchema
from schemas.vocabulary import Order, Relation

Fields = Mapping[str, Any]

CASE = CaseSchema()

LISTS = (*USUAL, "cases")
"""What a file of cases may hold."""


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
    entry: Entry = field(compare=False, repr=False)

    @property
    def verdict(self) -> Verdict:
        """What the engine concludes, the claims read among those beside them."""
        left, right, *_ = read_in_context((self.left, self.right, *self.beside))
        return relate(left, right)


def read_cases(folder: Path) -> tuple[list[Case], list[Problem]]:
    """Read every case of a folder and list what cannot be read."""
    cases: list[Case] = []
    problems: list[Problem] = []
    first: dict[str, Entry] = {}
    for path in case_files(folder):
        name = str(path.relative_to(folder))
        with noting(name, problems):
            for case in _cases_of(path, name, problems):
                known = first.setdefault(case.id, case.entry)
                if known is case.entry:
                    cases.append(case)
                else:
                    problems.append(case.entry.problem(("id",), f"is already used in {known.file}:{known.line}"))
    return cases, problems


def judged(cases: Iterable[Case]) -> Iterator[Problem]:
    """Yield each case that the engine does not bear out."""
    known = {rule.name for rule in RULES}
    for case in cases:
        for where, name in (("rule", case.rule), ("against", case.against)):
            if name is not None and name not in known:
                yield case.entry.problem((where,), f"no rule of the engine is called {name!r}")
        verdict = case.verdict
        words = f"the engine says {verdict.relation} by {verdict.rule}: {verdict.because}"
        if verdict.relation is not case.relation:
            yield case.entry.problem(("relation",), words)
        elif verdict.rule != case.rule and case.rule in known:
            yield case.entry.problem(("rule",), words)
        elif case.order not in (None, verdict.order):
            yield case.entry.problem(("order",), f"the engine says {verdict.order}")


def _cases_of(path: Path, name: str, problems: list[Problem]) -> Iterator[Case]:
    found = mapping(path, name, LISTS, problems)
    if found is None:
        return
    content, origin = found
    for stray in [noun for noun in content if noun not in LISTS]:
        origin.note((stray,), f"unknown; expected {', '.join(LISTS)}")
    known, wrong = check(list(_cast(content, origin)))
    problems.extend(wrong)
    for entry in _listed(content.get("cases"), origin):
        yield from () if wrong else _checked(entry, Cast(known), problems)


def _cast(content: Fields, origin: Origin) -> Iterator[Entry]:
    """Yield what the file names at its top as entries of the record."""
    for noun, usual in USUAL.items():
        entries = {} if content.get(noun) is None else content[noun]
        if not isinstance(entries, dict):
            origin.note((noun,), "expected a mapping of names")
            continue
        for name, given in entries.items():
            if isinstance(given, dict):
                yield Entry(noun, {"id": name, **usual, **given}, origin.file, origin.lines, (noun, name))
            else:
                origin.note((noun, name), "expected a mapping")


def _listed(given: Any, origin: Origin) -> Iterator[Entry]:
    if not isinstance(given, list | None):
        origin.note(("cases",), "expected a list")
        return
    for index, item in enumerate(given or ()):
        here = ("cases", index)
        if isinstance(item, dict):
            yield Entry("cases", item, origin.file, origin.lines, here)
        else:
            origin.note(here, "expected a mapping")


def _checked(entry: Entry, cast: Cast, problems: list[Problem]) -> Iterator[Case]:
    try:
        data = CASE.load(entry.data)
    except ValidationError as error:
        problems.extend(entry.problem(where, reason) for where, reason in flat(error.messages, ()))
        return
    sides: dict[Field, Fields] = {("left",): data["left"], ("right",): data["right"]}
    sides.update({("beside", index): given for index, given in enumerate(data["beside"])})
    wrong = [((*side, *where), why) for side, given in sides.items() for where, why in cast.faults(given)]
    problems.extend(entry.problem(where, reason) for where, reason in wrong)
    if not wrong:
        left, right, *beside = (cast.claim("-".join(map(str, side)), given) for side, given in sides.items())
        told = {name: data[name] for name in ("id", "rule", "relation", "because", "against", "order")}
        yield Case(left=left, right=right, beside=tuple(beside), entry=entry, **told)
