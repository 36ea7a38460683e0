"""Connections to PostgreSQL: bounded, handed back, checked when taken, through a pooler too; and servers that fail."""

import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from peewee import OperationalError

from api.app import create_app
from api.config import Config
from api.store import db as store
from api.store import postgresql
from api.store.db import db
from api.store.models import Property
from tests.conftest import migrate
from tests.databases import Served, folder, served, start, started, stop

PATIENCE = 30
"""Seconds in which a server that is back must be used again; only a failing run waits that long."""


@pytest.fixture(scope="module")
def databases() -> Iterator[Served]:
    """PostgreSQL's alone."""
    yield served()
    store.unbind()


def client_of(url: str) -> FlaskClient:
    return create_app(Config(database_url=url)).test_client()


def connections() -> int:
    """How many connections others have to the bound database."""
    count: int = db.execute_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    ).fetchone()[0]
    return count


def in_a_thread(what: Callable[[], Any]) -> Any:
    """Return what a thread of its own comes to, or how it failed."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(what())
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def test_an_answer_hands_its_connection_back_and_the_next_request_has_it(empty: str) -> None:
    client = client_of(empty)
    for path in ("/v1/claims", "/v1/claims/nowhere", "/v1/claims?format=ndjson", "/healthz"):
        for _ in range(3):
            assert in_a_thread(lambda path=path: client.get(path, buffered=True).status_code) in (200, 404)
    assert connections() <= 1


def test_a_stream_has_its_connection_until_its_end(empty: str) -> None:
    client = client_of(f"{empty}&pool_max_conns=1")
    stream = client.get("/v1/claims?format=ndjson")
    assert not db.is_closed()
    stream.close()
    assert db.is_closed()


def test_who_finds_no_free_connection_waits_and_is_told_to_come_back(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "PATIENCE", 1)
    client = client_of(f"{empty}&pool_max_conns=1")
    with db.connection_context():
        answer = in_a_thread(lambda: client.get("/v1/claims"))
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert in_a_thread(lambda: client.get("/v1/claims").status_code) == 200


@pytest.mark.parametrize(
    "query", ["pool_max_conns=0", "pool_max_conns=many", "prepare_threshold=-1", "prepare_threshold=never"]
)
def test_a_parameter_of_ours_that_cannot_be_is_refused_by_its_name(empty: str, query: str) -> None:
    with pytest.raises(store.DatabaseRefused, match=f"{query.partition('=')[0]} is '{query.partition('=')[2]}'"):
        store.bind(f"{empty}&{query}")


def test_nothing_is_prepared_where_that_is_off(empty: str) -> None:
    store.bind(f"{empty}&prepare_threshold=off")
    for _ in range(10):
        list(Property.select().where(Property.id == "deaths"))
    assert db.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)


def test_a_read_that_meets_a_lock_is_told_to_come_back(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "LOCK_PATIENCE", 10)
    client = client_of(empty)
    with psycopg.connect(empty) as other:
        other.execute("LOCK TABLE claim IN ACCESS EXCLUSIVE MODE")
        for path in ("/v1/claims", "/v1/claims/c1", "/v1/claims?format=csv", "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
            assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/v1/claims").status_code == 200


@pytest.fixture(scope="module")
def own() -> Iterator[tuple[Path, str]]:
    """A server that nobody else uses, with tables in it: its folder, and its URL."""
    name = f"own-{uuid.uuid4().hex[:8]}"
    url = started(name)
    migrate(url)
    yield folder() / name, url
    store.unbind()
    stop(folder() / name)


def test_a_server_that_restarts_is_a_503_while_it_is_away_and_nothing_afterwards(own: tuple[Path, str]) -> None:
    home, url = own
    client = client_of(url)
    assert client.get("/v1/claims").status_code == 200
    stop(home)
    for path in ("/v1/claims", "/readyz", "/v1/claims?format=ndjson"):
        answer = client.get(path)
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200
    start(home)
    deadline = time.monotonic() + PATIENCE
    while client.get("/v1/claims").status_code != 200:
        assert time.monotonic() < deadline
    assert in_a_thread(lambda: client.get("/v1/claims").status_code) == 200


def test_a_restart_between_two_requests_is_not_noticed(own: tuple[Path, str]) -> None:
    home, url = own
    client = client_of(url)
    assert client.get("/v1/claims", buffered=True).status_code == 200
    stop(home)
    start(home)
    assert client.get("/v1/claims").status_code == 200


def test_of_many_who_wait_for_a_server_that_says_nothing_one_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[float] = []

    def unreachable(*_: Any, **__: Any) -> Any:
        tried.append(time.monotonic())
        time.sleep(0.2)
        raise OperationalError("timeout")

    monkeypatch.setattr("peewee.PostgresqlDatabase._connect", unreachable)
    database = postgresql.database("postgresql://127.0.0.1:1/a", postgresql.PostgreSQL)
    failed: list[OperationalError] = []

    def connect() -> None:
        try:
            database.connect()
        except OperationalError as error:
            failed.append(error)

    threads = [threading.Thread(target=connect) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(tried), len(failed)) == (1, 8)


class Pooler:
    """What PgBouncer is to a client at the start: settings are refused, the rest goes to the server."""

    def __init__(self, data: str) -> None:
        self.server = f"{data}/.s.PGSQL.5432"
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                threading.Thread(target=self._begin, args=(client,), daemon=True).start()

    def _begin(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            first = client.recv(10_000)
            while len(first) == 8:  # whether this is encrypted
                client.sendall(b"N")
                first = client.recv(10_000)
            if b"\0options\0" in first:
                said = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
                client.sendall(b"E" + (len(said) + 4).to_bytes(4, "big") + said)
                return
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(self.server)
                server.sendall(first)
                threading.Thread(target=self._carry, args=(server, client), daemon=True).start()
                self._carry(client, server)

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while some := here.recv(65_536):
                there.sendall(some)
            there.shutdown(socket.SHUT_WR)


@pytest.fixture
def pooled(own: tuple[Path, str]) -> Iterator[str]:
    """The URL of a pooler before a server of the test's own."""
    pooler = Pooler(str(own[0] / "data"))
    yield f"postgresql://crosscheck@127.0.0.1:{pooler.port}/postgres"
    store.unbind()
    pooler.listening.close()


def test_behind_a_pooler_nothing_is_set_on_a_connection_and_nothing_prepared(pooled: str) -> None:
    store.bind(pooled)
    assert db.execute_sql("SHOW lock_timeout").fetchone() == ("0",)
    for _ in range(10):
        list(Property.select().where(Property.id == "deaths"))
    assert db.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
    assert client_of(pooled).get("/v1/claims").status_code == 200


def test_behind_a_pooler_who_writes_waits_no_longer_than_others(pooled: str) -> None:
    store.bind(pooled)
    with store.writing():
        assert db.execute_sql("SHOW lock_timeout").fetchone() == ("5s",)
    assert db.execute_sql("SHOW lock_timeout").fetchone() == ("0",)


def test_behind_a_pooler_who_only_reads_cannot_write(pooled: str) -> None:
    store.read_only(store.bind(pooled))
    with pytest.raises(OperationalError, match="readonly"):
        Property.delete().execute()
    with pytest.raises(OperationalError, match="readonly"), store.writing():
        pass
    assert db.execute_sql("SHOW default_transaction_read_only").fetchone() == ("off",)


def test_behind_a_pooler_what_prepares_is_what_the_url_says(pooled: str) -> None:
    store.bind(f"{pooled}?prepare_threshold=0")
    list(Property.select().where(Property.id == "deaths"))
    assert db.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone()[0] > 0


def test_settings_that_the_url_asks_for_are_not_left_out(pooled: str) -> None:
    with pytest.raises(store.DatabaseRefused, match=re.escape("unsupported startup parameter")):
        store.bind(f"{pooled}?options=-c%20statement_timeout%3D60000")
