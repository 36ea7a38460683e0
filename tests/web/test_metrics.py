"""Metrics over HTTP: what they count, by which labels, and who may read them."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from tests.intake.folders import small, without, write
from tests.web.conftest import Closing

TOKEN = "shared with Prometheus"  # noqa: S105 — made up for the tests

ELSEWHERE = {"REMOTE_ADDR": "10.0.0.7"}


def asking(database: str, **settings: Any) -> FlaskClient:
    """A client of an application of its own."""
    app = create_app(Config(database_url=database, **settings))
    return Closing(app, app.response_class)


def families(client: FlaskClient) -> dict[str, Metric]:
    """Every metric there is, by its name."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def value(client: FlaskClient, sample: str, **labels: str) -> float:
    """The sum of the samples of a name that have these labels."""
    found = [one for family in families(client).values() for one in family.samples if one.name == sample]
    return sum(one.value for one in found if labels.items() <= one.labels.items())


def grown(client: FlaskClient, ask: Callable[[], Any], sample: str, **labels: str) -> float:
    """How much a sample grows by what is asked."""
    before = value(client, sample, **labels)
    ask()
    return value(client, sample, **labels) - before


COUNTED = [
    ("/v1/claims?limit=1", "GET", {"route": "/v1/claims", "method": "GET", "status": "200"}),
    ("/v1/claims/", "GET", {"route": "/v1/claims", "method": "GET", "status": "200"}),
    ("/v1/claims?limit=0", "GET", {"route": "/v1/claims", "method": "GET", "status": "422"}),
    ("/v1/events/belgorod-strike-2023-12-30", "GET", {"route": "/v1/events/{event_id}", "status": "200"}),
    ("/v1/events/nope", "HEAD", {"route": "/v1/events/{event_id}", "method": "HEAD", "status": "404"}),
    ("/v1/events/belgorod-strike-2023-12-30/claims", "GET", {"route": "/v1/events/{event_id}/claims", "status": "200"}),
    ("/v1/claims?fields=id", "GET", {"route": "/v1/claims", "method": "GET", "status": "200"}),
    ("/v1/sources/vyacheslav-gladkov?as_of=2024-01-02", "GET", {"route": "/v1/sources/{source_id}", "status": "200"}),
    ("/docs/index.css", "GET", {"route": "/docs/{path}", "status": "200"}),
    ("/nope", "GET", {"route": "none", "method": "GET", "status": "404"}),
    ("/v1/claims", "BREW", {"route": "none", "method": "other", "status": "405"}),
    ("/healthz", "GET", {"route": "/healthz", "status": "200"}),
]


@pytest.mark.parametrize(("path", "method", "labels"), COUNTED)
def test_a_request_is_counted_by_its_route_its_method_and_its_status(
    client: FlaskClient, path: str, method: str, labels: dict[str, str]
) -> None:
    assert grown(client, lambda: client.open(path, method=method), "crosscheck_requests_total", **labels) == 1
    timed = {name: word for name, word in labels.items() if name != "status"}
    sample = "crosscheck_request_duration_seconds_count"
    counted = grown(client, lambda: client.open(path, method=method), sample, **timed)
    assert counted == 1


def test_a_304_that_is_told_before_flask_is_asked_counts_for_its_route(client: FlaskClient) -> None:
    for path in ("/v1/rules", "/v1/claims"):
        sent = {"If-None-Match": client.get(path).headers["ETag"]}
        assert client.get(path, headers=sent).status_code == 304
        ask = partial(client.get, path, headers=sent)
        assert grown(client, ask, "crosscheck_requests_total", route=path, method="GET", status="304") == 1
        assert grown(client, ask, "crosscheck_response_bytes_total", route=path) == 0


def test_one_request_too_many_counts_for_its_route(record: str) -> None:
    client = asking(record, rate_limit="1/day")

    def ask() -> None:
        for _ in range(3):
            client.get("/v1/sources", environ_overrides={"REMOTE_ADDR": "192.0.2.77"})

    assert grown(client, ask, "crosscheck_requests_total", route="/v1/sources", status="429") == 2


def test_bytes_queries_and_database_time_count_for_their_route_streams_too(client: FlaskClient) -> None:
    for path in ("/v1/claims?limit=50", "/v1/claims?format=ndjson"):
        size = len(client.get(path).data)
        ask = partial(client.get, path)
        assert grown(client, ask, "crosscheck_response_bytes_total", route="/v1/claims") == size > 1_000
        assert grown(client, ask, "crosscheck_database_queries_total", route="/v1/claims") >= 1
        assert grown(client, ask, "crosscheck_database_seconds_total", route="/v1/claims") > 0


def test_a_fault_counts_as_one_and_is_in_flight_no_longer(record: str) -> None:
    app = create_app(Config(database_url=record))

    def fail(name: str) -> str:
        raise RuntimeError(name)

    app.add_url_rule("/failing/<path:name>", view_func=fail)
    client = Closing(app, app.response_class)
    before = value(client, "crosscheck_requests_in_flight")
    faults = grown(client, lambda: client.get("/failing/x/y"), "crosscheck_requests_total", route="/failing/{name}")
    assert faults == 1
    assert value(client, "crosscheck_requests_in_flight") == before


def test_no_label_holds_what_was_asked_for(client: FlaskClient) -> None:
    for path in ("/v1/events/a-secret", "/a-secret", "/v1/lookup?q=a-secret", "/v2/a-secret", "/problems/a-secret"):
        client.get(path)
    client.open("/v1/claims", method="A-SECRET")
    assert "secret" not in client.get("/metrics").text.lower()
    known = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in client.application.url_map.iter_rules()}
    told = {one.labels["route"] for one in families(client)["crosscheck_requests"].samples}
    assert {route for route in told if not route.startswith("/failing")} <= known | {"none"}


def test_the_record_is_told_as_the_api_tells_it(client: FlaskClient) -> None:
    assert value(client, "crosscheck_claims") == client.get("/v1/claims?count=exact&limit=1").json["total"]
    assert value(client, "crosscheck_questions") == client.get("/v1/questions?count=exact&limit=1").json["total"]
    conflicts = client.get("/v1/discrepancies?conflict=true&count=exact&limit=1").json["total"]
    assert value(client, "crosscheck_discrepancies", conflict="true") == conflicts > 0
    updates = client.get("/v1/discrepancies?kind=update&count=exact&limit=1").json["total"]
    assert value(client, "crosscheck_discrepancies", kind="update") == updates > 0
    assert value(client, "crosscheck_database_up") == 1
    assert value(client, "crosscheck_review_due") == 0
    opened = [value(client, "crosscheck_database_connections", state=state) for state in ("in_use", "free")]
    assert sum(opened) >= 1


def test_a_change_of_the_record_is_told(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.review.census.PATIENCE", 0)
    client = asking(empty)
    assert value(client, "crosscheck_claims") == 0
    edition = value(client, "crosscheck_edition")
    load(write(tmp_path / "some", small()))
    assert value(client, "crosscheck_claims") == 7
    assert value(client, "crosscheck_discrepancies") > 0
    assert value(client, "crosscheck_edition") > edition
    load(write(tmp_path / "less", without(small(), "claims", "c4")))
    assert value(client, "crosscheck_claims") == 7, "what was retracted is still on record"


def test_without_a_database_there_are_metrics_still(empty: str) -> None:
    client = asking(empty)
    store.db.execute_sql("ALTER TABLE edition RENAME TO gone")
    assert client.get("/v1/claims").status_code == 503
    assert value(client, "crosscheck_database_up") == 0
    assert value(client, "crosscheck_requests_total", status="503") >= 1
    assert "crosscheck_claims" not in families(client)


@pytest.fixture
def guarded(record: str) -> FlaskClient:
    """A client of a service that has a token for its metrics."""
    return asking(record, metrics_token=TOKEN)


def refused(answer: TestResponse, status: int, problem: str) -> bool:
    return (answer.status_code, answer.json["type"]) == (status, f"/problems/{problem}") and TOKEN not in answer.text


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_without_a_token_the_machine_itself_may_read_them(client: FlaskClient, address: str) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.1", "172.17.0.1", "203.0.113.9", "::2", "", "unix", "x:1"])
def test_without_a_token_nobody_else_may(client: FlaskClient, address: str) -> None:
    answer = client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
    assert refused(answer, 403, "only-from-here")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_who_asks_through_a_proxy_of_this_machine_is_not_this_machine(client: FlaskClient, header: str) -> None:
    assert refused(client.get("/metrics", headers={header: "for=203.0.113.9"}), 403, "only-from-here")


def test_with_a_token_whoever_has_it_may_read_them_from_anywhere(guarded: FlaskClient) -> None:
    for asked in ({"environ_overrides": ELSEWHERE}, {}):
        answer = guarded.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **asked)
        assert answer.status_code == 200


@pytest.mark.parametrize("sent", [None, "", TOKEN, "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xe4"])
def test_with_a_token_nobody_else_may_not_even_from_here(guarded: FlaskClient, sent: str | None) -> None:
    answer = guarded.get("/metrics", headers={} if sent is None else {"Authorization": sent})
    assert refused(answer, 401, "token-needed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_metrics_are_asked_for_as_often_as_need_be_and_kept_nowhere(record: str) -> None:
    client = asking(record, rate_limit="1/day", metrics_token=TOKEN)
    for path in ("/metrics", "/metrics/", "/metrics"):
        answer = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}, environ_overrides=ELSEWHERE)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert "ETag" not in answer.headers
