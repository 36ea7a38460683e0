"""Rule examples: the cases that the API publishes with each rule."""

from peewee import Check, Database, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create their table."""

    class RuleExample(Model):
        rule = TextField()
        side = TextField(constraints=[Check("side IN ('for', 'against')")])
        case = TextField()
        representation = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            indexes = ((("rule", "side"), True),)

    db.create_tables([RuleExample])
