"""Discrepancies over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

BELGOROD = "belgorod-strike-2023-12-30"
FIELDS = {
    *("id", "event", "property", "scope", "kind", "conflict", "summary", "values", "relations", "assessment"),
    *("changed_at", "ended_at", "revision", "links"),
}
GIVEN = {"value", "status", "denied", "property", "scope", "claims", "origins", "independent_origins", "as_of"}
ASSESSMENT = {
    *("current", "low", "high", "grade", "because", "documents", "origins", "independent_origins", "sentence"),
}
CONFLICTS = ("contradiction", "exceeds_whole", "unresolved")

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


def test_every_discrepancy_has_the_fields_of_the_contract(listing: Listing) -> None:
    for item in listing("/v1/discrepancies"):
        assert set(item) == FIELDS
        assert set(item["assessment"]) == ASSESSMENT
        assert set(item["links"]) == {"self", "question", "event", "provenance"}
        for given in item["values"]:
            assert set(given) == GIVEN
            assert all(set(held) == {"id", "document", "origin", "exact"} for held in given["claims"])
        for tie in item["relations"]:
            assert set(tie) == {"left", "right", "relation", "rule", "because", "order"}


def test_left_and_right_index_the_values_and_every_relation_says_why(client: FlaskClient, listing: Listing) -> None:
    rules = {rule["name"]: rule["relation"] for rule in listing("/v1/rules")}
    for item in listing("/v1/discrepancies"):
        for tie in item["relations"]:
            assert 0 <= tie["left"] < tie["right"] < len(item["values"])
            assert rules[tie["rule"]] == tie["relation"]
            assert tie["because"].endswith(".")


def test_a_discrepancy_is_served_as_it_is_listed_and_its_links_lead_on(client: FlaskClient, listing: Listing) -> None:
    for item in listing("/v1/discrepancies"):
        assert client.get(item["links"]["self"]).json == item
        question = client.get(item["links"]["question"]).json
        assert question["discrepancy"] == item["id"]
        assert question["assessment"] == item["assessment"]
        assert client.get(item["links"]["event"]).json["id"] == item["event"]
        assert client.get(item["links"]["provenance"]).status_code == 200


def test_only_what_nothing_explains_is_a_conflict(listing: Listing) -> None:
    for item in listing("/v1/discrepancies"):
        assert item["conflict"] == (item["kind"] in CONFLICTS), item["id"]
        assert item["conflict"] == any(given["status"] == "contested" for given in item["values"])
        assert item["conflict"] == (item["assessment"]["grade"] == "contested")
        assert not (item["conflict"] and item["assessment"]["current"])


def documents(item: Item) -> set[str]:
    return {held["document"] for given in item["values"] for held in given["claims"]}


def origins(item: Item) -> set[str]:
    return {held["origin"] for given in item["values"] for held in given["claims"]}


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"event": BELGOROD}, lambda d: d["event"] == BELGOROD),
        ({"property": "deaths"}, lambda d: d["property"] == "deaths"),
        ({"kind": "update"}, lambda d: d["kind"] == "update"),
        ({"kind": "unresolved"}, lambda d: d["kind"] == "unresolved"),
        ({"kind": "contradiction"}, lambda d: d["kind"] == "contradiction"),
        ({"conflict": "true"}, lambda d: d["conflict"]),
        ({"conflict": "false"}, lambda d: not d["conflict"]),
        ({"document": "003_8ce188758bce3ce7"}, lambda d: "003_8ce188758bce3ce7" in documents(d)),
        ({"origin": "vyacheslav-gladkov"}, lambda d: "vyacheslav-gladkov" in origins(d)),
        ({"changed_since": "2024-02-01"}, lambda d: True),
        ({"event": BELGOROD, "conflict": "true", "kind": "unresolved"},
         lambda d: d["event"] == BELGOROD and d["kind"] == "unresolved"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("moment", [{}, {"as_of": "2030-01-01"}], ids=["now", "as_of"])
def test_a_filter_leaves_exactly_the_discrepancies_it_describes(
    listing: Listing, filters: Item, keeps: Callable[[Item], bool], moment: Item
) -> None:
    found = listing("/v1/discrepancies", **filters, **moment)
    assert found
    assert found == [item for item in listing("/v1/discrepancies", **moment) if keeps(item)]


@pytest.mark.parametrize("moment", [{}, {"as_of": "2024-01-02"}], ids=["now", "as_of"])
def test_nothing_has_changed_since_the_record_was_loaded(listing: Listing, moment: Item) -> None:
    assert listing("/v1/discrepancies", changed_since="2030-01-01", **moment) == []


@pytest.mark.parametrize("text", ["yes", "1", "TRUE", ""])
def test_conflict_is_true_or_false_and_nothing_else(client: FlaskClient, text: str) -> None:
    answer = client.get("/v1/discrepancies", query_string={"conflict": text})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["expected"] == "expected true or false"


@pytest.mark.parametrize("part", ["", "/provenance"])
def test_a_misspelt_discrepancy_is_not_found_and_the_nearest_is_suggested(
    client: FlaskClient, listing: Listing, part: str
) -> None:
    real = listing("/v1/discrepancies")[0]["id"]
    answer = client.get(f"/v1/discrepancies/{real}0{part}")
    assert answer.status_code == 404
    assert real in answer.json["suggestions"]
