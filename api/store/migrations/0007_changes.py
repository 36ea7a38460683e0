"""The log of changes of claims and discrepancies; what is on record is logged as if it had been from the beginning."""

from typing import Any

from peewee import AutoField, BooleanField, Check, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator

KINDS = "kind IN ('claim', 'discrepancy')"
CHANGES = "change IN ('created', 'changed', 'corrected', 'restored', 'reformatted', 'retracted', 'ended', 'removed')"

SEEDED = """
INSERT INTO logged_change (kind, name, event, revision, change, at, because, conflict)
SELECT kind, name, event, revision, change, at, because, conflict FROM (
    SELECT 'claim' AS kind, claim.id AS name, claim.event_id AS event, state.revision, state.recorded_at AS at,
        CASE WHEN state.representation LIKE {} THEN 'retracted'
            WHEN state.revision = 1 THEN 'created'
            WHEN state.representation LIKE {} THEN 'corrected' ELSE 'changed' END AS change,
        CASE WHEN state.revision = 1 THEN 'It was recorded.'
            ELSE 'It was changed before its changes were logged.' END AS because,
        NULL AS conflict, claim.place_in_list AS place
    FROM claim_revision AS state JOIN claim ON claim.id = state.claim_id
    UNION ALL
    SELECT 'discrepancy', discrepancy.id, discrepancy.event_id, state.revision, state.recorded_at,
        CASE WHEN state.representation LIKE {} THEN 'ended'
            WHEN state.revision = 1 THEN 'created' ELSE 'changed' END,
        state.changed_because, state.representation LIKE {}, discrepancy.id
    FROM discrepancy_revision AS state JOIN discrepancy ON discrepancy.id = state.discrepancy_id
) AS known ORDER BY at, kind, revision, place
"""

SIGNS = ('%"status":"retracted"%', '%"status":"corrected"%', '%"kind":null%', '%"conflict":true%')
"""What is looked for, in this order. None can stand inside a string: there a quotation mark has its backslash."""


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create the log, and fill it from the revisions."""

    class LoggedChange(Model):
        sequence = AutoField()
        kind = TextField(constraints=[Check(KINDS)])
        name = TextField()
        event = TextField()
        revision = IntegerField()
        change = TextField(constraints=[Check(CHANGES)])
        at = TextField()
        because = TextField()
        conflict = BooleanField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            indexes = ((("event", "sequence"), False), (("kind", "sequence"), False))

    db.create_tables([LoggedChange])
    db.execute_sql(SEEDED.format(*[db.param] * len(SIGNS)), SIGNS)


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Drop the log."""
    db.execute_sql("DROP TABLE logged_change")
