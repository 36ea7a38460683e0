"""Claims put to the engine directly, over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

GLADKOV, MAYOR = [{"source": "vyacheslav-gladkov"}], [{"source": "ihor-terekhov"}]
BELGOROD = "belgorod-strike-2023-12-30"


def put(amount: object, qualifier: str = "exact", **fields: Any) -> dict[str, Any]:
    value = {"kind": "quantity", "qualifier": qualifier, "amount": amount}
    return {"property": "deaths", "value": value, **fields}


def said(term: str, prop: str, **fields: Any) -> dict[str, Any]:
    return {"property": prop, "value": {"kind": "category", "term": term}, **fields}


FIRST, THIRD = {"statement": "gladkov-belgorod-1"}, {"statement": "gladkov-belgorod-3"}
PEOPLE = {"kind": "quantity", "unit": "people", "accumulates": True}
CROWD = {"kind": "quantity", "unit": "people"}

RELATIONS = [
    (put(21, attribution=GLADKOV, **FIRST), put(24, attribution=GLADKOV, **THIRD), "updates", "left_first"),
    (put(24, attribution=GLADKOV), put(21, attribution=GLADKOV), "updates", "right_first"),
    (put(21, "at_least"), put(24), "compatible", "unknown"),
    (put(21), put(24, attribution=MAYOR), "unresolved", "unknown"),
    (put(24, attribution=GLADKOV), put(24, attribution=GLADKOV), "echo", "unknown"),
    (put(24, attribution=GLADKOV), put(24, attribution=MAYOR), "corroborates", "unknown"),
    (put(24, attribution=GLADKOV), put(24, attribution=[{"source": "reuters"}]), "compatible", "unknown"),
    (put(24), put(24), "compatible", "unknown"),
    (put(24), put(24, property="injured"), "not_comparable", "unknown"),
    (put(24), put(24, property="drones_launched"), "not_comparable", "unknown"),
    (put(3, property="child_deaths"), put(24), "part_of_whole", "unknown"),
    (put(30, property="child_deaths"), put(24), "exceeds_whole", "unknown"),
    (put(16, scope={"place": "kyiv"}), put(39), "part_of_whole", "unknown"),
    (put(24, event=BELGOROD, scope={"place": "belgorod"}), put(24, event=BELGOROD), "compatible", "unknown"),
    (put(24, event=BELGOROD), put(25, event=BELGOROD, scope={"place": "belgorod-region"}), "part_of_whole", "unknown"),
    (put(5, property=PEOPLE), put(7, property=PEOPLE, as_of=None), "unresolved", "unknown"),
    (said("s_300", "missile_model"), said("iskander", "missile_model"), "contradicts", "unknown"),
    (said("olkha", "weapon"), said("vampire", "weapon"), "compatible", "unknown"),
    (put(24), put(24, stance="denies"), "contradicts", "unknown"),
    (put(900, "about", property=CROWD), put(870, property=CROWD), "compatible", "unknown"),
]


@pytest.mark.parametrize(("left", "right", "relation", "order"), RELATIONS)
def test_two_claims_stand_to_each_other_the_same_from_either_side(
    client: FlaskClient, left: dict[str, Any], right: dict[str, Any], relation: str, order: str
) -> None:
    left, right = ({name: part for name, part in side.items() if part is not None} for side in (left, right))
    here = client.post("/v1/compare", json={"left": left, "right": right}).json
    there = client.post("/v1/compare", json={"left": right, "right": left}).json
    assert (here["relation"], here["order"]) == (relation, order)
    assert {**here, "order": None} == {**there, "order": None}
    assert set(here) == {"relation", "rule", "because", "order", "independence", "sentence"}


def test_two_answers_to_one_question_have_the_sentence_of_their_assessment(client: FlaskClient) -> None:
    left, right = put(21, attribution=GLADKOV, **FIRST), put(24, attribution=GLADKOV, **THIRD)
    compared = client.post("/v1/compare", json={"left": left, "right": right}).json
    assessed = client.post("/v1/assess", json={"claims": [left, right]}).json
    assert compared["sentence"] == assessed["assessment"]["sentence"]
    assert compared["sentence"] != compared["because"]


@pytest.mark.parametrize(
    "other", [{"property": "injured"}, {"event": "another"}, {"scope": {"place": "kyiv"}}, {"property": PEOPLE}]
)
def test_answers_to_two_questions_have_the_reason_for_a_sentence(client: FlaskClient, other: dict[str, Any]) -> None:
    compared = client.post("/v1/compare", json={"left": put(3), "right": put(24, **other)}).json
    assert compared["sentence"] == compared["because"]


def test_properties_of_different_behaviour_are_different_questions(client: FlaskClient) -> None:
    left, right = put(3, property=PEOPLE), put(24, property=CROWD)
    compared = client.post("/v1/compare", json={"left": left, "right": right}).json
    assert compared["sentence"] == compared["because"]
    refused = client.post("/v1/assess", json={"claims": [left, right]})
    assert [error["field"] for error in refused.json["errors"]] == ["claims.1"]


def test_a_pragmatic_reader_takes_more_than_for_about(client: FlaskClient) -> None:
    body = {"left": put(4_500_000, "more_than", property=CROWD), "right": put(4_480_000, property=CROWD)}
    strict = client.post("/v1/compare", json={**body, "reading": "strict"}).json
    pragmatic = client.post("/v1/compare", json={**body, "reading": "pragmatic"}).json
    assert (strict["relation"], pragmatic["relation"]) == ("unresolved", "compatible")


BACKWARDS = {"earliest": "2024-01-02", "latest": "2024-01-01"}

WRONG = [
    ({"left": put(-3), "right": put(24)}, "left.value.amount"),
    ({"left": put(21), "right": put("many")}, "right.value.amount"),
    ({"left": put(21), "right": put(24, property="no-such")}, "right.property"),
    ({"left": put(21), "right": put(24, property=3)}, "right.property"),
    ({"left": put(21), "right": said("no-such", "weapon")}, "right.value.term"),
    ({"left": put(21), "right": {"property": "deaths", "value": {"kind": "quantity"}}}, "right.value.qualifier"),
    (
        {"left": put(21), "right": put(24, as_of={"earliest": "2024-01-02", "latest": "2024-01-01"})},
        "right.as_of.latest",
    ),
    ({"left": put(21), "right": put(24, scope={"period": "a/b"})}, "right.scope.period"),
    ({"left": put(21), "right": put(24, colour="red")}, "right.colour"),
    ({"left": put(21)}, "right"),
    ({"left": put(21), "right": put(24), "reading": "loose"}, "reading"),
    ([], "body"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_cannot_be_is_refused_by_its_field(client: FlaskClient, body: object, field: str) -> None:
    answer = client.post("/v1/compare", json=body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_what_was_sent_is_said(client: FlaskClient) -> None:
    (error,) = client.post("/v1/compare", json={"left": put(-3), "right": put(24)}).json["errors"]
    assert error == {"field": "left.value.amount", "sent": "-3", "expected": "must not be negative"}


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_400(client: FlaskClient, body: bytes) -> None:
    assert client.post("/v1/compare", data=body, content_type="application/json").status_code == 400


def test_another_media_type_is_415(client: FlaskClient) -> None:
    assert client.post("/v1/compare", data=b"{}", content_type="text/plain").status_code == 415


def test_an_unknown_parameter_is_refused_here_too(client: FlaskClient) -> None:
    answer = client.post("/v1/compare?x=1", json={"left": put(21), "right": put(24)})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "x")


def test_a_large_body_is_413_and_says_how_large_it_may_be(client: FlaskClient) -> None:
    answer = client.post("/v1/assess", data=b" " * 1_000_001, content_type="application/json")
    assert answer.status_code == 413
    assert "1,000,000 bytes" in answer.json["detail"]


def test_claims_are_assessed_together_and_nothing_is_stored(client: FlaskClient) -> None:
    before = client.get("/v1/claims?limit=500").json
    claims = [put(21, attribution=GLADKOV, **FIRST), put(24, attribution=GLADKOV, **THIRD), put(21, "at_least")]
    answer = client.post("/v1/assess", json={"claims": claims}).json
    assert (answer["discrepancy"]["kind"], answer["discrepancy"]["conflict"]) == ("update", False)
    assert (answer["assessment"]["current"]["amount"], answer["assessment"]["grade"]) == (24, "single_origin")
    assert client.get("/v1/claims?limit=500").json == before


def test_an_assessment_does_not_depend_on_the_order_of_the_claims(client: FlaskClient) -> None:
    claims = [put(24, attribution=GLADKOV), put(24, attribution=MAYOR), put(24), put(26, attribution=MAYOR)]
    here, there = (client.post("/v1/assess", json={"claims": given}).json for given in (claims, claims[::-1]))
    assert here["assessment"] == there["assessment"]
    assert here["discrepancy"]["relations"] == there["discrepancy"]["relations"]


def test_what_fits_together_is_no_discrepancy(client: FlaskClient) -> None:
    answer = client.post("/v1/assess", json={"claims": [put(24, attribution=GLADKOV), put(24, attribution=MAYOR)]})
    assert answer.json["discrepancy"] is None
    assert answer.json["assessment"]["grade"] == "corroborated"
    assert "opposing sides" in answer.json["assessment"]["sentence"]


def test_claims_on_different_questions_are_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/assess", json={"claims": [put(24), put(24, property="injured")]})
    assert [error["field"] for error in answer.json["errors"]] == ["claims.1"]
