"""Directly: what PostgreSQL is asked without a cursor is answered, counted and refused as with one."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from peewee import OperationalError

from api.store import db as store
from api.store.db import db, row
from api.store.models import Source
from api.store.timing import SPENT
from tests.databases import Served, served

KINDS = "SELECT id, NULL, revision, 1::bigint, 7::int2, 3 > %s, 3 < %s FROM source WHERE id = %s"
RAW = "SELECT CAST(name AS bpchar), revision FROM source WHERE id = %s"
"""Every type that is known, each mark of which is another parameter."""

PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE starts_with(name, 'crosscheck')"


@pytest.fixture(scope="module")
def databases() -> Iterator[Served]:
    """PostgreSQL's alone."""
    yield served()
    store.unbind()


@pytest.fixture
def url(empty: str) -> str:
    """A database in which there is a mayor."""
    store.bind(empty)
    Source.create(id="mayor", recorded_at="2026-01-01T00:00:00Z", name="the mayor", kind="person", words="")
    return empty


def of(name: str) -> Any:
    return row(KINDS, (2, 2, name))


def prepared() -> int:
    count: int = db.execute_sql(PREPARED).fetchone()[0]
    return count


FOUND = ("mayor", None, 1, 1, 7, True, False)


@pytest.mark.usefixtures("url")
def test_a_row_is_what_a_cursor_has_and_is_prepared_once() -> None:
    as_usual = db.execute_sql(KINDS, (2, 2, "mayor")).fetchone()
    before = SPENT.queries
    assert [of("mayor") for _ in range(5)] == [as_usual] * 5 == [FOUND] * 5
    assert SPENT.queries == before + 5
    assert prepared() == 1


@pytest.mark.usefixtures("url")
def test_text_comes_as_the_bytes_it_is_where_that_is_asked_for() -> None:
    name = " the mayor of Łódź  "
    Source.update(name=name).execute()
    assert row(RAW, ("mayor",)) == (name.encode(), 1)


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("name", ["nobody", "", "mayor\0", "'", "mayor%"])
def test_nothing_is_none(name: str) -> None:
    assert of(name) is None
    assert of("mayor") == FOUND


@pytest.mark.usefixtures("url")
def test_what_the_server_forgot_is_asked_as_usual_and_prepared_again() -> None:
    of("mayor")
    db.execute_sql("DEALLOCATE ALL")
    assert of("mayor") == FOUND
    assert prepared() == 0
    assert of("mayor") == FOUND
    assert prepared() == 1


@pytest.mark.usefixtures("url")
def test_in_a_transaction_its_own_writes_are_seen_and_a_failure_there_is_its_own() -> None:
    with store.writing():
        Source.update(revision=2).execute()
        assert of("mayor")[2] == 2
    with pytest.raises(OperationalError, match="no such table"), store.writing():
        row("SELECT nothing FROM nowhere")
    assert of("mayor")[2] == 2


@pytest.mark.usefixtures("url")
def test_a_type_that_is_not_known_is_read_as_usual() -> None:
    assert row("SELECT name, ARRAY[1, 2] FROM source WHERE id = %s", ("mayor",)) == ("the mayor", [1, 2])


@pytest.mark.usefixtures("url")
def test_what_fails_raises_what_a_cursor_does() -> None:
    for _ in range(2):
        with pytest.raises(OperationalError, match="no such table"):
            row("SELECT 1 FROM nowhere WHERE %s = '1'", ("1",))
    assert of("mayor") == FOUND


def test_a_connection_that_has_ended_is_told_and_replaced(url: str) -> None:
    of("mayor")
    with psycopg.connect(url) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(OperationalError):
        of("mayor")
    store.handed_back()
    store.reopened()
    assert of("mayor") == FOUND


@pytest.mark.parametrize(("query", "kept"), [("", 1), ("&prepare_threshold=off", 0), ("&prepare_threshold=0", 1)])
def test_nothing_is_prepared_where_that_is_off(url: str, query: str, kept: int) -> None:
    store.bind(f"{url}{query}")
    assert of("mayor") == FOUND
    assert prepared() == kept


def test_who_only_reads_is_answered_in_a_transaction_that_can_do_nothing_else(url: str) -> None:
    store.read_only(store.bind(url))
    assert of("mayor") == FOUND
    assert prepared() == 0
