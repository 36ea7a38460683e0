"""Start: a database that cannot work is refused with one clear line, before the first request."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from peewee import SqliteDatabase

from api.app import create_app
from api.cli import main
from api.config import Config
from api.store import db as store
from api.store.db import DatabaseRefused

Prepared = tuple[str, str]
"""A URL and what its refusal says."""


def migrated(path: Path) -> str:
    url = f"sqlite:///{path}"
    database = store.bind(url, create=True)
    store.migrate(database)
    database.close()
    return url


def locked(folder: Path) -> Prepared:
    return f"{migrated(folder / 'locked.db')}?timeout=0", "locked"


def in_no_folder(folder: Path) -> Prepared:
    return f"sqlite:///{folder / 'nowhere' / 'a.db'}", "nowhere of the database does not exist"


def no_database(folder: Path) -> Prepared:
    (folder / "a.db").write_bytes(b"this is a text, however long it may be. " * 200)
    return f"sqlite:///{folder / 'a.db'}", "not a database"


def a_folder(folder: Path) -> Prepared:
    return f"sqlite:///{folder}", "cannot be opened"


EVERY = (locked, in_no_folder, no_database, a_folder)
"""Files that cannot be used."""


def newer(url: str) -> str:
    store.migrate(store.bind(url, create=True))
    store.db.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    return "newer than this code: it has 9999_future"


def unmigrated(url: str) -> str:
    return "run `crosscheck migrate`"


def without_its_tables(url: str) -> str:
    store.migrate(store.bind(url, create=True))
    store.db.execute_sql("ALTER TABLE claim RENAME TO lost")
    return "cannot be read: no such table"


ALIKE = (newer, unmigrated, without_its_tables)
"""What is refused whatever kind of database it is."""


@pytest.fixture
def refused(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prepared]:
    """A database that must be refused; a locked one stays locked, and nobody waits for it."""
    monkeypatch.setitem(store.SQLITE_PRAGMAS, "busy_timeout", 0)
    prepare: Callable[[Path], Prepared] = request.param
    prepared = prepare(tmp_path)
    holder = SqliteDatabase(tmp_path / "locked.db", pragmas={"locking_mode": "exclusive"})
    if prepare is locked:
        holder.connect()
        holder.execute_sql("BEGIN EXCLUSIVE")
        holder.execute_sql("UPDATE schema_migration SET name = name")
    yield prepared
    holder.close()
    store.db.close()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What `serve` would have handed this process over to."""
    handed_over: list[object] = []
    monkeypatch.setattr("api.cli._become_the_server", lambda: handed_over.append("this process"))
    return handed_over


@pytest.mark.parametrize("refused", EVERY, indirect=True, ids=lambda prepare: prepare.__name__)
def test_the_application_is_not_built_on_it(refused: Prepared) -> None:
    url, says = refused
    with pytest.raises(DatabaseRefused, match=says):
        create_app(Config(database_url=url))


@pytest.mark.parametrize("refused", EVERY, indirect=True, ids=lambda prepare: prepare.__name__)
def test_serve_ends_with_one_line_and_status_2(refused: Prepared, started: list[object]) -> None:
    url, says = refused
    result = CliRunner().invoke(main, ["serve"], env={"DATABASE_URL": url})
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("crosscheck: ")
    assert says in line
    assert started == []


@pytest.mark.parametrize(
    "refused", [locked, in_no_folder, no_database], indirect=True, ids=lambda prepare: prepare.__name__
)
def test_migrate_refuses_it_too(refused: Prepared) -> None:
    url, says = refused
    result = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": url})
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert says in result.stderr


def test_serve_hands_a_sound_database_to_gunicorn(tmp_path: Path, started: list[object]) -> None:
    url = migrated(tmp_path / "a.db")
    result = CliRunner().invoke(main, ["serve"], env={"DATABASE_URL": url, "PORT": "8123", "HOST": "127.0.0.1"})
    assert result.exit_code == 0
    assert started == ["this process"]


def test_a_refused_database_is_not_changed(tmp_path: Path) -> None:
    url, _ = no_database(tmp_path)
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(DatabaseRefused):
        create_app(Config(database_url=url))
    assert (tmp_path / "a.db").read_bytes() == before


@pytest.mark.parametrize("prepare", ALIKE)
def test_neither_kind_of_database_is_served_then(
    fresh: Callable[[], str], started: list[object], prepare: Callable[[str], str]
) -> None:
    url = fresh()
    says = prepare(url)
    with pytest.raises(DatabaseRefused, match=says):
        create_app(Config(database_url=url))
    result = CliRunner().invoke(main, ["serve"], env={"DATABASE_URL": url})
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert says in result.stderr
    assert started == []


def test_neither_kind_of_database_is_migrated_back(fresh: Callable[[], str]) -> None:
    url = fresh()
    says = newer(url)
    result = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": url})
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert says in result.stderr
