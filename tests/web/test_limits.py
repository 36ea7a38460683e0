"""Limits over HTTP: told in headers, answered with a problem, each address for itself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits.errors import StorageError
from limits.storage import MemoryStorage
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import USUAL_LIMIT, Config

Ask = Callable[..., TestResponse]


@pytest.fixture
def asking(record: str) -> Callable[..., Ask]:
    """What makes an application with a limit and asks it from an address."""

    def make(limit: str, **settings: Any) -> Ask:
        client = create_app(Config(database_url=record, rate_limit=limit, **settings)).test_client()

        def ask(path: str = "/v1/rules", address: str = "192.0.2.1", method: str = "GET", **sent: Any) -> TestResponse:
            return client.open(path, method=method, environ_overrides={"REMOTE_ADDR": address}, **sent)

        return ask

    return make


def left(answer: TestResponse) -> int:
    found = re.fullmatch(r'"default";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    assert found, answer.headers["RateLimit"]
    assert 1 <= int(found[2]) <= 86_400
    return int(found[1])


def test_every_answer_says_what_is_left(asking: Callable[..., Ask]) -> None:
    ask = asking("5/day")
    answers = [ask(path) for path in ("/v1/rules", "/v1/claims?limit=0", "/v1/events/nope", "/docs/")]
    assert [left(answer) for answer in answers] == [4, 3, 2, 1]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"default";q=5;w=86400'}
    assert all("Retry-After" not in answer.headers for answer in answers)


def test_who_asks_too_often_is_told_when_to_come_back(asking: Callable[..., Ask]) -> None:
    ask = asking("2/hour")
    assert [ask().status_code for _ in range(4)] == [200, 200, 429, 429]
    answer = ask(headers={"X-Request-Id": "mine"})
    assert (answer.content_type, answer.json["type"]) == ("application/problem+json", "/problems/too-many-requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3_600
    assert "3600" not in answer.json["title"]
    assert answer.json["request_id"] == "mine"
    assert left(answer) == 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "2" in answer.json["detail"]


def test_each_address_counts_for_itself(asking: Callable[..., Ask]) -> None:
    ask = asking("1/hour")
    assert [ask(address=f"192.0.2.{number}").status_code for number in (1, 2, 1, 2)] == [200, 200, 429, 429]
    assert ask(address="2001:db8::1").status_code == 200


HERE = ["127.0.0.1", "::1", "127.8.8.8", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("address", HERE)
def test_the_usual_limit_is_told_to_the_machine_itself_and_not_counted(
    asking: Callable[..., Ask], address: str
) -> None:
    ask = asking(USUAL_LIMIT)
    answers = [ask(address=address) for _ in range(3)]
    assert {left(answer) for answer in answers} == {3_000}
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"default";q=3000;w=60'}
    assert left(ask()) == 2_999


@pytest.mark.parametrize("address", HERE)
def test_a_limit_that_was_set_holds_for_the_machine_itself_too(asking: Callable[..., Ask], address: str) -> None:
    ask = asking("1/hour")
    assert [ask(address=address).status_code for _ in range(2)] == [200, 429]


def test_who_has_no_address_is_not_counted(asking: Callable[..., Ask]) -> None:
    ask = asking("1/hour")
    assert [ask(address="").status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(("path", "method"), [("/healthz", "GET"), ("/readyz", "GET"), ("/v1/rules", "OPTIONS")])
def test_what_watches_the_service_and_what_asks_before_asking_is_not_counted(
    asking: Callable[..., Ask], path: str, method: str
) -> None:
    ask = asking("1/hour")
    assert [ask(path, method=method).status_code for _ in range(3)] == [200, 200, 200]


def test_a_304_counts(asking: Callable[..., Ask]) -> None:
    ask = asking("3/hour")
    etag = ask().headers["ETag"]
    answer = ask(headers={"If-None-Match": etag})
    assert (answer.status_code, left(answer)) == (304, 1)
    ask()
    assert ask(headers={"If-None-Match": etag}).status_code == 429


def test_off_is_off(asking: Callable[..., Ask]) -> None:
    ask = asking("")
    assert "RateLimit" not in ask().headers


def test_behind_a_proxy_the_one_who_asked_is_counted(asking: Callable[..., Ask]) -> None:
    ask = asking("1/hour", proxies=1)
    through = [ask(address="127.0.0.1", headers={"X-Forwarded-For": f"6.6.6.6, 192.0.2.{n}"}) for n in (1, 2, 1)]
    assert [answer.status_code for answer in through] == [200, 200, 429]


@pytest.mark.parametrize("address", ["192.0.2.1:4711", "unknown", "_hidden", "::ffff:192.0.2.1", "fe80::1%eth0", "é"])
def test_whatever_a_proxy_calls_the_one_who_asked_is_counted(asking: Callable[..., Ask], address: str) -> None:
    ask = asking("1/hour", proxies=1)
    sent = {"HTTP_X_FORWARDED_FOR": address.encode().decode("latin-1")}
    assert [ask(address="127.0.0.1", environ_base=sent).status_code for _ in range(2)] == [200, 429]


def test_without_a_proxy_nobody_can_name_himself_otherwise(asking: Callable[..., Ask]) -> None:
    ask = asking("1/hour")
    assert [ask(headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code for number in (7, 8)] == [200, 429]


def test_where_the_common_counter_fails_each_process_counts_for_itself(
    asking: Callable[..., Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(MemoryStorage):
        def incr(self, *args: Any, **kwargs: Any) -> int:
            raise StorageError(ConnectionError("gone"))

    monkeypatch.setattr("api.web.limits.storage_from_string", lambda *_, **__: Gone())
    ask = asking("2/hour", rate_limit_storage="redis://nowhere")
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]


def test_strict_transport_security_is_told_where_it_is_configured(record: str) -> None:
    client: FlaskClient = create_app(Config(database_url=record, hsts_seconds=3_600)).test_client()
    for path in ("/v1/rules", "/nope", "/docs/"):
        assert client.get(path).headers["Strict-Transport-Security"] == "max-age=3600"
