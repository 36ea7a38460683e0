"""Fact checks over HTTP: the parameters of Google's claims.search, its answers, and its failures."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Config
from api.review import factchecking
from api.store import db as store

SEARCH = "/v1alpha1/claims:search"

Fields = dict[str, Any]


def searched(client: FlaskClient, **asked: Any) -> Fields:
    answer = client.get(SEARCH, query_string=asked)
    assert answer.status_code == 200, answer.text
    found: Fields = answer.json
    return found


def refused(answer: TestResponse, code: int, status: str) -> Fields:
    """The body of a failure, after checking that it has Google's shape."""
    assert answer.status_code == code, answer.text
    assert answer.content_type == "application/json; charset=UTF-8"
    assert set(answer.json) == {"error"}
    error: Fields = answer.json["error"]
    assert {"code", "message", "status"} <= set(error) <= {"code", "message", "status", "details", "errors"}
    assert (error["code"], error["status"]) == (code, status)
    assert error["message"]
    for detail in error.get("details", ()):
        assert set(detail) == {"@type", "fieldViolations"}
        assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
        assert all(violation["description"] for violation in detail["fieldViolations"])
    return error


def violation(error: Fields) -> Fields:
    (only,) = error["details"][0]["fieldViolations"]
    found: Fields = only
    return found


def test_a_claim_has_the_fields_google_gives_and_our_assessment(client: FlaskClient) -> None:
    found = searched(client, query="22 belgorod deaths")
    assert found == {
        "claims": [
            {
                "text": "Strike on Belgorod: 22 people killed",
                "claimant": "Russian authorities",
                "claimDate": "2023-12-30T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "Crosscheck", "site": "localhost"},
                        "url": "http://localhost/v1/questions/belgorod-strike-2023-12-30.deaths",
                        "title": "24 people were killed as of 1 January 2024, according to Vyacheslav Gladkov and the "
                        "Russian Health Ministry; earlier reports said 21 and 22. All 5 documents go back to one "
                        "origin or name none; nobody has confirmed it independently.",
                        "reviewDate": "2024-02-01T00:00:00Z",
                        "textualRating": "superseded: 24 as of 1 January 2024",
                        "languageCode": "en",
                    }
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "rating"),
    [
        ("24 belgorod deaths", "single origin"),
        ("22 belgorod deaths", "superseded: 24 as of 1 January 2024"),
        ("160 injured", "contested"),
        ("day 676", "unattributed"),
        ("apartments damaged 453", "single origin"),
    ],
)
def test_the_rating_says_what_the_record_makes_of_a_claim(client: FlaskClient, query: str, rating: str) -> None:
    claims = searched(client, query=query)["claims"]
    assert rating in {claim["claimReview"][0]["textualRating"] for claim in claims}


def test_a_value_that_independent_origins_give_is_confirmed_by_them(client: FlaskClient) -> None:
    question = client.get("/v1/questions?grade=corroborated").json["items"][0]
    claims = searched(client, query=f"{question['property'].replace('_', ' ')}", pageSize=100)["claims"]
    ratings = {
        claim["claimReview"][0]["textualRating"]
        for claim in claims
        if claim["claimReview"][0]["url"].endswith(question["id"])
    }
    assert any(rating.startswith("confirmed by ") and " and " in rating for rating in ratings)


def test_the_review_leads_to_the_question_with_its_sentence(client: FlaskClient) -> None:
    review = searched(client, query="kharkiv injured")["claims"][0]["claimReview"][0]
    assert client.get(review["url"]).json["assessment"]["sentence"] == review["title"]


def test_the_address_that_is_configured_is_the_one_given(record: str) -> None:
    app = create_app(Config(database_url=record, public_url="https://www.facts.example/check"))
    client = app.test_client()
    review = searched(client, query="belgorod deaths")["claims"][0]["claimReview"][0]
    assert review["url"].startswith("https://www.facts.example/check/v1/questions/")
    assert review["publisher"]["site"] == "facts.example"
    assert searched(client, reviewPublisherSiteFilter="facts.example")["claims"]
    store.db.close()


@pytest.mark.parametrize("query", ["nothing of the kind", "zzz", "%", "'; --", '"', "\x00", "\ud7ff", "*", "???", "𝔘"])
def test_what_nothing_answers_is_an_empty_object(client: FlaskClient, query: str) -> None:
    assert searched(client, query=query) == {}


def test_words_of_the_wording_find_a_claim_that_no_question_is_named_by(client: FlaskClient) -> None:
    claims = searched(client, query="Russia responded")["claims"]
    assert claims


@pytest.mark.parametrize("query", ["Nebenzia accusation", "Blegorod town", "Iskandar ballistic"])
def test_words_of_the_wording_may_be_spelt_otherwise(client: FlaskClient, query: str) -> None:
    assert searched(client, query=query)["claims"]


@pytest.mark.parametrize("query", ["Vyacheslav Gladkov", "Гладков", "Gladkow deaths", "Gladkov 24 killed"])
def test_words_that_name_a_speaker_find_what_he_said(client: FlaskClient, query: str) -> None:
    claims = searched(client, query=query, pageSize=100)["claims"]
    assert {claim["claimant"] for claim in claims} == {"Vyacheslav Gladkov"}
    if "24" in query:
        assert {claim["text"] for claim in claims} == {"Strike on Belgorod: 24 people killed"}


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_the_pages_together_are_the_whole_and_none_is_larger_than_asked(client: FlaskClient, size: int) -> None:
    whole = searched(client, query="belgorod deaths", pageSize=100)
    assert "nextPageToken" not in whole
    gathered: list[Fields] = []
    asked: Fields = {"query": "belgorod deaths", "pageSize": size}
    while True:
        page = searched(client, **asked)
        assert len(page["claims"]) <= size
        gathered += page["claims"]
        if "nextPageToken" not in page:
            break
        asked["pageToken"] = page["nextPageToken"]
    assert gathered == whole["claims"]


def test_a_page_has_ten_claims_unless_asked_and_a_hundred_at_most(client: FlaskClient) -> None:
    for size, count in ((None, 10), (0, 10), (100, 100), (5_000, 100)):
        page = searched(client, **{"reviewPublisherSiteFilter": "localhost", **({"pageSize": size} if size else {})})
        assert len(page["claims"]) == count
        assert page["nextPageToken"]


def test_an_offset_passes_over_claims_and_a_token_outweighs_it(client: FlaskClient) -> None:
    whole = searched(client, query="belgorod deaths", pageSize=100)["claims"]
    assert searched(client, query="belgorod deaths", offset=4, pageSize=2)["claims"] == whole[4:6]
    token = searched(client, query="belgorod deaths", pageSize=2)["nextPageToken"]
    assert searched(client, query="belgorod deaths", offset=9, pageSize=2, pageToken=token)["claims"] == whole[2:4]
    assert searched(client, query="belgorod deaths", offset=10_000) == {}


def test_a_page_begins_behind_the_last_claim_even_where_others_came_before_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = searched(client, query="belgorod deaths", pageSize=3)
    second = searched(client, query="belgorod deaths", pageSize=3, pageToken=first["nextPageToken"])
    found = factchecking.claims_answering
    others = found("kharkiv injured")
    monkeypatch.setattr(factchecking, "claims_answering", lambda words: others + found(words))
    assert searched(client, query="belgorod deaths", pageSize=3, pageToken=first["nextPageToken"]) == second


@pytest.mark.parametrize("code", ["en", "en-US", "EN", "en-Latn-GB", ""])
def test_a_language_that_reviews_are_written_in_leaves_them(client: FlaskClient, code: str) -> None:
    assert searched(client, query="belgorod deaths", languageCode=code)["claims"]


@pytest.mark.parametrize("code", ["de", "ru-RU", "eng", "sr-Latn"])
def test_another_language_leaves_nothing(client: FlaskClient, code: str) -> None:
    assert searched(client, query="belgorod deaths", languageCode=code) == {}


@pytest.mark.parametrize(
    "site",
    ["localhost", "www.localhost", "http://localhost/", "LOCALHOST", "localhost:8000", "https://localhost:8000/"],
)
def test_our_own_site_leaves_everything_even_without_words(client: FlaskClient, site: str) -> None:
    assert len(searched(client, reviewPublisherSiteFilter=site)["claims"]) == 10


@pytest.mark.parametrize("site", ["example.org", "localhost.example", "local", "localhost:port"])
def test_another_site_leaves_nothing(client: FlaskClient, site: str) -> None:
    assert searched(client, query="belgorod deaths", reviewPublisherSiteFilter=site) == {}


def test_the_age_is_that_of_the_claim_or_of_its_review_whichever_is_newer(client: FlaskClient) -> None:
    reviewed = datetime(2024, 2, 1, tzinfo=UTC)
    days = (datetime.now(UTC) - reviewed) // timedelta(days=1)
    everything = searched(client, query="belgorod deaths", pageSize=100)
    assert searched(client, query="belgorod deaths", pageSize=100, maxAgeDays=days + 1) == everything
    assert searched(client, query="belgorod deaths", maxAgeDays=days) == {}
    assert searched(client, query="belgorod deaths", pageSize=100, maxAgeDays=0) == everything
    assert searched(client, query="belgorod deaths", pageSize=100, maxAgeDays=2**31 - 1) == everything


def test_the_answer_is_indented_unless_that_is_not_wanted(client: FlaskClient) -> None:
    plain = client.get(SEARCH, query_string={"query": "belgorod deaths", "prettyPrint": "false"})
    pretty = client.get(SEARCH, query_string={"query": "belgorod deaths"})
    assert pretty.text.startswith('{\n  "claims": [\n')
    assert "\n" not in plain.text
    assert plain.json == pretty.json
    assert pretty.content_type == plain.content_type == "application/json; charset=UTF-8"


def test_an_answer_is_handed_to_the_function_that_is_named(client: FlaskClient) -> None:
    answer = client.get(SEARCH, query_string={"query": "zzz", "callback": "my.handler"})
    assert (answer.text, answer.content_type) == (
        "// API callback\nmy.handler({});\n",
        "text/javascript; charset=UTF-8",
    )
    refused(client.get(SEARCH, query_string={"query": "zzz", "callback": "alert(1)//"}), 400, "INVALID_ARGUMENT")


def test_parameters_may_be_written_as_google_also_knows_them(client: FlaskClient) -> None:
    named = searched(client, query="belgorod deaths", pageSize=2, fields="claims/text")
    assert searched(client, query="belgorod deaths", page_size=2, **{"$fields": "claims/text"}) == named
    assert searched(client, **{"query": ["zzz", "belgorod deaths"]}, pageSize=2, fields="claims/text") == named
    masked = client.get(f"{SEARCH}?query=belgorod+deaths&pageSize=2", headers={"X-Goog-FieldMask": "claims.text"})
    assert masked.json == named


def test_what_has_no_effect_here_is_taken(client: FlaskClient) -> None:
    taken = dict.fromkeys(("key", "quotaUser", "access_token", "oauth_token", "uploadType", "upload_protocol"), "x")
    asked: Fields = {"query": "belgorod deaths", "alt": "json", "$.xgafv": "2", **taken}
    assert searched(client, **asked) == searched(client, query="belgorod deaths")


def test_a_search_may_come_as_a_form_when_its_address_would_be_too_long(client: FlaskClient) -> None:
    asked = {"query": "belgorod deaths", "pageSize": "2", "alt": "json"}
    answer = client.post(SEARCH, data=asked, headers={"X-HTTP-Method-Override": "GET"})
    assert answer.json == searched(client, **asked)
    assert violation(refused(client.post(SEARCH, data={"pageSize": "x"}), 400, "INVALID_ARGUMENT"))["field"]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({}, "query", "is required"),
        ({"query": "  "}, "query", "is required"),
        ({"query": "a", "pageSize": "abc"}, "page_size", "Invalid value at 'page_size' (TYPE_INT32), \"abc\""),
        ({"query": "a", "pageSize": ""}, "page_size", "Invalid value at 'page_size' (TYPE_INT32), \"\""),
        ({"query": "a", "offset": "1_0"}, "offset", "Invalid value at 'offset' (TYPE_INT32), \"1_0\""),
        ({"query": "a", "offset": "2147483648"}, "offset", "Invalid value at 'offset' (TYPE_INT32), \"2147483648\""),
        ({"query": "a", "offset": "٣"}, "offset", "Invalid value at 'offset' (TYPE_INT32), \"٣\""),
        ({"query": "a", "maxAgeDays": "1.5"}, "max_age_days", "Invalid value at 'max_age_days' (TYPE_INT32), \"1.5\""),
        ({"query": "a", "prettyPrint": "maybe"}, "pretty_print", "Invalid value at 'pretty_print' (TYPE_BOOL), \"may"),
        ({"query": "a", "pageSize": "-1"}, "page_size", "must not be less than 0"),
        ({"query": "a", "maxAgeDays": "-1"}, "max_age_days", "must not be less than 0"),
        ({"query": "a", "offset": "-1"}, "offset", "must not be less than 0"),
        ({"query": "a", "languageCode": "not a language"}, "language_code", "BCP 47"),
        ({"query": "a", "pageToken": "abc"}, "page_token", "nextPageToken"),
        ({"query": "a", "pageToken": "W10"}, "page_token", "nextPageToken"),
        ({"query": "a", "pageToken": "é"}, "page_token", "nextPageToken"),
        ({"query": "a", "pageToken": "-1.a"}, "page_token", "nextPageToken"),
        ({"query": "a", "alt": "proto"}, "alt", "only json"),
        ({"query": "a", "$.xgafv": "3"}, "xgafv", "expected 1 or 2"),
        ({"query": "a" * 2_001}, "query", "2000"),
        (
            {"query": "belgorod deaths", "fields": "claims(texts)"},
            "claims(texts)",
            "Error expanding 'fields' parameter. Cannot find matching fields for path 'claims.texts'.",
        ),
        ({"query": "zzz", "fields": "claims("}, "claims(", "Error expanding 'fields' parameter. Expected a field"),
    ],
)
def test_what_does_not_fit_is_refused_as_google_does_and_named(
    client: FlaskClient, asked: Fields, field: str, said: str
) -> None:
    error = refused(client.get(SEARCH, query_string=asked), 400, "INVALID_ARGUMENT")
    assert violation(error)["field"] == field
    assert said in violation(error)["description"]
    invalid = said.startswith("Invalid")
    assert error["message"] == (violation(error)["description"] if invalid else "Request contains an invalid argument.")


def test_a_parameter_that_there_is_not_is_refused_in_googles_words(client: FlaskClient) -> None:
    error = refused(client.get(f"{SEARCH}?query=a&colour=red"), 400, "INVALID_ARGUMENT")
    said = (
        'Invalid JSON payload received. Unknown name "colour": Cannot bind query parameter. '
        "Field 'colour' could not be found in request message."
    )
    assert error["message"] == said
    assert violation(error) == {"description": said}


def test_a_token_of_another_search_begins_at_its_place_in_this_one(client: FlaskClient) -> None:
    token = searched(client, query="belgorod deaths", pageSize=2)["nextPageToken"]
    whole = searched(client, query="kharkiv injured", pageSize=100)["claims"]
    assert searched(client, query="kharkiv injured", pageSize=2, pageToken=token)["claims"] == whole[2:4]


def test_the_older_form_of_errors_is_added_where_it_is_asked_for(client: FlaskClient) -> None:
    for value, given in (("1", True), ("2", False)):
        error = refused(client.get(SEARCH, query_string={"$.xgafv": value}), 400, "INVALID_ARGUMENT")
        assert ("errors" in error) is given
    older = client.get(SEARCH, query_string={"$.xgafv": "1"}).json["error"]
    assert older["errors"] == [{"message": older["message"], "domain": "global", "reason": "badRequest"}]


@pytest.mark.parametrize(
    ("method", "path", "code", "status"),
    [
        ("GET", "/v1alpha1/claims:imageSearch?imageUri=https://a.example/a.png", 501, "UNIMPLEMENTED"),
        ("GET", "/v1alpha1/pages", 501, "UNIMPLEMENTED"),
        ("POST", "/v1alpha1/pages", 501, "UNIMPLEMENTED"),
        ("GET", "/v1alpha1/pages/1", 501, "UNIMPLEMENTED"),
        ("PUT", "/v1alpha1/pages/1", 501, "UNIMPLEMENTED"),
        ("DELETE", "/v1alpha1/pages/1", 501, "UNIMPLEMENTED"),
        ("GET", "/v1alpha1/claims", 404, "NOT_FOUND"),
        ("GET", "/v1alpha1/nope", 404, "NOT_FOUND"),
        ("GET", "/v1alpha1/pages/1/2", 404, "NOT_FOUND"),
        ("PUT", SEARCH, 405, "UNIMPLEMENTED"),
        ("DELETE", SEARCH, 405, "UNIMPLEMENTED"),
    ],
)
def test_what_is_not_served_is_told_as_google_tells_it(
    client: FlaskClient, method: str, path: str, code: int, status: str
) -> None:
    refused(client.open(path, method=method), code, status)


@pytest.fixture
def unready(fresh: Callable[[], str], record: str) -> Iterator[FlaskClient]:
    """A client of an application whose tables are gone."""
    url = fresh()
    store.migrate(store.bind(url, create=True))
    client = create_app(Config(database_url=url)).test_client()
    store.db.execute_sql("ALTER TABLE question_claim RENAME TO gone")
    store.db.execute_sql("ALTER TABLE question RENAME TO gone_too")
    yield client
    store.db.close()


def test_a_database_that_fails_is_told_as_google_tells_it(unready: FlaskClient) -> None:
    answer = unready.get(SEARCH, query_string={"query": "a"})
    refused(answer, 503, "UNAVAILABLE")
    assert answer.headers["Retry-After"]


def test_a_failure_elsewhere_keeps_its_own_shape(client: FlaskClient) -> None:
    answer = client.get("/v1alpha1x")
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.data)["status"] == 404
