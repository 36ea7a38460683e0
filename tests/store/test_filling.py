"""Filling: many rows at once leave what one row after the other does, and whatever was taken away stands again."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import IntegrityError

from api.intake import loading
from api.intake.loading import load
from api.store import db as store
from api.store import filling
from api.store.filling import without_indexes
from api.store.models import Claim
from tests.conftest import ROOT
from tests.intake.folders import LATER, NOW, dump, entry, small, without, write

STRUCTURE = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master",
    "postgresql": """
        SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
        UNION ALL SELECT 'constraint', conname, conrelid::regclass || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    """,
}
INDEXES = {
    "sqlite": """
        SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name IN ('claim', 'search_entry')
    """,
    "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename IN ('claim', 'search_entry')",
}

OWN = {"edition", "signing", "schema_migration"}
"""Tables that tell when a database was made, and how often it was written to."""

Made = Callable[[], str]


def asked(sql: dict[str, str]) -> list[tuple[Any, ...]]:
    return sorted(store.db.execute_sql(sql["sqlite" if store.is_sqlite() else "postgresql"]).fetchall(), key=repr)


def record() -> dict[str, list[Any]]:
    """Every row but those of the full text of SQLite's own, which holds the same in other parts."""
    return {table: rows for table, rows in dump().items() if table not in OWN and not table.startswith("search_index")}


def made(fresh: Made) -> str:
    url = fresh()
    store.migrate(store.bind(url, create=True))
    return url


@pytest.fixture
def at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "FEWEST", 1)


def agree_with_their_tables() -> None:
    if store.is_sqlite():
        for index in ("search_index_event", "search_index_claim", "search_index_source", "search_index_question"):
            store.db.execute_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 — names of our own
        assert store.db.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_record_that_is_filled_at_once_is_the_one_that_is_kept_row_by_row(
    fresh: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for fewest in (1, 10_000):
        monkeypatch.setattr(filling, "FEWEST", fewest)
        made(fresh)
        before = asked(STRUCTURE)
        load(write(tmp_path / "fixtures", small()), now=NOW)
        assert asked(STRUCTURE) == before
        agree_with_their_tables()
        found.append(record())
    assert found[0] == found[1]


@pytest.mark.usefixtures("at_any_size", "empty")
def test_what_was_filled_is_kept_up_to_date_as_any_other(tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()), now=NOW)
    content = without(small(), "claims", "c2")
    entry(content, "claims", "c1")["value"].update(amount=22, text="22")
    outcome = load(write(tmp_path / "fixtures", content), now=LATER)
    assert (outcome.added, outcome.changed, outcome.retracted) == (0, 1, 1)
    agree_with_their_tables()


@pytest.mark.usefixtures("at_any_size", "empty")
def test_indexes_are_away_only_while_a_record_without_claims_is_filled(tmp_path: Path) -> None:
    there = asked(INDEXES)
    with store.writing(), without_indexes(1):
        assert len(asked(INDEXES)) < len(there) / 2
    assert asked(INDEXES) == there
    load(write(tmp_path / "fixtures", small()), now=NOW)
    with store.writing(), without_indexes(1):
        assert asked(INDEXES) == there


@pytest.mark.usefixtures("at_any_size", "empty")
def test_postgresql_knows_how_much_it_holds_when_it_is_filled(tmp_path: Path) -> None:
    content = small()
    load(write(tmp_path / "fixtures", content), now=NOW)
    if not store.is_sqlite():
        known = store.db.execute_sql("SELECT reltuples FROM pg_class WHERE oid = 'claim'::regclass").fetchone()
        assert known == (len(content["claims"]),)
    assert Claim.select().count() == len(content["claims"])


@pytest.mark.usefixtures("empty")
def test_few_claims_are_added_with_the_indexes_there() -> None:
    there = asked(INDEXES)
    with store.writing(), without_indexes(filling.FEWEST - 1):
        assert asked(INDEXES) == there


@pytest.mark.usefixtures("at_any_size", "empty")
@pytest.mark.parametrize("failing", ["_put_claims", "_index_changed", "refresh_all"])
def test_a_filling_that_fails_leaves_nothing_and_every_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before, structure = dump(), asked(STRUCTURE)
    folder = write(tmp_path / "fixtures", small())

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(loading, failing, fail)
    with pytest.raises(RuntimeError):
        load(folder, now=NOW)
    assert dump() == before
    assert asked(STRUCTURE) == structure
    agree_with_their_tables()


KILLED = """
import os, signal, sys
from pathlib import Path
from api.intake import loading
from api.store import db, filling

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

filling.FEWEST = 1
setattr(loading, sys.argv[3], killed)
db.bind(sys.argv[1])
loading.load(Path(sys.argv[2]))
"""
"""A load by a process that is killed instead of doing what is named."""


@pytest.mark.parametrize("instead_of", ["_put_claims", "_retract_missing", "_index_changed"])
def test_a_filling_that_is_killed_leaves_nothing_and_every_index(empty: str, tmp_path: Path, instead_of: str) -> None:
    before, structure = dump(), asked(STRUCTURE)
    folder = write(tmp_path / "fixtures", small())
    command = [sys.executable, "-c", KILLED, empty, str(folder), instead_of]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == -signal.SIGKILL  # noqa: S603 — a command of our own
    assert dump() == before
    assert asked(STRUCTURE) == structure
    load(folder, now=NOW)
    agree_with_their_tables()


@pytest.mark.usefixtures("at_any_size")
def test_two_rows_that_may_not_be_alike_are_refused_at_the_end(empty: str, tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()), now=NOW)
    rows = list(Claim.select().dicts())
    Claim.delete().execute()
    alike = [{**row, "place_in_list": "alike"} for row in rows[:2]]
    with pytest.raises(IntegrityError), store.writing(), without_indexes(1):
        Claim.insert_many(alike).execute()
    assert Claim.select().count() == 0


@pytest.mark.usefixtures("at_any_size")
def test_a_row_that_refers_to_nothing_is_refused(empty: str, tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()), now=NOW)
    (row, *_) = list(Claim.select().dicts())
    Claim.delete().execute()
    with pytest.raises(IntegrityError), store.writing(), without_indexes(1):
        Claim.insert_many([{**row, "document": "nowhere"}]).execute()
    assert Claim.select().count() == 0


@pytest.mark.usefixtures("at_any_size", "empty")
def test_memory_taken_to_fill_is_given_back() -> None:
    if store.is_sqlite():
        before = store.db.execute_sql("PRAGMA cache_size").fetchall()
        with store.writing(), without_indexes(1):
            assert store.db.execute_sql("PRAGMA cache_size").fetchall() == [(filling.SQLITE_PAGES,)]
    else:
        before = store.db.execute_sql("SHOW maintenance_work_mem").fetchall()
        with store.writing(), without_indexes(1):
            assert store.db.execute_sql("SHOW maintenance_work_mem").fetchall() == [(filling.POSTGRESQL_SORTING,)]
    after = "PRAGMA cache_size" if store.is_sqlite() else "SHOW maintenance_work_mem"
    assert store.db.execute_sql(after).fetchall() == before


@pytest.mark.usefixtures("at_any_size", "empty")
def test_who_may_write_to_tables_but_not_change_them_fills_them_with_their_indexes() -> None:
    if store.is_sqlite():
        pytest.skip("a file has no roles")
    there = asked(INDEXES)
    with store.writing():
        store.db.execute_sql("SET LOCAL ROLE pg_read_all_data")
        with without_indexes(1):
            assert asked(INDEXES) == there
        store.db.execute_sql("RESET ROLE")
