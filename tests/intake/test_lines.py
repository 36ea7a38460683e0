"""Lines: a folder with an entry a line is loaded as one of YAML is, and refused in the same words."""

from pathlib import Path

import orjson
import pytest

from api.app import create_app
from api.config import Config
from api.intake import lines
from api.intake.lines import LONGEST_LINE
from api.intake.loading import FixturesRefused, load
from api.store import db as store
from api.store.models import Claim, ClaimRevision
from tests.conftest import migrate
from tests.databases import Databases
from tests.intake.folders import LATER, NOW, Content, dump, entry, small, without
from tests.intake.folders import write as write_yaml


def write(folder: Path, content: Content) -> Path:
    """Write the content as a file for each noun, the claims as two."""
    folder.mkdir(parents=True, exist_ok=True)
    for noun, entries in content.items():
        parts = {noun: entries} if noun != "claims" else {"claims-1": entries[:3], "more/claims-2": entries[3:]}
        for name, some in parts.items():
            file = folder / f"{name}.ndjson"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in some))
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(FixturesRefused) as refused:
        load(folder)
    return [str(problem) for problem in refused.value.problems]


def record() -> dict[str, object]:
    """Every row, but where it was loaded from and what is made with a database."""
    return {**dump(), "loading": None, "edition": None, "signing": None, "schema_migration": None}


def test_lines_are_loaded_as_yaml_is(databases: Databases, tmp_path: Path) -> None:
    found = []
    for name, form in (("yaml", write_yaml), ("lines", write)):
        url = databases.copy("empty", migrate)
        store.bind(url)
        load(form(tmp_path / name, small()), now=NOW)
        found.append(record())
        store.unbind()
        databases.drop(url)
    assert found[0] == found[1]


@pytest.mark.usefixtures("empty")
def test_yaml_and_lines_refer_to_each_other(tmp_path: Path) -> None:
    content = small()
    folder = write(tmp_path, {"claims": content["claims"], "sources": content["sources"]})
    write_yaml(
        folder, without({name: content[name] for name in content if name not in ("claims", "sources")}, "events")
    )
    assert load(folder).added == sum(len(entries) for entries in content.values())


@pytest.mark.usefixtures("empty")
def test_a_line_that_changed_is_a_revision_and_one_that_is_gone_is_retracted(tmp_path: Path) -> None:
    load(write(tmp_path, small()), now=NOW)
    assert load(tmp_path).skipped
    content = without(small(), "claims", "c2")
    entry(content, "claims", "c1")["value"].update(amount=22, text="22")
    outcome = load(write(tmp_path, content), now=LATER)
    assert (outcome.changed, outcome.retracted) == (1, 1)
    assert [row.revision for row in ClaimRevision.select().where(ClaimRevision.claim == "c1")] == [1, 2]


@pytest.mark.usefixtures("empty")
def test_every_error_has_its_file_line_and_field_and_nothing_is_loaded(tmp_path: Path) -> None:
    content = small()
    before = dump()
    entry(content, "claims", "c2")["value"]["amount"] = -1
    entry(content, "claims", "c3")["value"]["kind"] = "mood"
    entry(content, "claims", "c7")["document"] = "nothing"
    entry(content, "sources", "owner")["colour"] = "red"
    found = problems(write(tmp_path, content))
    assert [problem.partition(": ")[0] for problem in found] == [
        *("claims-1.ndjson:2", "claims-1.ndjson:3", "more/claims-2.ndjson:3", "more/claims-2.ndjson:4"),
        "sources.ndjson:3",
    ]
    assert found[0] == "claims-1.ndjson:2: claims c2: value.amount: must not be negative"
    assert found[3] == "more/claims-2.ndjson:4: claims c7: document: no entry of documents is called 'nothing'"
    assert dump() == before


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("places.ndjson", b'{"id": "far", "name": "Far"', "places.ndjson:2: not JSON"),
        ("places.ndjson", b'{"id": "far", "name": "F\xff"}', "places.ndjson:2: not JSON"),
        ("places.ndjson", b'{"id": "far", "latitude": NaN}', "places.ndjson:2: not JSON"),
        ("places.ndjson", b'["far"]', "places.ndjson:2: expected an object"),
        ("places.ndjson", b"null", "places.ndjson:2: expected an object"),
        ("places.ndjson", b'{"id": "far", "name": "Far", "name": "Near"}', "places.ndjson:2: name: is given twice"),
        ("places.ndjson", b'{"id" : "far", "name": "\\": ", "id": "near"}', "places.ndjson:2: id: is given twice"),
        ("places.ndjson", b'{"id": "mill", "name": "Mill"}', "places.ndjson:2: places mill: id: is already used in"),
        ("towns.ndjson", b"{}", "towns.ndjson:0: its name says not what it holds; expected places"),
        (".ndjson", b"{}", ".ndjson:0: its name says not what it holds"),
        ("places.ndjson", b" " * LONGEST_LINE, f"places.ndjson:2: longer than {LONGEST_LINE:,} bytes"),
    ],
)
def test_what_is_no_entry_is_refused(tmp_path: Path, name: str, line: bytes, says: str) -> None:
    write_yaml(tmp_path, {"places": small()["places"]})
    (tmp_path / name).write_bytes(b"\n" + line + b"\n")
    (problem,) = problems(tmp_path)
    assert problem.startswith(says)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("name", ['a": b', 'a" : b', "a: b"])
def test_a_text_may_look_like_a_key(tmp_path: Path, name: str) -> None:
    (tmp_path / "places.ndjson").write_bytes(orjson.dumps({"id": "far", "name": name, "aliases": [name]}))
    assert load(tmp_path).added == 1


@pytest.mark.usefixtures("empty")
def test_a_folder_without_either_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}:0: no fixture file (*.yaml or *.ndjson) is in this folder"]


def test_what_the_api_gives_as_lines_is_loaded(empty: str, tmp_path: Path) -> None:
    content = small()
    load(write(tmp_path, content), now=NOW)
    client = create_app(Config(database_url=empty)).test_client()
    shown = [orjson.loads(row.representation) for row in Claim.select()]
    for noun in ("claims", "documents", "sources", "properties"):
        for file in tmp_path.rglob(f"{noun}*.ndjson"):
            file.unlink()
        (tmp_path / f"{noun}.ndjson").write_bytes(client.get(f"/v1/{noun}?format=ndjson").get_data())
    outcome = load(tmp_path, now=LATER)
    assert (outcome.added, outcome.changed, outcome.retracted) == (0, 0, 0)
    assert [orjson.loads(row.representation) for row in Claim.select()] == shown


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any line counts as many."""
    monkeypatch.setattr(lines, "MANY", 1)


@pytest.mark.usefixtures("many")
def test_many_lines_are_read_by_a_process_of_their_own_and_are_the_same(databases: Databases, tmp_path: Path) -> None:
    test_lines_are_loaded_as_yaml_is(databases, tmp_path)


@pytest.mark.usefixtures("many", "empty")
def test_errors_among_many_lines_are_told_as_those_of_few(tmp_path: Path) -> None:
    test_every_error_has_its_file_line_and_field_and_nothing_is_loaded(tmp_path)
    (tmp_path / "towns.ndjson").touch()
    assert problems(tmp_path)[-1].startswith("towns.ndjson:0: its name says not what it holds")


def test_entries_are_handed_over_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 3)
    content = {"places": small()["places"], "claims": small()["claims"]}
    entry(content, "claims", "c1")["value"]["amount"] = "many"
    handed = list(lines.loaded_lines(write(tmp_path, content)))
    assert [[data["id"] for _, data in loaded] for loaded, _ in handed] == [
        *(["land", "mill", "c2"], ["c3", "c4", "c5"], ["c6", "c7"], []),
    ]
    assert [problem.line for _, found in handed for problem in found] == [1]
    assert [problem.line for problem in handed[0][1]] == [1]
