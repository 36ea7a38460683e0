"""Linked: claims, events and what can be said of questions as JSON-LD in the words of schema.org.

The context stands in every answer, so that no processor asks another host for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from api.addresses import Asked
from api.review.rating import rated

Fields = Mapping[str, Any]
Node = dict[str, Any]

CONTEXT = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "isBasedOn": {"@type": "@id"}}
"""schema.org's terms; the values of these two are addresses."""

US = "Crosscheck"

LANGUAGE = "en"
"""The language of what we say about a claim."""

SPEAKERS = {
    "person": "Person",
    "office": "Organization",
    "organisation": "Organization",
    "outlet": "NewsMediaOrganization",
}
"""What a source is; an unnamed one is nobody that schema.org could describe."""


def claims(content: Fields, asked: Asked) -> bytes:
    """Write claims, each with our review of it."""
    return _written(content, [claim(item, asked.base) for item in rated(_items(content), asked.as_of)])


def events(content: Fields, asked: Asked) -> bytes:
    """Write events."""
    return _written(content, [event(item, asked.base) for item in _items(content)])


def questions(content: Fields, asked: Asked) -> bytes:
    """Write questions or discrepancies, each as our one review of all claims that answer it."""
    return _written(content, [review(item, asked.base) for item in _items(content)])


def _items(content: Fields) -> Sequence[Any]:
    items: Sequence[Any] = content.get("items", [content])
    return items


def _written(content: Fields, nodes: Sequence[Node]) -> bytes:
    body = {"@graph": nodes} if "items" in content else nodes[0]
    return orjson.dumps({"@context": CONTEXT, **body})


def claim(item: Fields, base: str) -> Node:
    """Describe a claim: what it says, of which event, in which document, on whose word, and what we make of it."""
    fields, document = item["claim"], item["document"]
    address = f"{base}/v1/claims/{fields['id']}"
    return _said(
        {
            "@id": address,
            "@type": "Claim",
            "identifier": fields["id"],
            "url": address,
            "name": f"{item['label']} · {item['event']['title']}",
            "text": f"{item['event']['title']}: {item['says']}",
            "inLanguage": LANGUAGE,
            "about": {
                "@id": f"{base}/v1/events/{item['event']['id']}",
                "@type": "Event",
                "name": item["event"]["title"],
            },
            "mainEntity": _figure(fields, item["label"]),
            "author": _speaker(item["speaker"], base),
            "creditText": item["speaker"]["name"] if item["speaker"] else None,
            "dateCreated": (item["said_at"] or {}).get("earliest"),
            "datePublished": document["published"]["earliest"],
            "temporalCoverage": _interval(fields["as_of"]),
            "spatialCoverage": _place(item["place"]),
            "creativeWorkStatus": fields["status"],
            "isBasedOn": f"{base}/v1/statements/{fields['statement']}" if fields["statement"] else None,
            "appearance": _appearance(document, fields["locator"], base),
            "review": _review_of(item, address, base) if item["review"] else None,
        }
    )


def _figure(fields: Fields, label: str) -> Node | None:
    """Give a quantity in numbers."""
    value = fields["value"]
    if value["kind"] != "quantity":
        return None
    return _said(
        {
            "@type": "PropertyValue",
            "propertyID": fields["property"],
            "name": label,
            "value": value["amount"],
            "minValue": value["low"],
            "maxValue": value["high"],
            "unitText": value["unit"],
        }
    )


def _speaker(source: Fields | None, base: str) -> Node | None:
    if source is None or source["kind"] not in SPEAKERS:
        return None
    address = f"{base}/v1/sources/{source['id']}"
    return {"@id": address, "@type": SPEAKERS[source["kind"]], "name": source["name"], "url": address}


def _interval(span: Fields) -> str | None:
    """Write an interval of time as ISO 8601 does; an end that is not known is `..`."""
    start, end = span["earliest"], span["latest"]
    return start if start == end else f"{start or '..'}/{end or '..'}"


def _place(place: Fields | None) -> Node | None:
    return {"@type": "Place", "identifier": place["id"], "name": place["name"]} if place else None


def _appearance(document: Fields, locator: Fields, base: str) -> Node:
    return _said(
        {
            "@id": f"{base}/v1/documents/{document['id']}",
            "@type": "Article",
            "identifier": document["id"],
            "url": document["url"],
            "headline": document["title"],
            "inLanguage": document["language"],
            "datePublished": document["published"]["earliest"],
            "publisher": {"@type": "Organization", "name": document["publisher"]} if document["publisher"] else None,
            "hasPart": {"@type": "Quotation", "text": locator["exact"]},
        }
    )


def _review_of(item: Fields, claim_address: str, base: str) -> Node:
    """Describe what the record makes of one claim."""
    found = item["review"]
    address = f"{base}/v1/questions/{found['question']}"
    return _said(
        {
            "@id": f"{address}#{item['claim']['id']}",
            "@type": "ClaimReview",
            "url": address,
            "claimReviewed": f"{item['event']['title']}: {item['says']}",
            "itemReviewed": {"@id": claim_address},
            "reviewBody": found["sentence"],
            "reviewRating": {
                "@type": "Rating",
                "alternateName": found["rating"],
                "ratingExplanation": found["because"],
            },
            "author": _us(base),
            "datePublished": found["reviewed_at"],
            "inLanguage": LANGUAGE,
        }
    )


def _us(base: str) -> Node:
    return {"@id": f"{base}/#crosscheck", "@type": "Organization", "name": US, "url": f"{base}/"}


def event(fields: Fields, base: str) -> Node:
    """Describe an event."""
    address = f"{base}/v1/events/{fields['id']}"
    place = fields["place"]
    return _said(
        {
            "@id": address,
            "@type": "Event",
            "identifier": fields["id"],
            "url": address,
            "name": fields["title"],
            "description": fields["summary"],
            "startDate": fields["starts"],
            "endDate": fields["ends"],
            "superEvent": {"@id": f"{base}/v1/events/{fields['parent']}", "@type": "Event"}
            if fields["parent"]
            else None,
            "location": _located(place) if place else None,
        }
    )


def _located(place: Fields) -> Node:
    known = place["latitude"] is not None and place["longitude"] is not None
    geo = {"@type": "GeoCoordinates", "latitude": place["latitude"], "longitude": place["longitude"]}
    return _said(
        {
            "@type": "Place",
            "identifier": place["id"],
            "name": place["name"],
            "alternateName": place["aliases"] or None,
            "geo": geo if known else None,
        }
    )


def review(fields: Fields, base: str) -> Node:
    """Describe what can be said of a question, with every claim that answers it."""
    address = f"{base}{fields['links']['self']}"
    assessment = fields["assessment"]
    return _said(
        {
            "@id": address,
            "@type": "ClaimReview",
            "identifier": fields["id"],
            "url": address,
            "about": {"@id": f"{base}{fields['links']['event']}", "@type": "Event"},
            "itemReviewed": list(_answers(fields, base)),
            "claimReviewed": "; ".join(dict.fromkeys(_wordings(fields))),
            "reviewBody": assessment["sentence"],
            "reviewRating": {
                "@type": "Rating",
                "alternateName": assessment["grade"].replace("_", " "),
                "ratingExplanation": assessment["because"],
            },
            "author": _us(base),
            "datePublished": fields.get("changed_at"),
            "inLanguage": LANGUAGE,
        }
    )


def _answers(fields: Fields, base: str) -> Iterator[Node]:
    for given in fields["values"]:
        for held in given["claims"]:
            yield {"@id": f"{base}/v1/claims/{held['id']}", "@type": "Claim", "text": held["exact"]}


def _wordings(fields: Fields) -> Iterator[str]:
    for given in fields["values"]:
        yield given["value"]["text"] or given["claims"][0]["exact"]


def _said(node: Node) -> Node:
    """Leave out what is not known."""
    return {name: value for name, value in node.items() if value is not None}
