"""The indexes by which the lists of one event are read in their order."""

from typing import Any

from playhouse.migrate import SchemaMigrator, migrate

INDEXES = (
    ("claim", ("event_id", "place_in_list")),
    ("question", ("event_id", "id")),
    ("discrepancy", ("event_id", "question_id")),
)


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create them."""
    migrate(*(migrator.add_index(table, columns, False) for table, columns in INDEXES))


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Drop them."""
    migrate(*(migrator.drop_index(table, f"{table}_{'_'.join(columns)}") for table, columns in INDEXES))
