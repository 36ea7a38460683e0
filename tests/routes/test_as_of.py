"""as_of over HTTP: every read answers from what had been published by then."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from tests.intake.folders import small, write

BELGOROD = "belgorod-strike-2023-12-30"
LATEST = "002_ec6ad124609acde6"
FUTURE = "2030-01-01T00:00:00+00:00"

LISTS = [
    *("/v1/events", "/v1/claims", "/v1/documents", "/v1/properties", "/v1/rules", "/v1/questions", "/v1/discrepancies"),
    *(f"/v1/events/{BELGOROD}/{noun}" for noun in ("claims", "questions", "discrepancies", "timeline")),
    *(f"/v1/documents/{LATEST}/findings", "/v1/search?q=belgorod"),
]
ONES = [
    f"/v1/events/{BELGOROD}",
    f"/v1/documents/{LATEST}",
    "/v1/sources/vyacheslav-gladkov",
    "/v1/statements/gladkov-belgorod-3",
    "/v1/properties/deaths",
    f"/v1/questions/{BELGOROD}.deaths",
    "/v1/lookup?q=belgorod+deaths",
]

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


def timeless(answer: Any) -> Any:
    """An answer without when and how often the record changed, which a moment in time does not have."""
    if isinstance(answer, dict):
        clocks = ("changed_at", "revision", "next") if "kind" in answer or "items" in answer else ()
        return {name: timeless(value) for name, value in answer.items() if name not in clocks}
    return [timeless(item) for item in answer] if isinstance(answer, list) else answer


@pytest.mark.parametrize("path", [*LISTS, *ONES])
def test_the_far_future_knows_what_is_known_now(client: FlaskClient, path: str) -> None:
    then = client.get(path, query_string=None if "?" in path else {"as_of": FUTURE})
    if "?" in path:
        then = client.get(f"{path}&as_of={FUTURE}")
    assert then.status_code == 200
    assert timeless(then.json) == timeless(client.get(path).json)


def test_the_far_future_knows_every_question_discrepancy_and_finding(client: FlaskClient, listing: Listing) -> None:
    for noun in ("events", "questions", "discrepancies"):
        assert timeless(listing(f"/v1/{noun}", as_of=FUTURE)) == timeless(listing(f"/v1/{noun}"))
    for document in listing("/v1/documents"):
        path = f"/v1/documents/{document['id']}/findings"
        assert client.get(f"{path}?as_of=2030-01-01").json == client.get(path).json


@pytest.mark.parametrize("path", [*LISTS, *ONES, "/v1/sources"])
@pytest.mark.parametrize("text", ["yesterday", "2023-12-31T09:00", "2023-02-30", "", "2023-12-31 09:00+03:00x"])
def test_every_read_refuses_a_moment_it_cannot_read(client: FlaskClient, path: str, text: str) -> None:
    bare, _, query = path.partition("?")
    answer = client.get(bare, query_string={"as_of": text, **dict([query.split("=")] if query else [])})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "as_of"


@pytest.mark.parametrize("moment", ["2023-12-31T23:59+03:00", "2023-12-31T23:59:59.999+03:00", "2023-12-31", "2023-12"])
def test_a_document_of_the_new_year_is_not_out_in_the_old_one(
    client: FlaskClient, listing: Listing, moment: str
) -> None:
    out = [document["id"] for document in listing("/v1/documents", as_of=moment)]
    assert [name[:3] for name in out] == ["000", "001", "003", "004"]
    assert {claim["document"] for claim in listing("/v1/claims", as_of=moment)} == set(out)
    for path in (f"/v1/documents/{LATEST}", f"/v1/documents/{LATEST}/findings"):
        assert client.get(path, query_string={"as_of": moment}).status_code == 404


@pytest.mark.parametrize("moment", ["2024-01-01T23:59+03:00", "2024-01-02T00:00+03:00", "2024-01-01", "2024"])
def test_a_document_of_the_new_year_is_out_when_its_day_is_over(listing: Listing, moment: str) -> None:
    assert LATEST in [document["id"] for document in listing("/v1/documents", as_of=moment)]


def test_a_document_is_not_certainly_out_while_its_day_lasts(listing: Listing) -> None:
    assert listing("/v1/documents", as_of="2023-12-31T09:00+03:00") == []


def test_a_plus_that_arrives_as_a_space_still_works(client: FlaskClient) -> None:
    bare = client.get("/v1/claims?as_of=2023-12-31T23:59+03:00&limit=500")
    encoded = client.get("/v1/claims?as_of=2023-12-31T23:59%2B03:00&limit=500")
    assert bare.status_code == 200
    assert bare.json["items"] == encoded.json["items"] != []


def test_a_plus_that_arrives_as_a_space_still_works_on_the_next_page(client: FlaskClient) -> None:
    first = client.get("/v1/claims?as_of=2023-12-31T23:59+03:00&limit=1")
    assert client.get(first.json["next"]).status_code == 200


@pytest.mark.parametrize("part", ["", "/provenance", "/relations", "/revisions"])
def test_a_claim_is_not_known_before_its_document(client: FlaskClient, listing: Listing, part: str) -> None:
    late = listing("/v1/claims", document=LATEST)[0]["id"]
    assert client.get(f"/v1/claims/{late}{part}?as_of=2024-01-01").status_code == 200
    assert client.get(f"/v1/claims/{late}{part}?as_of=2023-12-31").status_code == 404


def test_the_relations_of_a_claim_leave_out_what_was_not_out(client: FlaskClient, listing: Listing) -> None:
    late = {claim["id"] for claim in listing("/v1/claims", document=LATEST)}
    early = listing("/v1/claims", event=BELGOROD, property="deaths", as_of="2023-12-31")[0]["id"]
    now = {tie["claim"] for tie in client.get(f"/v1/claims/{early}/relations").json["items"]}
    then = {tie["claim"] for tie in client.get(f"/v1/claims/{early}/relations?as_of=2023-12-31").json["items"]}
    assert now & late
    assert then == now - late


def test_the_answer_of_a_moment_rests_on_what_was_out(client: FlaskClient) -> None:
    question = client.get(f"/v1/questions/{BELGOROD}.deaths?as_of=2023-12-31").json
    documents = {held["document"] for given in question["values"] for held in given["claims"]}
    assert LATEST not in documents
    assert question["assessment"]["documents"] == len(documents) == 4
    assert question["assessment"]["current"]["amount"] == 24


def test_an_event_counts_only_what_was_out(client: FlaskClient, listing: Listing) -> None:
    counts = client.get(f"/v1/events/{BELGOROD}?as_of=2023-12-31").json["counts"]
    assert counts["documents"] == 4
    assert counts["claims"] == len(listing("/v1/claims", event=BELGOROD, as_of="2023-12-31"))


@pytest.mark.parametrize("noun", ["events", "claims", "documents", "questions", "discrepancies", "sources"])
def test_nothing_was_known_before_the_first_document(client: FlaskClient, noun: str) -> None:
    assert client.get(f"/v1/{noun}?as_of=2023-12-29").json == {"items": [], "next": None}


@pytest.mark.parametrize("path", [path for path in ONES if "properties" not in path])
def test_nothing_is_found_by_name_before_the_first_document(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}as_of=2023-12-29")
    assert answer.status_code == 404


def test_what_was_not_out_is_not_suggested_for_itself(client: FlaskClient) -> None:
    answer = client.get(f"/v1/documents/{LATEST}?as_of=2023-12-31")
    assert LATEST not in answer.json.get("suggestions", [])


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "0001", "9998", "9999-12-31"])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/claims", "as_of"),
        ("/v1/questions", "as_of"),
        ("/v1/claims", "changed_since"),
        ("/v1/discrepancies", "changed_since"),
        ("/v1/documents", "published_since"),
        ("/v1/documents", "published_until"),
    ],
)
def test_the_ends_of_the_calendar_are_answered_or_refused(
    client: FlaskClient, path: str, name: str, moment: str
) -> None:
    assert client.get(path, query_string={name: moment}).status_code in (200, 422)


def test_an_event_all_of_whose_claims_were_retracted_is_there_from_their_publication_on(
    empty: str, tmp_path: Path
) -> None:
    content = small()
    load(write(tmp_path / "before", content))
    content["claims"] = [claim for claim in content["claims"] if claim["id"] != "c7"]
    load(write(tmp_path / "after", content))
    client = create_app(Config(database_url=empty)).test_client()
    assert client.get("/v1/events/flood?as_of=2024-01-01").status_code == 404
    then = client.get("/v1/events/flood?as_of=2024-01-03")
    assert then.json == client.get("/v1/events/flood").json
    assert set(then.json["counts"].values()) == {0}
    listed = client.get("/v1/events?as_of=2024-01-03").json["items"]
    assert then.json in listed
