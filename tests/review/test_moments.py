"""Moments: an event counts what working everything out for that moment counts, remembered or not."""

from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from api.intake.loading import load
from api.review import moments, resolving, then
from api.review.touched import Touched
from api.review.upkeep import refresh
from api.store import db as store
from api.store import queries
from api.store.db import db
from api.store.models import Claim, Document
from api.store.published import visibility
from schemas.moments import parse_moment
from schemas.vocabulary import ClaimStatus
from tests.intake.folders import LATER, NOW, small, write
from tests.review.changing import change, loaded

EVENTS = ("fire", "flood")
PUBLISHED = {"one": "2024-01-01", "two": "2024-01-02T10:00:00+03:00", "three": "2024-01-02", "absent": None}
OFFSETS = ("Z", "+03:00", "-11:00", "+14:00")
STEPS = 20


@pytest.fixture(autouse=True)
def record(empty: str, tmp_path: Path) -> str:
    """A record whose documents are dated to days and to instants."""
    loaded(tmp_path)
    for name, latest in PUBLISHED.items():
        day, instant = visibility(latest)
        fields = {
            "published_earliest": latest,
            "published_latest": latest,
            "public_day": day,
            "public_instant": instant,
        }
        Document.update(fields).where(Document.id == name).execute()
    return empty


def a_moment(random: Random) -> str:
    day = f"2024-01-{random.randrange(1, 5):02}"
    clock = f"{random.randrange(24):02}:{random.choice((0, 30, 59)):02}"
    return random.choice((day, "2024-01", "2023", f"{day}T{clock}{random.choice(OFFSETS)}", f"{day}T23:59{OFFSETS[1]}"))


def remembered(event: str, moment: str) -> Any:
    found = then.event_at(event, moment)
    return orjson.loads(found) if found is not None else None


def worked_out(event: str, moment: str) -> Any:
    """Return what the event's place in the list of all events says, which is worked out whenever it is asked for."""
    if event not in {row.id for row in queries.events({"as_of": moment})}:
        return None
    return orjson.loads(then.events_at(moment, [event])[event])


@pytest.mark.parametrize("seed", range(8))
def test_any_moment_between_any_changes_counts_what_working_it_out_does(seed: int) -> None:
    random, done = Random(seed), []  # noqa: S311 — made up, the same for the same seed
    for number in range(STEPS):
        done.append(change(random, number))
        for moment in [a_moment(random) for _ in range(6)]:
            for event in EVENTS:
                assert remembered(event, moment) == worked_out(event, moment), (done, event, moment)


def test_what_surrounds_claims_is_shared_by_all_events_and_no_more_of_it_is_held_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remembered("fire", "2024-01-04")
    shared = resolving.around()
    assert shared.held > 0
    assert remembered("flood", "2024-01-04") == worked_out("flood", "2024-01-04")
    assert resolving.around() is shared
    monkeypatch.setattr(resolving, "MOST_HELD", 0)
    assert remembered("flood", "2024-01-02") == worked_out("flood", "2024-01-02")
    assert resolving.around() is not shared
    touch("x1", note="Read again.")
    assert resolving.around().held == 0


class Counted:
    """How often an event was worked out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        counts = then._counts

        def counting(claims: Any) -> Any:
            self.times += 1
            return counts(claims)

        monkeypatch.setattr(then, "_counts", counting)


def touch(name: str, **fields: Any) -> None:
    touched = Touched()
    with store.writing():
        touched.note(Claim.get_by_id(name))
        Claim.update(**fields).where(Claim.id == name).execute()
        touched.note(Claim.get_by_id(name))
        refresh(touched, LATER)


def test_between_two_publications_an_event_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    for moment in ("2024-01-02T00:00Z", "2024-01-02T06:59Z", "2024-01-01", "2024-01-01T23:59+14:00"):
        assert remembered("fire", moment)["counts"]["documents"] == 1
    assert counted.times == 1
    assert remembered("fire", "2024-01-02T07:00Z")["counts"]["documents"] == 2
    assert counted.times == 2


def test_a_change_on_one_event_leaves_what_is_remembered_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    before = [remembered(event, "2024-01-04") for event in EVENTS]
    touch("x1", status=ClaimStatus.RETRACTED)
    assert remembered("flood", "2024-01-04") == before[1]
    assert counted.times == 2
    assert remembered("fire", "2024-01-04")["counts"]["claims"] == before[0]["counts"]["claims"] - 1
    assert counted.times == 3


def test_what_a_transaction_undoes_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    before = worked_out("fire", "2024-01-04")
    with db.atomic() as transaction:
        touch("x1", status=ClaimStatus.RETRACTED)
        assert remembered("fire", "2024-01-04") == worked_out("fire", "2024-01-04") != before
        transaction.rollback()
    touch("c7", note="Read again.")
    assert remembered("fire", "2024-01-04") == before


def test_what_was_remembered_before_anything_was_out_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    assert remembered("fire", "2023-12-31") is None
    assert remembered("nothing-so-called", "2024-01-04") is None
    assert counted.times == 0


def test_a_document_that_gets_another_date_is_out_by_that(tmp_path: Path) -> None:
    content = small()
    load(write(tmp_path / "before", content), now=NOW)
    assert worked_out("flood", "2024-01-03") == remembered("flood", "2024-01-03") is not None
    for document in content["documents"]:
        document["published"] = {"earliest": "2024-02-01", "latest": "2024-02-01"}
    load(write(tmp_path / "after", content), now=LATER)
    assert remembered("flood", "2024-01-03") is worked_out("flood", "2024-01-03") is None
    assert remembered("flood", "2024-02-01") == worked_out("flood", "2024-02-01") is not None


def test_only_so_many_events_and_periods_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "MOST_EVENTS", 1)
    monkeypatch.setattr(moments, "MOST_PERIODS", 1)
    memory, published = moments.Memory(), moments.Publications(["2024-01-01", "2024-01-02"], [])
    early, late = parse_moment("2024-01-01"), parse_moment("2024-01-02")
    for name, moment in (("fire", early), ("fire", late), ("flood", late)):
        memory.keep(name, 1, published, published.period(moment), {"claims": 1})
        assert memory.find(name, 1, moment) == {"claims": 1}
        assert memory.find(name, 2, moment) is None
    assert memory.find("fire", 1, late) is None
    memory.keep("flood", 1, published, published.period(early), {"claims": 0})
    assert memory.find("flood", 1, late) is None
