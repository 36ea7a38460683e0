"""Events over HTTP, and what belongs to one event."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

BELGOROD = "belgorod-strike-2023-12-30"

FIELDS = {"id", "title", "parent", "place", "starts", "ends", "summary", "counts"}
COUNTS = {"claims", "documents", "questions", "discrepancies", "conflicts"}
PLACE = {"id", "name", "within", "aliases", "latitude", "longitude"}

Listing = Callable[..., list[dict[str, Any]]]


def test_an_event_has_the_fields_of_the_contract(client: FlaskClient) -> None:
    event = client.get(f"/v1/events/{BELGOROD}").json
    assert set(event) == FIELDS
    assert set(event["counts"]) == COUNTS
    assert set(event["place"]) == PLACE
    assert (event["parent"], event["place"]["id"], event["starts"]) == ("war-in-ukraine", "belgorod", "2023-12-30")


def test_all_five_documents_speak_of_belgorod(client: FlaskClient) -> None:
    assert client.get(f"/v1/events/{BELGOROD}").json["counts"]["documents"] == 5


def test_an_event_is_listed_as_it_is_served(client: FlaskClient, listing: Listing) -> None:
    for event in listing("/v1/events"):
        assert client.get(f"/v1/events/{event['id']}").json == event


def test_the_counts_of_each_event_are_the_lengths_of_its_lists(listing: Listing) -> None:
    for event in listing("/v1/events"):
        path = f"/v1/events/{event['id']}"
        claims, discrepancies = listing(f"{path}/claims"), listing(f"{path}/discrepancies")
        standing = [claim for claim in claims if claim["status"] != "retracted"]
        assert event["counts"] == {
            "claims": len(standing),
            "documents": len({claim["document"] for claim in standing}),
            "questions": len(listing(f"{path}/questions")),
            "discrepancies": len(discrepancies),
            "conflicts": sum(item["conflict"] for item in discrepancies),
        }, event["id"]


def told(event: dict[str, Any]) -> str:
    return f"{event['title']} {event['summary']}".lower()


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"parent": "war-in-ukraine"}, lambda e: e["parent"] == "war-in-ukraine"),
        ({"place": "belgorod"}, lambda e: e["place"] is not None and e["place"]["id"] == "belgorod"),
        ({"q": "STRIKE belgorod"}, lambda e: "strike" in told(e) and "belgorod" in told(e)),
        ({"q": "%"}, lambda e: "%" in told(e)),
    ],
)
def test_a_filter_leaves_exactly_the_events_it_describes(
    listing: Listing, filters: dict[str, str], keeps: Callable[[dict[str, Any]], bool]
) -> None:
    assert listing("/v1/events", **filters) == [event for event in listing("/v1/events") if keeps(event)]


@pytest.mark.parametrize("noun", ["claims", "questions", "discrepancies"])
def test_a_list_of_an_event_is_the_filtered_list_of_the_noun(listing: Listing, noun: str) -> None:
    found = listing(f"/v1/events/{BELGOROD}/{noun}")
    assert found
    assert found == listing(f"/v1/{noun}", event=BELGOROD)
    assert listing(f"/v1/events/{BELGOROD}/{noun}", property="deaths") == [
        item for item in found if item["property"] == "deaths"
    ]


@pytest.mark.parametrize("noun", ["claims", "questions", "discrepancies", "timeline"])
def test_an_event_cannot_be_asked_for_the_claims_of_another(client: FlaskClient, noun: str) -> None:
    answer = client.get(f"/v1/events/{BELGOROD}/{noun}?event=war-in-ukraine")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "event"


@pytest.mark.parametrize("noun", ["", "/claims", "/questions", "/discrepancies", "/timeline"])
def test_an_event_that_is_not_on_record_is_not_found_on_any_path(client: FlaskClient, noun: str) -> None:
    answer = client.get(f"/v1/events/belgorod-strike-2023-12-31{noun}")
    assert answer.status_code == 404
    assert BELGOROD in answer.json["suggestions"]
