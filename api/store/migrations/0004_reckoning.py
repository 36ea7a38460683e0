"""Why a figure changed, how it is counted, and from which others it is reckoned."""

from peewee import Database, TextField
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the columns; what is on record has no causes, counts as it says and is stated."""
    migrate(
        migrator.add_column("claim", "causes", TextField(default="[]")),
        migrator.add_column("claim", "reckoned", TextField(default="null")),
        migrator.add_column("claim", "counting", TextField(null=True)),
        migrator.add_column("property", "also_part_of", TextField(default="[]")),
        migrator.add_column("property", "difference_of", TextField(default="[]")),
    )


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop the columns."""
    migrate(
        *(migrator.drop_column("claim", name) for name in ("causes", "reckoned", "counting")),
        *(migrator.drop_column("property", name) for name in ("also_part_of", "difference_of")),
    )
