"""The index that discrepancies are counted by, kind by kind."""

from typing import Any

from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create it."""
    migrate(migrator.add_index("discrepancy", ("kind", "conflict"), False))


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Drop it."""
    migrate(migrator.drop_index("discrepancy", "discrepancy_kind_conflict"))
