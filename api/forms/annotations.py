"""Annotations: where in its document a claim stands, as the Web Annotation Data Model says it."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from api.addresses import Asked
from api.review.rating import rated

Fields = Mapping[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def claims(content: Fields, asked: Asked) -> bytes:
    """Write one claim as an annotation of its document, or a list as a page of them."""
    if "items" not in content:
        return orjson.dumps({"@context": CONTEXT, **annotation(rated([content], asked.as_of)[0], asked.base)})
    items = [annotation(item, asked.base) for item in rated(content["items"], asked.as_of)]
    following = {"next": content["next"]} if content["next"] else {}
    return orjson.dumps({"@context": CONTEXT, "id": asked.here, "type": "AnnotationPage", **following, "items": items})


def annotation(item: Fields, base: str) -> dict[str, Any]:
    """Describe a claim as an annotation: the span it stands in, and what it says.

    The source is the document's own address where the record has one, else its page here. Positions count
    characters of the text whose digest the record keeps.
    """
    fields, document = item["claim"], item["document"]
    address = f"{base}/v1/claims/{fields['id']}"
    source = {"id": document["url"] or f"{base}/v1/documents/{document['id']}", "type": "Text"}
    language = {"language": document["language"]} if document["language"] else {}
    return {
        "id": f"{address}#annotation",
        "type": "Annotation",
        "motivation": "describing",
        "created": fields["recorded_at"].replace("+00:00", "Z"),
        "body": [
            {"id": address, "type": "Dataset", "format": "application/json"},
            {
                "type": "TextualBody",
                "value": f"{item['event']['title']}: {item['says']}",
                "format": "text/plain",
                "language": "en",
            },
        ],
        "target": {"source": {**source, **language}, "selector": selectors(fields["locator"])},
    }


def selectors(locator: Fields) -> Sequence[Fields]:
    """Return both ways to find the span: by its place and by its words."""
    return [
        {"type": "TextPositionSelector", "start": locator["start"], "end": locator["end"]},
        {"type": "TextQuoteSelector", "exact": locator["exact"]},
    ]
