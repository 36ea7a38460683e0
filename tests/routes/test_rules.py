"""Rules over HTTP: in order, by kind, each with an example for and one against."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.review.rules import NAMES
from schemas.vocabulary import Relation, RuleFamily
from tests.intake.folders import small, write

FIELDS = {"name", "kind", "relation", "family", "sentence", "place", "examples"}
EXAMPLE = {"case", "because", "relation", "rule", "left", "right", "beside"}

Listing = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def rules(listing: Listing) -> list[dict[str, Any]]:
    return listing("/v1/rules")


def test_rules_are_listed_in_the_order_they_are_tried(rules: list[dict[str, Any]]) -> None:
    assert [rule["place"] for rule in rules] == list(range(1, len(rules) + 1))
    assert [rule["name"] for rule in rules] == list(NAMES)
    for rule in rules:
        assert set(rule) == FIELDS
        assert rule["sentence"].endswith(".")
        assert rule["relation"] == rule["kind"]


def test_every_rule_has_an_example_for_it_and_one_against_it(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        shown, missed = rule["examples"]["for"], rule["examples"]["against"]
        assert set(shown) == set(missed) == EXAMPLE
        assert (shown["rule"], shown["relation"]) == (rule["name"], rule["kind"])
        assert missed["rule"] != rule["name"]
        for example in (shown, missed):
            assert example["because"].endswith(".")
            assert {"property"} <= set(example["left"])
            assert {"property"} <= set(example["right"])


def test_an_example_tells_its_claims_as_its_editor_does(client: FlaskClient) -> None:
    shown = client.get("/v1/rules/echo_of_one_origin").json["examples"]["for"]
    assert shown == {
        "case": "one-official-in-two-papers",
        "because": "Two papers that carry one governor's count are one confirmation.",
        "relation": "echo",
        "rule": "echo_of_one_origin",
        "left": {"property": "deaths", "value": {"amount": 24}, "origin": "governor"},
        "right": {"property": "deaths", "value": {"amount": 24}, "origin": "governor"},
        "beside": [],
    }


def test_an_example_that_needs_its_surroundings_brings_them(client: FlaskClient) -> None:
    beside = client.get("/v1/rules/hedged_in_its_document").json["examples"]["for"]["beside"]
    assert [claim["value"]["qualifier"] for claim in beside] == ["nearly"]


@pytest.mark.parametrize("kind", Relation)
def test_rules_can_be_had_by_kind_and_every_relation_has_one(
    rules: list[dict[str, Any]], listing: Listing, kind: Relation
) -> None:
    found = listing("/v1/rules", kind=kind.value)
    assert found
    assert found == [rule for rule in rules if rule["kind"] == kind]


def test_every_family_has_rules(rules: list[dict[str, Any]]) -> None:
    assert {rule["family"] for rule in rules} == set(RuleFamily)


def test_a_rule_by_its_name_is_the_rule_as_listed(client: FlaskClient, rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        assert client.get(f"/v1/rules/{rule['name']}").json == rule


def test_an_unknown_rule_is_not_found_and_the_nearest_is_suggested(client: FlaskClient) -> None:
    answer = client.get("/v1/rules/count_grows")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert "count_grew" in answer.json["suggestions"]


def test_a_kind_that_is_no_relation_is_refused_with_the_relations(client: FlaskClient) -> None:
    answer = client.get("/v1/rules?kind=friends")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "kind")
    assert "exceeds_whole" in answer.json["errors"][0]["expected"]


def test_a_terminal_shows_the_cases_of_a_list_and_both_examples_of_one_rule(client: FlaskClient) -> None:
    listed = client.get("/v1/rules?kind=echo&format=text").text.splitlines()
    assert listed[0].split() == ["PLACE", "NAME", "KIND", "FAMILY", "FOR", "AGAINST", "SENTENCE"]
    assert "one-official-in-two-papers" in listed[1]
    told = client.get("/v1/rules/echo_of_one_origin?format=text").text
    assert told.splitlines()[0].endswith("echo_of_one_origin · agreement · leads to echo")
    assert "FOR one-official-in-two-papers\n  left    deaths: 24 · origin governor\n" in told
    assert "AGAINST " in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_without_cases_examples_are_null(empty: str, tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()))
    client = create_app(Config(database_url=empty)).test_client()
    for rule in client.get("/v1/rules?limit=500").json["items"]:
        assert rule["examples"] == {"for": None, "against": None}
    assert client.get("/v1/rules/part_fits?format=text").status_code == 200
