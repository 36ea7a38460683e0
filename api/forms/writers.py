"""Writers: the formats that only some nouns have, each under its media type."""

from collections.abc import Callable, Mapping
from typing import Any

from api.addresses import Asked
from api.forms import annotations, linked
from schemas.pages import Format, OwnFormat

Writer = Callable[[Mapping[str, Any], Asked], bytes]
"""Writes one resource, or the `items` of a list."""

ANNOTATION_PROFILE = "http://www.w3.org/ns/anno.jsonld"
ANNOTATION = f'application/ld+json;profile="{ANNOTATION_PROFILE}"'


def _prov_json(content: Mapping[str, Any], asked: Asked) -> bytes:
    from api.forms import lineage  # a tenth of the time a start would take, for what few ask for

    return lineage.prov_json(content, asked)


def _prov_n(content: Mapping[str, Any], asked: Asked) -> bytes:
    from api.forms import lineage

    return lineage.prov_n(content, asked)


MEDIA_TYPES: dict[Format | OwnFormat, str] = {
    OwnFormat.JSONLD: "application/ld+json",
    OwnFormat.ANNOTATION: ANNOTATION,
    OwnFormat.PROV: "application/prov+json",
    OwnFormat.PROVN: "text/provenance-notation",
}

CONTENT_TYPES = {**MEDIA_TYPES, OwnFormat.PROVN: "text/provenance-notation; charset=utf-8"}

WRITERS: dict[str, dict[OwnFormat, Writer]] = {
    "claims": {OwnFormat.JSONLD: linked.claims, OwnFormat.ANNOTATION: annotations.claims},
    "events": {OwnFormat.JSONLD: linked.events},
    "questions": {OwnFormat.JSONLD: linked.questions},
    "discrepancies": {OwnFormat.JSONLD: linked.questions},
    "provenance": {OwnFormat.PROV: _prov_json, OwnFormat.PROVN: _prov_n},
}
"""What each noun can be had as besides the formats that every noun has."""


def offered(noun: str) -> dict[str, OwnFormat]:
    """Return the media types of a noun's own formats."""
    return {MEDIA_TYPES[form]: form for form in WRITERS.get(noun, ())}


def written(noun: str, form: OwnFormat, content: Mapping[str, Any], asked: Asked) -> bytes:
    """Write one resource, or a list, in a format of its noun's own."""
    return WRITERS[noun][form](content, asked)


def bare(media_type: str) -> str:
    """Return a media type without its parameters, save for the one that tells annotations from other JSON-LD."""
    name = media_type.split(";")[0].strip().lower()
    return ANNOTATION if name == "application/ld+json" and ANNOTATION_PROFILE in media_type else name
