"""Running a review: whole batches, resumed where it was stopped, the same whoever works it out."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from api.engine.rules.table import RULE_SET_VERSION
from api.review import running, upkeep
from api.review.drafting import Change, Draft
from api.review.processes import Crew, Order, ProcessEnded
from api.review.running import ReviewSuperseded, Watcher, review
from api.review.touched import Touched
from api.store import db as store
from api.store.models import Claim, Discrepancy, DiscrepancyRevision, Question, Review, Reviewed, Statement, Upkeep
from tests.bench.generate import generate
from tests.intake.folders import LATER
from tests.review.changing import from_scratch, loaded, stored

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def url(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A record of two events, each of which is a batch of its own."""
    loaded(tmp_path)
    monkeypatch.setattr(upkeep, "BATCH", 1)
    return empty


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events that are worked out in this process."""
    found: list[str] = []
    drafted = running.drafted

    def spy(order: Order) -> Draft:
        found.extend(order.events)
        return drafted(order)

    monkeypatch.setattr(running, "drafted", spy)
    return found


def spoil() -> None:
    """Leave conclusions behind that do not follow from the claims."""
    Question.update(outcome="", representation="{}", grade="contested").execute()
    Statement.update(representation="{}").execute()
    row = Discrepancy.get(Discrepancy.property == "deaths")
    fields = {**orjson.loads(row.representation), "kind": "correction"}
    Discrepancy.update(kind="correction", representation=orjson.dumps(fields).decode()).where(
        Discrepancy.id == row.id
    ).execute()


def test_a_review_of_what_is_right_changes_nothing(url: str) -> None:
    before = stored()
    outcome = review(url, LATER)
    assert (outcome.events, outcome.questions, outcome.changed) == (2, len(before["Question"]), 0)
    assert stored() == before
    assert [row.revision for row in Question.select()] == [1] * outcome.questions


@pytest.mark.parametrize("processes", [1, 2])
def test_a_review_puts_right_what_is_wrong_and_says_so(url: str, processes: int) -> None:
    before, told = stored(), list[Change]()
    spoil()
    outcome = review(url, LATER, processes, watcher=Watcher(changed=told.append))
    assert stored() == before
    assert outcome.changed == len(told)
    assert {(change.event, change.property, change.before, change.after) for change in told} >= {
        ("fire", "deaths", "correction", Discrepancy.get(Discrepancy.property == "deaths").kind)
    }
    assert not Review.select().exists()
    assert not Reviewed.select().exists()


def test_progress_is_told_in_claims(url: str) -> None:
    steps: list[tuple[int, int]] = []
    review(url, LATER, watcher=Watcher(progress=lambda done, total: steps.append((done, total))))
    total = Claim.select().count()
    assert [done for done, _ in steps] == [Claim.select().where(Claim.event == "fire").count(), total]
    assert {known for _, known in steps} == {total}


class Stopped(Exception):
    pass


def stop(*_: object) -> None:
    raise Stopped


def stopped_half_way(url: str) -> None:
    with pytest.raises(Stopped):
        review(url, "first", watcher=Watcher(progress=stop))


def test_a_review_that_was_stopped_goes_on_where_it_was(url: str, worked_out: list[str]) -> None:
    before = stored()
    spoil()
    stopped_half_way(url)
    assert [row.event_id for row in Reviewed.select()] == ["fire"]
    heard: list[tuple[str, int]] = []
    outcome = review(url, LATER, watcher=Watcher(going_on=lambda begun, done: heard.append((begun, done))))
    assert worked_out == ["fire", "flood"]
    assert heard == [("first", 1)]
    assert (outcome.events, outcome.questions) == (2, len(before["Question"]))
    assert stored() == before


def test_a_restarted_review_begins_anew(url: str, worked_out: list[str]) -> None:
    stopped_half_way(url)
    review(url, LATER, restart=True)
    assert worked_out == ["fire", "fire", "flood"]


def test_a_review_by_other_rules_is_not_gone_on_with(url: str, worked_out: list[str]) -> None:
    stopped_half_way(url)
    Review.update(rules="another").execute()
    review(url, LATER)
    assert worked_out == ["fire", "fire", "flood"]


def test_a_batch_and_the_note_that_it_is_done_are_written_together_or_not_at_all(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil()
    before = stored()
    monkeypatch.setattr(running.bulk, "insert", stop)
    with pytest.raises(Stopped):
        review(url, LATER)
    assert stored() == before
    assert not Reviewed.select().exists()


def test_the_rules_by_which_it_was_reviewed_are_remembered_and_named_as_the_reason(url: str) -> None:
    Upkeep.update(rules="another").execute()
    spoil()
    assert upkeep.review_due()
    review(url, LATER)
    assert not upkeep.review_due()
    assert Upkeep.get().rules == RULE_SET_VERSION
    latest = DiscrepancyRevision.select().where(DiscrepancyRevision.recorded_at == LATER)
    assert [state.changed_because.split(":")[0] for state in latest] == ["The rules changed"] * latest.count()


def test_a_review_that_did_not_end_leaves_the_rules_as_they_were(url: str) -> None:
    Upkeep.update(rules="another").execute()
    stopped_half_way(url)
    assert Upkeep.get().rules == "another"


def test_claims_that_change_while_they_are_worked_out_are_worked_out_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted, changed = running.drafted, []

    def meanwhile(order: Order) -> Draft:
        draft = drafted(order)
        if not changed:
            changed.append(order)
            touched = Touched()
            with store.writing():
                touched.note(Claim.get_by_id("c1"))
                Claim.update(amount=23, low=23, high=23).where(Claim.id == "c1").execute()
                upkeep.refresh(touched, LATER)
        return draft

    spoil()
    monkeypatch.setattr(running, "drafted", meanwhile)
    review(url, LATER)
    assert stored() == from_scratch()


def test_a_run_whose_place_another_one_took_stops(url: str) -> None:
    def another(*_: object) -> None:
        with pytest.raises(Stopped):
            review(url, "second", restart=True, watcher=Watcher(progress=stop))

    with pytest.raises(ReviewSuperseded):
        review(url, "first", watcher=Watcher(progress=another))


def test_what_another_run_has_done_meanwhile_is_left_as_it_is(url: str) -> None:
    def another(*_: object) -> None:
        with store.writing():
            if Reviewed.select().count() < 2:
                Reviewed.insert(event="flood").execute()

    spoil()
    told: list[Change] = []
    outcome = review(url, LATER, watcher=Watcher(progress=another, changed=told.append))
    assert outcome.events == 2
    assert {change.event for change in told} == {"fire"}


def test_a_process_that_is_gone_ends_the_run_and_the_next_one_goes_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored()
    spoil()

    class Doomed(Crew):
        def __enter__(self) -> Crew:
            crew = super().__enter__()
            for process in self.lines.values():
                process.kill()
                process.join()
            return crew

    with monkeypatch.context() as patched:
        patched.setattr(running, "Crew", Doomed)
        with pytest.raises(ProcessEnded):
            review(url, LATER, processes=2)
    review(url, LATER)
    assert stored() == before


@pytest.fixture
def large(empty: str) -> Iterator[str]:
    generate(3_000)
    store.db.close()
    yield empty
    store.db.close()


def test_a_review_that_was_killed_goes_on_and_leaves_what_one_go_would(large: str) -> None:
    command = [sys.executable, "-m", "api.cli", "review", "--processes", "2"]
    environment = {**os.environ, "DATABASE_URL": large}
    killed = subprocess.Popen(  # noqa: S603 — a command of our own
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert killed.stdout
    for _ in range(20):
        assert killed.stdout.readline()
    killed.kill()
    killed.communicate()  # comes back when every process that has the pipe is gone
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 — a command of our own
    assert again.stderr.startswith("going on with the review of ")
    assert " reviewed by rules " in again.stdout
    store.bind(large)
    found = stored()
    assert found["Discrepancy"]
    assert found == from_scratch()
