"""Touched: which questions a change bears on, and which claims answering them takes."""

from dataclasses import replace

import pytest

from api.engine.record import Place, Property, Scope
from api.review.touched import Standpoint, coupled, needed
from schemas.vocabulary import ValueKind
from tests.engine.samples import CHILD_DEATHS, DEATHS, DRONES, INJURED

DOWNED = replace(DRONES, id="downed", part_of=DRONES)
THROUGH = Property("through", ValueKind.QUANTITY, "Drones that got through", difference_of=(DRONES, DOWNED))
ARMED = replace(THROUGH, id="armed", difference_of=None, part_of=THROUGH)

CITY = Place("city", "City")
WHOLE, PART = Scope(), Scope(Place("quarter", "Quarter", CITY), ground=CITY)


def point(prop: Property, scope: Scope = WHOLE) -> Standpoint:
    return Standpoint(("event", prop.id, scope.key), prop, scope)


KNOWN = [
    point(prop, scope)
    for prop in (DEATHS, CHILD_DEATHS, INJURED, DRONES, DOWNED, THROUGH, ARMED)
    for scope in (WHOLE, PART)
]


def names(keys: set[tuple[str, str, tuple[str | None, ...]]]) -> set[str]:
    return {f"{prop}{'' if scope[0] is None else ' there'}" for _, prop, scope in keys}


@pytest.mark.parametrize(
    ("touched", "again", "read"),
    [
        (point(INJURED, PART), {"injured there"}, {"injured there", "injured"}),
        (point(INJURED), {"injured", "injured there"}, {"injured", "injured there"}),
        (point(CHILD_DEATHS), {"child_deaths", "child_deaths there"},
         {"child_deaths", "child_deaths there", "deaths", "deaths there"}),
        (point(DEATHS, PART), {"deaths there", "child_deaths there"},
         {"deaths there", "deaths", "child_deaths there", "child_deaths"}),
        (point(DOWNED, PART), {"downed there", "through there", "armed there"},
         {"downed there", "downed", "drones there", "drones", "through there", "through", "armed there", "armed"}),
    ],
)  # fmt: skip
def test_a_change_bears_on_what_lies_within_and_takes_what_contains_that(
    touched: Standpoint, again: set[str], read: set[str]
) -> None:
    wanted = coupled([touched], KNOWN)
    assert names(wanted) == again
    assert names(needed(wanted, KNOWN)) == read


def test_a_question_that_lost_its_claims_still_bears_on_its_parts() -> None:
    wanted = coupled([point(DEATHS)], [point(CHILD_DEATHS), point(INJURED)])
    assert names(wanted) == {"deaths", "child_deaths"}
    assert names(needed(wanted, [point(CHILD_DEATHS), point(INJURED)])) == {"child_deaths"}
