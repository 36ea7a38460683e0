"""Plausibility: the one check of values, clocks and chains, for fixtures, requests and the command line alike."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from api.engine.units import unit_key
from api.engine.values import Number, Value, quantity
from schemas.moments import Span, parse_span
from schemas.vocabulary import Polarity, Qualifier, ValueKind

Fields = Mapping[str, Any]
Where = tuple[str | int, ...]
MOST_FIGURES = 4_096
"""Quantities that are kept, of a few hundred bytes each."""

Fault = tuple[Where, str]
"""Where in what was checked, and what is wrong with it."""


def faults(value: Fields, kind: ValueKind, unit: str | None, terms: Collection[str] | None) -> Iterator[Fault]:
    """Yield everything that keeps a value from being an answer to a property of this kind, unit and vocabulary.

    `terms` is None where any term will do.
    """
    if value["kind"] is not kind:
        yield ("kind",), f"the property takes a {kind.value}"
        return
    for name in STRAY[kind]:
        if value[name] is not None:
            yield (name,), f"has no place in a {kind.value}"
    yield from CHECKS[kind](value, unit, terms)


def built(value: Fields, unit: str | None) -> Value:
    """Return the engine's value; call it only where `faults` found none."""
    kind, text = value["kind"], value["text"]
    if kind is ValueKind.QUANTITY:
        return quantity(value["qualifier"], value["amount"], value["low"], value["high"], unit, text)
    if kind is ValueKind.TIME:
        return Value(kind, span=parse_span(_text(value["low"]), _text(value["high"])), text=text)
    return Value(kind, term=value["term"], text=text)


@lru_cache(MOST_FIGURES, typed=True)
def figure(
    qualifier: Qualifier | None, amount: Number | None, low: Number | None, high: Number | None, unit: str | None
) -> Value:
    """Return a quantity without its text; most figures are given many times. Raises ValueError as `quantity` does."""
    return quantity(qualifier, amount, low, high, unit)


def period_faults(period: str | None) -> Iterator[Fault]:
    """Yield what is wrong with a scope's period: a day, or two ends joined by `/`, `..` for unknown."""
    if period is None:
        return
    ends = period.split("/") if "/" in period else [period, period]
    try:
        problem = parse_span(*(None if end == ".." else end for end in ends)).problem
    except (ValueError, TypeError):
        problem = "expected a day such as 2023-12-31, or two joined by '/'"
    if problem:
        yield ("period",), problem


def spanned(ends: Fields) -> Span:
    """Return an interval of times from its two ends."""
    return parse_span(ends["earliest"], ends["latest"])


def span_faults(ends: Fields) -> Iterator[Fault]:
    """Yield what is wrong with an interval of times."""
    problem = spanned(ends).problem
    if problem:
        yield ("latest",), problem


def clock_faults(as_of: Span, said_at: Span, published: Span) -> Iterator[Fault]:
    """Yield where the three clocks certainly contradict each other: a figure holds, then is said, then published.

    An interval that cannot be is left to `span_faults`.
    """
    if as_of.problem or said_at.problem or published.problem:
        return
    for clock, later, held, earlier, followed in (
        ("as_of", as_of, "held", said_at, "said"),
        ("said_at", said_at, "was said", published, "published"),
        ("as_of", as_of, "held", published, "published"),
    ):
        if later.earliest is not None and earlier.latest is not None and earlier.precedes(later):
            yield (clock,), f"{held} from {later.earliest.text} on, but was {followed} by {earlier.latest.text}"


def follows_faults(said_at: Span, earlier: Span) -> Iterator[Fault]:
    """Yield that a statement follows one that was certainly said after it."""
    if said_at.latest is not None and earlier.earliest is not None and said_at.precedes(earlier):
        yield ("follows",), f"was said from {earlier.earliest.text} on, but this one by {said_at.latest.text}"


def chain_faults(sources: Sequence[str]) -> Iterator[Fault]:
    """Yield each link of an attribution that comes back to a source it has already named."""
    for index, source in enumerate(sources):
        if source in sources[:index]:
            yield (index, "source"), f"comes back to {source!r}, which the chain has already named"


def circle_faults(onwards: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield name, field and reason of each reference from which the way leads back to where it starts.

    `onwards` gives for each name the names that its fields refer to.
    """
    for name, steps in onwards.items():
        for field, target in steps.items():
            way = _way(target, name, onwards)
            if way is not None:
                yield name, field, f"runs in a circle: {' → '.join([name, *way])}"


def _way(start: str, end: str, onwards: Mapping[str, Mapping[str, str]]) -> list[str] | None:
    """Return the way from one name to another along their references, or None."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        for step in onwards.get(way[-1], {}).values():
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return None


def _quantity(value: Fields, unit: str | None, _: Collection[str] | None) -> Iterator[Fault]:
    if value["unit"] is not None and unit_key(value["unit"]) != unit_key(unit):
        yield ("unit",), f"the property counts {unit or 'nothing'}"
    for end in ("low", "high"):
        if isinstance(value[end], str):
            yield (end,), "expected a number"
            return
    try:
        figure(value["qualifier"], value["amount"], value["low"], value["high"], unit)
    except ValueError as error:
        yield (error.args[0],), error.args[1]


def _category(value: Fields, _: str | None, terms: Collection[str] | None) -> Iterator[Fault]:
    if value["term"] is None:
        yield ("term",), "is required for a category"
    elif terms is not None and value["term"] not in terms:
        yield ("term",), f"{value['term']!r} is not in the property's vocabulary"


def _polarity(value: Fields, _: str | None, __: Collection[str] | None) -> Iterator[Fault]:
    if value["term"] not in tuple(Polarity):
        yield ("term",), f"expected {', '.join(Polarity)}"


def _time(value: Fields, _: str | None, __: Collection[str] | None) -> Iterator[Fault]:
    if value["low"] is None and value["high"] is None:
        yield ("low",), "is required for a time, or high is"
        return
    try:
        problem = parse_span(_text(value["low"]), _text(value["high"])).problem
    except ValueError as error:
        problem = str(error)
    if problem:
        yield ("low",), problem


def _text(end: object) -> str | None:
    return None if end is None else str(end)


STRAY: dict[ValueKind, tuple[str, ...]] = {
    ValueKind.QUANTITY: ("term",),
    ValueKind.CATEGORY: ("qualifier", "amount", "low", "high", "unit"),
    ValueKind.POLARITY: ("qualifier", "amount", "low", "high", "unit"),
    ValueKind.TIME: ("qualifier", "amount", "unit", "term"),
}
"""Fields of a value that its kind leaves empty."""

CHECKS: dict[ValueKind, Callable[[Fields, str | None, Collection[str] | None], Iterator[Fault]]] = {
    ValueKind.QUANTITY: _quantity,
    ValueKind.CATEGORY: _category,
    ValueKind.POLARITY: _polarity,
    ValueKind.TIME: _time,
}
