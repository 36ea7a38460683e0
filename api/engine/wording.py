"""Wording: values, times and lists in plain English."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile

from api.engine.record import Claim, Property, Source
from api.engine.units import has_fractions
from api.engine.values import Number, Value
from schemas.moments import Moment, Span
from schemas.vocabulary import Cause, Polarity, Qualifier, SourceKind, ValueKind

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

HEDGES = {
    Qualifier.AT_LEAST: "at least {}",
    Qualifier.MORE_THAN: "more than {}",
    Qualifier.AT_MOST: "at most {}",
    Qualifier.FEWER_THAN: "fewer than {}",
    Qualifier.ABOUT: "about {}",
    Qualifier.NEARLY: "nearly {}",
    Qualifier.SEVERAL: "several",
    Qualifier.DOZENS: "dozens of",
    Qualifier.HUNDREDS: "hundreds of",
}

YEARS = ("year", "calendar year")
"""Units of a number that names a year: no separator, no noun."""

MOST_NAMED = 3
"""Origins a sentence names for one value; the record has the rest."""

ANSWERS = {Polarity.AFFIRMED: "yes", Polarity.DENIED: "no", Polarity.NO_COMMENT: "no comment"}

REMEMBERED = 65_536
"""Names and figures kept as they stand in a sentence; the same few come again and again."""

CAUSES = {
    Cause.CORRECTION: "a correction",
    Cause.RECOUNT: "a recount",
    Cause.DOUBLE_COUNTING: "some had been counted twice",
    Cause.IDENTIFICATION: "remains were identified",
    Cause.BODIES_FOUND: "bodies were found",
    Cause.DIED_LATER: "some died later of their injuries",
    Cause.WIDENED_SCOPE: "the figure now covers more",
    Cause.COUNTING_RULE: "another rule of counting",
}


def number(amount: Number) -> str:
    """Write a number with thousands separators: 121000 → 121,000."""
    return f"{amount if isinstance(amount, int) else round(amount, 6):,}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does: a, b and c."""
    words = list(dict.fromkeys(items))
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(count: int, singular: str, plural: str) -> str:
    """Write a count with its noun: 1 document, 5 documents."""
    return f"{number(count)} {singular if count == 1 else plural}"


def figure(value: Value) -> str:
    """Write a quantity without its noun: "at least 21", "between 3 and 5"; of what is measured, "less than 5"."""
    return _figure(value.qualifier or Qualifier.EXACT, value.amount, value.low, value.high, value.unit)


@lru_cache(REMEMBERED, typed=True)
def _with_noun(
    qualifier: Qualifier, amount: Number | None, low: Number | None, high: Number | None, unit: str | None, noun: str
) -> str:
    """Write a quantity with its noun: "24 people"."""
    return f"{_figure(qualifier, amount, low, high, unit)}{'' if noun == '%' else ' '}{noun}".strip()


def _figure(
    qualifier: Qualifier, amount: Number | None, low: Number | None, high: Number | None, unit: str | None
) -> str:
    write = str if unit in YEARS else number
    if qualifier is Qualifier.BETWEEN:
        return f"between {write(low or 0)} and {write(high or 0)}"
    worded = write(amount) if amount is not None else ""
    if qualifier is Qualifier.FEWER_THAN and has_fractions(unit):
        return f"less than {worded}"
    return HEDGES.get(qualifier, "{}").format(worded)


def day(moment: Moment) -> str:
    """Write a moment: 31 December 2023, December 2023, 2023, or a time with its offset."""
    if moment.instant is not None:
        written = moment.instant
        zone = written.isoformat()[-6:] if written.utcoffset() else ""
        return f"{written.day} {MONTHS[written.month - 1]} {written.year}, {written:%H:%M} (UTC{zone})"
    first, last = moment.first, moment.last
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if first.month == last.month and first.year == last.year:
        return f"{MONTHS[first.month - 1]} {first.year}"
    return str(first.year)


def period(span: Span) -> str:
    """Write a span: one day, "30–31 December 2023", or "by" and "from" where an end is unknown."""
    start, end = span.earliest, span.latest
    if start is None and end is None:
        return "an unknown time"
    if start is None or end is None:
        return f"by {day(end)}" if end else f"from {day(start)}" if start else ""
    if start.text == end.text:
        return day(start)
    days = start.first == start.last and end.first == end.last and not (start.exact or end.exact)
    if days and (start.first.year, start.first.month) == (end.first.year, end.first.month):
        return f"{start.first.day}–{day(end)}"
    if days and start.first.year == end.first.year:
        return f"{start.first.day} {MONTHS[start.first.month - 1]}–{day(end)}"
    return f"{day(start)} to {day(end)}"


def is_one(value: Value) -> bool:
    """Whether a quantity takes the singular."""
    return value.amount == 1


def noun(value: Value, prop: Property) -> str:
    """Return the counted noun in the number the value asks for, or the unit."""
    if prop.unit in YEARS:
        return ""
    return (prop.singular if value.amount == 1 else prop.plural) or prop.unit or ""


def answer(value: Value, prop: Property) -> str:
    """Write a value as an answer: "24 people", "S-300 missiles", "no"."""
    if value.kind is ValueKind.QUANTITY:
        qualifier = value.qualifier or Qualifier.EXACT
        return _with_noun(qualifier, value.amount, value.low, value.high, value.unit, noun(value, prop))
    if value.kind is ValueKind.TIME:
        return period(value.span or Span())
    if value.kind is ValueKind.POLARITY:
        return ANSWERS[Polarity(value.term or Polarity.NO_COMMENT)]
    return prop.term_labels.get(value.term or "", (value.term or "").replace("_", " ").replace("-", " "))


def said(value: Value, prop: Property) -> str:
    """Write a value with what is said of it: "24 people killed"."""
    words = answer(value, prop)
    return f"{words} {prop.predicate}" if value.kind is ValueKind.QUANTITY and prop.predicate else words


def speaker(source: Source | None) -> str:
    """Name a source inside a sentence; an unnamed one is said to be unnamed."""
    return "a document that names no source" if source is None else _called(source.name, source.kind)


@lru_cache(REMEMBERED)
def _called(name: str, kind: SourceKind) -> str:
    if kind is SourceKind.UNNAMED:
        if name.casefold().startswith(NAMELESS):
            return f"{_indefinite(name)}{name[:1].lower()}{name[1:]}"
        return f"{_indefinite(name)}{name} (unnamed)"
    return f"the {name}" if _takes_article(name, kind) else name


NAMELESS = ("unnamed", "anonymous", "unidentified")
"""First words of a name that says itself that there is none."""

DETERMINED = frozenset(
    "a an the some many several few two three four five one no another this that these those their its".split()
)
"""First words with which a name needs no article."""

AFTER_THE_NOUN = frozenset("of in from at with for close speaking who to on near inside within quoted cited by".split())
"""Words that begin what follows the noun in a name such as "source in the security services"."""

COLLECTIVES = frozenset("people police media staff personnel".split())
"""Nouns that are more than one without a plural ending."""

SPOKEN_AS_CONSONANTS = ("univ", "unit", "un ", "uk", "us", "eu", "one ")
"""Beginnings that are written with a vowel and spoken with a consonant."""


def _indefinite(name: str) -> str:
    """Return the article that somebody without a name takes: "an unnamed source", "a US official", "residents"."""
    words = name.split()
    described = [*takewhile(lambda word: word not in AFTER_THE_NOUN, words)]
    noun = described[-1] if described else ""
    many = noun in COLLECTIVES or (noun.endswith("s") and not noun.endswith("ss"))
    if many or not noun[:1].islower() or words[0].casefold() in DETERMINED:
        return ""
    lower = name.casefold()
    return "an " if lower[0] in "aeiou" and not lower.startswith(SPOKEN_AS_CONSONANTS) else "a "


def _takes_article(name: str, kind: SourceKind) -> bool:
    """Offices and organisations of several words take the article unless they bring one or are a possessive.

    So does whoever is called by an office and not by a name: the mayor. What is numbered does not: source 3.
    """
    first, *rest = name.split(" ")
    if rest and tells_apart(rest[-1]):
        return False
    if name[:1].islower() and first not in ("the", "a", "an"):
        return kind is not SourceKind.UNNAMED
    if kind not in (SourceKind.OFFICE, SourceKind.ORGANISATION):
        return False
    return bool(rest) and first.lower() != "the" and not first.endswith(("'s", "’s"))


def tells_apart(word: str) -> bool:
    """Whether a word only tells one of several apart: the 3 of "source 3", the B of "district B"."""
    return word.isdigit() or (len(word) == 1 and word.isalnum())


def speakers(sources: Sequence[Source]) -> str:
    """Name several sources inside a sentence: the first ones, and how many others there are."""
    named = [speaker(source) for source in sources[:MOST_NAMED]]
    others = len(sources) - len(named)
    return listed([*named, counted(others, "other", "others")] if others > 0 else named)


def sentence(text: str) -> str:
    """Close a sentence: capital first letter, full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def lowered(label: str) -> str:
    """Put a label inside a sentence; an abbreviation and the names inside it keep their capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def quoted(claim: Claim) -> str:
    """Write whose figure it is: "24 people killed (the mayor)"."""
    denial = "a denial of " if claim.denies else ""
    whose = speaker(claim.voice).replace(" (unnamed)", ", unnamed") if claim.voice is not None else "no source named"
    return f"{denial}{said(claim.value, claim.property)} ({whose})"
