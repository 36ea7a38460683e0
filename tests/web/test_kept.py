"""What is kept of plain reads is given again exactly as long as the database says that it holds."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import OperationalError
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.review import upkeep
from api.review.running import review
from api.store import db as store
from api.store import editions, shown
from api.store.db import db
from api.store.models import Question
from api.web import compression, freshness
from api.web.environ import CAME
from api.web.lane import Lane
from tests.intake.folders import LATER, Content, entry, small, without, write

OF_THE_EVENT = (
    *("/v1/events/fire/claims", "/v1/events/fire/questions", "/v1/events/fire/discrepancies"),
    *("/v1/events/fire/claims?limit=2", "/v1/events/fire/claims?property=deaths", "/v1/events/fire?as_of=2023-12-31"),
)
"""Answers that one event decides."""

PATHS = (*OF_THE_EVENT, "/v1/events/fire", "/v1/claims", "/v1/claims/c1", "/v1/questions", "/v1/questions/fire.deaths")

LONG_AFTER = 4_000_000_000
"""A moment at which no change is still to come."""

Ask = Callable[..., TestResponse]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def app(empty: str, folder: Path) -> Flask:
    load(write(folder / "small", small()))
    return create_app(Config(database_url=empty))


@pytest.fixture
def slow(app: Flask, empty: str) -> Iterator[FlaskClient]:
    """Asks the application without its lane."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lane, "before", lambda self, app: app)
        yield create_app(Config(database_url=empty)).test_client()


@pytest.fixture
def ask(app: Flask) -> Ask:
    """Ask what came at a moment: by itself now, so that nothing the database has said before holds for it."""
    client = app.test_client()

    def asked(path: str, came: float | None = None, **headers: str) -> TestResponse:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(path, headers=told, environ_overrides={CAME: time.perf_counter() if came is None else came})

    for path in PATHS:
        assert asked(path).status_code == 200, path
        assert asked(path).status_code == 200, path
    return asked


def counted(what: Callable[[], Any]) -> int:
    with count_queries() as found:
        what()
    return int(found.count)


def loaded(folder: Path, content: Content) -> None:
    load(write(folder / "again", content), now=LATER)


def a_claim_is_taken_back(folder: Path) -> None:
    loaded(folder, without(small(), "claims", "c2"))


def a_figure_is_another(folder: Path) -> None:
    content = small()
    value = {"kind": "quantity", "qualifier": "exact", "amount": 22, "text": "22"}
    entry(content, "claims", "c1")["value"] = value
    loaded(folder, content)


def a_claim_is_added(folder: Path) -> None:
    content = small()
    content["claims"].append({**entry(content, "claims", "c4"), "id": "c8", "property": "injured"})
    loaded(folder, content)


def a_source_has_another_name(folder: Path) -> None:
    content = small()
    entry(content, "sources", "mayor")["name"] = "Lord mayor"
    loaded(folder, content)


def a_document_came_out_on_another_day(folder: Path) -> None:
    content = small()
    entry(content, "documents", "one")["published"] = {"earliest": "2024-01-05", "latest": "2024-01-05"}
    loaded(folder, content)


def an_event_has_another_title(folder: Path) -> None:
    content = small()
    entry(content, "events", "fire")["title"] = "Fire"
    loaded(folder, content)


CHANGES = (
    a_claim_is_taken_back,
    a_figure_is_another,
    a_claim_is_added,
    a_source_has_another_name,
    a_document_came_out_on_another_day,
    an_event_has_another_title,
)


def same(one: TestResponse, other: TestResponse) -> bool:
    return one.status_code == other.status_code and one.data == other.data and told(one) == told(other)


def told(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("X-Request-Id", "Last-Modified")}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_everything_is_as_flask_reads_it(
    ask: Ask, slow: FlaskClient, folder: Path, change: Callable[[Path], None]
) -> None:
    before = [ask(path).data for path in PATHS]
    change(folder)
    after = [ask(path) for path in PATHS]
    for path, answer in zip(PATHS, after, strict=True):
        assert same(answer, slow.get(path)), path
    assert [answer.data for answer in after] != before


def test_a_review_that_finds_other_conclusions_ends_what_was_kept(ask: Ask, slow: FlaskClient, empty: str) -> None:
    with store.writing():
        Question.update(outcome="", representation="{}", grade="contested").execute()
        upkeep.turn_over(["fire", "flood"])
    path = "/v1/events/fire/questions"
    assert b"deaths" not in ask(path).data
    review(empty, LATER)
    assert b"deaths" in ask(path).data
    assert same(ask(path), slow.get(path))


def test_a_migration_ends_what_was_kept_of_events(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Runner:
        def up(self) -> list[str]:
            return ["one that renders otherwise"]

    def turns() -> dict[str, int]:
        return dict(db.execute_sql("SELECT id, turn FROM event").fetchall())

    before = turns()
    monkeypatch.setattr(store, "runner", lambda _: Runner())
    monkeypatch.setattr(store, "refuse_newer", lambda _: None)
    store.migrate(db.obj)
    assert turns() == {event: turn + 1 for event, turn in before.items()}


def test_of_many_that_came_before_it_one_asks_the_database(ask: Ask) -> None:
    came = time.perf_counter()
    assert counted(lambda: ask("/v1/claims/c1", came)) == 1
    assert counted(lambda: [ask(path, came) for path in PATHS]) == 0
    assert counted(lambda: ask("/v1/claims/c1")) == 1, "what came later asks again"


def test_what_anybody_reads_counts_as_asking(ask: Ask) -> None:
    came = time.perf_counter()
    editions.edition()
    assert counted(lambda: [ask(path, came) for path in PATHS]) == 0


def test_what_came_before_a_change_may_still_be_answered_as_it_was_and_what_came_after_is_not(
    ask: Ask, folder: Path
) -> None:
    came = time.perf_counter()
    old = ask("/v1/claims/c1", came).data
    a_figure_is_another(folder)
    assert ask("/v1/claims/c1", time.perf_counter()).data != old


def test_what_one_event_decides_outlives_a_change_elsewhere(ask: Ask, slow: FlaskClient, folder: Path) -> None:
    content = small()
    content["events"].append({"id": "storm", "title": "Storm"})
    content["claims"].append({**entry(content, "claims", "c7"), "id": "c8", "event": "storm"})
    loaded(folder, content)
    for path in OF_THE_EVENT:
        ask(path)
        ask(path)
    entry(content, "claims", "c8")["value"] = {"kind": "quantity", "qualifier": "exact", "amount": 6, "text": "5"}
    loaded(folder, content)
    pages = shown.first, shown.event_with_turn
    with pytest.MonkeyPatch.context() as patch:
        for page in pages:
            patch.setattr(shown, page.__name__, lambda *_: pytest.fail("a page was read though nothing on it changed"))
        patch.setattr(freshness, "time", SimpleNamespace(time=lambda: LONG_AFTER))
        answers = [ask(path) for path in OF_THE_EVENT]
    for path, answer in zip(OF_THE_EVENT, answers, strict=True):
        expected = slow.get(path)
        assert same(answer, expected), path
        assert answer.headers["Last-Modified"] == freshness.written(editions.edition().changed_at)


def test_an_event_that_is_asked_about_costs_one_short_question(ask: Ask) -> None:
    for path in OF_THE_EVENT:
        assert counted(lambda path=path: ask(path)) == 1


def test_a_page_names_the_host_that_was_asked(ask: Ask) -> None:
    for host in ("one.example", "two.example", "one.example"):
        assert ask("/v1/events/fire/claims?limit=2", Host=host).json["next"].startswith(f"http://{host}/")


def test_a_list_is_packed_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/v1/events/fire/claims"
    first = ask(path, Accept_Encoding="gzip")
    monkeypatch.setattr(compression, "packed", lambda *_: pytest.fail("it was packed again"))
    again = ask(path, Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    assert same(first, again)


def test_what_cannot_be_asked_for_is_told_as_by_flask(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("the database is locked")

    for name in ("row", "execute_sql"):
        monkeypatch.setattr(type(db.obj), name, away)
    for path in PATHS:
        assert ask(path).status_code == 503, path


def test_another_database_is_asked_itself(ask: Ask, empty: str, folder: Path) -> None:
    came = time.perf_counter()
    ask("/v1/claims/c1", came)
    store.bind(empty)
    assert counted(lambda: ask("/v1/claims/c1", came)) == 1
    assert counted(lambda: ask("/v1/events/fire/claims")) == 1
    assert ask("/v1/events/fire/claims").status_code == 200


def test_what_a_transaction_sees_holds_for_nobody_else(app: Flask) -> None:
    came = time.perf_counter()
    with suppress(ZeroDivisionError), store.writing():
        store.db.execute_sql("UPDATE edition SET number = number + 7")
        editions.edition()
        raise ZeroDivisionError
    assert editions.standing(came) is None
    present = editions.edition()
    assert editions.standing(came) == present
    with db.atomic():
        assert editions.standing(came) is None


def test_the_latest_reading_is_what_counts(app: Flask) -> None:
    at = time.perf_counter() + 100
    one, other = editions.Edition(1, 1), editions.Edition(2, 2)
    editions.looked(other, at)
    editions.looked(one, at - 1)
    assert editions.standing(at) == other
    assert editions.standing(at + 1) is None
    editions.LATEST.look = None
