"""Claims over HTTP: their fields, each filter by itself, and how one claim is looked into."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

BELGOROD = "belgorod-strike-2023-12-30"
GLADKOV = "vyacheslav-gladkov"
LATEST = "002_ec6ad124609acde6"

FIELDS = {
    *("id", "event", "property", "value", "scope", "as_of", "statement", "attribution", "origin", "document"),
    *("locator", "stance", "status", "causes", "reckoned", "note", "revision", "recorded_at"),
}
PARTS = {
    "value": {"kind", "qualifier", "amount", "low", "high", "unit", "term", "text"},
    "scope": {"place", "population", "period"},
    "as_of": {"earliest", "latest"},
    "locator": {"start", "end", "exact"},
}

Item = dict[str, Any]
Listing = Callable[..., list[Item]]
Picking = Callable[..., list[Item]]


def test_every_claim_has_the_fields_of_the_contract(listing: Listing) -> None:
    for claim in listing("/v1/claims"):
        assert set(claim) == FIELDS, claim["id"]
        assert {name: set(claim[name]) for name in PARTS} == PARTS, claim["id"]
        assert all(set(link) == {"source", "role", "channel", "inferred"} for link in claim["attribution"])


def test_claims_are_listed_in_the_order_of_the_documents(listing: Listing) -> None:
    claims = listing("/v1/claims")
    assert claims == sorted(claims, key=lambda claim: (claim["document"], claim["locator"]["start"], claim["id"]))


def test_a_claim_is_served_as_it_is_listed(client: FlaskClient, listing: Listing) -> None:
    for claim in listing("/v1/claims", event=BELGOROD, property="deaths"):
        assert client.get(f"/v1/claims/{claim['id']}").json == claim


def test_the_origin_is_the_last_link_of_the_chain(listing: Listing) -> None:
    for claim in listing("/v1/claims"):
        if claim["attribution"]:
            assert claim["origin"] == claim["attribution"][-1]["source"], claim["id"]


def may_reach(claim: Item, least: float) -> bool:
    value = claim["value"]
    return value["kind"] == "quantity" and (value["high"] is None or value["high"] >= least)


def may_stay_under(claim: Item, most: float) -> bool:
    value = claim["value"]
    return value["kind"] == "quantity" and (value["low"] is None or value["low"] <= most)


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"event": BELGOROD}, lambda c: c["event"] == BELGOROD),
        ({"property": "deaths"}, lambda c: c["property"] == "deaths"),
        ({"source": "russia"}, lambda c: "russia" in [link["source"] for link in c["attribution"]]),
        ({"origin": GLADKOV}, lambda c: c["origin"] == GLADKOV),
        ({"document": LATEST}, lambda c: c["document"] == LATEST),
        ({"statement": "gladkov-belgorod-3"}, lambda c: c["statement"] == "gladkov-belgorod-3"),
        ({"kind": "quantity"}, lambda c: c["value"]["kind"] == "quantity"),
        ({"kind": "category"}, lambda c: c["value"]["kind"] == "category"),
        ({"kind": "time"}, lambda c: c["value"]["kind"] == "time"),
        ({"kind": "polarity"}, lambda c: c["value"]["kind"] == "polarity"),
        ({"status": "active"}, lambda c: c["status"] == "active"),
        ({"place": "kyiv"}, lambda c: c["scope"]["place"] == "kyiv"),
        ({"min": 24}, lambda c: may_reach(c, 24)),
        ({"min": 4.5}, lambda c: may_reach(c, 4.5)),
        ({"max": 24}, lambda c: may_stay_under(c, 24)),
        ({"max": -1}, lambda c: may_stay_under(c, -1)),
        ({"min": 100, "max": 120}, lambda c: may_reach(c, 100) and may_stay_under(c, 120)),
        ({"q": "DRONES"}, lambda c: "drones" in c["locator"]["exact"].lower()),
        ({"q": "people at"}, lambda c: all(word in c["locator"]["exact"].lower() for word in ("people", "at"))),
        ({"changed_since": "2024-02-01"}, lambda c: True),
        ({"changed_since": "2024-02-01T00:00:00+00:00"}, lambda c: True),
        ({"as_of": "2023-12-31"}, lambda c: c["document"] != LATEST),
        ({"event": BELGOROD, "property": "deaths", "origin": GLADKOV, "min": 22},
         lambda c: (c["event"], c["property"], c["origin"]) == (BELGOROD, "deaths", GLADKOV) and may_reach(c, 22)),
    ],
)  # fmt: skip
def test_a_filter_leaves_exactly_the_claims_it_describes(
    listing: Listing, filters: Item, keeps: Callable[[Item], bool]
) -> None:
    found = listing("/v1/claims", **filters)
    assert found
    assert found == [claim for claim in listing("/v1/claims") if keeps(claim)]


@pytest.mark.parametrize(
    "filters",
    [
        {"changed_since": "2024-02-02"},
        {"changed_since": "2024-02-01T00:00:00-01:00"},
        {"as_of": "2023-12-29"},
        {"min": 10**12, "max": -(10**12), "kind": "category"},
        {"kind": "category", "min": 1},
        {"q": "%"},
        {"q": "_ople"},
    ],
)
def test_a_filter_that_fits_nothing_leaves_nothing(listing: Listing, filters: Item) -> None:
    assert listing("/v1/claims", **filters) == []


def test_at_least_21_may_be_more_than_a_thousand(listing: Listing) -> None:
    found = listing("/v1/claims", event=BELGOROD, property="deaths", min=1_000)
    assert {claim["value"]["qualifier"] for claim in found} == {"at_least"}


@pytest.mark.parametrize("text", ["abc", "nan", "NaN", "inf", "-Infinity", "1e999", "1_000", "0x10", ""])
@pytest.mark.parametrize("name", ["min", "max"])
def test_a_bound_that_is_no_number_is_refused(client: FlaskClient, name: str, text: str) -> None:
    answer = client.get("/v1/claims", query_string={name: text})
    assert answer.status_code == 422
    assert "number" in answer.json["errors"][0]["expected"]


def test_the_revisions_of_a_claim_begin_with_its_first_and_end_with_its_present_state(
    client: FlaskClient, listing: Listing
) -> None:
    for claim in listing("/v1/claims", event=BELGOROD, property="deaths"):
        page = client.get(f"/v1/claims/{claim['id']}/revisions").json
        assert [item["revision"] for item in page["items"]] == list(range(1, claim["revision"] + 1))
        assert page["items"][-1] == {
            "revision": claim["revision"],
            "recorded_at": claim["recorded_at"],
            "claim": claim,
        }


def test_a_relation_is_the_same_seen_from_either_side(client: FlaskClient, picking: Picking) -> None:
    turned = {"left_first": "right_first", "right_first": "left_first", "same": "same", "unknown": "unknown"}
    for mine in picking(BELGOROD, "deaths"):
        for tie in client.get(f"/v1/claims/{mine['id']}/relations").json["items"]:
            assert set(tie) == {"claim", "relation", "rule", "because", "order"}
            back = client.get(f"/v1/claims/{tie['claim']}/relations").json["items"]
            seen = next(other for other in back if other["claim"] == mine["id"])
            assert (seen["relation"], seen["rule"], seen["order"]) == (
                tie["relation"],
                tie["rule"],
                turned[tie["order"]],
            )


def test_the_relations_of_a_claim_hold_every_other_claim_of_its_question_and_not_itself(
    client: FlaskClient, picking: Picking
) -> None:
    siblings = {claim["id"] for claim in picking(BELGOROD, "deaths")}
    for name in siblings:
        found = [tie["claim"] for tie in client.get(f"/v1/claims/{name}/relations").json["items"]]
        assert len(found) == len(set(found))
        assert siblings - {name} <= set(found)
        assert name not in found


@pytest.mark.parametrize("part", ["", "/provenance", "/relations", "/revisions"])
def test_a_misspelt_claim_is_not_found_and_the_nearest_is_suggested(
    client: FlaskClient, listing: Listing, part: str
) -> None:
    real = listing("/v1/claims", event=BELGOROD, property="deaths")[0]["id"]
    answer = client.get(f"/v1/claims/{real}0{part}")
    assert answer.status_code == 404
    assert real in answer.json["suggestions"]
