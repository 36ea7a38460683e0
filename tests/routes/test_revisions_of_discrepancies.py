"""Discrepancies that changed, ended and came back, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from tests.intake.folders import LATER, NOW, small, without, write

LAST = "2024-04-01T00:00:00+00:00"


class Record:
    """A record of a test's own, loaded again and again."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.loaded(NOW)
        self.client: FlaskClient = create_app(Config(database_url=url)).test_client()
        (found,) = self.get("/v1/discrepancies")["items"]
        self.name: str = found["id"]

    def loaded(self, now: str, *gone: str) -> None:
        load(write(self.folder, without(small(), "claims", *gone)), now=now)

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def own(empty: str, tmp_path: Path) -> Iterator[Record]:
    yield Record(empty, tmp_path / "fixtures")
    store.db.close()


ENDINGS = pytest.mark.parametrize("gone", [("c4",), ("c1", "c4")], ids=["its values agree", "no claim is left"])


@ENDINGS
def test_a_discrepancy_that_ended_stays_readable(own: Record, gone: tuple[str, ...]) -> None:
    own.loaded(LATER, *gone)
    ended = own.get(f"/v1/discrepancies/{own.name}")
    assert (ended["kind"], ended["conflict"], ended["ended_at"], ended["revision"]) == (None, False, LATER, 2)
    items = own.get(f"/v1/discrepancies/{own.name}/provenance")["items"]
    assert [item["claim"] for item in items] == [name for name in ("c1",) if name not in gone]


@ENDINGS
@pytest.mark.parametrize(
    "path",
    [
        *("/v1/discrepancies", "/v1/discrepancies?conflict=false", "/v1/discrepancies?event=fire&property=deaths"),
        *("/v1/discrepancies?changed_since=2024-01-01", "/v1/events/fire/discrepancies"),
        *("/v1/discrepancies?document=one", "/v1/discrepancies?origin=mayor", "/v1/discrepancies?q=deaths"),
    ],
)
def test_a_discrepancy_that_ended_is_in_no_list(own: Record, path: str, gone: tuple[str, ...]) -> None:
    assert [item["id"] for item in own.get(path)["items"]] == [own.name]
    own.loaded(LATER, *gone)
    assert own.get(path)["items"] == []


@ENDINGS
def test_a_discrepancy_that_ended_is_in_no_count_no_link_and_no_lookup(own: Record, gone: tuple[str, ...]) -> None:
    own.loaded(LATER, *gone)
    counts = own.get("/v1/events/fire")["counts"]
    assert (counts["discrepancies"], counts["conflicts"]) == (0, 0)
    assert [item["discrepancy"] for item in own.get("/v1/questions?event=fire")["items"] if item["discrepancy"]] == []
    if "c1" not in gone:
        found = own.get("/v1/lookup?q=fire+deaths")
        assert (found["question"]["discrepancy"], found["discrepancy"]) == (None, None)


@ENDINGS
def test_the_revisions_tell_how_it_came_changed_ended_and_came_back(own: Record, gone: tuple[str, ...]) -> None:
    first = own.get(f"/v1/discrepancies/{own.name}")
    own.loaded(LATER, *gone)
    own.loaded(LAST)
    revisions = own.get(f"/v1/discrepancies/{own.name}/revisions")["items"]
    assert [item["revision"] for item in revisions] == [1, 2, 3]
    assert [item["recorded_at"] for item in revisions] == [NOW, LATER, LAST]
    assert [item["discrepancy"]["ended_at"] for item in revisions] == [None, LATER, None]
    assert revisions[0]["discrepancy"] == first
    assert revisions[2]["discrepancy"] == own.get(f"/v1/discrepancies/{own.name}")
    assert [item["changed_because"].split(";")[0].split(",")[0] for item in revisions] == [
        "It was found.",
        "It ended",
        "It came back",
    ]
    assert [item["id"] for item in own.get("/v1/discrepancies")["items"]] == [own.name]


def test_the_revisions_can_be_had_as_a_table_and_as_a_sheet(own: Record) -> None:
    own.loaded(LATER, "c4")
    path = f"/v1/discrepancies/{own.name}/revisions"
    lines = own.client.get(f"{path}?format=text").text.splitlines()
    assert lines[0].split() == ["REVISION", "RECORDED_AT", "KIND", "CONFLICT", "CHANGED_BECAUSE"]
    assert lines[2].split()[:3] == ["2", LATER, "no"]
    assert own.client.get(f"{path}?format=csv").text.splitlines()[1] == f"1,{NOW},update,no,It was found."


def test_the_revisions_of_what_is_not_on_record_are_not_found(own: Record) -> None:
    problem = own.get("/v1/discrepancies/d0/revisions", 404)
    assert own.name in problem["suggestions"]
