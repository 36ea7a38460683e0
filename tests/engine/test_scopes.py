"""Scopes: what lies within what."""

import pytest

from api.engine.record import Place, Scope
from api.engine.scopes import part_and_whole, property_within, same_coverage, scope_within
from schemas.moments import parse_span
from tests.engine.samples import CHILD_DEATHS, DEATHS, INJURED, claim

CITY = Place("river-city", "River City")
QUARTER = Place("north-quarter", "North Quarter", CITY)
STREET = Place("mill-street", "Mill Street", QUARTER)
ELSEWHERE = Place("hill-town", "Hill Town")
DECEMBER = parse_span("2023-12-01", "2023-12-31")


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (Scope(), Scope()),
        (Scope(QUARTER), Scope()),
        (Scope(STREET), Scope(CITY)),
        (Scope(population="civilians"), Scope()),
        (Scope(period=parse_span("2023-12-30", "2023-12-31")), Scope(period=DECEMBER)),
        (Scope(period=parse_span("2023-12-30", "2023-12-31")), Scope(period=parse_span("2023-12-30", None))),
        (Scope(QUARTER, "civilians", DECEMBER), Scope(CITY, "civilians")),
    ],
)
def test_a_narrower_scope_lies_within_a_wider_one(inner: Scope, outer: Scope) -> None:
    assert scope_within(inner, outer)


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (Scope(), Scope(QUARTER)),
        (Scope(CITY), Scope(QUARTER)),
        (Scope(ELSEWHERE), Scope(CITY)),
        (Scope(population="civilians"), Scope(population="soldiers")),
        (Scope(), Scope(period=DECEMBER)),
        (Scope(period=parse_span("2023-12-31", "2024-01-01")), Scope(period=DECEMBER)),
        (Scope(period=parse_span("2023-12-30", None)), Scope(period=DECEMBER)),
        (Scope(QUARTER), Scope(CITY, "civilians")),
    ],
)
def test_a_scope_that_reaches_further_does_not(inner: Scope, outer: Scope) -> None:
    assert not scope_within(inner, outer)


def test_a_property_lies_within_itself_and_its_wholes() -> None:
    assert property_within(DEATHS, DEATHS)
    assert property_within(CHILD_DEATHS, DEATHS)
    assert not property_within(DEATHS, CHILD_DEATHS)
    assert not property_within(INJURED, DEATHS)


def test_the_part_comes_before_its_whole_whichever_is_given_first() -> None:
    children, dead = claim(3, prop=CHILD_DEATHS), claim(24)
    assert part_and_whole(children, dead) == (children, dead)
    assert part_and_whole(dead, children) == (children, dead)


def test_claims_of_one_coverage_are_neither_part_nor_whole() -> None:
    one, other = claim(4, scope=Scope(QUARTER)), claim(5, scope=Scope(Place("north-quarter")))
    assert same_coverage(one, other)
    assert part_and_whole(one, other) is None


def test_a_narrower_property_over_a_wider_scope_is_no_part() -> None:
    assert part_and_whole(claim(3, prop=CHILD_DEATHS), claim(4, scope=Scope(QUARTER))) is None
