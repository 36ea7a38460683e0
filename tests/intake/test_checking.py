"""Checking: every error is found, and named with its file, line and field."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.intake.checking import check
from api.intake.reading import read
from tests.intake.folders import Content, entry, small, write

Alter = Callable[[Content], object]


def errors(tmp_path: Path, content: Content) -> list[str]:
    """Return what is wrong with a content, each as its place and reason without file and line."""
    entries, unreadable = read(write(tmp_path / "fixtures", content))
    assert unreadable == []
    return [f"{problem.field}: {problem.reason}" for problem in check(entries)[1]]


def put(noun: str, name: str, **fields: object) -> Alter:
    return lambda content: entry(content, noun, name).update(fields)


def value(name: str, **fields: object) -> Alter:
    return lambda content: entry(content, "claims", name)["value"].update(fields)


def locator(**fields: object) -> Alter:
    return lambda content: entry(content, "claims", "c1")["locator"].update(fields)


def drop(noun: str, name: str, field: str) -> Alter:
    return lambda content: entry(content, noun, name).pop(field)


def _link(source: str) -> dict[str, str]:
    return {"source": source, "role": "quotes"}


def day(earliest: str | None, latest: str | None) -> dict[str, str | None]:
    return {"earliest": earliest, "latest": latest}


def test_the_small_folder_is_valid(tmp_path: Path) -> None:
    assert errors(tmp_path, small()) == []


UNKNOWN = [
    (put("places", "mill", within="nowhere"), "places mill: within"),
    (put("sources", "mayor", part_of="nobody"), "sources mayor: part_of"),
    (put("properties", "injured", part_of="nothing"), "properties injured: part_of"),
    (put("properties", "injured", moves_to="nothing"), "properties injured: moves_to"),
    (put("statements", "said-1", source="nobody"), "statements said-1: source"),
    (put("statements", "said-2", follows="said-0"), "statements said-2: follows"),
    (put("events", "flood", parent="war"), "events flood: parent"),
    (put("events", "fire", place="nowhere"), "events fire: place"),
    (put("claims", "c1", event="war"), "claims c1: event"),
    (put("claims", "c1", property="nothing"), "claims c1: property"),
    (put("claims", "c1", document="zero"), "claims c1: document"),
    (put("claims", "c1", statement="said-0"), "claims c1: statement"),
    (put("claims", "c3", scope={"place": "nowhere"}), "claims c3: scope.place"),
    (put("claims", "c3", attribution=[{"source": "x", "role": "cites"}]), "claims c3: attribution.0.source"),
]


@pytest.mark.parametrize(("alter", "where"), UNKNOWN, ids=[where for _, where in UNKNOWN])
def test_a_reference_to_nothing_on_record_is_an_error(tmp_path: Path, alter: Alter, where: str) -> None:
    content = small()
    alter(content)
    found = errors(tmp_path, content)
    assert any(error.startswith(f"{where}: no entry of ") for error in found), found


def circle(noun: str, field: str, one: str, other: str) -> Alter:
    return lambda content: (put(noun, one, **{field: other})(content), put(noun, other, **{field: one})(content))


CIRCLES = [
    (circle("places", "within", "land", "mill"), "places land: within"),
    (circle("sources", "part_of", "town", "mayor"), "sources mayor: part_of"),
    (circle("properties", "part_of", "deaths", "injured"), "properties deaths: part_of"),
    (circle("properties", "moves_to", "deaths", "injured"), "properties deaths: moves_to"),
    (circle("statements", "follows", "said-1", "said-2"), "statements said-1: follows"),
    (circle("events", "parent", "fire", "flood"), "events fire: parent"),
    (put("places", "mill", within="mill"), "places mill: within"),
    (put("sources", "mayor", part_of="mayor"), "sources mayor: part_of"),
    (put("properties", "injured", moves_to="injured"), "properties injured: moves_to"),
    (put("statements", "said-1", follows="said-1"), "statements said-1: follows"),
]


@pytest.mark.parametrize(("alter", "where"), CIRCLES, ids=[f"{where} {i}" for i, (_, where) in enumerate(CIRCLES)])
def test_references_that_run_in_a_circle_are_an_error(tmp_path: Path, alter: Alter, where: str) -> None:
    content = small()
    alter(content)
    found = errors(tmp_path, content)
    assert any(error.startswith(f"{where}: runs in a circle") for error in found), found


def test_terms_that_contain_each_other_are_an_error(tmp_path: Path) -> None:
    content = small()
    entry(content, "properties", "cause")["terms"][0]["within"] = "arson"
    assert any(error.startswith("properties cause: terms") for error in errors(tmp_path, content))


VALUES = [
    (value("c1", amount=-1), "value.amount: must not be negative"),
    (value("c1", amount="NaN"), "claims c1: value.amount: "),
    (value("c1", amount="Infinity"), "claims c1: value.amount: "),
    (value("c1", amount=10**400), "claims c1: value.amount: "),
    (value("c1", amount=10**16), "value.amount: must be at most"),
    (value("c1", amount="twenty"), "value.amount: expected a number"),
    (value("c1", amount=True), "value.amount: expected a number"),
    (value("c1", amount=None), "value.amount: is required with the qualifier exact"),
    (value("c1", qualifier=None, amount=None), "value.amount: is required, or low or high"),
    (value("c1", qualifier="roughly"), "value.qualifier: expected one of exact"),
    (value("c1", qualifier="between", amount=None, low=5, high=3), "value.low: must not be larger than high"),
    (value("c1", qualifier="between", amount=None, low=5), "value.high: is required"),
    (value("c1", qualifier="between", amount=None, low=-5, high=3), "value.low: must not be negative"),
    (value("c1", low=20), "value.low: is 21 by the qualifier exact"),
    (value("c1", low="NaN"), "value.low: expected a number"),
    (value("c1", unit="buildings"), "value.unit: the property counts people"),
    (value("c1", term="arson"), "value.term: "),
    (value("c1", kind="category", qualifier=None, amount=None, term="arson"), "value.kind: the property takes a"),
    (value("c3", term="accident"), "value.term: 'accident' is not in the property's vocabulary"),
    (value("c3", term=None), "value.term: is required for a category"),
    (value("c3", qualifier="exact"), "value.qualifier: "),
    (value("c5", low="2023-12-31"), "value.low: latest 2023-12-30 lies before earliest 2023-12-31"),
    (value("c5", low="yesterday"), "value.low: expected a day"),
    (value("c5", low=None, high=None), "value.low: is required for a time"),
    (value("c5", qualifier="about"), "value.qualifier: "),
    (value("c5", term="arson"), "value.term: "),
    (value("c6", term="maybe"), "value.term: expected affirmed, denied, no_comment"),
    (value("c6", qualifier="exact"), "value.qualifier: "),
]


@pytest.mark.parametrize(("alter", "error"), VALUES, ids=[f"{i} {error[:40]}" for i, (_, error) in enumerate(VALUES)])
def test_an_impossible_value_is_an_error(tmp_path: Path, alter: Alter, error: str) -> None:
    content = small()
    alter(content)
    (found,) = errors(tmp_path, content)
    assert error in found


REASONS = [
    (put("claims", "c1", as_of=day("2023-12-31", "2023-12-30")), "claims c1: as_of.latest: latest 2023-12-30 lies"),
    (put("claims", "c1", as_of=day("2023-02-30", None)), "claims c1: as_of.earliest: not a date of the calendar"),
    (put("claims", "c1", as_of=day("2023-12-30T09:00", None)), "claims c1: as_of.earliest: expected a day"),
    (put("documents", "one", published=day("2023-12-31", "2023-12-30")), "documents one: published.latest: latest"),
    (put("statements", "said-1", said_at=day("2023-12-31", "2023-12-30")), "statements said-1: said_at.latest: latest"),
    (put("events", "fire", ends="2023-12-29"), "events fire: ends: latest 2023-12-29 lies before"),
    (put("claims", "c3", scope={"period": "2023-12-31/2023-12-30"}), "claims c3: scope.period: latest"),
    (put("claims", "c3", scope={"period": "a/b/c"}), "claims c3: scope.period: expected a day"),
    (
        put("claims", "c1", statement="said-2"),
        "claims c1: statement: was said from 2023-12-31 on, but was published by 2023-12-30",
    ),
    (
        put("claims", "c1", as_of=day("2023-12-31", None)),
        "claims c1: as_of: held from 2023-12-31 on, but was said by 2023-12-30",
    ),
    (
        put("claims", "c7", as_of=day("2024-01-03", None)),
        "claims c7: as_of: held from 2024-01-03 on, but was published by 2024-01-02",
    ),
    (
        put("claims", "c2", attribution=[_link("mayor"), _link("town"), _link("mayor")]),
        "claims c2: attribution.2.source: comes back to 'mayor', which the chain has already named",
    ),
    (put("claims", "c6", statement="said-1"), "claims c6: statement: is by mayor, but the attribution ends with owner"),
    (put("statements", "said-2", source="owner"), "statements said-2: follows: is a statement of mayor"),
    (
        put("statements", "said-1", said_at=day("2024-01-01", None)),
        "statements said-2: follows: was said from 2024-01-01 on, but this one by 2023-12-31",
    ),
    (locator(end=99), "claims c1: locator.end: start and end are"),
    (locator(exact="21 people"), "claims c1: locator.end: start and end are 2 apart, but exact has 9"),
    (locator(start=90, end=92), "claims c1: locator.end: lies beyond the document's"),
    (locator(start=-2, end=0), "claims c1: locator.start: "),
    (locator(exact=""), "claims c1: locator.exact: "),
    (put("documents", "one", length=0), "documents one: length: "),
    (put("documents", "one", sha256="abc"), "documents one: sha256: expected 64 hexadecimal digits"),
    (put("properties", "cause", terms=[]), "properties cause: terms: a category needs terms"),
    (put("properties", "deaths", part_of="cause"), "properties deaths: part_of: is a category, this is a quantity"),
    (put("sources", "mayor", kind="king"), "sources mayor: kind: expected one of person"),
    (put("claims", "c1", colour="red"), "claims c1: colour: Unknown field"),
    (drop("claims", "c1", "value"), "claims c1: value: Missing data"),
    (put("claims", "c1", id="No Slug"), "claims No Slug: id: expected lower-case letters"),
]


@pytest.mark.parametrize(("alter", "error"), REASONS, ids=[f"{i} {error[:45]}" for i, (_, error) in enumerate(REASONS)])
def test_what_cannot_be_is_an_error_at_its_field(tmp_path: Path, alter: Alter, error: str) -> None:
    content = small()
    alter(content)
    found = errors(tmp_path, content)
    assert any(line.startswith(error) for line in found), found


def test_the_statement_of_an_organisation_may_stand_for_the_word_of_its_member(tmp_path: Path) -> None:
    content = small()
    entry(content, "claims", "c1")["attribution"] = [{"source": "town", "role": "quotes"}]
    assert errors(tmp_path, content) == []


@pytest.mark.parametrize(("words", "valid"), [(12, True), (13, False)])
def test_a_locator_repeats_at_most_twelve_words(tmp_path: Path, words: int, valid: bool) -> None:
    content = small()
    exact = " ".join(["word"] * words)
    entry(content, "claims", "c1")["locator"] = {"start": 0, "end": len(exact), "exact": exact}
    found = errors(tmp_path, content)
    assert found == ([] if valid else ["claims c1: locator.exact: holds 13 words; at most 12 are allowed"])


@pytest.mark.parametrize("noun", ["places", "sources", "documents", "properties", "statements", "events", "claims"])
def test_an_id_used_twice_is_an_error_that_names_the_first_place(tmp_path: Path, noun: str) -> None:
    content = small()
    content[noun].append(dict(content[noun][0]))
    (error,) = errors(tmp_path, content)
    assert error.startswith(f"{noun} {content[noun][0]['id']}: id: is already used in record.yaml:")


def test_two_documents_with_the_same_text_are_an_error(tmp_path: Path) -> None:
    content = small()
    content["documents"].append({**entry(content, "documents", "one"), "id": "copy"})
    (error,) = errors(tmp_path, content)
    assert error.startswith("documents copy: sha256: ")


def test_all_errors_are_reported_at_once_each_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("places:\n  - id: mill\n    name: Mill\n    within: nowhere\n")
    (tmp_path / "b.yaml").write_text("sources:\n  - id: mayor\n    name: ''\n    kind: king\n")
    entries, _ = read(tmp_path)
    assert [(problem.file, problem.line, problem.field) for problem in check(entries)[1]] == [
        ("a.yaml", 4, "places mill: within"),
        ("b.yaml", 3, "sources mayor: name"),
        ("b.yaml", 4, "sources mayor: kind"),
    ]
