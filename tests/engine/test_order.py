"""Order: the strongest evidence decides which figure is the later one."""

import random
from itertools import product
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.engine.order import sequence
from api.engine.origin import independence
from api.engine.record import Claim, Scope, Statement
from schemas.moments import parse_span
from schemas.vocabulary import Order, Qualifier
from tests.engine.samples import CHILD_DEATHS, FIRST, GOVERNOR, HOSPITAL, INJURED, SECOND, THIRD, claim, on, people


def order_of(left: Claim, right: Claim) -> Order:
    return sequence(left, right, independence(left, right)).order


def test_the_chain_of_statements_orders_figures_over_a_gap() -> None:
    assert order_of(claim(21, statement=FIRST), claim(24, statement=THIRD)) is Order.LEFT_FIRST
    assert order_of(claim(24, statement=THIRD), claim(21, statement=FIRST)) is Order.RIGHT_FIRST


@given(st.lists(st.none() | st.integers(0, 40), min_size=2, max_size=60), st.randoms())
def test_statements_come_before_those_that_follow_them_however_long_and_forked_the_chains(
    followed: list[int | None], draw: random.Random
) -> None:
    made: list[Statement] = []
    for number, back in enumerate(followed):
        follows = made[-1 - back] if back is not None and back < number else None
        made.append(Statement(f"post-{number}", GOVERNOR, follows=follows))
    asked = draw.sample(made, len(made))  # whoever is asked first works out where those before it stand
    for one, other in product(asked, repeat=2):
        assert one.comes_before(other) is (one in other.earlier_ones())


def test_an_early_statement_of_a_long_chain_is_found_in_few_steps() -> None:
    class Watched(Statement):
        steps: ClassVar[int] = 0

        def __getattribute__(self, name: str) -> Any:
            Watched.steps += name == "place"
            return super().__getattribute__(name)

    last = first = Watched("post-0", GOVERNOR)
    for number in range(1, 4_000):
        last = Watched(f"post-{number}", GOVERNOR, follows=last)
    assert last.place.before == 3_999
    Watched.steps = 0
    assert first.comes_before(last)
    assert Watched.steps < 100


def test_one_statement_is_one_moment() -> None:
    assert order_of(claim(22, statement=SECOND), claim(24, statement=SECOND)) is Order.SAME


def test_the_chain_of_statements_outweighs_the_times() -> None:
    early, late = (
        claim(21, statement=FIRST, as_of=on("2023-12-31")),
        claim(24, statement=SECOND, as_of=on("2023-12-30")),
    )
    assert order_of(early, late) is Order.LEFT_FIRST


def test_times_that_do_not_overlap_order_figures() -> None:
    assert order_of(claim(24, as_of=on("2023-12-31")), claim(21, as_of=on("2023-12-30"))) is Order.RIGHT_FIRST


def test_times_outweigh_growth() -> None:
    lowered = claim(22, GOVERNOR, as_of=on("2023-12-31"))
    seen = sequence(claim(24, GOVERNOR, as_of=on("2023-12-30")), lowered, independence(lowered, lowered))
    assert (seen.order, seen.inferred) == (Order.LEFT_FIRST, False)


def test_statements_of_no_chain_fall_back_on_times() -> None:
    other = Statement("hospital-note", HOSPITAL)
    left, right = claim(21, statement=FIRST, as_of=on("2023-12-30")), claim(24, statement=other, as_of=on("2023-12-31"))
    assert order_of(left, right) is Order.LEFT_FIRST


def test_one_instant_in_two_zones_is_the_same_moment() -> None:
    left, right = claim(21, as_of=on("2023-12-31T09:00+03:00")), claim(24, as_of=on("2023-12-31T06:00Z"))
    assert order_of(left, right) is Order.SAME


def test_growth_of_one_origin_orders_figures_and_says_that_it_is_inferred() -> None:
    left, right = claim(24, GOVERNOR), claim(21, GOVERNOR)
    seen = sequence(left, right, independence(left, right))
    assert (seen.order, seen.inferred) == (Order.RIGHT_FIRST, True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (claim(21, GOVERNOR), claim(24, HOSPITAL)),
        (claim(21, GOVERNOR), claim(24)),
        (claim(108, GOVERNOR, prop=INJURED), claim(111, GOVERNOR, prop=INJURED)),
        (claim(people(21, Qualifier.AT_LEAST), GOVERNOR), claim(24, GOVERNOR)),
        (claim(21, HOSPITAL, as_of=on("2023-12-30")), claim(24, as_of=parse_span("2023-12-30", "2023-12-31"))),
        (claim(21, HOSPITAL, as_of=on("2023-12-30")), claim(24)),
    ],
    ids=["two origins", "own voice", "no accumulation", "ranges overlap", "times overlap", "one time missing"],
)
def test_nothing_else_orders_figures(left: Claim, right: Claim) -> None:
    assert order_of(left, right) is Order.UNKNOWN


def test_growth_orders_only_figures_of_one_question() -> None:
    dead = claim(24, GOVERNOR)
    for other in (
        claim(3, GOVERNOR, prop=CHILD_DEATHS),
        claim(108, GOVERNOR, prop=INJURED),
        claim(2, GOVERNOR, event="another-strike"),
        claim(4, GOVERNOR, scope=Scope(population="soldiers")),
    ):
        assert order_of(dead, other) is Order.UNKNOWN


def test_the_date_of_a_document_does_not_order_figures() -> None:
    left = claim(21, document="morning-paper", published=on("2023-12-30"))
    right = claim(24, document="evening-paper", published=on("2024-01-01"))
    assert order_of(left, right) is Order.UNKNOWN
