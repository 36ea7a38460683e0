"""The timeline of an event over HTTP: when each figure was said, published and superseded."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.moments import parse_moment

BELGOROD = "belgorod-strike-2023-12-30"
PATH = f"/v1/events/{BELGOROD}/timeline"
ITEM = {"question", "property", "label", "scope", "conflict", "entries"}
ENTRY = {
    *("value", "denied", "status", "property", "scope", "as_of", "said", "published", "documents", "origins"),
    *("claims", "superseded", "late"),
}
SUCCESSION = {"by", "relation", "rule", "because", "said", "published"}
GONE = ("superseded", "corrected")

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


@pytest.fixture
def timelines(listing: Listing) -> Callable[..., list[Item]]:
    """The timelines of every event, one item a question."""

    def read(**filters: Any) -> list[Item]:
        paths = [f"/v1/events/{event['id']}/timeline" for event in listing("/v1/events")]
        return [item for path in paths for item in listing(path, **filters)]

    return read


def entries(client: FlaskClient, prop: str = "deaths", **filters: str) -> list[Item]:
    """The entries of the one question of Belgorod on a property."""
    items = client.get(PATH, query_string={"property": prop, **filters}).json["items"]
    assert len(items) == 1
    found: list[Item] = items[0]["entries"]
    return found


def amounts(found: list[Item]) -> list[tuple[str, int | None]]:
    return [(entry["value"]["qualifier"], entry["value"]["amount"]) for entry in found]


def test_a_timeline_has_the_fields_of_the_contract(timelines: Callable[..., list[Item]]) -> None:
    for item in timelines():
        assert set(item) == ITEM
        for entry in item["entries"]:
            assert set(entry) == ENTRY
            assert set(entry["published"]) == {"first", "last"}
            assert entry["superseded"] is None or set(entry["superseded"]) == SUCCESSION


def test_there_is_one_item_a_question_in_the_order_of_the_questions(listing: Listing) -> None:
    for event in listing("/v1/events"):
        questions = listing("/v1/questions", event=event["id"])
        found = listing(f"/v1/events/{event['id']}/timeline")
        assert [item["question"] for item in found] == [question["id"] for question in questions]
        for item, question in zip(found, questions, strict=True):
            assert (item["property"], item["scope"], item["conflict"]) == (
                question["property"],
                question["scope"],
                question["conflict"],
            )


def test_the_entries_are_the_values_of_the_question(timelines: Callable[..., list[Item]], listing: Listing) -> None:
    questions = {question["id"]: question for question in listing("/v1/questions")}
    for item in timelines():
        for entry in item["entries"]:
            (given,) = [
                given
                for given in questions[item["question"]]["values"]
                if [held["id"] for held in given["claims"]] == entry["claims"]
            ]
            for name in ("value", "status", "denied", "property", "scope", "origins", "as_of"):
                assert entry[name] == given[name]
            assert set(entry["documents"]) == {held["document"] for held in given["claims"]}
        assert len(item["entries"]) == len(questions[item["question"]]["values"])


def test_each_entry_has_the_clocks_of_its_own_claims(timelines: Callable[..., list[Item]], listing: Listing) -> None:
    claims = {claim["id"]: claim for claim in listing("/v1/claims")}
    documents = {document["id"]: document for document in listing("/v1/documents")}
    for item in timelines():
        for entry in item["entries"]:
            latest = [documents[name]["published"]["latest"] for name in entry["documents"]]
            assert entry["published"] == {"first": latest[0], "last": latest[-1]}
            assert latest == sorted(latest)
            unsaid = all(claims[name]["statement"] is None for name in entry["claims"])
            assert not unsaid or entry["said"] == {"earliest": None, "latest": None}


def test_what_stands_no_longer_names_its_one_successor(timelines: Callable[..., list[Item]]) -> None:
    gone = 0
    for item in timelines():
        for index, entry in enumerate(item["entries"]):
            if entry["superseded"] is None:
                assert entry["status"] not in GONE
                continue
            gone += 1
            successor = item["entries"][entry["superseded"]["by"]]
            assert successor is not item["entries"][index]
            assert entry["status"] in GONE
            assert entry["superseded"]["relation"] in ("updates", "corrects")
            assert entry["superseded"]["because"].endswith(".")
            assert entry["superseded"]["said"] == successor["said"]
            assert entry["superseded"]["published"] == successor["published"]["first"]
    assert gone >= 6


def test_the_toll_of_belgorod_moves_from_21_over_22_to_24(client: FlaskClient) -> None:
    found = entries(client)
    assert amounts(found) == [("exact", 21), ("at_least", 21), ("exact", 22), ("exact", 24)]
    assert [entry["status"] for entry in found] == ["superseded", "current", "superseded", "current"]
    assert [entry["superseded"] and entry["superseded"]["by"] for entry in found] == [2, None, 3, None]
    assert found[0]["superseded"]["rule"] == "count_grew"
    assert [entry["said"] for entry in found[2:]] == [
        {"earliest": "2023-12-30", "latest": "2023-12-31"},
        {"earliest": "2023-12-31", "latest": "2023-12-31"},
    ]
    assert found[3]["published"] == {"first": "2023-12-31", "last": "2024-01-01"}


def test_a_count_that_falls_is_in_the_order_of_the_statements(client: FlaskClient) -> None:
    found = entries(client, "injured")
    assert amounts(found)[:2] == [("exact", 110), ("exact", 108)]
    unsaid = [entry["said"] == {"earliest": None, "latest": None} for entry in found]
    assert unsaid == sorted(unsaid)


def test_a_document_that_was_not_out_leaves_no_trace(client: FlaskClient) -> None:
    then = entries(client, as_of="2023-12-31")
    assert "002_ec6ad124609acde6" not in {name for entry in then for name in entry["documents"]}
    assert then[3]["published"] == {"first": "2023-12-31", "last": "2023-12-31"}
    assert then[3]["origins"] == ["vyacheslav-gladkov"]
    assert entries(client, as_of="2024-01-01") == entries(client)


def test_what_took_a_values_place_is_unknown_before_it_was_published(client: FlaskClient) -> None:
    path = "/v1/events/air-assault-2023-12-29/timeline?property=deaths"

    def kyiv(moment: str) -> list[Item]:
        items = client.get(f"{path}&as_of={moment}").json["items"]
        found: list[Item] = next(item["entries"] for item in items if item["scope"]["place"] == "kyiv")
        return found

    before, after = kyiv("2023-12-31"), kyiv("2024-01-01")
    assert [(entry["value"]["amount"], entry["status"]) for entry in before] == [(16, "current")]
    assert [(entry["value"]["amount"], entry["status"]) for entry in after] == [(16, "superseded"), (23, "current")]
    assert after[0]["superseded"]["published"] == "2024-01-01"


def test_an_entry_is_first_published_when_as_of_first_shows_it(
    client: FlaskClient, timelines: Callable[..., list[Item]]
) -> None:
    shown = {
        moment: {name for item in timelines(as_of=moment) for entry in item["entries"] for name in entry["claims"]}
        for moment in ("2023-12-30", "2023-12-31", "2024-01-01")
    }
    for item in timelines():
        for entry in item["entries"]:
            first = parse_moment(entry["published"]["first"]).last
            for moment, seen in shown.items():
                assert bool(seen & set(entry["claims"])) == (first <= date.fromisoformat(moment)), (moment, entry)


def test_nothing_was_known_before_the_first_document(client: FlaskClient) -> None:
    assert client.get(f"{PATH}?as_of=2023-12-29").json == {"items": [], "next": None}


def test_property_leaves_the_questions_on_that_property(listing: Listing) -> None:
    every = listing(PATH)
    for prop in ("deaths", "injured", "measure_ordered"):
        kept = listing(PATH, property=prop)
        assert kept == [item for item in every if item["property"] == prop] != []
    asked = {item["property"] for item in every}
    elsewhere = next(prop["id"] for prop in listing("/v1/properties") if prop["id"] not in asked)
    assert listing(PATH, property=elsewhere) == []


def test_a_property_or_an_event_that_is_not_on_record_is_not_found(client: FlaskClient) -> None:
    for path, near in ((f"{PATH}?property=deths", "deaths"), (f"/v1/events/{BELGOROD}x/timeline", BELGOROD)):
        answer = client.get(path)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
        assert near in answer.json["suggestions"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("event", BELGOROD), ("limit", "0"), ("as_of", "soon"), ("property", "A B"), ("grade", "contested")],
)
def test_a_parameter_that_does_not_fit_is_named(client: FlaskClient, name: str, text: str) -> None:
    answer = client.get(PATH, query_string={name: text})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["errors"][0]["field"] == name


def test_a_narrowed_question_says_by_what_in_its_label(listing: Listing) -> None:
    labels = {item["label"] for item in listing(PATH, property="measure_ordered")}
    assert {"Measures ordered or under way", "Measures ordered or under way (Belgorod urban district)"} <= labels


def test_a_sheet_has_a_row_for_every_entry(client: FlaskClient) -> None:
    items = client.get(PATH, query_string={"limit": 500}).json["items"]
    text = client.get(PATH, query_string={"limit": 500, "format": "csv"}).text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    flat = [(item["question"], entry) for item in items for entry in item["entries"]]
    assert [(row["question"], row["status"]) for row in rows] == [(name, entry["status"]) for name, entry in flat]
    assert [row["documents"].split() for row in rows] == [entry["documents"] for _, entry in flat]
    toll = [row for row in rows if row["question"] == f"{BELGOROD}.deaths"]
    assert [(row["value"], row["superseded_by"], row["relation"], row["successor_published"]) for row in toll] == [
        ("21", "22", "updates", "2023-12-31"),
        ("at least 21", "", "", ""),
        ("22", "24", "updates", "2023-12-31"),
        ("24", "", "", ""),
    ]


def test_lines_of_json_are_the_questions(client: FlaskClient) -> None:
    lines = client.get(f"{PATH}?limit=9&format=ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == client.get(f"{PATH}?limit=9").json["items"]


def test_the_toll_reads_as_a_table(client: FlaskClient) -> None:
    assert client.get(f"{PATH}?property=deaths&format=text").text == (
        "  VALUE        STATUS      SAID            OUT BY\n"
        "\n"
        "Deaths · belgorod-strike-2023-12-30.deaths\n"
        "  21           superseded  30–31 Dec 2023  31 Dec 2023\n"
        "    held 30–31 Dec 2023 · 3 documents · vyacheslav-gladkov, russia\n"
        "    → replaced by 22: said 30–31 Dec 2023, out by 31 Dec 2023\n"
        "  at least 21  current     30–31 Dec 2023  31 Dec 2023\n"
        "    held 30–31 Dec 2023 · 3 documents · russia\n"
        "  22           superseded  30–31 Dec 2023  31 Dec 2023\n"
        "    held 30–31 Dec 2023 · 1 document · russia\n"
        "    → replaced by 24: said 31 Dec 2023, out by 31 Dec 2023\n"
        "  24           current     31 Dec 2023     31 Dec 2023\n"
        "    held 30 Dec 2023–1 Jan 2024 · 2 documents · vyacheslav-gladkov,\n"
        "      russia-health-ministry\n"
    )


def test_every_table_fits_a_terminal_and_shows_every_question(client: FlaskClient, listing: Listing) -> None:
    for event in listing("/v1/events"):
        path = f"/v1/events/{event['id']}/timeline"
        text = client.get(path, query_string={"limit": 500, "format": "text"}).text
        assert max(map(len, text.splitlines())) <= 80
        for item in listing(path):
            assert item["question"] in text
