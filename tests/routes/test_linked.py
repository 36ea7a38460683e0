"""JSON-LD over HTTP: claims, events and what can be said of questions, held against schema.org's vocabulary."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from tests.vocabulary import SPACE, expanded, faults

BELGOROD = "belgorod-strike-2023-12-30"
JSON_LD = "application/ld+json"

Item = dict[str, Any]


def described(client: FlaskClient, path: str) -> Any:
    answer = client.get(path, headers={"Accept": JSON_LD})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == JSON_LD
    return answer.json


@pytest.mark.parametrize(
    "path",
    [
        "/v1/claims?limit=500",
        f"/v1/events/{BELGOROD}/claims",
        "/v1/claims?limit=200&as_of=2023-12-31",
        "/v1/events",
        f"/v1/events/{BELGOROD}",
        "/v1/questions?limit=500",
        f"/v1/questions/{BELGOROD}.deaths",
        f"/v1/events/{BELGOROD}/questions",
        "/v1/discrepancies",
        "/v1/discrepancies?as_of=2024-01-01",
        f"/v1/events/{BELGOROD}/discrepancies",
    ],
)
def test_all_that_is_said_is_said_in_terms_of_schema_org_as_they_are_meant(client: FlaskClient, path: str) -> None:
    nodes = expanded(described(client, path))
    assert nodes
    assert sorted(set(faults(nodes))) == []


def test_the_check_against_the_vocabulary_finds_what_is_wrong() -> None:
    context = {"@vocab": SPACE}
    wrong = {
        "no type": {"@type": "Claims", "name": "a"},
        "no property": {"@type": "Claim", "says": "a"},
        "is no property of": {"@type": "Event", "claimReviewed": "a"},
        "cannot be": {"@type": "ClaimReview", "reviewRating": {"@type": "Event"}},
    }
    for said, content in wrong.items():
        (fault,) = faults(expanded({"@context": context, **content}))
        assert said in fault
    for content in ({"@type": "PropertyValue", "minValue": "a"}, {"@type": "Event", "startDate": "soon"}):
        assert list(faults(expanded({"@context": context, **content})))


def test_a_claim_says_what_where_on_whose_word_and_what_we_make_of_it(
    client: FlaskClient, picking: Callable[..., list[Item]]
) -> None:
    name = picking(BELGOROD, "deaths", amount=22)[0]["id"]
    found = described(client, f"/v1/claims/{name}")
    address = f"http://localhost/v1/claims/{name}"
    assert (found["@id"], found["@type"], found["url"]) == (address, "Claim", address)
    assert found["text"] == "Strike on Belgorod: 22 people killed"
    assert found["about"]["@id"] == f"http://localhost/v1/events/{BELGOROD}"
    assert (found["mainEntity"]["value"], found["mainEntity"]["unitText"]) == (22, "people")
    assert found["author"]["name"] == found["creditText"] == "Russian authorities"
    assert found["appearance"]["hasPart"]["text"] == "reached 22"
    assert found["isBasedOn"] == "http://localhost/v1/statements/gladkov-belgorod-2"
    review = found["review"]
    assert review["@type"] == "ClaimReview"
    assert review["itemReviewed"] == {"@id": address}
    assert review["reviewRating"]["alternateName"] == "superseded: 24 as of 1 January 2024"
    assert review["reviewBody"] == client.get(f"/v1/questions/{BELGOROD}.deaths").json["assessment"]["sentence"]
    assert review["claimReviewed"] == found["text"]


def test_every_address_of_ours_leads_somewhere(client: FlaskClient) -> None:
    def addresses(part: Any) -> set[str]:
        if isinstance(part, list):
            return {found for item in part for found in addresses(item)}
        if isinstance(part, dict):
            return {found for inner in part.values() for found in addresses(inner)}
        return {part} if isinstance(part, str) and part.startswith("http://localhost/v1/") else set()

    found = addresses(described(client, f"/v1/events/{BELGOROD}/claims?property=deaths")["@graph"])
    assert len(found) > 10
    for address in found:
        assert client.get(address).status_code == 200, address


def test_the_source_of_a_claim_is_a_person_or_an_organisation_and_an_unnamed_one_is_credited_only(
    client: FlaskClient, listing: Callable[..., list[Item]]
) -> None:
    kinds = {source["id"]: source["kind"] for source in listing("/v1/sources")}
    claims = {claim["id"]: claim for claim in listing("/v1/claims")}
    types = {
        "person": "Person",
        "office": "Organization",
        "organisation": "Organization",
        "outlet": "NewsMediaOrganization",
    }
    seen = set()
    for found in described(client, "/v1/claims?limit=500")["@graph"]:
        origin = claims[found["identifier"]]["origin"]
        if origin:
            seen.add(kinds[origin])
            assert found.get("author", {}).get("@type") == types.get(kinds[origin])
            assert found["creditText"]
    assert {"person", "unnamed"} <= seen


def test_a_list_is_a_graph_of_what_its_items_are_alone_and_its_next_page_is_linked(client: FlaskClient) -> None:
    answer = client.get("/v1/claims?limit=3&format=jsonld")
    graph = answer.json["@graph"]
    assert len(graph) == 3
    assert 'rel="next"' in answer.headers["Link"]
    assert "format=jsonld" in answer.headers["Link"]
    for node in graph:
        assert described(client, f"/v1/claims/{node['identifier']}") == {"@context": answer.json["@context"], **node}


def test_a_moment_gives_the_review_of_that_moment(client: FlaskClient, picking: Callable[..., list[Item]]) -> None:
    name = picking(BELGOROD, "deaths", amount=21)[-1]["id"]
    then = described(client, f"/v1/claims/{name}?as_of=2023-12-31")["review"]
    assert "24" in described(client, f"/v1/claims/{name}")["review"]["reviewBody"]
    assert (
        then["reviewBody"]
        == client.get(f"/v1/questions/{BELGOROD}.deaths?as_of=2023-12-31").json["assessment"]["sentence"]
    )
    assert "datePublished" not in then


def test_a_discrepancy_is_one_review_of_all_its_claims(client: FlaskClient) -> None:
    item = client.get("/v1/discrepancies?conflict=true").json["items"][0]
    found = described(client, item["links"]["self"])
    assert found["@type"] == "ClaimReview"
    held = [claim["id"] for given in item["values"] for claim in given["claims"]]
    assert [claim["@id"].rsplit("/", 1)[1] for claim in found["itemReviewed"]] == held
    assert found["datePublished"] == item["changed_at"]


def test_a_page_of_claims_takes_as_many_queries_as_one_claim_with_a_chain(client: FlaskClient) -> None:
    counts = []
    for limit in (50, 500):
        with count_queries() as counter:
            described(client, f"/v1/claims?limit={limit}")
        counts.append(counter.count)
    assert counts[0] == counts[1]
    assert counts[1] <= 16


@pytest.mark.parametrize("path", ["/v1/sources", "/v1/documents", "/v1/rules", "/v1/lookup?q=belgorod+deaths"])
def test_a_noun_without_such_a_format_says_which_it_has(client: FlaskClient, path: str) -> None:
    joined = "&" if "?" in path else "?"
    answer = client.get(f"{path}{joined}format=jsonld")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["expected"] == "expected one of json, text, csv, ndjson"
    refused = client.get(path, headers={"Accept": JSON_LD})
    assert refused.status_code == 406
    assert "application/json" in refused.json["detail"]
