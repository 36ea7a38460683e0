"""The lane answers with the bytes and headers that Flask would answer with."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import OperationalError
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from api.app import create_app
from api.config import Config
from api.deprecating import ANNOUNCES
from api.store import db as store
from api.web.lane import Lane

NOUNS = ("claims", "discrepancies", "documents", "events", "properties", "questions", "sources", "statements")
OWN = {"Last-Modified"}
"""A header that depends on when the process began."""

Both = Callable[..., tuple[TestResponse, TestResponse]]


@pytest.fixture(scope="module")
def slow(record: str) -> Iterator[Flask]:
    """The application without its lane."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lane, "before", lambda self, app: app)
        yield create_app(Config(database_url=record))


@pytest.fixture
def both(client: FlaskClient, slow: Flask) -> Both:
    """Ask the same with the lane and without."""
    other = slow.test_client()

    def ask(path: str, **asked: Any) -> tuple[TestResponse, TestResponse]:
        asked["headers"] = {"X-Request-Id": "one-for-both", **asked.get("headers", {})}
        return client.open(path, **asked), other.open(path, **asked)

    return ask


@pytest.fixture
def taken(application: Flask) -> Callable[..., bool]:
    """Whether the lane takes a request."""
    lane = application.extensions["lane"]

    def takes(path: str, **asked: Any) -> bool:
        return lane.read(EnvironBuilder(path, **asked).get_environ()) is not None

    return takes


def told(answer: TestResponse) -> dict[str, str]:
    return {name: "" if name in OWN else value for name, value in answer.headers.items()}


def same(answers: tuple[TestResponse, TestResponse]) -> bool:
    one, other = answers
    return (one.status_code, one.data, told(one)) == (other.status_code, other.data, told(other))


def ids(client: FlaskClient, noun: str) -> list[str]:
    if noun == "statements":
        found = [claim["statement"] for claim in client.get("/v1/claims?limit=500").json["items"]]
        return sorted({name for name in found if name})
    return [item["id"] for item in client.get(f"/v1/{noun}?limit=500").json["items"]]


@pytest.mark.parametrize("noun", NOUNS)
def test_one_of_every_noun_comes_as_it_would_from_flask(
    client: FlaskClient, both: Both, taken: Callable[..., bool], noun: str
) -> None:
    for name in ids(client, noun)[:20]:
        path = f"/v1/{noun}/{name}"
        assert taken(path), path
        assert same(both(path)), path


@pytest.mark.parametrize("noun", sorted(set(NOUNS) - {"statements"}))
@pytest.mark.parametrize("query", ["", "?limit=1", "?limit=3", "?limit=500"])
@pytest.mark.parametrize("accepted", [{}, {"Accept-Encoding": "gzip, br"}, {"Accept-Encoding": "zstd"}])
def test_the_first_page_of_every_list_comes_as_it_would_from_flask(
    both: Both, taken: Callable[..., bool], noun: str, query: str, accepted: dict[str, str]
) -> None:
    path = f"/v1/{noun}{query}"
    assert taken(path, headers=accepted)
    assert same(both(path, headers=accepted))


@pytest.mark.parametrize("noun", ["claims", "discrepancies", "questions"])
def test_the_lists_of_every_event_come_as_they_would_from_flask(
    client: FlaskClient, both: Both, taken: Callable[..., bool], noun: str
) -> None:
    for event in ids(client, "events"):
        for query in ("", "?limit=2", "?property=deaths", "?property=deaths&limit=1"):
            path = f"/v1/events/{event}/{noun}{query}"
            assert taken(path), path
            assert same(both(path)), path
            assert same(both(path, headers={"Accept-Encoding": "br"})), path


def test_the_page_behind_a_first_one_is_the_same_whoever_gave_its_address(both: Both) -> None:
    quick, slow = both("/v1/claims?limit=7")
    assert quick.json["next"] == slow.json["next"]
    assert same(both(quick.json["next"]))


def test_what_the_client_has_is_not_sent_again(both: Both) -> None:
    for path in ("/v1/claims?limit=2", "/v1/events"):
        etag = both(path)[0].headers["ETag"]
        for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            quick, slow = both(path, headers={"If-None-Match": sent})
            assert (quick.status_code, quick.data) == (slow.status_code, slow.data) == (304, b"")
            assert {name: quick.headers[name] for name in ("ETag", "Cache-Control", "Vary")} == {
                name: slow.headers[name] for name in ("ETag", "Cache-Control", "Vary")
            }
        assert same(both(path, headers={"If-None-Match": '"other"'}))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/claims/nope",
        "/v1/events/nope/claims",
        "/v1/claims?event=nope",
        "/v1/claims?limit=0",
        "/v1/claims?limit=501",
        "/v1/claims?limit=2&limit=3",
        "/v1/claims?nope=1",
        "/v1/claims?event=",
        "/v1/claims?limit",
        "/v1/claims?limit=%32",
        "/v1/claims/",
        "/v1//claims",
        "/v1/nope",
        "/v2/claims",
        "/v1/claims?as_of=2024-01-01",
        "/v1/claims?format=csv",
        "/v1/claims?fields=id",
        "/v1/claims?count=exact",
        "/v1/claims?sort=-id",
    ],
)
def test_what_is_no_plain_read_is_answered_by_flask(both: Both, path: str) -> None:
    assert same(both(path))


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/csv"},
        {"Accept": "application/ld+json"},
        {"Accept": "image/png"},
        {"Accept": "text/csv;q=0.1, */*"},
        {"Accept": "application/json;q=0"},
        {"If-Match": '"x"'},
        {"If-Unmodified-Since": "Fri, 01 Jan 1999 00:00:00 GMT"},
        {"Authorization": "Bearer x"},
        {"Accept-Encoding": "gzip;q=0"},
        {"Accept-Encoding": "gzip;q=0.5, br;q=0.9"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"Origin": "https://elsewhere.example"},
        {"Host": "crosscheck.example:8443"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/claims?limit=2", "/v1/events"])
def test_headers_mean_the_same(both: Both, path: str, headers: dict[str, str]) -> None:
    quick, slow = both(path, headers=headers)
    if quick.status_code == 304:
        assert slow.status_code == 304
    else:
        assert same((quick, slow))


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "DELETE"])
def test_methods_mean_the_same(both: Both, method: str) -> None:
    for path in ("/v1/claims?limit=2", "/v1/events"):
        assert same(both(path, method=method))


WORDS = st.text(st.sampled_from("abz019-_.%+&=/ é\0"), max_size=6)
QUERIES = st.lists(
    st.tuples(st.sampled_from(["limit", "event", "property", "sort", "as_of", "cursor", "q", ""]), WORDS), max_size=3
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noun=st.sampled_from(NOUNS), names=st.lists(WORDS, max_size=2), query=QUERIES)
def test_whatever_is_asked_the_answer_is_that_of_flask(
    both: Both, noun: str, names: list[str], query: list[tuple[str, str]]
) -> None:
    path = "/".join(["/v1", noun, *names])
    assert same(both(path, query_string="&".join(f"{name}={value}" for name, value in query)))


def test_a_public_address_begins_every_next(record: str) -> None:
    store.bind(record)
    app = create_app(Config(database_url=record, public_url="https://facts.example"))
    body = app.test_client().get("/v1/claims?limit=1").json
    assert body["next"].startswith("https://facts.example/v1/claims?limit=1&cursor=")


def test_what_announces_a_deprecation_is_left_to_flask(record: str) -> None:
    store.bind(record)
    app = create_app(Config(database_url=record))
    lane = app.extensions["lane"]
    asked = EnvironBuilder("/v1/events").get_environ()
    assert lane.read(asked) is not None
    endpoint = next(rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/v1/events")
    setattr(app.view_functions[endpoint], ANNOUNCES, True)
    again = create_app(Config(database_url=record))
    assert again.extensions["lane"].read(asked) is None
    delattr(app.view_functions[endpoint], ANNOUNCES)


def test_a_database_that_does_not_answer_is_told_as_by_flask(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: Any, **__: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(type(store.db.obj), "execute_sql", locked)
    monkeypatch.setattr(type(store.db.obj), "row", locked)
    quick, slow = both("/v1/claims?limit=2")
    assert quick.status_code == slow.status_code == 503


def test_a_request_through_the_lane_is_counted_and_refused_like_any(record: str) -> None:
    store.bind(record)
    app = create_app(Config(database_url=record, rate_limit="2 per hour"))
    answers = [app.test_client().get("/v1/events", environ_base={"REMOTE_ADDR": "192.0.2.1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "RateLimit" in answers[0].headers


def test_bytes_of_an_answer_are_those_stored(client: FlaskClient, application: Flask) -> None:
    name = ids(client, "claims")[0]
    body, status, headers = run_wsgi_app(application.wsgi_app, EnvironBuilder(f"/v1/claims/{name}").get_environ())
    assert status == "200 OK"
    assert int(headers["Content-Length"]) == len(b"".join(body))


MOMENTS = (
    "2023-12-31",
    "2023-12-31T23:59%2B03:00",
    "2023-12-31T23:59+03:00",
    "2024-01-01T09%3A00%3A00Z",
    "2024",
    "2029",
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_event_as_of_a_moment_that_is_remembered_comes_as_it_would_from_flask(
    client: FlaskClient, both: Both, taken: Callable[..., bool], moment: str
) -> None:
    for event in ids(client, "events"):
        path = f"/v1/events/{event}?as_of={moment}"
        assert taken(path)
        assert same(both(path)), "asked for the first time"
        assert same(both(path)), "remembered"


def test_another_moment_between_the_same_publications_needs_no_flask(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = f"/v1/events/{ids(client, 'events')[0]}"
    first = client.get(f"{event}?as_of=2029-01-01T09:00:00Z")
    monkeypatch.setattr("api.review.known.event", None)
    assert client.get(f"{event}?as_of=2029-01-01T09:00:01Z").data == first.data


@pytest.mark.parametrize(
    "query", ["as_of=", "as_of=2023-02-30", "as_of=yesterday", "as_of=2024&as_of=2025", "as_of=2024&format=json"]
)
def test_what_is_no_plain_moment_goes_to_flask(both: Both, taken: Callable[..., bool], query: str) -> None:
    for noun in ("events/belgorod-strike-2023-12-30", "properties/deaths"):
        assert not taken(f"/v1/{noun}?{query}")
        assert same(both(f"/v1/{noun}?{query}"))


def test_other_nouns_as_of_a_moment_go_to_flask(taken: Callable[..., bool]) -> None:
    assert not taken("/v1/sources/vyacheslav-gladkov?as_of=2024-01-01")
