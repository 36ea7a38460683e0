"""Questions over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

BELGOROD = "belgorod-strike-2023-12-30"
FIELDS = {
    *("id", "event", "property", "scope", "discrepancy", "conflict", "summary", "values", "relations"),
    *("assessment", "links"),
}

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


def test_every_question_has_the_fields_of_the_contract_and_a_readable_id(listing: Listing) -> None:
    for question in listing("/v1/questions"):
        assert set(question) == FIELDS
        assert question["id"].startswith(f"{question['event']}.{question['property']}")


def test_a_question_is_served_as_it_is_listed_and_its_links_lead_on(client: FlaskClient, listing: Listing) -> None:
    for question in listing("/v1/questions"):
        assert client.get(question["links"]["self"]).json == question
        assert client.get(question["links"]["event"]).json["id"] == question["event"]
        on_them = {claim["id"] for claim in client.get(f"{question['links']['claims']}&limit=500").json["items"]}
        own = [given for given in question["values"] if given["property"] == question["property"]]
        assert {held["id"] for given in own for held in given["claims"]} <= on_them


def test_every_claim_that_stands_answers_exactly_one_question(listing: Listing) -> None:
    answering = [
        held["id"]
        for question in listing("/v1/questions")
        for given in question["values"]
        if (given["property"], given["scope"]) == (question["property"], question["scope"])
        for held in given["claims"]
    ]
    assert sorted(answering) == sorted(claim["id"] for claim in listing("/v1/claims") if claim["status"] != "retracted")


def test_a_sentence_is_given_for_every_question(listing: Listing) -> None:
    for question in listing("/v1/questions"):
        sentence = question["assessment"]["sentence"]
        assert sentence.endswith("."), question["id"]
        assert "None" not in sentence.replace("None of ", "")
        assert "  " not in sentence


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"event": BELGOROD}, lambda q: q["event"] == BELGOROD),
        ({"property": "deaths"}, lambda q: q["property"] == "deaths"),
        ({"grade": "contested"}, lambda q: q["assessment"]["grade"] == "contested"),
        ({"grade": "single_origin"}, lambda q: q["assessment"]["grade"] == "single_origin"),
        ({"grade": "unattributed"}, lambda q: q["assessment"]["grade"] == "unattributed"),
    ],
)
@pytest.mark.parametrize("moment", [{}, {"as_of": "2030-01-01"}], ids=["now", "as_of"])
def test_a_filter_leaves_exactly_the_questions_it_describes(
    listing: Listing, filters: Item, keeps: Callable[[Item], bool], moment: Item
) -> None:
    found = listing("/v1/questions", **filters, **moment)
    assert found
    assert found == [question for question in listing("/v1/questions", **moment) if keeps(question)]


def test_an_unknown_grade_is_refused_with_the_grades_there_are(client: FlaskClient) -> None:
    answer = client.get("/v1/questions?grade=good")
    assert answer.status_code == 422
    assert "single_origin" in answer.json["errors"][0]["expected"]


def test_a_misspelt_question_is_not_found_and_the_nearest_is_suggested(client: FlaskClient) -> None:
    answer = client.get(f"/v1/questions/{BELGOROD}.deths")
    assert answer.status_code == 404
    assert f"{BELGOROD}.deaths" in answer.json["suggestions"]
