"""Models: the tables of the record.

Every resource keeps its `representation`, the JSON its schema renders, written in the same transaction
as the row; reads splice it. Times stand as the text the record gives them.
"""

from enum import StrEnum
from typing import Any

from peewee import (
    SQL,
    BooleanField,
    Check,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from api.store.db import db
from schemas.vocabulary import (
    ClaimStatus,
    DiscrepancyKind,
    Grade,
    LinkRole,
    Qualifier,
    SourceKind,
    Stance,
    ValueKind,
)


def among(column: str, words: type[StrEnum]) -> SQL:
    """A check that holds a column to its vocabulary."""
    return Check(f"{column} IN ({', '.join(repr(word.value) for word in words)})")


class Record(Model):
    """What every table shares."""

    class Meta:
        database = db
        legacy_table_names = False


class Resource(Record):
    """A row with a readable id, its revision and its rendered representation."""

    id = TextField(primary_key=True)
    revision = IntegerField(default=1, constraints=[Check("revision >= 1")])
    recorded_at = TextField()
    representation = TextField(default="{}")


class Place(Resource):
    name = TextField()
    within: Any = ForeignKeyField("self", null=True)
    aliases = TextField(default="[]")
    latitude = FloatField(null=True)
    longitude = FloatField(null=True)


class Source(Resource):
    name = TextField()
    aliases = TextField(default="[]")
    kind = TextField(constraints=[among("kind", SourceKind)])
    part_of: Any = ForeignKeyField("self", null=True, constraints=[Check("part_of_id <> id")])
    side = TextField(null=True, index=True)


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
    kind = TextField(constraints=[among("kind", ValueKind)])
    unit = TextField(null=True)
    accumulates = BooleanField(default=False)
    exclusive = BooleanField(default=False)
    constant = BooleanField(default=False)
    additive = BooleanField(default=False)
    part_of: Any = ForeignKeyField("self", null=True, backref="parts")
    moves_to: Any = ForeignKeyField("self", null=True, backref="sources")
    noun = TextField(default="null")
    vocabulary = TextField(null=True)
    terms = TextField(default="[]")
    aliases = TextField(default="[]")


class Event(Resource):
    title = TextField()
    parent: Any = ForeignKeyField("self", null=True, constraints=[Check("parent_id <> id")])
    place = ForeignKeyField(Place, null=True)
    starts = TextField(null=True)
    ends = TextField(null=True)
    summary = TextField(null=True)
    aliases = TextField(default="[]")


class Statement(Resource):
    source = ForeignKeyField(Source)
    channel = TextField(null=True)
    said_earliest = TextField(null=True)
    said_latest = TextField(null=True)
    follows: Any = ForeignKeyField("self", null=True, constraints=[Check("follows_id <> id")])
    corrects = BooleanField(default=False)
    note = TextField(null=True)


class Claim(Resource):
    place_in_list = TextField(unique=True)  # document, start and id: the order claims are listed in
    event = ForeignKeyField(Event)
    property = ForeignKeyField(Property)
    document = ForeignKeyField(Document)
    statement = ForeignKeyField(Statement, null=True)
    origin = ForeignKeyField(Source, null=True)
    kind = TextField(constraints=[among("kind", ValueKind)])
    qualifier = TextField(null=True, constraints=[among("qualifier", Qualifier)])
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
    stance = TextField(constraints=[among("stance", Stance)])
    status = TextField(constraints=[among("status", ClaimStatus)])
    span_start = IntegerField()
    span_end = IntegerField()
    exact = TextField()
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
    """One link of a claim's chain; position 0 stands nearest the document."""

    claim = ForeignKeyField(Claim, backref="links", on_delete="CASCADE")
    position = IntegerField(constraints=[Check("position >= 0")])
    source = ForeignKeyField(Source)
    role = TextField(constraints=[among("role", LinkRole)])
    channel = TextField(null=True)
    inferred = BooleanField(default=False)

    class Meta:
        indexes = ((("claim", "position"), True),)


class ClaimRevision(Record):
    """A state a claim was in, as it was served then."""

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
    grade = TextField(constraints=[among("grade", Grade)])


class Discrepancy(Resource):
    question = ForeignKeyField(Question, unique=True, on_delete="CASCADE")
    event = ForeignKeyField(Event)
    property = ForeignKeyField(Property)
    kind = TextField(constraints=[among("kind", DiscrepancyKind)])
    conflict = BooleanField(index=True)
    changed_at = TextField(index=True)


class QuestionClaim(Record):
    """Which claims answer which question."""

    question = ForeignKeyField(Question, backref="answers", on_delete="CASCADE")
    claim = ForeignKeyField(Claim, on_delete="CASCADE")

    class Meta:
        indexes = ((("question", "claim"), True),)


class Finding(Record):
    document = ForeignKeyField(Document, backref="findings", on_delete="CASCADE")
    kind = TextField()
    event = ForeignKeyField(Event)
    property = ForeignKeyField(Property)
    representation = TextField()


class Loading(Record):
    """Which state of which folder was last loaded, by its digest."""

    folder = TextField(primary_key=True)
    digest = TextField()
    loaded_at = TextField()


MODELS = (
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
)
"""Every table, each after those it refers to."""
