"""Units: which are counted in whole numbers and which are measured."""

from functools import lru_cache

REMEMBERED = 1_024
"""Units whose answer is kept: a record has few, and asks for every value."""

MEASURES = frozenset(
    """
    percent percentage % point points ratio rate share degree degrees celsius fahrenheit kelvin
    magnitude index per °c °f mm cm millimetre millimetres centimetre centimetres decibel decibels
    metre metres meter meters m km kilometre kilometres kilometer kilometers mile miles foot feet inch inches
    hectare hectares acre acres sqm km2 km² m² m³ litre litres liter liters gallon gallons barrel barrels
    gram grams g kg kilogram kilograms tonne tonnes ton tons pound pounds ounce ounces
    second seconds minute minutes hour hours day days week weeks month months year years
    knot knots mph kph km/h watt watts kw mw gw kwh mwh gwh volt volts
    dollar dollars usd $ euro euros eur € gbp £ cent cents ruble rubles rouble roubles rub hryvnia hryvnias uah
    yen jpy yuan cny franc francs chf rupee rupees inr rupiah peso pesos lira liras shekel shekels
    krona kronor krone kroner zloty dinar dinars rial rials riyal riyals dirham dirhams naira rand won
    """.split()
)
"""Units of what is measured, so that 40.3 is more than 40 and no next whole number exists."""

MULTIPLES = frozenset(
    "thousand thousands million millions mln billion billions bn trillion trillions crore lakh".split()
)
"""Units that count things by the thousand or more: 4.5 million is no broken number, yet 3 million has no next one."""


@lru_cache(REMEMBERED)
def is_measure(unit: str | None) -> bool:
    """Whether a unit is measured: one of its words is a measure ("US dollars", "per cent")."""
    return not MEASURES.isdisjoint(_words(unit))


@lru_cache(REMEMBERED)
def has_fractions(unit: str | None) -> bool:
    """Whether there is no next whole number: a measure, or things by the thousand or more."""
    words = _words(unit)
    return not (MEASURES.isdisjoint(words) and MULTIPLES.isdisjoint(words))


def _words(unit: str | None) -> list[str]:
    return [word.strip(".,()") for word in (unit or "").casefold().replace("per cent", "percent").split()]
