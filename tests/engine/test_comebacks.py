"""Comebacks: a value that was left, and given again."""

import pytest

from api.engine.assess import assess
from api.engine.record import Claim, Property, Scope
from api.engine.units import is_measure
from schemas.vocabulary import Cause, Qualifier, Relation, ValueStatus
from tests.engine.samples import DEATHS, GOVERNOR, HOSPITAL, INJURED, MINISTRY, claim, on, people

CURRENT, SUPERSEDED, CORRECTED = ValueStatus.CURRENT, ValueStatus.SUPERSEDED, ValueStatus.CORRECTED


def current(*claims: Claim) -> float | None:
    value = assess(claims).assessment.current
    return value.amount if value is not None else None


def day(number: int) -> str:
    return f"2024-01-{number:02}"


def test_a_count_that_its_source_gives_again_is_current_again() -> None:
    series = [claim(n, HOSPITAL, prop=INJURED, as_of=on(day(d))) for n, d in ((20, 1), (24, 2), (20, 5))]
    answer = assess(series)
    assert answer.statuses == (CURRENT, SUPERSEDED)


def test_a_lowered_toll_that_its_source_raises_again_is_current_again() -> None:
    series = [claim(n, HOSPITAL, as_of=on(day(d))) for n, d in ((20, 1), (18, 2), (20, 5))]
    assert current(*series) == 20


@pytest.mark.parametrize("prop", [DEATHS, INJURED], ids=lambda prop: prop.id)
def test_what_repeats_a_left_value_on_nobody_s_word_replaces_nothing(prop: Property) -> None:
    series = [claim(n, HOSPITAL, prop=prop, as_of=on(day(d))) for n, d in ((115, 1), (97, 9))]
    repeat = claim(115, document="late-paper", prop=prop, as_of=on(day(12)))
    assert current(*series, repeat) == 97


def test_a_later_figure_of_nobody_s_goes_beyond_an_official_s() -> None:
    series = [claim(7, HOSPITAL, as_of=on(day(1)))]
    series += [claim(n, document=f"paper-{n}", as_of=on(day(d))) for n, d in ((11, 2), (14, 3))]
    answer = assess(series)
    assert answer.statuses == (SUPERSEDED, SUPERSEDED, CURRENT)
    assert not answer.conflict


@pytest.mark.parametrize("cause", [Cause.WIDENED_SCOPE, Cause.COUNTING_RULE])
def test_a_figure_that_covers_otherwise_takes_the_place_without_a_discrepancy(cause: Cause) -> None:
    answer = assess([claim(14, GOVERNOR, as_of=on(day(1))), claim(10, GOVERNOR, as_of=on(day(2)), causes=(cause,))])
    assert answer.kind is None
    assert answer.statuses == (CURRENT, SUPERSEDED)
    (tie,) = answer.ties
    assert tie.verdict.relation is Relation.DIFFERS_IN_SCOPE
    assert tie.verdict.causes == (cause,)


def test_a_figure_that_covers_more_takes_the_place_of_a_floor_it_would_fit() -> None:
    floor = claim(people(10, Qualifier.AT_LEAST), GOVERNOR, as_of=on(day(1)))
    answer = assess([floor, claim(14, GOVERNOR, as_of=on(day(2)), causes=(Cause.WIDENED_SCOPE,))])
    assert answer.statuses == (SUPERSEDED, CURRENT)


def test_another_office_lowers_a_count_only_after_a_recount() -> None:
    high = claim(115, HOSPITAL, as_of=on(day(1)))
    assert assess([high, claim(97, MINISTRY, as_of=on(day(9)))]).conflict
    recounted = assess([high, claim(97, MINISTRY, as_of=on(day(9)), causes=(Cause.IDENTIFICATION,))])
    assert recounted.statuses == (CURRENT, CORRECTED)


def test_rules_of_counting_are_questions_of_their_own() -> None:
    plain, widened = Scope(), Scope(population="including the missing")
    assert plain.key != widened.key
    assert Scope(counting="confirmed only").key != plain.key
    assert Scope(population="Civilians ").key == Scope(population="civilians").key


@pytest.mark.parametrize(
    ("unit", "measured"),
    [("percent", True), ("per cent", True), ("US dollars", True), ("km", True), ("people", False), (None, False)],
)
def test_what_is_measured_is_told_from_what_is_counted(unit: str | None, measured: bool) -> None:
    assert is_measure(unit) is measured
