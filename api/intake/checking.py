"""Checking fixtures: every entry against its schema and against the rest of the record, all errors at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from api.engine.plausibility import (
    Fault,
    chain_faults,
    circle_faults,
    clock_faults,
    faults,
    follows_faults,
    period_faults,
    span_faults,
    spanned,
)
from api.intake.reading import Entry, Field, Problem
from schemas.claims import ClaimSchema
from schemas.documents import DocumentSchema
from schemas.events import EventRecordSchema, PlaceSchema
from schemas.loading import loader
from schemas.moments import Span
from schemas.properties import PropertySchema
from schemas.sources import SourceSchema
from schemas.statements import StatementSchema
from schemas.vocabulary import ValueKind

SCHEMAS: dict[str, Schema] = {
    "places": PlaceSchema(),
    "sources": SourceSchema(),
    "documents": DocumentSchema(),
    "properties": PropertySchema(),
    "statements": StatementSchema(),
    "events": EventRecordSchema(),
    "claims": ClaimSchema(),
}

REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "places": (("within", "places"),),
    "sources": (("part_of", "sources"),),
    "properties": (("part_of", "properties"), ("moves_to", "properties")),
    "statements": (("source", "sources"), ("follows", "statements")),
    "events": (("parent", "events"), ("place", "places")),
    "claims": (
        ("event", "events"),
        ("property", "properties"),
        ("document", "documents"),
        ("statement", "statements"),
        ("scope.place", "places"),
    ),
}
"""Which field of which noun names an entry of which other."""

CHAINS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("places", ("within",)),
    ("sources", ("part_of",)),
    ("properties", ("part_of", "also_part_of", "moves_to", "difference_of")),
    ("statements", ("follows",)),
    ("events", ("parent",)),
)
"""References within one noun; followed together they must not run in a circle."""

Known = dict[str, dict[str, dict[str, Any]]]


Loaded = tuple[Entry, dict[str, Any]]
"""What problems with an entry can be told by, and what its schema made of it."""


def check(entries: Iterable[Entry]) -> tuple[Known, list[Problem]]:
    """Return the checked entries by noun and id, and everything that is wrong with them."""
    problems: list[Problem] = []
    return check_loaded(load_entries(entries, problems), problems)


def load_entries(entries: Iterable[Entry], problems: list[Problem]) -> Iterator[Loaded]:
    """Load entries by their schemas, and note what is wrong with those that are not as they should be."""
    for entry in entries:
        try:
            yield entry.named(), loader(SCHEMAS[entry.noun])(entry.data)
        except ValidationError as error:
            problems.extend(entry.problem(where, reason) for where, reason in flat(error.messages, ()))


def check_loaded(loaded: Iterable[Loaded], problems: list[Problem]) -> tuple[Known, list[Problem]]:
    """Return loaded entries by noun and id, and the problems, with those they have with each other."""
    known: Known = {noun: {} for noun in SCHEMAS}
    places: dict[tuple[str, str], Entry] = {}
    for entry, data in loaded:
        if data["id"] in known[entry.noun]:
            first = places[entry.noun, data["id"]]
            problems.append(entry.problem(("id",), f"is already used in {first.file}:{first.line}"))
            continue
        known[entry.noun][data["id"]] = data
        places[entry.noun, data["id"]] = entry
    for (noun, name), entry in places.items():
        data = known[noun][name]
        problems.extend(entry.problem(where, reason) for where, reason in _references(noun, data, known))
        rule = RULES.get(noun)
        if rule is not None:
            problems.extend(entry.problem(where, reason) for where, reason in rule(data, known))
    problems.extend((*_circles(known, places), *_same_texts(known, places)))
    return known, sorted(problems, key=lambda problem: (problem.file, problem.line, problem.field))


def flat(messages: Any, where: Field) -> Iterator[tuple[Field, str]]:
    """Yield each reason of a schema with the field it is about."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from flat(inner, where if key == "_schema" else (*where, key))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield where, str(message)


def _at(data: dict[str, Any], path: str) -> Any:
    value: Any = data
    for step in path.split("."):
        value = (value or {}).get(step)
    return value


def _references(noun: str, data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    for path, target in REFERENCES.get(noun, ()):
        name = _at(data, path)
        if name is not None and name not in known[target]:
            yield tuple(path.split(".")), f"no entry of {target} is called {name!r}"
    for index, link in enumerate(data.get("attribution", ())):
        if link["source"] not in known["sources"]:
            yield ("attribution", index, "source"), f"no entry of sources is called {link['source']!r}"


def _circles(known: Known, places: dict[tuple[str, str], Entry]) -> Iterator[Problem]:
    for noun, fields in CHAINS:
        onwards = {
            name: {field: step for field, step in _steps(data, fields) if step in known[noun]}
            for name, data in known[noun].items()
        }
        for name, field, reason in circle_faults(onwards):
            yield places[noun, name].problem(tuple(field.split(".")), reason)


def _steps(data: dict[str, Any], fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each reference of an entry to its own kind, one by one where there are several."""
    for field in fields:
        if isinstance(data[field], list):
            yield from ((f"{field}.{index}", name) for index, name in enumerate(data[field]))
        elif data[field] is not None:
            yield field, data[field]


def _span(data: dict[str, Any], field: str) -> Iterator[tuple[Field, str]]:
    yield from _within(field, span_faults(data[field]))


def _document(data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    yield from _span(data, "published")


def _same_texts(known: Known, places: dict[tuple[str, str], Entry]) -> Iterator[Problem]:
    read: dict[str, str] = {}
    for name, document in known["documents"].items():
        first = read.setdefault(document["sha256"], name)
        if first != name:
            yield places["documents", name].problem(("sha256",), f"is the text of {first} again")


def _event(data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    for _, reason in span_faults({"earliest": data["starts"], "latest": data["ends"]}):
        yield ("ends",), reason


def _statement(data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    yield from _span(data, "said_at")
    earlier = known["statements"].get(data["follows"] or "")
    if earlier is None:
        return
    if earlier["source"] != data["source"]:
        yield ("follows",), f"is a statement of {earlier['source']}; a statement follows one of its own source"
    yield from follows_faults(spanned(data["said_at"]), spanned(earlier["said_at"]))


def _property(data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    yield from _terms(data)
    if data["part_of"] in known["properties"]:
        yield from _coupled(("part_of",), data["part_of"], data, known)
    for field in ("also_part_of", "difference_of"):
        for index, name in enumerate(data[field]):
            yield from _coupled((field, index), name, data, known)


def _terms(data: dict[str, Any]) -> Iterator[tuple[Field, str]]:
    names = [term["id"] for term in data["terms"]]
    for index, term in enumerate(data["terms"]):
        if names.index(term["id"]) != index:
            yield ("terms", index, "id"), "is given twice"
        if term["within"] is not None and term["within"] not in names:
            yield ("terms", index, "within"), f"no term is called {term['within']!r}"
    within = {term["id"]: {"within": term["within"]} for term in data["terms"] if term["within"] in names}
    for name, _, reason in circle_faults(within):
        yield ("terms", names.index(name), "within"), reason
    if data["kind"] is ValueKind.CATEGORY and not names and data["vocabulary"] is None:
        yield ("terms",), "a category needs terms or a vocabulary"


def _coupled(where: Field, name: str, data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    other = known["properties"].get(name)
    if other is None:
        yield where, f"no entry of properties is called {name!r}"
    elif other["kind"] != data["kind"]:
        yield where, f"is a {other['kind'].value}, this is a {data['kind'].value}"


def _claim(data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    yield from _span(data, "as_of")
    prop = known["properties"].get(data["property"])
    if prop is not None:
        yield from _value(data["value"], prop, known)
    yield from _locator(data["locator"], known["documents"].get(data["document"]))
    yield from _within("scope", period_faults(data["scope"].get("period")))
    yield from _within("attribution", chain_faults([link["source"] for link in data["attribution"]]))
    statement = known["statements"].get(data["statement"] or "")
    yield from _clocks(data, statement, known["documents"].get(data["document"]))
    if statement is not None:
        yield from _goes_back(data, statement, known)
    yield from _reckoned(data, known)


def _reckoned(data: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    """A figure is reckoned from other quantities of its own document."""
    for index, name in enumerate(data["reckoned"]["of"] if data["reckoned"] else ()):
        other = known["claims"].get(name)
        if other is None or other["document"] != data["document"] or name == data["id"]:
            yield ("reckoned", "of", index), f"no other claim of {data['document']} is called {name!r}"
        elif other["value"]["kind"] is not ValueKind.QUANTITY:
            yield ("reckoned", "of", index), f"{name} is no quantity"


def _locator(locator: dict[str, Any], document: dict[str, Any] | None) -> Iterator[tuple[Field, str]]:
    apart, long = locator["end"] - locator["start"], len(locator["exact"])
    if apart != long:
        yield ("locator", "end"), f"start and end are {apart} apart, but exact has {long} characters"
    if document is not None and locator["end"] > document["length"]:
        yield ("locator", "end"), f"lies beyond the document's {document['length']} characters"


def _clocks(
    data: dict[str, Any], statement: dict[str, Any] | None, document: dict[str, Any] | None
) -> Iterator[tuple[Field, str]]:
    """Hold the three clocks of a claim against each other; when it was said is its statement's to tell."""
    said_at = spanned(statement["said_at"]) if statement is not None else Span()
    published = spanned(document["published"]) if document is not None else Span()
    for (clock, *_), reason in clock_faults(spanned(data["as_of"]), said_at, published):
        yield ("statement" if clock == "said_at" else clock,), reason


def _goes_back(data: dict[str, Any], statement: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    """Hold a claim's origin against the speaker of the statement it is said to go back to."""
    if data["attribution"]:
        origin = data["attribution"][-1]["source"]
        if not _kin(origin, statement["source"], known):
            yield ("statement",), f"is by {statement['source']}, but the attribution ends with {origin}"


def _kin(one: str, other: str, known: Known) -> bool:
    return _root(one, known) == _root(other, known)


def _root(name: str, known: Known) -> str:
    seen: list[str] = []
    while name in known["sources"] and known["sources"][name]["part_of"] and name not in seen:
        seen.append(name)
        name = known["sources"][name]["part_of"]
    return name


def _value(value: dict[str, Any], prop: dict[str, Any], known: Known) -> Iterator[tuple[Field, str]]:
    terms = known["places"] if prop["vocabulary"] == "places" else [term["id"] for term in prop["terms"]]
    yield from _within("value", faults(value, prop["kind"], prop["unit"], terms))


def _within(field: str, found: Iterator[Fault]) -> Iterator[tuple[Field, str]]:
    for where, reason in found:
        yield (field, *where), reason


Check = Callable[[dict[str, Any], Known], Iterator[tuple[Field, str]]]

RULES: dict[str, Check] = {
    "documents": _document,
    "properties": _property,
    "statements": _statement,
    "events": _event,
    "claims": _claim,
}
