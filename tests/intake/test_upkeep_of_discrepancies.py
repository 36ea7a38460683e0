"""Upkeep: a discrepancy comes, changes and goes with its claims, and keeps its id."""

from pathlib import Path

import orjson
import pytest

from api.intake.loading import load
from api.store.models import Discrepancy
from tests.intake.folders import LATER, NOW, Content, entry, small, without, write

pytestmark = pytest.mark.usefixtures("empty")


def found(folder: Path, content: Content, now: str = NOW) -> Discrepancy | None:
    """Load a content and return the discrepancy on the deaths of the fire, if there is one."""
    load(write(folder / "fixtures", content), now=now)
    return Discrepancy.get_or_none((Discrepancy.event == "fire") & (Discrepancy.property == "deaths"))


def test_two_counts_of_one_official_are_an_update_and_no_conflict(tmp_path: Path) -> None:
    row = found(tmp_path, small())
    assert row is not None
    assert (row.kind, row.conflict, row.revision, row.changed_at) == ("update", False, 1, NOW)


def test_a_discrepancy_appears_with_the_claim_that_disagrees(tmp_path: Path) -> None:
    assert found(tmp_path, without(small(), "claims", "c4")) is None
    row = found(tmp_path, small(), now=LATER)
    assert row is not None
    assert row.changed_at == LATER


def test_a_discrepancy_changes_with_its_claims_and_keeps_its_id(tmp_path: Path) -> None:
    content = small()
    before = found(tmp_path, content)
    entry(content, "claims", "c4").update(attribution=[{"source": "owner", "role": "quotes"}], statement=None)
    entry(content, "claims", "c4")["as_of"] = entry(content, "claims", "c1")["as_of"]
    after = found(tmp_path, content, now=LATER)
    assert before is not None
    assert after is not None
    assert (after.id, after.revision, after.changed_at) == (before.id, 2, LATER)
    assert after.conflict
    fields = orjson.loads(after.representation)
    assert (fields["id"], fields["kind"], fields["revision"], fields["changed_at"]) == (before.id, after.kind, 2, LATER)


def test_a_discrepancy_that_did_not_change_is_left_as_it_was(tmp_path: Path) -> None:
    content = small()
    before = found(tmp_path, content)
    entry(content, "claims", "c2")["value"].update(amount=109, text="109")
    after = found(tmp_path, content, now=LATER)
    assert before is not None
    assert after is not None
    assert after.__data__ == before.__data__


@pytest.mark.parametrize("gone", [("c4",), ("c1", "c4")])
def test_a_discrepancy_disappears_with_its_claims(tmp_path: Path, gone: tuple[str, ...]) -> None:
    found(tmp_path, small())
    assert found(tmp_path, without(small(), "claims", *gone)) is None


def test_a_discrepancy_disappears_when_its_claims_agree(tmp_path: Path) -> None:
    content = small()
    found(tmp_path, content)
    entry(content, "claims", "c4")["value"].update(amount=21, text="21")
    assert found(tmp_path, content) is None


def test_a_discrepancy_that_comes_back_has_the_id_it_had(tmp_path: Path) -> None:
    before = found(tmp_path, small())
    found(tmp_path, without(small(), "claims", "c4"))
    after = found(tmp_path, small(), now=LATER)
    assert before is not None
    assert after is not None
    assert after.id == before.id
