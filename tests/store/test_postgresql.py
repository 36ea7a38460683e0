"""PostgreSQL: how a server is named and reached, what it is told, and that it keeps and orders as SQLite does."""

import importlib.util
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from peewee import OperationalError

from api.app import create_app
from api.config import Config
from api.store import db as store
from api.store import postgresql
from api.store.bulk import among
from api.store.db import DatabaseRefused, db
from api.store.models import MODELS, Claim, Property, Source
from api.store.queries import reached
from tests.conftest import Elsewhere
from tests.databases import Served, served

SECRET = "pa55word"  # noqa: S105 — made up for the test


@pytest.fixture(scope="module")
def databases() -> Iterator[Served]:
    """PostgreSQL's alone."""
    yield served()
    store.unbind()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"postgresql://u:{SECRET}@127.0.0.1:1/a", "postgresql://127.0.0.1:1/a cannot be opened"),
        (f"postgres://u:{SECRET}@127.0.0.1:1/a?sslmode=disable", "postgres://127.0.0.1:1/a cannot be opened"),
        (f"postgresql://127.0.0.1:1/a?user=u&password={SECRET}", "postgresql://127.0.0.1:1/a cannot be opened"),
        (f"postgresql://127.0.0.1:1/a?password=@{SECRET}", "postgresql://… cannot be opened"),
        (f"postgresql://u:%zz{SECRET}@127.0.0.1/a", "character of the password not encoded"),
        (f"postgresql://u:/?@{SECRET}@127.0.0.1/a", "cannot be opened"),
        (f"postgresql://u:{SECRET}@127.0.0.1:1", "names no database"),
        (f"postgresql://u:{SECRET}@127.0.0.1:1/a?colour=red", "not a URL as PostgreSQL takes it"),
    ],
)
def test_a_server_that_does_not_answer_is_refused_in_one_line_without_its_password(url: str, says: str) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        create_app(Config(database_url=url))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_its_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(postgresql, "find_spec", lambda name: None if name == "psycopg" else found(name))
    with pytest.raises(DatabaseRefused, match=r"driver of PostgreSQL is missing: install crosscheck\[postgresql\]"):
        store.bind("postgresql://127.0.0.1:1/a")


def test_both_names_of_the_scheme_open_it(empty: str) -> None:
    for scheme in ("postgres", "postgresql"):
        assert store.bind(empty.replace("postgresql", scheme, 1)).execute_sql("SELECT 1").fetchone() == (1,)


@pytest.mark.usefixtures("empty")
def test_every_text_is_ordered_by_its_bytes() -> None:
    tables = [model._meta.table_name for model in MODELS]
    texts = db.execute_sql(
        "SELECT DISTINCT collation_name FROM information_schema.columns"
        " WHERE data_type = 'text' AND table_schema = 'public' AND table_name = ANY(%s)",
        (tables,),
    ).fetchall()
    assert texts == [("C",)]


@pytest.mark.usefixtures("empty")
def test_numbers_keep_all_their_digits() -> None:
    ((kind,),) = db.execute_sql(
        "SELECT DISTINCT data_type FROM information_schema.columns"
        " WHERE table_name = 'claim' AND column_name = 'amount'"
    ).fetchall()
    assert kind == "double precision"


@pytest.mark.usefixtures("empty")
def test_what_is_asked_often_is_prepared() -> None:
    for _ in range(10):
        list(Property.select().where(Property.id == "deaths"))
    assert db.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone()[0] > 0


@pytest.mark.usefixtures("empty")
def test_a_name_with_nul_is_asked_for_alone_or_among_others_and_is_nowhere() -> None:
    Source.create(id="mayor", recorded_at="2026-01-01T00:00:00Z", name="the mayor", kind="person", words="")
    assert Source.get_or_none(Source.id == "a\0b") is None
    assert [name for (name,) in among(Source.id, ["a\0b", "mayor"], Source.id)] == ["mayor"]
    assert list(reached((Source.id,), Source.part_of, ["a\0b"])) == []


def test_a_connection_that_the_server_ended_is_replaced(empty: str) -> None:
    client = create_app(Config(database_url=empty)).test_client()
    assert client.get("/readyz").status_code == 200
    with psycopg.connect(empty) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'crosscheck' AND datname = current_database()"
        )
    failed = client.get("/readyz")
    assert (failed.status_code, failed.content_type) == (503, "application/problem+json")
    assert client.get("/readyz").status_code == 200


def test_who_only_reads_cannot_write_on_any_connection(empty: str) -> None:
    store.read_only(store.bind(f"{empty}&options=-c%20statement_timeout%3D60000"))
    for _ in range(2):
        with pytest.raises(OperationalError, match="readonly"):
            Claim.delete().execute()
        store.unbind()
    assert db.execute_sql("SHOW statement_timeout").fetchone() == ("1min",)


def test_who_meets_another_writer_is_told_that_it_is_locked(empty: str, elsewhere: Elsewhere) -> None:
    store.bind(empty)
    with elsewhere(empty), pytest.raises(OperationalError, match="locked"), store.writing():
        pass


def test_two_who_migrate_at_once_apply_each_migration_once(databases: Served) -> None:
    url = databases.new()
    store.bind(url)
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(store.migrate(db.obj))
        except DatabaseRefused as error:
            found.append(error)
        finally:
            db.close()

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    names = sorted(path.stem for path in store.MIGRATIONS.glob("[0-9]*.py"))
    assert sorted(found, key=len) == [[], names]
    databases.drop(url)
