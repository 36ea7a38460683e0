"""Upkeep: a change of one claim leaves the same record as working out everything, and touches little of it."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.engine.questions import Answered
from api.engine.record import Claim as EngineClaim
from api.engine.record import QuestionKey
from api.review import concluding
from api.review.drafting import Draft
from api.review.touched import Touched
from api.review.upkeep import refresh
from api.store.db import db
from api.store.models import Claim, Question
from tests.intake.folders import LATER
from tests.review.changing import change, from_scratch, loaded, stored

STEPS = 25


@pytest.fixture(autouse=True)
def record(empty: str, tmp_path: Path) -> None:
    loaded(tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_any_small_changes_leave_what_working_out_everything_would(seed: int) -> None:
    random, done = Random(seed), []  # noqa: S311 — made up, the same for the same seed
    for number in range(STEPS):
        done.append(change(random, number))
        assert stored() == from_scratch(), done


class Spied:
    """What the engine was asked and what was written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wanted: set[QuestionKey] = set()
        self.read: set[str] = set()
        self.questions: set[str] = set()
        self.documents: set[str] = set()
        answers, write, unsound = concluding.answers, Draft.write, concluding.unsound

        def answering(
            claims: Iterable[EngineClaim], wanted: Collection[QuestionKey] | None = None
        ) -> tuple[Answered, ...]:
            assert wanted is not None, "everything was asked"
            self.wanted |= set(wanted)
            self.read |= {claim.id for claim in claims}
            return answers(claims, wanted)

        def looking(own: Sequence[EngineClaim], stated: Any) -> Any:
            self.documents.add(own[0].document or "")
            return unsound(own, stated)

        def writing(draft: Draft) -> None:
            self.questions |= {str(row[0]) for row in draft.questions}
            write(draft)

        monkeypatch.setattr(concluding, "answers", answering)
        monkeypatch.setattr(concluding, "unsound", looking)
        monkeypatch.setattr(Draft, "write", writing)


@pytest.fixture
def spied(record: None, monkeypatch: pytest.MonkeyPatch) -> Spied:
    return Spied(monkeypatch)


def update(name: str, **fields: Any) -> None:
    touched = Touched()
    with db.atomic():
        touched.note(Claim.get_by_id(name))
        Claim.update(**fields).where(Claim.id == name).execute()
        touched.note(Claim.get_by_id(name))
        refresh(touched, LATER)


def asked(spied: Spied) -> set[tuple[str, str | None]]:
    assert {event for event, *_ in spied.wanted} == {"fire"}
    return {(prop, scope[0]) for _, prop, scope in spied.wanted}


def test_a_changed_part_is_answered_again_beside_its_wholes_and_nothing_else_is(spied: Spied) -> None:
    update("x1", amount=3, low=3, high=3)
    assert asked(spied) == {("child_deaths", "hall")}
    assert spied.questions == {"fire.child_deaths.hall"}
    properties = {Claim.get_by_id(name).property_id for name in spied.read}
    assert properties == {"child_deaths", "deaths"}, "the injured were read"


def test_a_changed_whole_is_answered_again_with_the_parts_that_lie_within_it(spied: Spied) -> None:
    update("x4", amount=31, low=31, high=31)
    assert asked(spied) == {
        *(("deaths", "land"), ("deaths", None), ("deaths", "hall")),
        *(("child_deaths", None), ("child_deaths", "hall")),
    }
    assert spied.questions == {"fire.deaths.land"}, "a part that fits as before was written"


def test_a_whole_that_is_now_exceeded_changes_its_part_too(spied: Spied) -> None:
    update("x2", amount=1, low=1, high=1)
    update("x3", amount=1, low=1, high=1)
    assert spied.questions == {"fire.deaths.hall", "fire.child_deaths.hall"}


def test_a_changed_figure_is_answered_again_with_what_is_reckoned_from_it(spied: Spied) -> None:
    update("x9", amount=10, low=10, high=10)
    assert {prop for prop, _ in asked(spied)} == {"left", "inside"}
    assert spied.questions >= {"fire.left", "fire.inside"}, "it is no difference of the two any more"


def test_a_claim_that_moves_touches_the_question_it_leaves_and_the_one_it_enters(spied: Spied) -> None:
    update("x5", scope_place=None)
    assert asked(spied) == {("injured", "hall"), ("injured", None)}
    assert not Question.select().where(Question.id == "fire.injured.hall").exists()


def test_only_documents_that_speak_of_what_was_touched_are_looked_into(spied: Spied) -> None:
    update("c7", amount=6, low=6, high=6)
    assert spied.documents == {"three"}
    assert {event for event, *_ in spied.wanted} == {"flood"}


def test_a_change_that_changes_no_answer_writes_no_question(spied: Spied) -> None:
    update("c1", note="Read again.")
    assert spied.wanted
    assert spied.questions == set()
