"""Migrations: numbered without gaps, repeatable, and the same schema as the models."""

from pathlib import Path

from peewee import SqliteDatabase

from api.store import db as store
from api.store.models import MODELS


def schema(database: SqliteDatabase) -> set[tuple[str, str, str]]:
    """Return every table and index as the database describes it, but for the list of migrations itself."""
    rows = database.execute_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row for row in rows if "schema_migration" not in row[2] and not row[1].startswith("sqlite_")}


def test_migrations_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in store.MIGRATIONS.glob("*.py") if path.name != "__init__.py")
    assert names
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]


def test_a_migrated_database_has_the_schema_of_the_models(tmp_path: Path) -> None:
    made = store.bind(f"sqlite:///{tmp_path / 'made.db'}", create=True)
    made.create_tables(MODELS)
    expected = schema(made)
    made.close()
    migrated = store.bind(f"sqlite:///{tmp_path / 'migrated.db'}", create=True)
    store.migrate(migrated)
    found = schema(migrated)
    migrated.close()
    assert found == expected


def test_every_model_is_listed_after_those_it_refers_to() -> None:
    for index, model in enumerate(MODELS):
        for field in model._meta.refs:
            assert field.rel_model in MODELS[: index + 1], f"{model.__name__}.{field.name}"


def test_migrating_twice_applies_nothing_and_changes_nothing(tmp_path: Path) -> None:
    database = store.bind(f"sqlite:///{tmp_path / 'a.db'}", create=True)
    assert store.migrate(database) == sorted(path.stem for path in store.MIGRATIONS.glob("[0-9]*.py"))
    before = database.execute_sql("SELECT * FROM sqlite_master").fetchall()
    assert store.migrate(database) == []
    assert database.execute_sql("SELECT * FROM sqlite_master").fetchall() == before
    database.close()
