"""On SQLite the words of each noun have a full-text index of their own, as they have on PostgreSQL.

Of one index for all, a search walked through every entry that is a claim to find those among them that hold its words.
"""

from typing import Any

from peewee import SqliteDatabase
from playhouse.migrate import SchemaMigrator

NOUNS = ("event", "claim", "source", "question")
KEPT = "tokenize=\"ascii tokenchars '-_.'\", detail=column, columnsize=0"
INTO = "(rowid, words, held) VALUES (new.id, new.words, new.held);"
OUT_OF = "rowid, words, held) VALUES ('delete', old.id, old.words, old.held);"


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create them instead of the one."""
    if isinstance(db, SqliteDatabase):
        _one_by_noun(db)


def _one_by_noun(db: Any) -> None:
    _drop(db, "search_index", "search_entry")
    for noun in NOUNS:
        index = f"search_index_{noun}"
        entries = f"SELECT id, words, held FROM search_entry WHERE {noun}_id IS NOT NULL"  # noqa: S608 — names of our own
        db.execute_sql(f"CREATE VIEW search_entry_{noun} AS {entries}")
        _create(db, index, f"search_entry_{noun}")
        _follow(db, index, f"search_entry_{noun}", f"{{}}.{noun}_id IS NOT NULL")


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Create the one again."""
    if isinstance(db, SqliteDatabase):
        _one_for_all(db)


def _one_for_all(db: Any) -> None:
    for noun in NOUNS:
        _drop(db, f"search_index_{noun}", f"search_entry_{noun}")
        db.execute_sql(f"DROP VIEW search_entry_{noun}")
    _create(db, "search_index", "search_entry")
    _follow(db, "search_index", "search_entry", "{}.id IS NOT NULL")


def _create(db: Any, index: str, content: str) -> None:
    """Create an index of what there is."""
    db.execute_sql(
        f"CREATE VIRTUAL TABLE {index} USING fts5(words, held, content='{content}', content_rowid='id', {KEPT})"
    )
    db.execute_sql(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608 — names of our own


def _follow(db: Any, index: str, prefix: str, which: str) -> None:
    """Have an index follow such rows of its table by itself."""
    added, removed = f"INSERT INTO {index} {INTO}", f"INSERT INTO {index} ({index}, {OUT_OF}"
    for name, change, row, does in (
        ("added", "INSERT", "new", added),
        ("removed", "DELETE", "old", removed),
        ("changed", "UPDATE", "new", f"{removed} {added}"),
    ):
        when = which.format(row)
        db.execute_sql(f"CREATE TRIGGER {prefix}_{name} AFTER {change} ON search_entry WHEN {when} BEGIN {does} END")


def _drop(db: Any, index: str, prefix: str) -> None:
    for name in ("added", "removed", "changed"):
        db.execute_sql(f"DROP TRIGGER {prefix}_{name}")
    db.execute_sql(f"DROP TABLE {index}")
