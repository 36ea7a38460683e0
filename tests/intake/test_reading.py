"""Reading: files become entries that remember their lines, and what cannot be read is named."""

from pathlib import Path

import pytest

from api.intake.loading import FixturesRefused, load
from api.intake.reading import LARGEST_FILE, digest, read


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in read(folder)[1]]


def test_every_field_of_an_entry_remembers_its_line(tmp_path: Path) -> None:
    write(tmp_path, "# comment\nclaims:\n  - id: c1\n    value:\n      kind: quantity\n      amount: 21\n")
    (entry,), _ = read(tmp_path)
    assert str(entry.problem(("id",), "is wrong")).startswith("a.yaml:3: ")
    assert str(entry.problem(("value", "amount"), "is wrong")).startswith("a.yaml:6: ")


def test_a_problem_stands_at_the_nearest_line_known_for_a_field_that_is_absent(tmp_path: Path) -> None:
    write(tmp_path, "claims:\n  - id: c1\n    value:\n      kind: quantity\n")
    (entry,), _ = read(tmp_path)
    assert str(entry.problem(("value", "amount"), "is missing")) == "a.yaml:4: claims c1: value.amount: is missing"


def test_a_key_given_twice_is_a_problem_at_its_second_line(tmp_path: Path) -> None:
    write(tmp_path, "places:\n  - id: mill\n    name: Mill\n    name: Tower\n")
    assert problems(tmp_path) == ["a.yaml:4: name: is given twice"]


def test_a_list_given_twice_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "places:\n  - {id: mill, name: Mill}\nplaces: []\n")
    assert problems(tmp_path) == ["a.yaml:3: places: is given twice"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("places: [\n", 2, "not YAML"),
        ("places:\n\t- id: mill\n", 2, "not YAML"),
        ("places: []\n---\nsources: []\n", 2, "not YAML"),
        ("- id: mill\n", 1, "expected a mapping"),
        ("towns: []\n", 1, "towns: unknown; expected places"),
        ("# c\nplaces: mill\n", 2, "places: expected a list"),
        ("places:\n  - mill\n", 2, "places: expected a mapping"),
        ("places: [{id: mill, name: Mill}]\nevent: fire\n", 2, "event: expected a mapping"),
        ("claims:\n  - id: c1\n    value: {amount: !!int many}\n", 3, ""),
        ("places: \x00\n", 1, "cannot be read"),
    ],
)
def test_what_is_no_fixture_is_refused_with_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    (found,) = problems(write(tmp_path, text))
    assert found.startswith(f"a.yaml:{line}: ")
    assert says in found


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"places: [{id: mill, name: M\xfchle}]\n")
    (found,) = problems(tmp_path)
    assert found.startswith("a.yaml:1: cannot be read")


def test_a_file_that_refers_to_itself_is_refused(tmp_path: Path) -> None:
    (found,) = problems(write(tmp_path, "places: &all\n  - *all\n"))
    assert found.startswith("a.yaml:")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    (found,) = problems(tmp_path)
    assert "larger than" in found


def test_a_broken_file_does_not_hide_what_is_wrong_in_the_others(tmp_path: Path) -> None:
    write(tmp_path, "places: [\n", "a.yaml")
    write(tmp_path, "towns: []\n", "b.yaml")
    assert [line.split(":")[0] for line in problems(tmp_path)] == ["a.yaml", "b.yaml"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path)
    assert "no fixture file" in found


@pytest.mark.usefixtures("empty")
def test_a_file_that_cannot_be_opened_is_named_among_the_errors(tmp_path: Path) -> None:
    folder = write(tmp_path / "fixtures", "places: []\n")
    (folder / "gone.yaml").symlink_to(folder / "nowhere")
    with pytest.raises(FixturesRefused) as refused:
        load(folder)
    assert [problem.file for problem in refused.value.problems] == ["gone.yaml"]


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path, "# nothing yet\n")) == ([], [])


def test_cases_are_no_entries_of_the_record_but_a_part_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "places: [{id: mill, name: Mill}]\n")
    before = digest(tmp_path)
    write(tmp_path, "anything: goes\n", "cases/a.yaml")
    entries, found = read(tmp_path)
    assert [entry.data["id"] for entry in entries] == ["mill"]
    assert found == []
    assert digest(tmp_path) != before


def test_a_claim_beside_an_event_is_a_claim_on_it_unless_it_says_otherwise(tmp_path: Path) -> None:
    write(tmp_path, "event: {id: fire}\nclaims:\n  - {id: c1}\n  - {id: c2, event: flood}\n")
    entries, _ = read(tmp_path)
    assert [entry.data["event"] for entry in entries if entry.noun == "claims"] == ["fire", "flood"]


def test_entries_of_all_files_come_after_those_they_refer_to(tmp_path: Path) -> None:
    write(tmp_path, "claims: [{id: c1}]\n", "a.yaml")
    write(tmp_path, "places: [{id: mill}]\nsources: [{id: mayor}]\n", "events/b.yaml")
    assert [entry.noun for entry in read(tmp_path)[0]] == ["places", "sources", "claims"]


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("2023-12-31", "2023-12-31"),
        ("yes", "yes"),
        ("010", "010"),
        ("1e400", "1e400"),
        (".nan", ".nan"),
        ("'21'", "21"),
        ("21", 21),
        ("-3", -3),
        ("4.5", 4.5),
        ("true", True),
        ("~", None),
    ],
)
def test_a_scalar_has_the_types_of_json_only(tmp_path: Path, given: str, read_as: object) -> None:
    (entry,), _ = read(write(tmp_path, f"claims: [{{id: {given}}}]\n"))
    assert entry.data["id"] == read_as
    assert type(entry.data["id"]) is type(read_as)
