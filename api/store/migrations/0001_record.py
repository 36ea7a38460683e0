"""The record: every table of the first release, frozen as it was then."""

from typing import Any

from peewee import (
    BooleanField,
    Check,
    Database,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def among(column: str, *words: str) -> Any:
    return Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the tables."""

    class Record(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Resource(Record):
        id = TextField(primary_key=True)
        revision = IntegerField(default=1, constraints=[Check("revision >= 1")])
        recorded_at = TextField()
        representation = TextField(default="{}")

    class Place(Resource):
        name = TextField()
        within = ForeignKeyField("self", null=True)
        aliases = TextField(default="[]")
        latitude = FloatField(null=True)
        longitude = FloatField(null=True)

    class Source(Resource):
        name = TextField()
        aliases = TextField(default="[]")
        kind = TextField(constraints=[among("kind", "person", "office", "organisation", "outlet", "unnamed")])
        part_of = ForeignKeyField("self", null=True, constraints=[Check("part_of_id <> id")])
        side = TextField(null=True, index=True)
        words = TextField()

    class Document(Resource):
        title = TextField(null=True)
        publisher = TextField(null=True)
        url = TextField(null=True)
        language = TextField(null=True)
        published_earliest = TextField(null=True)
        published_latest = TextField(null=True)
        public_day = TextField(null=True, index=True)  # the last day of a day-precision date
        public_instant = TextField(null=True, index=True)  # in UTC, where the date is an instant
        sha256 = TextField(unique=True, constraints=[Check("length(sha256) = 64")])
        length = IntegerField(constraints=[Check("length > 0")])
        note = TextField(null=True)

    class Property(Resource):
        label = TextField()
        kind = TextField(constraints=[among("kind", "quantity", "category", "time", "polarity")])
        unit = TextField(null=True)
        accumulates = BooleanField(default=False)
        exclusive = BooleanField(default=False)
        constant = BooleanField(default=False)
        additive = BooleanField(default=False)
        part_of = ForeignKeyField("self", null=True, backref="parts")
        moves_to = ForeignKeyField("self", null=True, backref="sources")
        noun = TextField(default="null")
        vocabulary = TextField(null=True)
        terms = TextField(default="[]")
        aliases = TextField(default="[]")

    class Event(Resource):
        title = TextField()
        parent = ForeignKeyField("self", null=True, constraints=[Check("parent_id <> id")])
        place = ForeignKeyField(Place, null=True)
        starts = TextField(null=True)
        ends = TextField(null=True)
        summary = TextField(null=True)
        aliases = TextField(default="[]")
        words = TextField()

    class Statement(Resource):
        source = ForeignKeyField(Source)
        channel = TextField(null=True)
        said_earliest = TextField(null=True)
        said_latest = TextField(null=True)
        follows = ForeignKeyField("self", null=True, constraints=[Check("follows_id <> id")])
        corrects = BooleanField(default=False)
        note = TextField(null=True)

    class Claim(Resource):
        place_in_list = TextField(unique=True)  # document, start and id: the order claims are listed in
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        document = ForeignKeyField(Document)
        statement = ForeignKeyField(Statement, null=True)
        origin = ForeignKeyField(Source, null=True)
        kind = TextField(constraints=[among("kind", "quantity", "category", "time", "polarity")])
        qualifier = TextField(
            null=True,
            constraints=[
                among(
                    "qualifier",
                    "exact",
                    "at_least",
                    "more_than",
                    "at_most",
                    "fewer_than",
                    "between",
                    "about",
                    "nearly",
                    "several",
                    "dozens",
                    "hundreds",
                )
            ],
        )
        amount = FloatField(null=True)
        low = FloatField(null=True)
        high = FloatField(null=True)
        term = TextField(null=True)
        text = TextField(null=True)
        time_earliest = TextField(null=True)
        time_latest = TextField(null=True)
        scope_place = ForeignKeyField(Place, null=True)
        population = TextField(null=True)
        period = TextField(null=True)
        as_of_earliest = TextField(null=True)
        as_of_latest = TextField(null=True)
        stance = TextField(constraints=[among("stance", "asserts", "denies", "reports_unverified", "no_comment")])
        status = TextField(constraints=[among("status", "active", "corrected", "retracted")])
        span_start = IntegerField()
        span_end = IntegerField()
        exact = TextField()
        words = TextField()
        note = TextField(null=True)

        class Meta:
            constraints = [
                Check("span_start >= 0 AND span_end > span_start"),
                Check("low IS NULL OR high IS NULL OR low <= high"),
                Check("(kind = 'quantity') = (qualifier IS NOT NULL)"),
                Check("(kind IN ('category', 'polarity')) = (term IS NOT NULL)"),
            ]
            indexes = ((("event", "property"), False), (("document", "span_start"), False))

    class Attribution(Record):
        claim = ForeignKeyField(Claim, backref="links", on_delete="CASCADE")
        position = IntegerField(constraints=[Check("position >= 0")])
        source = ForeignKeyField(Source)
        role = TextField(constraints=[among("role", "reports", "quotes", "cites")])
        channel = TextField(null=True)
        inferred = BooleanField(default=False)

        class Meta:
            indexes = ((("claim", "position"), True),)

    class ClaimRevision(Record):
        claim = ForeignKeyField(Claim, backref="revisions", on_delete="CASCADE")
        revision = IntegerField()
        recorded_at = TextField()
        representation = TextField()

        class Meta:
            indexes = ((("claim", "revision"), True),)

    class Question(Resource):
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        discrepancy_name = TextField(unique=True)
        grade = TextField(constraints=[among("grade", "corroborated", "single_origin", "contested", "unattributed")])

    class Discrepancy(Resource):
        question = ForeignKeyField(Question, unique=True, on_delete="CASCADE")
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        kind = TextField(
            constraints=[among("kind", "contradiction", "exceeds_whole", "unresolved", "correction", "update")]
        )
        conflict = BooleanField(index=True)
        changed_at = TextField(index=True)

    class QuestionClaim(Record):
        question = ForeignKeyField(Question, backref="answers", on_delete="CASCADE")
        claim = ForeignKeyField(Claim, on_delete="CASCADE")

        class Meta:
            indexes = ((("question", "claim"), True),)

    class Finding(Record):
        document = ForeignKeyField(Document, backref="findings", on_delete="CASCADE")
        place = IntegerField()
        kind = TextField()
        event = ForeignKeyField(Event)
        property = ForeignKeyField(Property)
        representation = TextField()

    class Loading(Record):
        folder = TextField(primary_key=True)
        digest = TextField()
        loaded_at = TextField()

    db.create_tables(
        [
            Place,
            Source,
            Document,
            Property,
            Event,
            Statement,
            Claim,
            Attribution,
            ClaimRevision,
            Question,
            Discrepancy,
            QuestionClaim,
            Finding,
            Loading,
        ]
    )
