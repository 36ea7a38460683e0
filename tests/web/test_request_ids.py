"""Request ids over HTTP: told, taken over where they are fit for it, and logged."""

import logging
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from api.lines import JsonLines

FIT = ["a", "7f3a-22", "Root=1-67891233-abcdef012345678912345678", "a.b_c:d/e@f+g", "x" * 128]

UNFIT = ["", "x" * 129, "a b", "a\tb", "ä", "a;b", '"a"', "a,b", "<a>", "a\x7f"]


@pytest.mark.parametrize("path", ["/v1/claims?limit=1", "/healthz", "/nope", "/v1/claims?limit=0", "/problems"])
@pytest.mark.parametrize("sent", FIT)
def test_an_id_that_was_sent_comes_back(client: FlaskClient, path: str, sent: str) -> None:
    assert client.get(path, headers={"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", UNFIT)
def test_an_id_that_is_not_fit_is_replaced(client: FlaskClient, sent: str) -> None:
    given = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": sent}).headers["X-Request-Id"]
    assert given != sent
    assert len(given) == 32


def test_every_request_has_an_id_of_its_own(client: FlaskClient) -> None:
    assert len({client.get("/healthz").headers["X-Request-Id"] for _ in range(50)}) == 50


def test_a_problem_names_the_id_it_was_logged_under(client: FlaskClient) -> None:
    for path in ("/nope", "/v1/claims?limit=0", "/v1/events/nope"):
        answer = client.get(path, headers={"X-Request-Id": "my-id"})
        assert answer.json["request_id"] == answer.headers["X-Request-Id"] == "my-id"


def test_a_304_has_an_id_too(client: FlaskClient) -> None:
    etag = client.get("/v1/rules").headers["ETag"]
    answer = client.get("/v1/rules", headers={"If-None-Match": etag, "X-Request-Id": "mine"})
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (304, "mine")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [
        orjson.loads(JsonLines().format(record)) for record in caplog.records if record.name == "crosscheck.requests"
    ]


def test_every_request_leaves_one_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "crosscheck.requests")
    client.get("/v1/rules?limit=1", headers={"X-Request-Id": "one"})
    client.post("/v1/rules")
    client.get("/nope%0A%7B%7D")
    found = lines(caplog)
    told = [(line["method"], line["path"], line["status"], line["message"], line["level"]) for line in found]
    assert told == [
        ("GET", "/v1/rules", 200, "request", "info"),
        ("POST", "/v1/rules", 405, "request", "info"),
        ("GET", "/nope\n{}", 404, "request", "info"),
    ]
    assert all(line["duration_ms"] >= 0 and line["time"] for line in found)


def test_a_line_is_one_line_whatever_was_asked(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "crosscheck.requests")
    for path in ("/a%0Ab", "/%ff", "/%ed%a0%80", "/%00"):
        client.get(path)
    assert all("\n" not in JsonLines().format(record) for record in caplog.records)


def test_a_fault_is_logged_with_its_traceback_on_the_same_line(client: FlaskClient) -> None:
    try:
        raise RuntimeError("why")
    except RuntimeError as error:
        found = logging.makeLogRecord({"msg": "fault", "exc_info": (type(error), error, error.__traceback__)})
    line = JsonLines().format(found)
    assert "\n" not in line
    assert "RuntimeError: why" in orjson.loads(line)["traceback"]
