"""On PostgreSQL the indexes of words tell how old an entry is too, so that the newest that hold a word are found alone.

An index of its kind has no order: what held a common word was all read and sorted.
"""

from typing import Any

from peewee import SqliteDatabase
from playhouse.migrate import SchemaMigrator

NOUNS = ("event", "claim", "source", "question")
BEFORE = "words || ' .' || held"
AGES = "' #' || (id >> 13)::text || ' ##' || (id >> 16)::text || ' ###' || (id >> 19)::text"


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Make them anew."""
    _make(db, f"{BEFORE} || {AGES}")


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Make them as they were."""
    _make(db, BEFORE)


def _make(db: Any, tokens: str) -> None:
    if isinstance(db, SqliteDatabase):
        return
    for noun in NOUNS:
        db.execute_sql(f"DROP INDEX search_index_{noun}")
        db.execute_sql(
            f"CREATE INDEX search_index_{noun} ON search_entry"
            f" USING gin (array_to_tsvector(string_to_array({tokens}, ' '))) WHERE {noun}_id IS NOT NULL"
        )
