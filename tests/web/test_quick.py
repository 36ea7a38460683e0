"""What is answered on the event loop is answered as the whole application does it, and nothing there has to wait."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from api.app import create_app
from api.config import Config
from api.store import db as store
from api.store import shown
from api.web import quick
from api.web.bridge import Answer
from schemas.pages import USUAL_PAGE

Ask = Callable[..., Answer | None]


@pytest.fixture
def ask(application: Flask) -> Ask:
    """Ask on the loop; a connection is at hand, as it is once a thread has asked anything."""
    store.reopened()
    store.handed_back()
    ready: quick.Quick = application.quick  # type: ignore[attr-defined]
    ready._slow_until = 0.0
    return lambda path, **asked: ready(EnvironBuilder(path, **asked).get_environ())


def some(client: FlaskClient, noun: str) -> dict[str, Any]:
    return dict(client.get(f"/v1/{noun}?limit=1").json["items"][0])


def paths(client: FlaskClient) -> list[str]:
    event = some(client, "discrepancies")["event"]
    one = [f"/v1/{noun}/{some(client, noun)['id']}" for noun in ("claims", "events", "questions", "discrepancies")]
    return [*one, "/v1/claims", "/v1/claims?limit=3", f"/v1/events/{event}/discrepancies"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_answered_at_once_is_what_the_application_answers(
    client: FlaskClient, ask: Ask, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(paths(client)))
    tag = client.get(path).headers["ETag"]
    headers = {"X-Request-Id": "one-for-both"}
    if data.draw(st.booleans(), "known"):
        headers["If-None-Match"] = tag
    if data.draw(st.booleans(), "packed"):
        headers["Accept-Encoding"] = "gzip"
    method = data.draw(st.sampled_from(["GET", "HEAD"]))
    answer = ask(path, method=method, headers=headers)
    asked = EnvironBuilder(path, method=method, headers=headers).get_environ()
    whole = TestResponse(*run_wsgi_app(client.application, asked, buffered=True), request=None)  # type: ignore[arg-type]
    assert answer is not None
    assert (answer[0], sorted(answer[1]), answer[2]) == (whole.status, sorted(whole.headers), whole.data)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/claims/none-of-that-id"),
        ("GET", "/v1/events/none-of-that-id/claims"),
        ("GET", f"/v1/claims?limit={USUAL_PAGE + 1}"),
        ("GET", "/v1/claims?q=one"),
        ("GET", "/v1/search?q=asked+by+nobody+before"),
        ("POST", "/v1/claims"),
        ("GET", "/nowhere"),
    ],
)
def test_what_may_take_its_time_is_for_a_thread_and_leaves_nothing_behind(
    client: FlaskClient, ask: Ask, method: str, path: str
) -> None:
    before = counted(client)
    assert ask(path, method=method) is None
    after = counted(client)
    assert {key for key in after if after[key] != before.get(key, 0)} <= {("/metrics", "GET", "200")}
    assert store.is_sqlite() or store.db.is_closed()


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}])
def test_what_was_worked_out_once_is_answered_at_once_while_the_record_is_the_same(
    client: FlaskClient, ask: Ask, headers: dict[str, str]
) -> None:
    headers = {**headers, "X-Request-Id": "one-for-both"}
    for path in ("/v1/lookup?q=belgorod+deaths", "/v1/search?q=belgorod", "/v1/events?as_of=2024-01-03T00:00:07Z"):
        asked = EnvironBuilder(path, headers=headers).get_environ()
        whole = TestResponse(*run_wsgi_app(client.application, asked, buffered=True), request=None)  # type: ignore[arg-type]
        answer = ask(path, headers=headers)
        assert answer is not None, path
        assert (answer[0], sorted(answer[1]), answer[2]) == (whole.status, sorted(whole.headers), whole.data)
        unchanged = ask(path, headers={**headers, "If-None-Match": whole.headers["ETag"]})
        assert unchanged is not None
        assert (unchanged[0][:3], unchanged[2]) == ("304", b"")


def test_a_change_ends_what_is_answered_at_once(empty: str) -> None:
    app = create_app(Config(database_url=empty))
    path = "/v1/search?q=belgorod"
    assert app.test_client().get(path).status_code == 200
    store.reopened()
    store.handed_back()
    assert app.quick(EnvironBuilder(path).get_environ()) is not None  # type: ignore[attr-defined]
    with store.writing():
        pass
    store.handed_back()
    assert app.quick(EnvironBuilder(path).get_environ()) is None  # type: ignore[attr-defined]


def counted(client: FlaskClient) -> dict[tuple[str, ...], float]:
    families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}
    samples = families["crosscheck_requests"].samples
    return {
        (one.labels["route"], one.labels["method"], one.labels["status"]): one.value
        for one in samples
        if one.name == "crosscheck_requests_total"
    }


def test_what_the_database_cost_is_counted_with_the_request(client: FlaskClient, ask: Ask) -> None:
    path = f"/v1/claims/{some(client, 'claims')['id']}"

    def queries() -> float:
        families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}
        told = families["crosscheck_database_queries"].samples
        return sum(one.value for one in told if one.labels["route"] == "/v1/claims/{claim_id}")

    before = queries()
    assert ask(path) is not None
    assert queries() == before + 1


def test_a_database_that_is_slow_is_left_to_threads_for_a_while(
    client: FlaskClient, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, one = f"/v1/claims/{some(client, 'claims')['id']}", shown.one
    monkeypatch.setattr(quick, "SLOW", 0.0)
    assert ask(path) is not None
    monkeypatch.setattr(shown, "one", lambda *_: pytest.fail("the loop asked a slow database"))
    assert ask(path) is None
    monkeypatch.setattr(shown, "one", one)
    monkeypatch.setattr(quick, "SLOW", 5.0)
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at + quick.WHILE)
    assert ask(path) is not None


def test_the_loop_waits_for_no_connection(client: FlaskClient, ask: Ask) -> None:
    path = f"/v1/claims/{some(client, 'claims')['id']}"
    if store.is_sqlite():
        store.db.close()
        assert ask(path) is not None, "a file is opened at once"
    else:
        store.db.close_all()
        assert ask(path) is None
        store.reopened()
        store.handed_back()
        assert ask(path) is not None


def test_addresses_are_those_that_a_proxy_was_asked_for(record: str) -> None:
    app = create_app(Config(database_url=record, proxies=1))
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1", "Host": "news.example"}
    answer = app.quick(EnvironBuilder("/v1/claims?limit=1", headers=headers).get_environ())  # type: ignore[attr-defined]
    told = dict(answer[1])
    assert told["Link"].startswith("<https://news.example/v1/claims?limit=1&cursor=")
    assert "RateLimit" in told


@pytest.mark.parametrize(
    "changed", [{"traces": "console"}, {"rate_limit": "10/minute", "rate_limit_storage": "redis://127.0.0.1:1"}]
)
def test_what_others_have_to_be_told_of_first_is_not_answered_on_the_loop(
    record: str, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.limits.Counter._count", lambda *_: pytest.fail("nothing was asked"))
    assert not hasattr(create_app(Config(database_url=record, **changed)), "quick")
