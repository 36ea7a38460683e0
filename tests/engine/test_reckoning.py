"""Reckoning: a figure that follows from others is known for one, and not compared as if somebody had stated it."""

from api.engine.assess import assess
from api.engine.questions import answers
from api.engine.reckoning import recognised
from api.engine.record import Claim, Property
from api.engine.relate import relate
from schemas.vocabulary import Relation, ValueKind
from tests.engine.samples import DRONES, MINISTRY, claim

DOWNED = Property("downed", ValueKind.QUANTITY, "Drones shot down", "drones", plural="drones", predicate="shot down")
THROUGH = Property(
    "through", ValueKind.QUANTITY, "Drones that got through", "drones", plural="drones", difference_of=(DRONES, DOWNED)
)


def beside(*last: Claim) -> tuple[Claim, ...]:
    return recognised([claim(49, MINISTRY, prop=DRONES), claim(21, MINISTRY, prop=DOWNED), *last])


def test_the_difference_of_two_figures_of_one_document_is_worked_out() -> None:
    assert beside(claim(28, prop=THROUGH))[-1].worked_out


def test_what_somebody_states_is_not_worked_out_even_if_it_is_the_difference() -> None:
    assert not beside(claim(28, MINISTRY, prop=THROUGH))[-1].worked_out


def test_what_is_not_the_difference_is_not_worked_out() -> None:
    assert not beside(claim(30, prop=THROUGH))[-1].worked_out


def test_the_figures_must_stand_in_one_document() -> None:
    assert not beside(claim(28, prop=THROUGH, document="evening-paper"))[-1].worked_out


def test_a_worked_out_figure_is_not_compared_with_a_stated_one() -> None:
    worked, stated = beside(claim(28, prop=THROUGH), claim(30, MINISTRY, "evening-paper", prop=THROUGH))[-2:]
    assert relate(worked, stated).relation is Relation.NOT_COMPARABLE
    answer = assess([worked, stated])
    assert answer.kind is None
    assert answer.assessment.current == stated.value


def test_an_event_s_questions_recognise_it() -> None:
    claims = [claim(49, MINISTRY, prop=DRONES), claim(21, MINISTRY, prop=DOWNED), claim(28, prop=THROUGH)]
    (through,) = (item for item in answers(claims) if item.key[1] == "through")
    assert through.answer.groups[0].worked_out
