"""Scopes: what lies within what."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.engine.record import Place, Scope
from api.engine.scopes import cover, covers_around, part_and_whole, property_within, same_coverage, scope_within
from schemas.moments import parse_span
from tests.engine.samples import CHILD_DEATHS, DEATHS, INJURED, claim
from tests.engine.test_laws import laws

CITY = Place("river-city", "River City")
QUARTER = Place("north-quarter", "North Quarter", CITY)
STREET = Place("mill-street", "Mill Street", QUARTER)
ELSEWHERE = Place("hill-town", "Hill Town")
DECEMBER = parse_span("2023-12-01", "2023-12-31")
MIDNIGHT = parse_span("2023-12-30T21:15Z", "2023-12-30T21:15Z")
PERIODS = (
    None, DECEMBER, MIDNIGHT, parse_span("2023-12-31", "2023-12-31"), parse_span("2023-12", "2023-12"),
    parse_span("2023-12-30", "2023-12-31"), parse_span("2023-12-30", None), parse_span(None, "2023-12-31"),
    parse_span("2023-12-31T00:00+03:00", "2023-12-31T09:00+03:00"), parse_span("2023-12-30", "2023-12-30"),
)  # fmt: skip

scopes = st.builds(
    Scope,
    place=st.sampled_from((None, CITY, QUARTER, STREET, ELSEWHERE)),
    population=st.sampled_from((None, "civilians", "Civilians ", "including the missing")),
    period=st.sampled_from(PERIODS),
    ground=st.sampled_from((None, CITY, QUARTER)),
    counting=st.sampled_from((None, "confirmed only")),
)


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
        (Scope(period=MIDNIGHT), Scope(period=parse_span("2023-12-31T00:00+03:00", "2023-12-31T09:00+03:00"))),
        (Scope(period=MIDNIGHT), Scope(period=parse_span("2023-12-30", "2023-12-30"))),
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
        (Scope(period=parse_span("2023-12", "2023-12")), Scope(period=parse_span("2023-12-15", "2023-12-15"))),
        (Scope(period=MIDNIGHT), Scope(period=parse_span("2023-12-31T00:30+03:00", "2023-12-31T09:00+03:00"))),
    ],
)
def test_a_scope_that_reaches_further_does_not(inner: Scope, outer: Scope) -> None:
    assert not scope_within(inner, outer)


@laws
@given(scopes, scopes)
def test_what_a_scope_lies_within_is_found_by_what_it_covers(inner: Scope, outer: Scope) -> None:
    outer = replace(outer, ground=inner.ground)
    if scope_within(inner, outer):
        assert cover(outer) in set(covers_around(inner))


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
