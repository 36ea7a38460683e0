"""Values: the interval that each wording stands for."""

import pytest

from api.engine.values import LARGEST, QUALIFIERS, Number, Value, overlap, quantity, significant_step
from schemas.moments import parse_span
from schemas.vocabulary import Qualifier, ValueKind

INTERVALS = [
    (Qualifier.EXACT, 21, 21, 21),
    (Qualifier.EXACT, 0, 0, 0),
    (Qualifier.EXACT, 4.5, 4.5, 4.5),
    (Qualifier.AT_LEAST, 21, 21, None),
    (Qualifier.MORE_THAN, 40, 41, None),
    (Qualifier.MORE_THAN, 4.5, 4.5, None),
    (Qualifier.AT_MOST, 30, None, 30),
    (Qualifier.FEWER_THAN, 30, None, 29),
    (Qualifier.FEWER_THAN, 4.5, None, 4.5),
    (Qualifier.ABOUT, 900, 850, 949),
    (Qualifier.ABOUT, 160, 155, 164),
    (Qualifier.ABOUT, 50, 45, 54),
    (Qualifier.ABOUT, 100, 95, 104),
    (Qualifier.ABOUT, 1_000, 950, 1_049),
    (Qualifier.ABOUT, 10, 9, 11),
    (Qualifier.ABOUT, 24, 23, 25),
    (Qualifier.NEARLY, 50, 45, 49),
    (Qualifier.NEARLY, 100, 95, 99),
    (Qualifier.NEARLY, 900, 850, 899),
    (Qualifier.NEARLY, 24, 22, 23),
    (Qualifier.SEVERAL, None, 3, None),
    (Qualifier.DOZENS, None, 24, None),
    (Qualifier.HUNDREDS, None, 200, None),
]


@pytest.mark.parametrize(("qualifier", "amount", "low", "high"), INTERVALS)
def test_a_qualifier_stands_for_its_interval(
    qualifier: Qualifier, amount: Number | None, low: Number | None, high: Number | None
) -> None:
    value = quantity(qualifier, amount)
    assert (value.low, value.high) == (low, high)


def test_every_qualifier_has_an_interval_and_is_tried_here() -> None:
    assert set(QUALIFIERS) | {Qualifier.BETWEEN} == set(Qualifier)
    assert {row[0] for row in INTERVALS} == set(QUALIFIERS)


def test_between_brings_its_own_bounds() -> None:
    value = quantity(Qualifier.BETWEEN, low=3, high=5)
    assert (value.amount, value.low, value.high) == (None, 3, 5)


@pytest.mark.parametrize(
    ("amount", "step"), [(900, 100), (160, 10), (24, 1), (100, 10), (1, 1), (0, 1), (4.5, 0.1), (4.0, 1)]
)
def test_the_last_significant_digit_has_its_weight(amount: Number, step: float) -> None:
    assert significant_step(amount) == pytest.approx(step)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"qualifier": Qualifier.EXACT}, "amount"),
        ({"qualifier": Qualifier.ABOUT}, "amount"),
        ({"qualifier": Qualifier.EXACT, "amount": -1}, "amount"),
        ({"qualifier": Qualifier.EXACT, "amount": float("nan")}, "amount"),
        ({"qualifier": Qualifier.EXACT, "amount": float("inf")}, "amount"),
        ({"qualifier": Qualifier.EXACT, "amount": LARGEST + 1}, "amount"),
        ({"qualifier": Qualifier.NEARLY, "amount": 0}, "amount"),
        ({"qualifier": Qualifier.FEWER_THAN, "amount": 0}, "amount"),
        ({"qualifier": Qualifier.BETWEEN, "high": 5}, "low"),
        ({"qualifier": Qualifier.BETWEEN, "low": 3}, "high"),
        ({"qualifier": Qualifier.BETWEEN, "low": 6, "high": 5}, "low"),
        ({"qualifier": Qualifier.EXACT, "amount": 21, "low": 20}, "low"),
        ({"qualifier": Qualifier.AT_LEAST, "amount": 21, "high": 30}, "high"),
    ],
)
def test_an_impossible_quantity_is_refused_by_its_field(fields: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        quantity(**fields)
    assert refusal.value.args[0] == wrong


def test_bounds_that_agree_with_the_qualifier_are_accepted() -> None:
    assert quantity(Qualifier.ABOUT, 900, low=850, high=949) == quantity(Qualifier.ABOUT, 900)


def test_a_whole_number_written_as_a_decimal_is_the_whole_number() -> None:
    assert quantity(Qualifier.MORE_THAN, 40.0) == quantity(Qualifier.MORE_THAN, 40)


def test_the_wording_does_not_make_another_value() -> None:
    words = quantity(Qualifier.EXACT, 24, text="two dozen")
    assert words.key == quantity(Qualifier.EXACT, 24, text="24").key
    assert words.text == "two dozen"


def test_the_unit_makes_another_value() -> None:
    assert quantity(Qualifier.EXACT, 5, unit="euros").key != quantity(Qualifier.EXACT, 5, unit="dollars").key


def test_a_time_without_ends_is_not_another_time_without_one_end() -> None:
    spans = [parse_span("2023-12-30", None), parse_span(None, "2023-12-30"), parse_span("2023-12-30", "2023-12-30")]
    assert len({Value(ValueKind.TIME, span=span).key for span in spans}) == 3


@pytest.mark.parametrize("wording", ["rose to at least 16", "has RISEN  to 16", "toll reached\n16"])
def test_a_wording_of_growth_marks_a_running_count(wording: str) -> None:
    assert quantity(Qualifier.AT_LEAST, 16, text=wording).running


@pytest.mark.parametrize("wording", [None, "", "at least 16", "16 roses"])
def test_any_other_wording_does_not(wording: str | None) -> None:
    assert not quantity(Qualifier.AT_LEAST, 16, text=wording).running


@pytest.mark.parametrize(
    ("left", "right", "meet"),
    [
        (quantity(Qualifier.AT_LEAST, 21), quantity(Qualifier.EXACT, 24), True),
        (quantity(Qualifier.AT_LEAST, 21), quantity(Qualifier.EXACT, 21), True),
        (quantity(Qualifier.AT_LEAST, 21), quantity(Qualifier.EXACT, 20), False),
        (quantity(Qualifier.NEARLY, 50), quantity(Qualifier.EXACT, 49), True),
        (quantity(Qualifier.NEARLY, 50), quantity(Qualifier.EXACT, 50), False),
        (quantity(Qualifier.MORE_THAN, 40), quantity(Qualifier.AT_MOST, 40), False),
        (quantity(Qualifier.AT_LEAST, 40), quantity(Qualifier.DOZENS), True),
        (quantity(Qualifier.FEWER_THAN, 5), quantity(Qualifier.AT_MOST, 3), True),
    ],
)
def test_values_overlap_where_one_number_satisfies_both(left: Value, right: Value, meet: bool) -> None:
    assert overlap(left, right) is meet
    assert overlap(right, left) is meet


def test_times_overlap_where_they_share_a_day() -> None:
    month = Value(ValueKind.TIME, span=parse_span("2023-12", "2023-12"))
    assert overlap(month, Value(ValueKind.TIME, span=parse_span("2023-12-30", "2024-01-01")))
    assert not overlap(month, Value(ValueKind.TIME, span=parse_span("2024-01-01", "2024-01-01")))
