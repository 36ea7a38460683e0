"""Failures over HTTP: one shape, the field by name, what was expected."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PROBLEM = {"type", "title", "status", "detail", "instance", "request_id"}

Listing = Callable[..., list[dict[str, Any]]]


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The body of a failure, after checking that it has the one shape."""
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.json
    assert PROBLEM <= set(body) <= PROBLEM | {"errors", "suggestions"}
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["title"]
    assert body["detail"]
    for error in body.get("errors", ()):
        assert set(error) == {"field", "sent", "expected"}
    return body


@pytest.mark.parametrize("path", ["/nope", "/v1", "/v1/nope", "/v1/claims/a/b/c", "/v1/events/x/nope", "/v2/claims"])
def test_an_unknown_path_is_a_problem_that_names_it(client: FlaskClient, path: str) -> None:
    assert problem(client.get(path), 404)["instance"] == path


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("event", "belgorod-strike-2023-12-30"),
        ("property", "deaths"),
        ("source", "vyacheslav-gladkov"),
        ("origin", "vyacheslav-gladkov"),
        ("document", "002_ec6ad124609acde6"),
        ("statement", "gladkov-belgorod-3"),
        ("place", "kharkiv-region"),
    ],
)
def test_a_filter_that_names_nothing_on_record_is_not_found_with_the_nearest(
    client: FlaskClient, name: str, real: str
) -> None:
    body = problem(client.get("/v1/claims", query_string={name: f"{real}x"}), 404)
    assert real in body["suggestions"]
    assert real in body["detail"]
    assert len(body["suggestions"]) <= 3


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/events", "parent"),
        ("/v1/events", "place"),
        ("/v1/sources", "part_of"),
        ("/v1/documents", "event"),
        ("/v1/documents", "source"),
        ("/v1/questions", "event"),
        ("/v1/questions", "property"),
        ("/v1/discrepancies", "event"),
        ("/v1/discrepancies", "property"),
        ("/v1/discrepancies", "document"),
        ("/v1/discrepancies", "origin"),
    ],
)
def test_every_filter_by_name_refuses_a_name_that_is_not_on_record(client: FlaskClient, path: str, name: str) -> None:
    problem(client.get(path, query_string={name: "no-such-name"}), 404)


@pytest.mark.parametrize("slug", ["Belgorod Strike", "UPPER", "a--b", "-a", "a/b", "é", "a\n", "", "a" * 121])
def test_what_cannot_be_a_name_is_refused_before_it_is_looked_for(client: FlaskClient, slug: str) -> None:
    body = problem(client.get("/v1/claims", query_string={"event": slug}), 422)
    assert body["errors"][0]["field"] == "event"


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/claims", "/v1/events", "/v1/rules", "/v1/lookup", "/v1/sources", "/v1/discrepancies", "/v1/questions"),
        *("/v1/search", "/v1/events/belgorod-strike-2023-12-30", "/v1/events/belgorod-strike-2023-12-30/claims"),
    ],
)
def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named(client: FlaskClient, path: str) -> None:
    parameters = client.get("/openapi.json").json["paths"][path.replace("belgorod-strike-2023-12-30", "{event_id}")]
    known = sorted(item["name"] for item in parameters["get"]["parameters"] if item["in"] == "query")
    body = problem(
        client.get(path, query_string={"colour": "red", "q": "x"} if "q" in known else {"colour": "red"}), 422
    )
    error = next(error for error in body["errors"] if error["field"] == "colour")
    assert error["sent"] == "red"
    assert f"known are {', '.join(known)}" in error["expected"]


def test_every_field_at_fault_is_named_at_once(client: FlaskClient) -> None:
    body = problem(client.get("/v1/claims?limit=0&min=x&kind=y&as_of=z&colour=red"), 422)
    assert {error["field"] for error in body["errors"]} == {"limit", "min", "kind", "as_of", "colour"}


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2023-13-01",
        "2023-02-30",
        "2023-12-31T09:00",
        "31.12.2023",
        "0000",
        "2023-12-31T25:00Z",
        "٢٠٢٣-12-31",
    ],
)
@pytest.mark.parametrize("name", ["as_of", "changed_since"])
def test_a_date_that_cannot_be_read_says_what_was_expected(client: FlaskClient, name: str, text: str) -> None:
    body = problem(client.get("/v1/claims", query_string={name: text}), 422)
    assert body["errors"][0]["field"] == name
    assert body["errors"][0]["sent"] == text
    assert "date" in body["errors"][0]["expected"] or "a day such as 2023-12-31" in body["errors"][0]["expected"]


@pytest.mark.parametrize(
    ("path", "name", "word"),
    [
        ("/v1/claims", "kind", "quantity"),
        ("/v1/claims", "status", "retracted"),
        ("/v1/claims", "format", "csv"),
        ("/v1/discrepancies", "kind", "exceeds_whole"),
        ("/v1/questions", "grade", "unattributed"),
        ("/v1/sources", "kind", "outlet"),
        ("/v1/properties", "kind", "polarity"),
        ("/v1/documents/002_ec6ad124609acde6/findings", "kind", "mixed_snapshot"),
    ],
)
def test_a_word_outside_its_vocabulary_is_refused_with_the_words_there_are(
    client: FlaskClient, path: str, name: str, word: str
) -> None:
    body = problem(client.get(path, query_string={name: "nonsense"}), 422)
    assert word in body["errors"][0]["expected"]


def test_what_was_sent_is_repeated_shortened(client: FlaskClient) -> None:
    body = problem(client.get("/v1/claims", query_string={"kind": "x" * 5_000}), 422)
    assert len(body["errors"][0]["sent"]) <= 80
    assert len(problem(client.get(f"/v1/claims/{'x' * 5_000}"), 404)["instance"]) <= 80


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/v1/claims", "/v1/events/belgorod-strike-2023-12-30", "/healthz"])
def test_a_method_that_is_not_allowed_says_which_are(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    problem(answer, 405)
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


@pytest.mark.parametrize("path", ["/v1/claims", "/v1/lookup?q=belgorod+deaths", "/v1/questions?limit=1"])
def test_a_media_type_that_cannot_be_had_is_refused_with_those_that_can(client: FlaskClient, path: str) -> None:
    body = problem(client.get(path, headers={"Accept": "image/png"}), 406)
    assert all(name in body["detail"] for name in ("application/json", "text/plain", "text/csv"))


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "text/plain;q=0.1, application/json", "", "application/json"]
)
def test_json_is_what_comes_when_anything_will_do(client: FlaskClient, accept: str) -> None:
    assert client.get("/v1/rules", headers={"Accept": accept}).content_type == "application/json"


@pytest.mark.parametrize(
    "path", ["/v1/claims", "/v1/rules?limit=2", "/v1/claims?format=csv", "/v1/lookup?q=belgorod+deaths", "/healthz"]
)
def test_head_answers_with_the_headers_of_get_and_nothing_else(client: FlaskClient, path: str) -> None:
    whole, head = (ask(path, headers={"X-Request-Id": "one"}) for ask in (client.get, client.head))
    assert head.status_code == whole.status_code
    assert head.data == b""
    assert dict(head.headers) == dict(whole.headers)


def test_a_failure_is_a_failure_to_head_too(client: FlaskClient) -> None:
    assert client.head("/v1/claims?limit=0").status_code == 422
    assert client.head("/v1/events/no-such-event").status_code == 404


def test_a_trailing_slash_is_not_held_against_anybody(client: FlaskClient) -> None:
    assert client.get("/v1/rules/").json["items"] == client.get("/v1/rules").json["items"]
