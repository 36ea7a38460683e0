"""Illustrating: the description shown with examples from the record it describes, so that each of them works."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

Fields = dict[str, Any]
Ask = Callable[[str], Any]
"""What gives the answer of a read, or None."""

JSON = ("application/json", "application/feed+json")

MADE_UP = "WyJtYWRlIHVwIl0.c2lnbmVkLWJ5LW5vYm9keS1zbyB0aGlzIGlzIG5vIHJlYWw"
"""Where an example has a cursor, which belongs to a key that is nobody's business."""

ALSO = {
    "event": "event_id",
    "property": "property_id",
    "source": "source_id",
    "origin": "source_id",
    "document": "document_id",
    "statement": "statement_id",
}
"""Which name on record a parameter of an address is shown with."""

WORDS = ("q", "query", "prefix")
"""Parameters that something is looked for by."""

PER_PAGE = {"limit": "1"}
"""A list is shown with its first item."""


def illustrated(described: Fields, ask: Ask) -> Fields:
    """Return a description with an example of every name that is asked for, and of every answer to a read."""
    names = _names(ask)
    for path, operations in described["paths"].items():
        _show(operations.get("parameters", ()), names)
        if "get" in operations:
            _show(operations["get"].get("parameters", ()), names)
            _illustrate(path, operations["get"], names, ask)
            _share(operations["get"], operations.get("post"))
    return described


def _names(ask: Ask) -> Fields:
    """Find names on record that belong together: a discrepancy, its claim, its document, and so on."""
    shown = _first(ask("/v1/discrepancies?conflict=true&limit=1")) or _first(ask("/v1/discrepancies?limit=1"))
    about: Fields = {name: shown[name] for name in ("event", "property") if name in shown}
    claims = (ask(f"/v1/claims?{urlencode({**about, 'limit': 50})}") or {}).get("items", [])
    claim = next((one for one in claims if one["statement"] and one["origin"]), claims[0] if claims else {})
    question = _first(ask(f"/v1/questions?{urlencode({**about, 'limit': 1})}"))
    found = {
        "event_id": claim.get("event"),
        "property_id": claim.get("property"),
        "claim_id": claim.get("id"),
        "document_id": claim.get("document"),
        "statement_id": claim.get("statement"),
        "source_id": claim.get("origin"),
        "entity_id": claim.get("origin"),
        "question_id": question.get("id"),
        "discrepancy_id": shown.get("id"),
        "rule_name": _first(ask("/v1/rules?limit=1")).get("name"),
    }
    return {name: value for name, value in found.items() if value}


def _first(page: Any) -> Fields:
    found: Fields = next(iter((page or {}).get("items", ())), {})
    return found


def _show(parameters: Any, names: Mapping[str, str]) -> None:
    """Give parameters that name something on record an example of it."""
    for parameter in parameters:
        name = parameter["name"] if parameter["in"] == "path" else ALSO.get(parameter["name"], "")
        if name in names and "example" not in parameter.get("schema", {}):
            parameter["example"] = names[name]


def _illustrate(path: str, operation: Fields, names: Mapping[str, str], ask: Ask) -> None:
    """Give the answer of a read its example: what the record answers."""
    content = operation["responses"].get("200", {}).get("content", {})
    shown = next((content[kind] for kind in JSON if kind in content), None)
    if shown is None or "example" in shown or "examples" in shown or not names.keys() >= _within(path):
        return
    answer = ask(f"{path.format(**names)}?{urlencode(dict(_asked(operation)))}")
    if isinstance(answer, dict):
        shown["example"] = _shortened(answer)


def _share(read: Fields, by_form: Fields | None) -> None:
    """Show the same read, asked with a form, with the same answer."""
    shown = read["responses"]["200"]["content"].get(JSON[0], {})
    if by_form is not None and "example" in shown:
        by_form["responses"]["200"]["content"][JSON[0]].setdefault("example", shown["example"])


def _within(path: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", path))


def _asked(operation: Fields) -> Iterator[tuple[str, str]]:
    """Yield what a read has to be asked with to have something to show."""
    for parameter in operation.get("parameters", ()):
        name, schema = parameter["name"], parameter.get("schema", {})
        if name in PER_PAGE:
            yield name, PER_PAGE[name]
        elif (parameter.get("required") or name in WORDS) and (
            shown := parameter.get("example", schema.get("example"))
        ):
            yield name, shown


def _shortened(answer: Fields) -> Fields:
    """Leave one item of a list, and no cursor that a key has signed."""
    if isinstance(answer.get("items"), list):
        answer["items"] = answer["items"][:1]
    for name in ("next", "next_url"):
        if isinstance(answer.get(name), str):
            answer[name] = re.sub(r"(cursor|since)=[^&]+", rf"\1={MADE_UP}", answer[name])
    return answer
