"""Frontier: the heaviest of all that certainly comes later."""

from hypothesis import given
from hypothesis import strategies as st

from api.engine.frontier import Later
from schemas.moments import parse_moment
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


@laws
@given(st.lists(st.tuples(MOMENTS, st.integers(0, 9)), max_size=12), MOMENTS)
def test_it_finds_the_heaviest_of_what_every_comparison_finds(items: list[tuple[object, int]], ends: object) -> None:
    later: Later[int] = Later()
    for begins, weight in items:
        later.put(begins, weight, weight)
    after = [weight for begins, weight in items if ends.precedes(begins)]
    found = list(later.than(ends))
    assert max(found, default=None) == max(after, default=None)


def test_nothing_is_later_than_what_never_ends_and_what_begins_nowhere_is_later_than_nothing() -> None:
    later: Later[int] = Later()
    later.put(None, 1, 1)
    assert list(later.than(parse_moment("2023"))) == []
    later.put(parse_moment("2023-12-31"), 1, 1)
    assert list(later.than(None)) == []
