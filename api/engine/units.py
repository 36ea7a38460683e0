"""Units: which are counted in whole numbers and which are measured."""

MEASURES = frozenset(
    """
    percent percentage % point points ratio rate share degree degrees celsius fahrenheit kelvin
    metre metres meter meters m km kilometre kilometres kilometer kilometers mile miles foot feet inch inches
    hectare hectares acre acres sqm km2 litre litres liter liters gallon gallons barrel barrels
    gram grams g kg kilogram kilograms tonne tonnes ton tons pound pounds ounce ounces
    second seconds minute minutes hour hours day days week weeks month months year years
    knot knots mph km/h watt watts kw mw gw kwh mwh gwh volt volts
    dollar dollars usd $ euro euros eur € gbp £ cent cents ruble rubles rouble roubles rub hryvnia hryvnias uah
    yen jpy yuan cny franc francs chf rupee rupees inr
    """.split()
)
"""Units of what is measured, so that 40.3 is more than 40 and no next whole number exists."""


def is_measure(unit: str | None) -> bool:
    """Whether a unit is measured: one of its words is a measure ("US dollars", "per cent")."""
    words = (unit or "").casefold().replace("per cent", "percent").split()
    return any(word.strip(".,()") in MEASURES for word in words)
