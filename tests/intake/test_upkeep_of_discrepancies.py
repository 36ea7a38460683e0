"""Upkeep: a discrepancy comes, changes, ends and comes back with its claims, and keeps its id and its revisions."""

from pathlib import Path

import orjson
import pytest

from api.intake.loading import load
from api.store.models import Discrepancy, DiscrepancyRevision
from tests.intake.folders import LATER, NOW, Content, entry, small, without, write

pytestmark = pytest.mark.usefixtures("empty")


def found(folder: Path, content: Content, now: str = NOW) -> Discrepancy | None:
    """Load a content and return the discrepancy on the deaths of the fire, if there is or was one."""
    load(write(folder / "fixtures", content), now=now)
    return Discrepancy.get_or_none((Discrepancy.event == "fire") & (Discrepancy.property == "deaths"))


def ended(row: Discrepancy | None) -> bool:
    """Whether a discrepancy is one that ended, in its columns as in what is served of it."""
    assert row is not None
    fields = orjson.loads(row.representation)
    assert (fields["kind"], fields["conflict"], fields["ended_at"]) == (row.kind, row.conflict, row.ended_at)
    assert (row.kind is None) == (row.ended_at is not None)
    return row.kind is None


def states(row: Discrepancy | None) -> list[tuple[int, str, str]]:
    """The revisions of a discrepancy: number, when, and why."""
    assert row is not None
    found = DiscrepancyRevision.select().where(DiscrepancyRevision.discrepancy == row)
    return [(state.revision, state.recorded_at, state.changed_because) for state in found]


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


@pytest.mark.parametrize(
    ("gone", "because"),
    [
        (("c4",), "It ended, as every value can hold; a value was removed: 24; 21 is now current."),
        (
            ("c1", "c4"),
            "It ended, as no claim is left; 2 values were removed: 21 and 24; the grade is now unattributed.",
        ),
    ],
)
def test_a_discrepancy_ends_with_its_claims_and_stays(tmp_path: Path, gone: tuple[str, ...], because: str) -> None:
    before = found(tmp_path, small())
    after = found(tmp_path, without(small(), "claims", *gone), now=LATER)
    assert not ended(before)
    assert ended(after)
    assert after is not None
    assert (after.revision, after.changed_at, after.ended_at) == (2, LATER, LATER)
    assert states(after) == [(1, NOW, "It was found."), (2, LATER, because)]
    left = [given["value"]["amount"] for given in orjson.loads(after.representation)["values"]]
    assert left == ([21] if gone == ("c4",) else [])


def test_a_discrepancy_ends_when_its_claims_agree(tmp_path: Path) -> None:
    content = small()
    found(tmp_path, content)
    entry(content, "claims", "c4")["value"].update(amount=21, text="21")
    after = found(tmp_path, content, now=LATER)
    assert ended(after)
    assert states(after)[1][2].startswith("It ended, as every value can hold; a value was removed: 24;")


def test_a_discrepancy_that_ended_is_left_alone_while_its_values_agree(tmp_path: Path) -> None:
    content = without(small(), "claims", "c4")
    found(tmp_path, small())
    before = found(tmp_path, content)
    entry(content, "claims", "c1")["value"].update(amount=22, text="22")
    after = found(tmp_path, content, now=LATER)
    assert before is not None
    assert after is not None
    assert after.__data__ == before.__data__


@pytest.mark.parametrize("gone", [("c4",), ("c1", "c4")])
def test_a_discrepancy_that_comes_back_is_a_further_revision_of_the_same_id(
    tmp_path: Path, gone: tuple[str, ...]
) -> None:
    before = found(tmp_path, small())
    found(tmp_path, without(small(), "claims", *gone))
    after = found(tmp_path, small(), now=LATER)
    assert before is not None
    assert after is not None
    assert not ended(after)
    assert (after.id, after.revision, after.changed_at, after.question_id) == (before.id, 3, LATER, before.question_id)
    assert states(after)[2][2].startswith("It came back, an update; ")


def test_a_revision_keeps_what_was_served_then(tmp_path: Path) -> None:
    content = small()
    first = found(tmp_path, content)
    entry(content, "claims", "c4")["value"].update(amount=25, text="25")
    second = found(tmp_path, content, now=LATER)
    assert first is not None
    assert second is not None
    kept = [state.representation for state in DiscrepancyRevision.select().order_by(DiscrepancyRevision.revision)]
    assert kept == [first.representation, second.representation]
    assert states(second)[1][2] == "A value was added: 25; a value was removed: 24."


def test_a_contract_that_shows_more_renders_anew_and_makes_no_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(tmp_path, small())
    assert before is not None
    older = {name: value for name, value in orjson.loads(before.representation).items() if name != "summary"}
    Discrepancy.update(representation=orjson.dumps(older).decode()).execute()
    monkeypatch.setattr("api.review.concluding.CONTRACT", "another")
    monkeypatch.setattr("api.intake.loading.CODE", "another")
    after = found(tmp_path, small(), now=LATER)
    assert after is not None
    assert after.__data__ == before.__data__
    assert len(states(after)) == 1
