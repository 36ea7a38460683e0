"""The number that every change of the record raises, and when it last did."""

import time
from typing import Any

from peewee import BigIntegerField, Model
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Make the table with its one row: what is on record counts as changed now."""

    class Edition(Model):
        number = BigIntegerField()
        changed_at = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([Edition])
    Edition.create(number=1, changed_at=int(time.time()) + 1)


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Drop the table."""
    db.execute_sql("DROP TABLE edition")
