"""Cases: read with their lines, held against the engine, and stored as the examples of its rules."""

from pathlib import Path

import pytest
import yaml

from api.engine.rules.table import RULES
from api.intake.cases import judged, read_cases
from api.intake.loading import FixturesRefused, load
from api.store.models import RuleExample
from tests.conftest import FIXTURES
from tests.intake.folders import NOW, Content, dump, small, write

CAST = """\
sources:
  mayor: {name: Mayor}
  paper: {name: Evening Paper, kind: outlet}
statements:
  post: {source: mayor, said_at: {earliest: "2024-01-01", latest: "2024-01-01"}}
properties:
  deaths: {label: Deaths, kind: quantity, unit: people, accumulates: true}
  cause: {label: Cause, kind: category, terms: [{id: arson, label: arson}]}
  began: {label: Start, kind: time, constant: true}
places:
  mill: {name: Old mill}
"""
ECHO = """\
cases:
  - id: one-mayor-twice
    rule: echo_of_one_origin
    relation: echo
    left: {property: deaths, value: {amount: 24}, origin: mayor}
    right: {property: deaths, value: {amount: 24}, origin: mayor}
    because: Two papers with one mayor's count are one confirmation.
"""


def folder(tmp_path: Path, text: str, name: str = "a.yaml") -> Path:
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases" / name).write_text(text, encoding="utf-8")
    return tmp_path


def problems(tmp_path: Path, text: str) -> list[str]:
    """Return what is wrong with a file of cases, less the folder it lies in."""
    cases, misread = read_cases(folder(tmp_path, text))
    return [str(problem).removeprefix("cases/") for problem in (*misread, *judged(cases))]


def test_a_sound_case_is_read_and_borne_out(tmp_path: Path) -> None:
    assert problems(tmp_path, CAST + ECHO) == []


def test_the_projects_own_cases_are_borne_out() -> None:
    cases, misread = read_cases(FIXTURES)
    assert (misread, list(judged(cases))) == ([], [])
    assert len(cases) > len(RULES)


LEFT = "left: {property: deaths, value: {amount: 24}, origin: mayor}"
LINE = CAST.count("\n") + 1

WRONG = [
    ("rule: echo_of_one_origin", "rule: no_such_rule", 2, "rule: no rule of the engine is called 'no_such_rule'"),
    ("rule: echo", "against: no_such\n    rule: echo", 2, "against: no rule of the engine is called 'no_such'"),
    ("relation: echo", "relation: friends", 3, "relation: expected one of not_comparable"),
    ("relation: echo", "relation: updates", 3, "relation: the engine says echo by echo_of_one_origin: Both give 24"),
    ("rule: echo_of_one_origin", "rule: part_fits", 2, "rule: the engine says echo by echo_of_one_origin: "),
    ("relation: echo", "relation: echo\n    order: left_first", 4, "order: the engine says unknown"),
    ("because: Two", "colour: red\n    because: Two", 6, "colour: Unknown field."),
    ("    because: Two papers with one mayor's count are one confirmation.\n", "", 1, "because: Missing data"),
    ("id: one-mayor-twice", "id: One Mayor", 1, "id: expected lower-case"),
    (LEFT, "left: 24", 4, "left: Invalid input type."),
    (LEFT, LEFT.replace("mayor", "nobody"), 4, "left.origin: no entry of sources is called 'nobody'"),
    (LEFT, LEFT.replace("origin: mayor", "statement: x"), 4, "left.statement: no entry of statements is called 'x'"),
    (LEFT, LEFT.replace("deaths", "births"), 4, "left.property: no entry of properties is called 'births'"),
    (LEFT, LEFT.replace("deaths", "3"), 4, "left.property: expected the name of a property"),
    (LEFT, LEFT.replace("deaths", "{kind: mood}"), 4, "left.property.kind: expected one of quantity"),
    (LEFT, LEFT.replace("deaths", "{kind: quantity, part_of: births}"), 4, "left.property.part_of: no entry of"),
    (LEFT, LEFT.replace("24", "-1"), 4, "left.value.amount: must not be negative"),
    (LEFT, LEFT.replace("24", "many"), 4, "left.value.amount: expected a number"),
    (LEFT, LEFT.replace("amount: 24", "qualifier: between, low: 5, high: 3"), 4, "left.value.low: must not be larger"),
    (LEFT, LEFT.replace("amount: 24", "colour: red"), 4, "left.value.colour: Unknown field."),
    (LEFT, "left: {property: cause, term: flood}", 4, "left.term: 'flood' is not in the property's vocabulary"),
    (LEFT, "left: {property: began, time: noon}", 4, "left.time: expected a day"),
    (LEFT, "left: {property: began}", 4, "left.time: is required for a time"),
    (
        LEFT,
        LEFT.replace("}, ", "}, scope: {place: moon}, "),
        4,
        "left.scope.place: no entry of places is called 'moon'",
    ),
    (
        LEFT,
        LEFT.replace("origin: mayor", "statement: post, as_of: '2024-01-02'"),
        4,
        "left.as_of: held from 2024-01-02 on, but was said by 2024-01-01",
    ),
    (LEFT, LEFT.replace("}, ", "}, as_of: {latest: 2023}, "), 4, "left.as_of.latest: Not a valid"),
    (LEFT, LEFT.replace("}, ", "}, as_of: {earliest: '2024', latest: '2023'}, "), 4, "left.as_of.latest: latest 2023"),
]


@pytest.mark.parametrize(("old", "new", "line", "says"), WRONG, ids=[f"{i} {w[3][:40]}" for i, w in enumerate(WRONG)])
def test_what_is_no_case_is_refused_at_its_line_by_its_field(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    (found,) = problems(tmp_path, CAST + ECHO.replace(old, new))
    place, _, rest = found.partition(" cases ")
    assert place == f"a.yaml:{LINE + line}:"
    assert rest.partition(": ")[2].startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cases: [\n", "a.yaml:2: not YAML"),
        ("- id: x\n", "a.yaml:1: expected a mapping with places, sources"),
        ("claims: []\n", "a.yaml:1: claims: unknown; expected places, sources, statements, properties, cases"),
        ("cases: {}\n", "a.yaml:1: cases: expected a list"),
        ("cases:\n  - x\n", "a.yaml:2: cases.0: expected a mapping"),
        ("sources: []\n", "a.yaml:1: sources: expected a mapping of names"),
        ("sources:\n  mayor: x\n", "a.yaml:2: sources.mayor: expected a mapping"),
        ("sources:\n  mayor: {name: M, kind: king}\n", "a.yaml:2: sources mayor: kind: expected one of person"),
        ("sources:\n  m: {name: M, part_of: m}\n", "a.yaml:2: sources m: part_of: runs in a circle: m → m"),
        ("statements:\n  post: {source: x}\n", "a.yaml:2: statements post: source: no entry of sources is called 'x'"),
        ("cases: &all\n  - *all\n", "a.yaml:1: is nested too deeply, or refers to itself"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(says)


def test_a_case_told_twice_names_the_first_one(tmp_path: Path) -> None:
    folder(tmp_path, CAST + ECHO, "b.yaml")
    (found,) = problems(tmp_path, CAST + ECHO)
    assert found == f"b.yaml:{LINE + 1}: cases one-mayor-twice: id: is already used in cases/a.yaml:{LINE + 1}"


def test_an_empty_file_holds_no_case(tmp_path: Path) -> None:
    assert read_cases(folder(tmp_path, "# none yet\n")) == ([], [])


def loaded(tmp_path: Path, cases: str | None) -> None:
    fixtures = write(tmp_path / "fixtures", small())
    load(folder(fixtures, cases) if cases is not None else fixtures, now=NOW)


def examples() -> dict[tuple[str, str], str]:
    return {(row.rule, row.side): row.case for row in RuleExample.select()}


@pytest.mark.usefixtures("empty")
def test_a_load_stores_an_example_for_a_rule(tmp_path: Path) -> None:
    loaded(tmp_path, CAST + ECHO)
    assert examples() == {("echo_of_one_origin", "for"): "one-mayor-twice"}


@pytest.mark.usefixtures("empty")
def test_the_plain_case_for_a_rule_is_shown_before_one_that_is_a_near_miss_too(tmp_path: Path) -> None:
    cases: Content = yaml.safe_load(ECHO)
    plain = cases["cases"][0]
    miss = {**plain, "id": "near-miss", "against": "part_fits"}
    loaded(tmp_path, CAST + yaml.safe_dump({"cases": [miss, plain]}))
    assert examples() == {
        ("echo_of_one_origin", "for"): "one-mayor-twice",
        ("part_fits", "against"): "near-miss",
    }


@pytest.mark.usefixtures("empty")
def test_a_changed_case_alone_is_loaded_and_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    loaded(tmp_path, CAST + ECHO)
    loaded(tmp_path, CAST + ECHO.replace("one-mayor-twice", "the-mayor-again"))
    assert set(examples().values()) == {"the-mayor-again"}


@pytest.mark.usefixtures("empty")
def test_a_folder_without_cases_leaves_the_examples_there_are(tmp_path: Path) -> None:
    loaded(tmp_path, CAST + ECHO)
    load(write(tmp_path / "other", small()))
    assert set(examples().values()) == {"one-mayor-twice"}


@pytest.mark.usefixtures("empty")
def test_a_case_the_engine_does_not_bear_out_keeps_the_whole_folder_out(tmp_path: Path) -> None:
    before = dump()
    with pytest.raises(FixturesRefused) as refused:
        loaded(tmp_path, CAST + ECHO.replace("relation: echo", "relation: updates"))
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("cases/a.yaml", LINE + 3)
    assert dump() == before
