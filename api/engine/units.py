"""Units: which are counted in whole numbers, which are measured, and which are one unit in two spellings."""

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

SPELLINGS = {
    spelling: unit
    for unit, spellings in {
        "percent": "%, percentage",
        "percentage point": "pp",
        "mm": "millimetre, millimeter",
        "cm": "centimetre, centimeter",
        "m": "metre, meter",
        "km": "kilometre, kilometer",
        "km²": "km2, sqkm, sq km, square km",
        "m²": "m2, sqm, sq m, square m",
        "hectare": "ha",
        "mile": "mi",
        "litre": "liter",
        "g": "gram, gramme",
        "kg": "kilogram, kilogramme, kilo",
        "°c": "celsius, degree °c",
        "°f": "fahrenheit, degree °f",
        "km/h": "kph, kmh, km per hour",
        "mph": "mile per hour",
        "usd": "us$, us dollar, u.s dollar",
        "dollar": "$",
        "eur": "€, euro",
        "gbp": "£, british pound",
        "ruble": "rouble, rub",
        "hryvnia": "uah",
        "million": "mln",
        "billion": "bn",
    }.items()
    for spelling in spellings.split(", ")
}
"""Other ways to write a unit. What would have to be converted is another unit: a mile is no kilometre."""

PLURALS = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "feet": "foot",
    "lives": "life",
    "buses": "bus",
    "tornadoes": "tornado",
    "series": "series",
    "species": "species",
}
"""Plurals that are not made as most are."""

SHORTEST_PLURAL = 4
"""Letters below which a final `s` belongs to the word, as in "gas"."""


@lru_cache(REMEMBERED)
def unit_key(unit: str | None) -> str | None:
    """Return what a unit is by whatever spelling: "%" and "per cent", "km" and "kilometres", "houses" and "house"."""
    if not unit:
        return None
    words = " ".join(SPELLINGS.get(word, word) for word in map(_one, _words(unit.replace("_", " "))))
    return SPELLINGS.get(words, words) or unit


@lru_cache(REMEMBERED)
def one_of_them(unit: str | None) -> str | None:
    """Return a unit as one is counted in it: "people" are counted as 1 person, "aid trucks" as 1 aid truck."""
    parts = unit.split(" and ") if unit else []
    if len(parts) > 1 and all(_one(part) != part for part in parts):
        return " or ".join(map(_one, parts))
    words = unit.split(" ") if unit else []
    if not words or not all(map(str.isalpha, words)):
        return unit
    noun = -1 if _one(words[-1]) != words[-1] else 0
    words[noun] = _one(words[noun])
    return " ".join(words)


def _one(word: str) -> str:
    """Return a noun in the singular; what is none already, or has no plural, stays."""
    if word in PLURALS:
        return PLURALS[word]
    if len(word) < SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    for ending, singular in ENDINGS.items():
        if word.endswith(ending):
            return f"{word.removesuffix(ending)}{singular}"
    return word[:-1]


ENDINGS = {"ies": "y", "ches": "ch", "shes": "sh", "xes": "x", "sses": "ss"}
"""How plurals end that take more away than an `s`."""


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
