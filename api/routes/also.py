"""Also: what a read can be had as besides JSON, described with an example of each."""

from typing import Any

from api.addresses import Asked
from api.forms import annotations, linked, writers
from api.routes.contract import Noun
from schemas.linked import ANY, EVENT, LINEAGE, QUESTION, RATED, SHOWN_BY
from schemas.pages import ReadQuery, also_as

SHOWN = Asked(SHOWN_BY, f"{SHOWN_BY}/v1/claims")

LINKED: dict[str, Any] = {
    "claims": linked.claim(RATED, SHOWN.base),
    "events": linked.event(EVENT, SHOWN.base),
    "questions": linked.review(QUESTION, SHOWN.base),
    "discrepancies": linked.review(QUESTION, SHOWN.base),
}


def also(noun: str, listed: bool = False) -> Any:
    """Return the decorator that describes a noun's own formats in its answer."""
    content = _provenance() if noun == "provenance" else _linked(noun, listed)
    return Noun.doc(responses={200: {"content": content}})


def asked(noun: str, query: type[ReadQuery]) -> type[ReadQuery]:
    """Return the schema of a query that may ask for a noun's own formats."""
    return also_as(query, tuple(writers.offered(noun).values()))


def _linked(noun: str, listed: bool) -> dict[str, Any]:
    """Describe a noun as JSON-LD; a claim as an annotation too."""
    shown = LINKED[noun]
    body = {"@context": linked.CONTEXT, **({"@graph": [shown]} if listed else shown)}
    if noun != "claims":
        return {"application/ld+json": {"schema": ANY, "example": body}}
    marked = annotations.annotation(RATED, SHOWN.base)
    page = {"id": SHOWN.here, "type": "AnnotationPage", "items": [marked]} if listed else marked
    told = {"jsonld": body, "annotation": {"@context": annotations.CONTEXT, **page}}
    examples = {name: {"summary": SUMMARIES[name], "value": value} for name, value in told.items()}
    return {"application/ld+json": {"schema": ANY, "examples": examples}}


SUMMARIES = {
    "jsonld": "In the words of schema.org",
    "annotation": f'As a Web Annotation, for `profile="{annotations.CONTEXT}"`',
}


def _provenance() -> dict[str, Any]:
    return {
        "application/prov+json": {"schema": ANY, "example": LINEAGE["prov"]},
        "text/provenance-notation": {"schema": {"type": "string"}, "example": LINEAGE["provn"]},
    }
