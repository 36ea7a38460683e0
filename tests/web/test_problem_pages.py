"""Problem pages: every type has one, and every page is that of a type that occurs."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from peewee import OperationalError
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Config
from api.store.db import db
from api.store.models import LoggedChange
from api.web.refusals import DETAILS
from schemas.problems import NAMED, PROBLEMS, USUAL

Asked = Callable[[FlaskClient], TestResponse]


def often(client: FlaskClient) -> TestResponse:
    """Ask more than once where that is too often."""
    database = client.application.config["DATABASE"]
    limited = create_app(Config(database_url=database, rate_limit="1/day")).test_client()
    return [limited.get("/v1/rules", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}) for _ in range(2)][1]


def unsigned(client: FlaskClient) -> TestResponse:
    """Send a slash command that nobody signed."""
    database = client.application.config["DATABASE"]
    listening = create_app(Config(database_url=database, slack_signing_secret="hush")).test_client()  # noqa: S106 — known to this test alone
    return listening.post("/v1/integrations/slack", data={"text": "deaths"})


def cut_off(client: FlaskClient) -> TestResponse:
    """Follow the changes of a record whose log is no longer there."""
    place = client.get("/v1/changes?limit=1").json["next"]
    with db.atomic() as transaction:
        LoggedChange.delete().execute()
        answer = client.get(place)
        transaction.rollback()
    return answer


def failing(client: FlaskClient, error: Exception) -> TestResponse:
    """Ask for what fails."""

    def fail() -> str:
        raise error

    app = create_app(Config(database_url=client.application.config["DATABASE"]))
    app.add_url_rule("/failing", view_func=fail)
    return app.test_client().get("/failing")


def guarded(client: FlaskClient) -> TestResponse:
    """Ask for metrics without the token that is set for them."""
    database = client.application.config["DATABASE"]
    watched = create_app(Config(database_url=database, metrics_token="a secret of whoever runs it")).test_client()  # noqa: S106 — made up for the tests
    return watched.get("/metrics")


OCCURS: dict[str, Asked] = {
    "bad-request": lambda client: client.post("/v1/compare", data=b"{", content_type="application/json"),
    "not-signed": unsigned,
    "token-needed": guarded,
    "only-from-here": lambda client: client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.0.0.1"}),
    "not-found": lambda client: client.get("/v1/events/nope"),
    "unknown-cursor": lambda client: client.get(f"/v1/claims?cursor=WyJhIl0.{'a' * 43}"),
    "implausible": lambda client: client.post(
        "/v1/compare",
        json={side: {"property": "nope", "value": {"kind": "quantity", "amount": 1}} for side in ("left", "right")},
    ),
    "unknown-path": lambda client: client.get("/nope"),
    "unknown-version": lambda client: client.get("/v2/claims"),
    "method-not-allowed": lambda client: client.delete("/v1/claims"),
    "not-acceptable": lambda client: client.get("/v1/claims", headers={"Accept": "image/png"}),
    "precondition-failed": lambda client: client.get("/v1/claims", headers={"If-Match": '"a"'}),
    "body-too-large": lambda client: client.post("/v1/compare", data=b" " * 2_000_000, content_type="application/json"),
    "unsupported-media-type": lambda client: client.post("/v1/compare", data=b"{}"),
    "invalid-request": lambda client: client.get("/v1/claims?limit=0"),
    "too-many-requests": often,
    "no-longer-kept": cut_off,
    "internal-error": lambda client: failing(client, RuntimeError("a secret")),
    "unavailable": lambda client: failing(client, OperationalError("a secret")),
}
"""How each type comes about, but for those that the server answers before the application sees the request."""


@pytest.fixture
def client(client: FlaskClient, record: str) -> FlaskClient:
    client.application.config["DATABASE"] = record
    return client


class Page(HTMLParser):
    """What a page shows and what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.style, self.links, self.loaded = "", "", set(), set()
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        for name, value in attrs:
            (self.links if (tag, name) == ("a", "href") else self.loaded if name in ("src", "href") else set()).add(
                value
            )

    def handle_data(self, data: str) -> None:
        if self._in == "style":
            self.style, self._in = data, ""
        self.words += data


def test_every_type_occurs_and_leads_to_its_page(client: FlaskClient) -> None:
    assert set(OCCURS) | set(DETAILS) == set(NAMED)
    for name, ask in OCCURS.items():
        answer = ask(client)
        assert answer.content_type == "application/problem+json", name
        assert (answer.json["type"], answer.status_code) == (f"/problems/{name}", NAMED[name].status)
        assert answer.json["title"] == NAMED[name].title
        assert "secret" not in answer.text
        assert client.get(answer.json["type"]).status_code == 200


def test_every_page_says_to_a_person_what_it_means_and_what_to_do(client: FlaskClient) -> None:
    for problem in PROBLEMS:
        answer = client.get(problem.address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert answer.content_type == "text/html; charset=utf-8"
        page = Page(answer.text)
        for words in (problem.title, str(problem.status), problem.meaning, problem.remedy):
            assert words in page.words


def test_a_page_loads_nothing_and_its_policy_allows_its_own_style_alone(client: FlaskClient) -> None:
    for path in ("/problems", *(problem.address for problem in PROBLEMS)):
        answer = client.get(path)
        page = Page(answer.text)
        assert page.loaded == set()
        digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        for link in page.links:
            assert client.get(link).status_code == 200


def test_the_list_names_every_type_and_only_those(client: FlaskClient) -> None:
    listed = client.get("/problems", headers={"Accept": "application/json"}).json
    assert listed["next"] is None
    assert [item["type"] for item in listed["items"]] == [problem.address for problem in PROBLEMS]
    assert {problem.address for problem in PROBLEMS} <= Page(client.get("/problems").text).links
    for item in listed["items"]:
        assert client.get(item["type"], headers={"Accept": "application/json"}).json == item


def test_a_type_that_there_is_not_is_not_found_with_the_nearest(client: FlaskClient) -> None:
    answer = client.get("/problems/not-fuond")
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")
    assert "not-found" in answer.json["suggestions"]


def test_every_failure_in_the_description_is_of_a_type(client: FlaskClient) -> None:
    described = client.get("/openapi.json").json["paths"].values()
    operations = [operation for path in described for name, operation in path.items() if name != "parameters"]
    statuses = {status for operation in operations for status in operation["responses"]}
    assert {int(status) for status in statuses - {"200", "304", "default"}} <= set(USUAL)


def test_types_are_named_as_addresses_are() -> None:
    assert len(NAMED) == len(PROBLEMS)
    for problem in PROBLEMS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.name)
        assert 400 <= problem.status < 600
