"""How often what is said of an event changed, so that what was worked out from it is known to hold."""

from peewee import Database, IntegerField
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the column."""
    migrate(migrator.add_column("event", "turn", IntegerField(default=0)))


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop it."""
    migrate(migrator.drop_column("event", "turn"))
