"""Revisions of discrepancies, digests of what the engine said, and how far a review has come."""

from typing import Any

import orjson
from peewee import BooleanField, Check, ForeignKeyField, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator

BEFORE = "It was on record before its revisions were kept."
FINDING_KINDS = ("stale_within_document", "mixed_snapshot", "broken_chain", "wrong_reckoning")


def among(column: str, *words: str) -> Any:
    return Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Make the tables of conclusions anew, with what was in them."""

    class Record(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Named(Record):
        id = TextField(primary_key=True)

    class Resource(Record):
        id = TextField(primary_key=True)
        revision = IntegerField(default=1, constraints=[Check("revision >= 1")])
        recorded_at = TextField()
        representation = TextField(default="{}")

    class Document(Named):
        pass

    class Property(Named):
        pass

    class Event(Named):
        pass

    class Claim(Named):
        pass

    class Question(Resource):
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        discrepancy_name = TextField(unique=True)
        grade = TextField(constraints=[among("grade", "corroborated", "single_origin", "contested", "unattributed")])
        outcome = TextField(null=True)

        class Meta:
            indexes = ((("event", "property", "id", "outcome"), False),)

    class Discrepancy(Resource):
        question = ForeignKeyField(Question, null=True, unique=True, on_delete="SET NULL")
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        kind = TextField(
            null=True,
            constraints=[among("kind", "contradiction", "exceeds_whole", "unresolved", "correction", "update")],
        )
        conflict = BooleanField(index=True)
        changed_at = TextField(index=True)
        ended_at = TextField(null=True)

        class Meta:
            constraints = [Check("(kind IS NULL) = (ended_at IS NOT NULL)")]

    class DiscrepancyRevision(Record):
        discrepancy = ForeignKeyField(Discrepancy, backref="revisions", on_delete="CASCADE")
        revision = IntegerField()
        recorded_at = TextField()
        changed_because = TextField()
        representation = TextField()

        class Meta:
            indexes = ((("discrepancy", "revision"), True),)

    class QuestionClaim(Record):
        question = ForeignKeyField(Question, backref="answers", on_delete="CASCADE")
        claim = ForeignKeyField(Claim, on_delete="CASCADE")

        class Meta:
            indexes = ((("question", "claim"), True),)

    class Finding(Record):
        document = ForeignKeyField(Document, backref="findings", on_delete="CASCADE")
        place_in_list = TextField()
        kind = TextField()
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        outcome = TextField()
        representation = TextField()

    class Upkeep(Record):
        rules = TextField(null=True)
        turn = IntegerField(default=0)

    class Review(Record):
        rules = TextField()
        begun_at = TextField()
        questions = IntegerField(default=0)
        changed = IntegerField(default=0)

    class Reviewed(Record):
        event = ForeignKeyField(Event, primary_key=True, on_delete="CASCADE")

    remade = ("finding", "question_claim", "discrepancy", "question")
    found = db.execute_sql("SELECT document_id, kind, event_id, property_id, representation FROM finding").fetchall()
    for table in remade:
        db.execute_sql(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")  # noqa: S608 — names of our own tables and columns
        db.execute_sql(f"DROP TABLE {table}")
    db.create_tables([Question, Discrepancy, DiscrepancyRevision, QuestionClaim, Finding, Upkeep, Review, Reviewed])
    resource = "id, revision, recorded_at, representation, event_id, property_id"
    for table, columns in (
        ("question", f"{resource}, discrepancy_name, grade"),
        ("discrepancy", f"{resource}, question_id, kind, conflict, changed_at"),
        ("question_claim", "question_id, claim_id"),
    ):
        db.execute_sql(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before")  # noqa: S608 — names of our own tables and columns
    db.execute_sql(
        "INSERT INTO discrepancy_revision (discrepancy_id, revision, recorded_at, changed_because, representation) "  # noqa: S608 — names of our own tables and columns
        f"SELECT id, revision, changed_at, '{BEFORE}', representation FROM discrepancy"
    )
    for document, kind, event, prop, representation in found:
        Finding.create(
            document=document,
            place_in_list=_place(event, kind, orjson.loads(representation)["claims"][0]),
            kind=kind,
            event=event,
            property=prop,
            outcome="",
            representation=representation,
        )
    for table in remade:
        db.execute_sql(f"DROP TABLE {table}_before")


def _place(event: str, kind: str, first: Any) -> str:
    return f"{event} {FINDING_KINDS.index(kind)} {first['start']:08d} {first['id']}"
