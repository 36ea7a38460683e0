"""Documents and their findings over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

FIELDS = {
    *("id", "title", "publisher", "url", "language", "published", "sha256", "length", "note", "findings"),
}
DIGEST = "000_d4aeb10cf1ef7939"
LATEST = "002_ec6ad124609acde6"

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


def test_the_five_documents_are_served_with_the_fields_of_the_contract(client: FlaskClient, listing: Listing) -> None:
    documents = listing("/v1/documents")
    assert [document["id"][:3] for document in documents] == ["000", "001", "002", "003", "004"]
    for document in documents:
        assert set(document) == FIELDS
        assert client.get(f"/v1/documents/{document['id']}").json == document


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"published_since": "2024-01-01"}, lambda d: d["published"]["latest"] >= "2024-01-01"),
        ({"published_until": "2023-12-31"}, lambda d: d["published"]["latest"] <= "2023-12-31"),
        ({"as_of": "2023-12-31"}, lambda d: d["id"] != LATEST),
    ],
)
def test_a_filter_leaves_exactly_the_documents_it_describes(
    listing: Listing, filters: Item, keeps: Callable[[Item], bool]
) -> None:
    found = [document["id"] for document in listing("/v1/documents", **filters)]
    assert found
    assert found == [document["id"] for document in listing("/v1/documents") if keeps(document)]


@pytest.mark.parametrize(
    ("filter_name", "name", "says"),
    [
        ("event", "kharkiv-strikes-2023-12-30", lambda c: c["event"] == "kharkiv-strikes-2023-12-30"),
        ("source", "dpa-mia", lambda c: "dpa-mia" in [link["source"] for link in c["attribution"]]),
        ("source", "sergei-lavrov", lambda c: "sergei-lavrov" in [link["source"] for link in c["attribution"]]),
    ],
)
def test_documents_are_found_by_what_their_claims_say(
    listing: Listing, filter_name: str, name: str, says: Callable[[Item], bool]
) -> None:
    found = [document["id"] for document in listing("/v1/documents", **{filter_name: name})]
    assert found == sorted({claim["document"] for claim in listing("/v1/claims") if says(claim)})


def test_a_document_lists_its_findings_in_short(client: FlaskClient, listing: Listing) -> None:
    for document in listing("/v1/documents"):
        page = client.get(f"/v1/documents/{document['id']}/findings").json
        short = [{name: item[name] for name in ("kind", "event", "property", "because")} for item in page["items"]]
        assert document["findings"] == short


def test_a_finding_rests_on_claims_of_its_document_at_their_characters(client: FlaskClient, listing: Listing) -> None:
    for document in listing("/v1/documents"):
        for finding in client.get(f"/v1/documents/{document['id']}/findings").json["items"]:
            assert set(finding) == {"kind", "document", "event", "property", "because", "claims"}
            assert finding["document"] == document["id"]
            assert finding["claims"]
            for shown in finding["claims"]:
                claim = client.get(f"/v1/claims/{shown['id']}").json
                assert claim["document"] == document["id"]
                assert claim["locator"] == {name: shown[name] for name in ("start", "end", "exact")}


@pytest.mark.parametrize("kind", ["stale_within_document", "mixed_snapshot", "broken_chain"])
@pytest.mark.parametrize("moment", ["", "&as_of=2030-01-01"], ids=["now", "as_of"])
def test_findings_can_be_had_by_kind(client: FlaskClient, kind: str, moment: str) -> None:
    everything = client.get(f"/v1/documents/{DIGEST}/findings").json["items"]
    found = client.get(f"/v1/documents/{DIGEST}/findings?kind={kind}{moment}").json["items"]
    assert found
    assert found == [finding for finding in everything if finding["kind"] == kind]


@pytest.mark.parametrize("part", ["", "/findings"])
def test_a_misspelt_document_is_not_found_and_the_nearest_is_suggested(client: FlaskClient, part: str) -> None:
    answer = client.get(f"/v1/documents/000_d4aeb10cf1ef7938{part}")
    assert answer.status_code == 404
    assert DIGEST in answer.json["suggestions"]
