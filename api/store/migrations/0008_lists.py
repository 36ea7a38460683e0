"""The indexes that lists are sorted by, and the key by which cursors are signed."""

import secrets
from typing import Any

from peewee import Model, TextField
from playhouse.migrate import SchemaMigrator, migrate

INDEXES = (
    ("claim", ("recorded_at", "id")),
    ("event", ("starts", "id")),
    ("source", ("kind", "id")),
    ("property", ("kind", "id")),
    ("question", ("recorded_at", "id")),
    ("discrepancy", ("changed_at", "id")),
)
PUBLISHED = (
    'CREATE INDEX IF NOT EXISTS "document_published" ON "document" '
    """(COALESCE("public_instant", "public_day" || 'T99'), "id")"""
)


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create them; an index that began with the same column is replaced."""

    class Signing(Model):
        key = TextField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False

    migrate(
        migrator.drop_index("discrepancy", "discrepancy_changed_at"),
        *(migrator.add_index(table, columns, False) for table, columns in INDEXES),
    )
    db.execute_sql(PUBLISHED)
    db.create_tables([Signing])
    Signing.create(key=secrets.token_hex(32))


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Drop them."""
    db.execute_sql('DROP TABLE "signing"')
    db.execute_sql('DROP INDEX "document_published"')
    migrate(
        *(migrator.drop_index(table, f"{table}_{'_'.join(columns)}") for table, columns in INDEXES),
        migrator.add_index("discrepancy", ("changed_at",), False),
    )
