"""On PostgreSQL the entries of each noun have indexes of their own: of their words, and of which are the newest.

The noun that an entry is held by begins with a point there: no word is taken for it.
"""

from typing import Any

from peewee import SqliteDatabase
from playhouse.migrate import SchemaMigrator

NOUNS = ("event", "claim", "source", "question")
TOKENS = "array_to_tsvector(string_to_array(words || ' .' || held, ' '))"
TOKENS_BEFORE = "array_to_tsvector(string_to_array(words || ' ' || held, ' '))"


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create them instead of the one."""
    if isinstance(db, SqliteDatabase):
        return
    db.execute_sql("DROP INDEX search_index")
    for noun in NOUNS:
        of_noun = f"WHERE {noun}_id IS NOT NULL"
        db.execute_sql(f"CREATE INDEX search_index_{noun} ON search_entry USING gin ({TOKENS}) {of_noun}")
        db.execute_sql(f"CREATE INDEX search_index_{noun}_newest ON search_entry (id) {of_noun}")


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Create the one again."""
    if isinstance(db, SqliteDatabase):
        return
    for noun in NOUNS:
        db.execute_sql(f"DROP INDEX search_index_{noun}")
        db.execute_sql(f"DROP INDEX search_index_{noun}_newest")
    db.execute_sql(f"CREATE INDEX search_index ON search_entry USING gin ({TOKENS_BEFORE})")
