"""Replicas: a real primary and real streaming replicas, stopped, cut, frozen and promoted under those who read."""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from peewee import OperationalError

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from api.store import replicas as replicas_of_ours
from api.store.db import db
from api.store.reading import reading
from tests.conftest import migrate, serving
from tests.databases import folder, promote, replicated, start, started, stop
from tests.intake.folders import small, write

PATIENCE = 30
"""Seconds in which a server that is back must be used again; only a failing run waits that long."""


@dataclass(frozen=True)
class Node:
    """A server of a cluster."""

    home: Path
    url: str

    def ask(self, sql: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql).fetchone()

    def stop(self, mode: str = "fast") -> None:
        stop(self.home, mode)

    def start(self) -> None:
        start(self.home)

    def hold(self) -> None:
        """Have a replica replay nothing, whatever it receives."""
        self.ask("SELECT pg_wal_replay_pause()")
        wait_for(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == ("paused",))

    def go_on(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")

    def freeze(self, how: int = signal.SIGSTOP) -> None:
        """Have every process of the server do nothing at all: connections stay open and are not answered."""
        first = (self.home / "data" / "postmaster.pid").read_text().split()[0]
        os.kill(int(first), how)
        for task in Path(f"/proc/{first}/task/{first}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(task), how)

    def thaw(self) -> None:
        self.freeze(signal.SIGCONT)


@dataclass(frozen=True)
class Cluster:
    """A primary with two streaming replicas."""

    primary: Node
    copies: tuple[Node, Node]

    def config(self, *replicas: Node, lag: int = 0) -> Config:
        urls = tuple(node.url for node in replicas or self.copies)
        return Config(database_url=self.primary.url, read_database_urls=urls, read_lag_seconds=lag, rate_limit="")

    def caught_up(self, *copies: Node) -> None:
        """Wait until replicas have what the primary has."""
        edition = self.primary.ask("SELECT number FROM edition")
        for copy in copies:
            wait_for(lambda copy=copy: copy.ask("SELECT number FROM edition") == edition)


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def a_node(name: str, make: Callable[[str], str]) -> Node:
    unique = f"{name}-{uuid.uuid4().hex[:8]}"
    return Node(folder() / unique, make(unique))


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    primary = a_node("primary", started)
    migrate(primary.url)
    first, second = (a_node("replica", lambda name: replicated(name, primary.home)) for _ in range(2))
    yield Cluster(primary, (first, second))
    store.unbind()
    for node in (first, second, primary):
        with suppress(Exception):
            node.thaw()
        with suppress(Exception):
            node.stop("immediate")


@pytest.fixture
def cluster(nodes: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster in which everything is well; a replica that is away is looked for more often than usual."""
    monkeypatch.setattr(replicas_of_ours, "REST", 0.1)
    nodes.caught_up(*nodes.copies)
    yield nodes
    store.unbind()


def client_of(config: Config) -> FlaskClient:
    return create_app(config).test_client()


def reads_from() -> str:
    """Which server this thread would read from now."""
    store.handed_back()
    store.reopened()
    (copies,) = db.execute_sql("SELECT pg_is_in_recovery()").fetchone()
    (data,) = db.execute_sql("SHOW data_directory").fetchone()
    store.handed_back()
    assert copies == ("replica" in data)
    return Path(data).parent.name


def read_from_within(seconds: float, times: int = 6) -> set[str]:
    begun = time.monotonic()
    found = {reads_from() for _ in range(times)}
    assert time.monotonic() - begun < seconds
    return found


def name_of(node: Node) -> str:
    return node.home.name


def change(cluster: Cluster) -> None:
    """Have another process change the record."""
    cluster.primary.ask("UPDATE edition SET number = number + 1 RETURNING 1")


def entitle(folder: Path, number: int) -> None:
    """Load a folder in which the title of an event has a number; the bound database has it when this returns."""
    content = small()
    content["events"][0]["title"] = f"Fire in the mill, {number}"
    load(write(folder, content), now=f"2024-02-01T{number // 60:02d}:{number % 60:02d}:00+00:00")


def number_in(title: str) -> int:
    return int(title.rpartition(" ")[2])


def test_reads_are_shared_by_the_replicas_and_writes_go_to_the_primary(cluster: Cluster) -> None:
    create_app(cluster.config())
    assert read_from_within(5) == {name_of(copy) for copy in cluster.copies}
    store.reopened()
    with store.writing():
        assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (False,)
    store.handed_back()


def test_who_has_written_reads_it_at_once_from_whoever_has_it(cluster: Cluster) -> None:
    create_app(cluster.config())
    first, second = cluster.copies
    first.hold()
    try:
        with store.writing():
            pass
        cluster.caught_up(second)
        assert read_from_within(5) == {name_of(second)}
        second.hold()
        with store.writing():
            pass
        assert read_from_within(5) == {name_of(cluster.primary)}
    finally:
        first.go_on()
        second.go_on()
    cluster.caught_up(*cluster.copies)
    assert read_from_within(5) == {name_of(copy) for copy in cluster.copies}


def test_what_was_written_is_read_at_once_though_replicas_come_later(cluster: Cluster, tmp_path: Path) -> None:
    client = client_of(cluster.config())
    for number in range(10):
        entitle(tmp_path / "fixtures", number)
        store.handed_back()
        for path in ("/v1/events/fire", "/v1/search?q=mill", "/v1/events/fire?as_of=2024-03-01"):
            answer = client.get(path, buffered=True)
            assert answer.status_code == 200
            assert f"Fire in the mill, {number}" in answer.get_data(as_text=True)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_replica_that_dies_is_not_noticed_and_is_used_again_when_it_is_back(cluster: Cluster, mode: str) -> None:
    client = client_of(cluster.config())
    first, second = cluster.copies
    assert read_from_within(5) == {name_of(first), name_of(second)}
    first.stop(mode)
    assert {client.get("/v1/claims", buffered=True).status_code for _ in range(6)} == {200}
    assert read_from_within(5) == {name_of(second)}
    second.stop(mode)
    assert {client.get("/v1/claims", buffered=True).status_code for _ in range(6)} == {200}
    assert read_from_within(5) == {name_of(cluster.primary)}
    for node in cluster.copies:
        node.start()
    wait_for(lambda: read_from_within(5) == {name_of(first), name_of(second)})


def test_a_replica_that_says_nothing_holds_up_one_request_for_a_moment(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas_of_ours, "ASKING", 0.3)
    first, second = cluster.copies
    create_app(cluster.config())
    assert read_from_within(5) == {name_of(first), name_of(second)}
    first.freeze()
    try:
        change(cluster)
        cluster.caught_up(second)
        assert read_from_within(3) == {name_of(second)}
    finally:
        first.thaw()
    wait_for(lambda: read_from_within(5) == {name_of(first), name_of(second)})


def test_a_statement_that_a_frozen_replica_was_given_is_answered_by_the_primary(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas_of_ours.Replica, "most", 0.3)
    first, _ = cluster.copies
    create_app(cluster.config(first))
    store.reopened()
    assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (True,)
    first.freeze()
    try:
        assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (False,)
        store.handed_back()
        assert reads_from() == name_of(cluster.primary)
    finally:
        first.thaw()
    wait_for(lambda: reads_from() == name_of(first))


@pytest.mark.parametrize("how", ["a statement", "a transaction"])
def test_a_replica_that_dies_while_it_is_read_from_is_stood_in_for(cluster: Cluster, how: str) -> None:
    first, _ = cluster.copies
    create_app(cluster.config(first))
    store.reopened()
    assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (True,)
    first.stop("immediate")
    try:
        if how == "a statement":
            assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (False,)
        else:
            with reading():
                assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (False,)
    finally:
        store.handed_back()
        first.start()


def test_a_replica_that_dies_within_a_transaction_is_an_error_of_the_databases(cluster: Cluster) -> None:
    """What was read before could be of another state: the whole request has to be sent again."""
    first, _ = cluster.copies
    create_app(cluster.config(first))
    store.reopened()
    try:
        with suppress(OperationalError), reading():
            assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (True,)
            first.stop("immediate")
            with pytest.raises(OperationalError):
                db.execute_sql("SELECT 1")
        assert reads_from() == name_of(cluster.primary)
    finally:
        first.start()


def test_while_the_primary_is_away_readers_are_told_to_come_back(cluster: Cluster) -> None:
    client = client_of(cluster.config())
    assert client.get("/v1/claims", buffered=True).status_code == 200
    cluster.primary.stop()
    try:
        for path in ("/v1/claims", "/readyz", "/v1/claims?format=ndjson"):
            answer = client.get(path, buffered=True)
            assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
            assert int(answer.headers["Retry-After"]) > 0
        assert client.get("/healthz", buffered=True).status_code == 200
    finally:
        cluster.primary.start()
    wait_for(lambda: client.get("/v1/claims", buffered=True).status_code == 200)
    wait_for(lambda: read_from_within(5) == {name_of(copy) for copy in cluster.copies})


def test_a_primary_that_says_nothing_is_a_503_in_bounded_time_and_nothing_afterwards(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas_of_ours, "ASKING", 0.3)
    client = client_of(cluster.config())
    assert client.get("/v1/claims", buffered=True).status_code == 200
    cluster.primary.freeze()
    try:
        begun = time.monotonic()
        answers = [client.get("/v1/claims", buffered=True) for _ in range(5)]
        assert time.monotonic() - begun < 5
        assert {(answer.status_code, int(answer.headers["Retry-After"]) > 0) for answer in answers} == {(503, True)}
    finally:
        cluster.primary.thaw()
    wait_for(lambda: client.get("/v1/claims", buffered=True).status_code == 200)


def test_answers_that_may_lag_outlive_the_primary_but_not_for_who_wants_what_is_committed(cluster: Cluster) -> None:
    client = client_of(cluster.config(lag=600))
    assert client.get("/v1/claims", buffered=True).status_code == 200
    cluster.primary.stop()
    try:
        assert client.get("/v1/claims", buffered=True).status_code == 200
        answer = client.get("/v1/claims", headers={"Cache-Control": "no-cache"}, buffered=True)
        assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
        assert client.get("/v1/claims", buffered=True).status_code == 200
    finally:
        cluster.primary.start()
    wait_for(lambda: client.get("/v1/claims", headers={"Cache-Control": "no-cache"}, buffered=True).status_code == 200)


def test_who_has_just_written_is_not_answered_by_a_replica_that_may_lag(cluster: Cluster) -> None:
    first, _ = cluster.copies
    create_app(cluster.config(first, lag=600))
    assert reads_from() == name_of(first)
    first.hold()
    try:
        change(cluster)
        assert reads_from() == name_of(first)
        store.asked_anew()
        assert reads_from() == name_of(first)  # handed back at its beginning: another request was asked anew
        store.asked_anew()
        store.reopened()
        assert db.execute_sql("SELECT pg_is_in_recovery()").fetchone() == (False,)
        store.handed_back()
    finally:
        first.go_on()


def test_a_server_that_is_no_replica_of_the_primary_is_never_read_from(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    other = a_node("other", started)
    try:
        migrate(other.url)
        other.ask("UPDATE edition SET number = 1000000 RETURNING 1")
        create_app(cluster.config(other, cluster.primary))
        assert read_from_within(5) == {name_of(cluster.primary)}
        assert [record.getMessage() for record in caplog.records] == [
            f"replica {number} is not read from: it is no streaming replica of DATABASE_URL" for number in (1, 2)
        ]
    finally:
        store.unbind()
        other.stop("immediate")


def test_a_url_that_is_none_is_refused_by_its_place(cluster: Cluster) -> None:
    wrong = replace(cluster.config(), read_database_urls=(cluster.copies[0].url, "postgresql://a:secret@"))
    with pytest.raises(store.DatabaseRefused, match="READ_DATABASE_URLS, number 2: the URL names no data") as refused:
        create_app(wrong)
    assert "secret" not in str(refused.value)


def test_a_user_without_rights_may_ask_where_a_server_stands(cluster: Cluster) -> None:
    with psycopg.connect(cluster.primary.url) as connection:
        connection.execute("CREATE ROLE reader LOGIN; GRANT SELECT ON edition TO reader")
    change(cluster)
    cluster.caught_up(*cluster.copies)
    for node in (cluster.primary, *cluster.copies):
        with psycopg.connect(node.url.replace("crosscheck@", "reader@"), autocommit=True) as reader:
            row = reader.execute(replicas_of_ours.STATE).fetchone()
        assert row is not None
        assert replicas_of_ours.State(*row).copies == (node is not cluster.primary)


def test_a_replica_that_was_promoted_is_read_from_no_more(cluster: Cluster) -> None:
    third = a_node("replica", lambda name: replicated(name, cluster.primary.home))
    try:
        create_app(cluster.config(third))
        assert reads_from() == name_of(third)
        promote(third.home)
        change(cluster)
        third.ask("UPDATE edition SET number = number + 5 RETURNING 1")
        assert read_from_within(5) == {name_of(cluster.primary)}
    finally:
        store.unbind()
        third.stop("immediate")


def test_who_finds_all_connections_to_a_replica_taken_reads_from_another(cluster: Cluster) -> None:
    first, second = cluster.copies
    few = Config(
        database_url=cluster.primary.url,
        read_database_urls=(f"{first.url}&pool_max_conns=1", second.url),
        rate_limit="",
    )
    create_app(few)
    taken = [db.obj.replicas[0]._connect()]
    assert read_from_within(5) == {name_of(second)}
    db.obj.replicas[0]._close(taken[0])
    assert read_from_within(5) == {name_of(first), name_of(second)}


def test_a_replica_that_is_away_at_the_start_is_found_later(cluster: Cluster) -> None:
    first, _ = cluster.copies
    first.stop()
    create_app(cluster.config(first))
    assert reads_from() == name_of(cluster.primary)
    first.start()
    wait_for(lambda: reads_from() == name_of(first))


def test_what_was_read_from_whom_is_counted(cluster: Cluster) -> None:
    create_app(cluster.config())
    cluster.copies[0].hold()
    try:
        db.obj.taken_reads()
        change(cluster)
        cluster.caught_up(cluster.copies[1])
        read_from_within(5, times=4)
        assert db.obj.taken_reads() == {"2": 4}
        assert db.obj.taken_reads() == {}
    finally:
        cluster.copies[0].go_on()


def test_threads_that_wait_for_a_replica_that_is_away_end_with_the_database(cluster: Cluster) -> None:
    first, _ = cluster.copies
    first.stop()
    try:
        create_app(cluster.config(first))
        reads_from()
        assert [thread for thread in threading.enumerate() if thread.name == "replica"]
        store.unbind()
        wait_for(lambda: not [thread for thread in threading.enumerate() if thread.name == "replica"])
    finally:
        first.start()


@dataclass
class Seen:
    """What somebody who reads on and on was answered."""

    url: str
    written: list[int]
    """Numbers whose writing is over; the last one at the time of a question is the least to be read."""
    statuses: Counter[int]
    wrong: list[str]
    ended: threading.Event

    def read(self) -> None:
        while not self.ended.is_set():
            least = self.written[-1]
            try:
                with urllib.request.urlopen(self.url, timeout=PATIENCE) as answer:  # noqa: S310 — an address of the server under test
                    title = json.load(answer)["title"]
                    self.statuses[200] += 1
                    if number_in(title) < least:
                        self.wrong.append(f"read {title!r} when {least} was written")
            except urllib.error.HTTPError as failed:
                self.statuses[failed.code] += 1
                if failed.code != 503 or not failed.headers["Retry-After"]:
                    self.wrong.append(f"{failed.code} {failed.headers}")
            except OSError as error:
                self.wrong.append(repr(error))


def test_under_load_whatever_becomes_of_the_servers_nothing_is_stale_and_nothing_lost(
    cluster: Cluster, tmp_path: Path
) -> None:
    first, second = cluster.copies
    store.bind(cluster.primary.url)
    entitle(tmp_path / "fixtures", 0)
    written, number = [0], 0

    def go_on_writing(times: int) -> None:
        nonlocal number
        for _ in range(times):
            number += 1
            entitle(tmp_path / "fixtures", number)
            store.handed_back()
            written.append(number)

    urls = f"{first.url} {second.url}"
    with serving(cluster.primary.url, tmp_path / "log", READ_DATABASE_URLS=urls, WORKERS="2", RATE_LIMIT="off") as at:
        seen = Seen(f"{at.url}/v1/events/fire", written, Counter(), [], threading.Event())
        readers = [threading.Thread(target=seen.read) for _ in range(4)]
        for reader in readers:
            reader.start()
        go_on_writing(3)
        first.stop("immediate")
        go_on_writing(3)
        second.hold()
        go_on_writing(3)
        first.start()
        second.go_on()
        go_on_writing(3)
        second.freeze()
        go_on_writing(3)
        second.thaw()
        cluster.primary.stop()
        time.sleep(0.5)
        cluster.primary.start()
        go_on_writing(3)
        cluster.caught_up(first, second)
        go_on_writing(1)
        seen.ended.set()
        for reader in readers:
            reader.join()
        assert seen.wrong == []
        assert seen.statuses.keys() == {200, 503}
        assert seen.statuses[200] > 100
        with urllib.request.urlopen(seen.url, timeout=PATIENCE) as answer:  # noqa: S310 — an address of the server under test
            assert number_in(json.load(answer)["title"]) == number
    cluster.caught_up(first, second)
    for node in (cluster.primary, first, second):
        assert node.ask("SELECT title FROM event WHERE id = 'fire'") == (f"Fire in the mill, {number}",)
