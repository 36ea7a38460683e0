"""Lookup over HTTP: the best question for a few words."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.review import lookup

BELGOROD = "belgorod-strike-2023-12-30"
KYIV_DEATHS = "air-assault-2023-12-29.deaths.kyiv"

Listing = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("belgorod deaths", f"{BELGOROD}.deaths"),
        ("deaths belgorod", f"{BELGOROD}.deaths"),
        ("BELGOROD DEATHS", f"{BELGOROD}.deaths"),
        ("How many people died in Belgorod?", f"{BELGOROD}.deaths"),
        ("Blegorod deaths", f"{BELGOROD}.deaths"),
        ("belgorod injured", f"{BELGOROD}.injured"),
        ("Kyiv deaths", KYIV_DEATHS),
        ("Kiev deaths", KYIV_DEATHS),
        ("Київ deaths", KYIV_DEATHS),
        ("Kiyev deaths", KYIV_DEATHS),
        ("Белгород deaths", f"{BELGOROD}.deaths"),
        ("Belgorood dethas", f"{BELGOROD}.deaths"),
        ("Kharkov missile model", "kharkiv-strikes-2023-12-30.missile_model"),
        ("Харьков missile model", "kharkiv-strikes-2023-12-30.missile_model"),
        ("kharkiv missile model", "kharkiv-strikes-2023-12-30.missile_model"),
        ("drones launched over russia", "drones-over-russia-2023-12-30.drones_launched"),
    ],
)
def test_a_few_words_find_the_question(client: FlaskClient, words: str, question: str) -> None:
    answer = client.get("/v1/lookup", query_string={"q": words})
    assert answer.status_code == 200
    assert answer.json["question"]["id"] == question


@pytest.mark.parametrize("most", [0, 2, 20_000])
def test_questions_that_were_ranked_before_rank_as_those_that_are_read_anew(
    client: FlaskClient, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def labels() -> list[list[str]]:
        lookup.KNOWN.forget()
        return [
            [found.label for found in lookup.chosen(words, None, None)]
            for words in ("belgorod deaths", "drones over russia", "deaths", "belgorod deaths")
        ]

    before = labels()
    assert all(before)
    monkeypatch.setattr(lookup, "MOST_KNOWN", most)
    assert labels() == before


def test_the_answer_holds_the_question_its_discrepancy_and_the_findings_on_it(client: FlaskClient) -> None:
    found = client.get("/v1/lookup?q=belgorod+deaths").json
    assert set(found) == {"q", "label", "sentence", "question", "discrepancy", "findings", "others"}
    assert found["q"] == "belgorod deaths"
    assert found["question"] == client.get(f"/v1/questions/{BELGOROD}.deaths").json
    assert found["discrepancy"] == client.get(f"/v1/discrepancies/{found['question']['discrepancy']}").json
    assert found["sentence"] == found["question"]["assessment"]["sentence"]
    assert [finding["kind"] for finding in found["findings"]] == ["stale_within_document"]
    for other in found["others"]:
        assert set(other) == {"question", "label"}
        assert client.get(f"/v1/questions/{other['question']}").status_code == 200


def test_every_label_leads_back_to_its_event_and_property(client: FlaskClient, listing: Listing) -> None:
    for question in listing("/v1/questions"):
        named = {"event": question["event"], "property": question["property"]}
        found = client.get("/v1/lookup", query_string=named).json["question"]
        assert (found["event"], found["property"]) == (question["event"], question["property"])


def test_an_event_that_is_given_holds_the_words_to_it(client: FlaskClient) -> None:
    found = client.get("/v1/lookup?q=deaths&event=kherson-strikes-2023-12-30").json
    assert found["question"]["event"] == "kherson-strikes-2023-12-30"


def test_a_property_that_is_given_holds_the_words_to_it(client: FlaskClient) -> None:
    found = client.get("/v1/lookup?q=belgorod&property=injured").json
    assert found["question"]["id"] == f"{BELGOROD}.injured"
    assert all(".injured" in other["question"] for other in found["others"])


@pytest.mark.parametrize("words", ["atlantis deaths", "zzzzz", "belgorod zzzzz"])
def test_words_that_name_nothing_are_not_answered(client: FlaskClient, words: str) -> None:
    answer = client.get("/v1/lookup", query_string={"q": words})
    assert answer.status_code == 404
    assert words in answer.json["detail"]


def test_what_is_near_is_near_to_the_words_that_name_something(client: FlaskClient) -> None:
    answer = client.get("/v1/lookup?q=what+happened+in+kharkiv")
    assert answer.status_code == 404
    assert answer.json["suggestions"]
    assert all("Kharkiv" in label for label in answer.json["suggestions"])


@pytest.mark.parametrize("words", ["", "   ", "\t"])
def test_no_words_at_all_are_refused(client: FlaskClient, words: str) -> None:
    answer = client.get("/v1/lookup", query_string={"q": words})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "q"


@pytest.mark.parametrize("words", ["the", "how many", "???", "'; --", "\x00"])
def test_words_that_name_nothing_at_all_are_not_answered_with_whatever_comes_first(
    client: FlaskClient, words: str
) -> None:
    assert client.get("/v1/lookup", query_string={"q": words}).status_code in (404, 422)


@pytest.mark.parametrize("name", ["event", "property"])
def test_an_event_or_property_that_is_not_on_record_is_not_found(client: FlaskClient, name: str) -> None:
    answer = client.get("/v1/lookup", query_string={"q": "deaths", name: "no-such-thing"})
    assert answer.status_code == 404
    assert answer.json["detail"].startswith(f"No {name} is called 'no-such-thing'")


def test_a_lookup_answers_from_what_was_out(client: FlaskClient) -> None:
    then = client.get("/v1/lookup?q=kyiv+deaths&as_of=2023-12-31").json
    assert then["question"]["assessment"]["current"]["amount"] == 16
    assert then["discrepancy"] is None
    assert client.get("/v1/lookup?q=kyiv+deaths&as_of=2023-12-29").status_code == 404


def test_the_briefing_fits_a_terminal_and_says_what_stands_and_what_was_replaced(client: FlaskClient) -> None:
    text = client.get("/v1/lookup?q=belgorod+deaths&format=text").text
    lines = text.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "NO CONFLICT" in text
    assert "22 → 24 updates" in text
    assert "stale_within_document" in text
    rows = [line.split() for line in lines if line.split()[1:2] in (["current"], ["superseded"])]
    assert rows[0][:2] == ["24", "current"]
    assert ["22", "superseded"] in [row[:2] for row in rows]


def test_the_briefing_names_a_conflict(client: FlaskClient) -> None:
    text = client.get("/v1/lookup?q=belgorod+injured", headers={"Accept": "text/plain"}).text
    assert "\nCONFLICT\n" in text
    assert "108 / 111" in text


def test_a_lookup_as_csv_is_one_row_a_value(client: FlaskClient) -> None:
    rows = client.get("/v1/lookup?q=belgorod+deaths&format=csv").text.splitlines()
    values = client.get(f"/v1/questions/{BELGOROD}.deaths").json["values"]
    assert rows[0] == "value,status,as_of,documents,origins,independent_origins"
    assert len(rows) == len(values) + 1
