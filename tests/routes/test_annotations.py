"""Web Annotations over HTTP: where in its document each claim stands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.forms import annotations
from schemas.linked import RATED

PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
LONGEST_SPAN = 12

Item = dict[str, Any]


def test_every_claim_selects_the_span_of_its_locator_by_place_and_by_words(
    client: FlaskClient, listing: Callable[..., list[Item]]
) -> None:
    claims = listing("/v1/claims")
    page = client.get("/v1/claims?limit=500", headers={"Accept": PROFILE}).json
    assert len(page["items"]) == len(claims)
    for claim, found in zip(claims, page["items"], strict=True):
        position, quote = found["target"]["selector"]
        assert {"type": position["type"], **claim["locator"]} == {**position, "exact": quote["exact"]}
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert set(quote) == {"type", "exact"}
        assert len(quote["exact"].split()) <= LONGEST_SPAN


def test_an_annotation_has_what_the_model_asks_for(client: FlaskClient) -> None:
    answer = client.get("/v1/claims?limit=1", headers={"Accept": PROFILE})
    name = answer.json["items"][0]["body"][0]["id"].rsplit("/", 1)[1]
    one = client.get(f"/v1/claims/{name}", headers={"Accept": PROFILE})
    assert one.content_type == answer.content_type == PROFILE.replace("; ", ";")
    assert one.json == {"@context": "http://www.w3.org/ns/anno.jsonld", **answer.json["items"][0]}
    found = one.json
    assert (found["type"], found["motivation"]) == ("Annotation", "describing")
    assert found["id"].startswith("http://localhost/v1/claims/")
    assert found["created"].endswith("Z")
    assert datetime.fromisoformat(found["created"])
    claim = client.get(found["body"][0]["id"]).json
    assert claim["locator"]["exact"] == found["target"]["selector"][1]["exact"]
    assert client.get(found["target"]["source"]["id"]).json["id"] == claim["document"]


def test_a_list_is_a_page_with_its_address_and_the_next_one(client: FlaskClient) -> None:
    here, seen = "http://localhost/v1/claims?limit=200&format=annotation", 0
    while here:
        page = client.get(here).json
        assert (page["type"], page["id"]) == ("AnnotationPage", here)
        seen += len(page["items"])
        here = page.get("next")
    assert seen == len(client.get("/v1/claims?limit=500").json["items"])


def test_the_source_is_the_documents_own_address_where_it_has_one() -> None:
    base = "https://crosscheck.example"
    document = RATED["document"]
    assert annotations.annotation(RATED, base)["target"]["source"]["id"] == document["url"]
    unplaced = {**RATED, "document": {**document, "url": None, "language": None}}
    source = annotations.annotation(unplaced, base)["target"]["source"]
    assert source == {"id": f"{base}/v1/documents/{document['id']}", "type": "Text"}


@pytest.mark.parametrize("accepted", [PROFILE, PROFILE.replace("; ", ";"), f"text/html, {PROFILE};q=0.5"])
def test_the_profile_tells_annotations_from_other_json_ld(client: FlaskClient, accepted: str) -> None:
    assert client.get("/v1/claims?limit=1", headers={"Accept": accepted}).json["type"] == "AnnotationPage"
    assert "@graph" in client.get("/v1/claims?limit=1", headers={"Accept": "application/ld+json"}).json
    assert client.get("/v1/events", headers={"Accept": accepted}).status_code == 406
