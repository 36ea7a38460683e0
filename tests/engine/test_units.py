"""Units: one unit in several spellings, and how one of what is counted is called."""

import pytest

from api.engine.units import one_of_them, unit_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("%", "percent"),
        ("per cent", "percentage"),
        ("km", "kilometres"),
        ("Kilometer", "km"),
        ("sq km", "square kilometres"),
        ("US dollars", "USD"),
        ("U.S. dollars", "usd"),
        ("degrees Celsius", "°C"),
        ("houses", "house"),
        ("people", "person"),
        ("social_facilities", "Social facility"),
        ("churches", "church"),
        ("million", "mln"),
    ],
)
def test_two_spellings_are_one_unit(one: str, other: str) -> None:
    assert unit_key(one) == unit_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("km", "miles"),
        ("percent", "percentage points"),
        ("dollars", "euros"),
        ("tons", "tonnes"),
        ("people", "children"),
        ("gas", "ga"),
        ("thousand", "million"),
        ("-", "?"),
    ],
)
def test_what_would_have_to_be_converted_is_another_unit(one: str, other: str) -> None:
    assert unit_key(one) != unit_key(other)


@pytest.mark.parametrize("unit", [None, ""])
def test_no_unit_is_none(unit: str | None) -> None:
    assert unit_key(unit) is None


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("people", "person"),
        ("people displaced", "person displaced"),
        ("aid trucks", "aid truck"),
        ("companies", "company"),
        ("percent", "percent"),
        ("km", "km"),
        ("gas", "gas"),
        ("series", "series"),
        ("missiles and drones", "missile or drone"),
        ("dead and wounded", "dead and wounded"),
        ("%", "%"),
        (None, None),
    ],
)
def test_one_of_what_is_counted_takes_the_singular(unit: str | None, one: str | None) -> None:
    assert one_of_them(unit) == one
