"""Frontier: the heaviest of all that certainly comes later."""

from hypothesis import given
from hypothesis import strategies as st

from api.engine.frontier import Later
from schemas.moments import Moment, parse_moment
from tests.engine.test_laws import laws

MOMENTS = st.sampled_from(
    (
        "2023",
        "2023-12",
        "2023-12-29",
        "2023-12-30",
        "2023-12-31",
        "2023-12-30T23:30-05:00",
        "2023-12-31T01:00+03:00",
        "2023-12-31T06:00Z",
        "2023-12-31T09:00+03:00",
        "2024-01-01T00:30+03:00",
    )
).map(parse_moment)


ITEMS = st.lists(st.tuples(MOMENTS, st.integers(0, 9)), max_size=12)


@laws
@given(ITEMS, ITEMS, MOMENTS)
def test_it_finds_the_heaviest_of_what_every_comparison_finds(
    first: list[tuple[Moment, int]], more: list[tuple[Moment, int]], ends: Moment
) -> None:
    later: Later[int] = Later()
    for items in (first, more):
        later.put_all((begins, weight, weight) for begins, weight in items)
    after = [weight for begins, weight in (*first, *more) if ends.precedes(begins)]
    assert max(later.than(ends), default=None) == max(after, default=None)


def test_of_items_that_weigh_the_same_the_first_that_was_put_in_is_found() -> None:
    day = parse_moment("2023-12-31")
    at_once: Later[str] = Later()
    at_once.put_all([(day, 1, "first"), (day, 1, "second"), (day, 0, "lighter")])
    one_by_one: Later[str] = Later()
    for name in ("first", "second"):
        one_by_one.put_all([(day, 1, name)])
    assert at_once.than(parse_moment("2023-12-30")) == one_by_one.than(parse_moment("2023-12-30")) == ["first"]
