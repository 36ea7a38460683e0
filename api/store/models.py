"""Models: the tables of the record.

Every resource keeps its `representation`, the JSON its schema renders, written in the same transaction
as the row; reads splice it. Times stand as the text the record gives them.
"""

from enum import StrEnum
from typing import Any, ClassVar

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
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
    Change,
    ChangedNoun,
    ClaimStatus,
    DiscrepancyKind,
    ExampleSide,
    Grade,
    LinkRole,
    Qualifier,
    SourceKind,
    Stance,
    ValueKind,
)


def among(column: str, words: type[StrEnum]) -> Any:
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
    """A place and what it lies in."""

    name = TextField()
    within_id: str | None
    within: Any = ForeignKeyField("self", null=True)
    aliases = TextField(default="[]")
    latitude = FloatField(null=True)
    longitude = FloatField(null=True)


class Source(Resource):
    """Anyone who speaks or publishes."""

    name = TextField()
    aliases = TextField(default="[]")
    kind = TextField(constraints=[among("kind", SourceKind)])
    part_of_id: str | None
    part_of: Any = ForeignKeyField("self", null=True, constraints=[Check("part_of_id <> id")])
    side = TextField(null=True, index=True)
    words = TextField()

    class Meta:
        indexes = ((("kind", "id"), False),)


class Document(Resource):
    """A published text that was read."""

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

    class Meta:
        indexes = (
            SQL(
                'CREATE INDEX IF NOT EXISTS "document_published" ON "document" '
                """(COALESCE("public_instant", "public_day" || 'T99'), "id")"""
            ),
        )


class Property(Resource):
    """What is measured or asked."""

    label = TextField()
    kind = TextField(constraints=[among("kind", ValueKind)])
    unit = TextField(null=True)
    accumulates = BooleanField(default=False)
    exclusive = BooleanField(default=False)
    constant = BooleanField(default=False)
    additive = BooleanField(default=False)
    part_of_id: str | None
    part_of: Any = ForeignKeyField("self", null=True, backref="parts")
    moves_to_id: str | None
    moves_to: Any = ForeignKeyField("self", null=True, backref="sources")
    noun = TextField(default="null")
    vocabulary = TextField(null=True)
    terms = TextField(default="[]")
    aliases = TextField(default="[]")
    also_part_of = TextField(default="[]")
    difference_of = TextField(default="[]")

    class Meta:
        indexes = ((("kind", "id"), False),)


class Event(Resource):
    """Something that happened."""

    title = TextField()
    parent_id: str | None
    parent: Any = ForeignKeyField("self", null=True, constraints=[Check("parent_id <> id")])
    place_id: str | None
    place: Any = ForeignKeyField(Place, null=True)
    starts = TextField(null=True)
    ends = TextField(null=True)
    summary = TextField(null=True)
    aliases = TextField(default="[]")
    words = TextField()
    turn = IntegerField(default=0)  # another one after every change that bears on it

    class Meta:
        indexes = ((("starts", "id"), False),)


class Statement(Resource):
    """One utterance."""

    source_id: str
    source: Any = ForeignKeyField(Source)
    channel = TextField(null=True)
    said_earliest = TextField(null=True)
    said_latest = TextField(null=True)
    follows_id: str | None
    follows: Any = ForeignKeyField("self", null=True, constraints=[Check("follows_id <> id")])
    corrects = BooleanField(default=False)
    note = TextField(null=True)


class Claim(Resource):
    """One value of one property of one event, as one document gives it."""

    place_in_list = TextField(unique=True)  # document, start and id: the order claims are listed in
    event_id: str
    event: Any = ForeignKeyField(Event)
    property_id: str
    property: Any = ForeignKeyField(Property)
    document_id: str
    document: Any = ForeignKeyField(Document)
    statement_id: str | None
    statement: Any = ForeignKeyField(Statement, null=True)
    origin_id: str | None
    origin: Any = ForeignKeyField(Source, null=True)
    kind = TextField(constraints=[among("kind", ValueKind)])
    qualifier = TextField(null=True, constraints=[among("qualifier", Qualifier)])
    amount = FloatField(null=True)
    low = FloatField(null=True)
    high = FloatField(null=True)
    term = TextField(null=True)
    text = TextField(null=True)
    time_earliest = TextField(null=True)
    time_latest = TextField(null=True)
    scope_place_id: str | None
    scope_place: Any = ForeignKeyField(Place, null=True)
    population = TextField(null=True)
    period = TextField(null=True)
    as_of_earliest = TextField(null=True)
    as_of_latest = TextField(null=True)
    stance = TextField(constraints=[among("stance", Stance)])
    status = TextField(constraints=[among("status", ClaimStatus)])
    span_start = IntegerField()
    span_end = IntegerField()
    exact = TextField()
    words = TextField()
    note = TextField(null=True)
    causes = TextField(default="[]")
    reckoned = TextField(default="null")
    counting = TextField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            Check("span_start >= 0 AND span_end > span_start"),
            Check("low IS NULL OR high IS NULL OR low <= high"),
            Check("(kind = 'quantity') = (qualifier IS NOT NULL)"),
            Check("(kind IN ('category', 'polarity')) = (term IS NOT NULL)"),
        ]
        indexes = (
            (("event", "property"), False),
            (("event", "place_in_list"), False),
            (("document", "span_start"), False),
            (("recorded_at", "id"), False),
        )


class Attribution(Record):
    """One link of a claim's chain; position 0 stands nearest the document."""

    claim_id: str
    claim: Any = ForeignKeyField(Claim, backref="links", on_delete="CASCADE")
    position = IntegerField(constraints=[Check("position >= 0")])
    source_id: str
    source: Any = ForeignKeyField(Source)
    role = TextField(constraints=[among("role", LinkRole)])
    channel = TextField(null=True)
    inferred = BooleanField(default=False)

    class Meta:
        indexes = ((("claim", "position"), True),)


class ClaimRevision(Record):
    """A state a claim was in, as it was served then."""

    claim_id: str
    claim: Any = ForeignKeyField(Claim, backref="revisions", on_delete="CASCADE")
    revision = IntegerField()
    recorded_at = TextField()
    representation = TextField()

    class Meta:
        indexes = ((("claim", "revision"), True),)


class Question(Resource):
    """What a reader asks: an event, a property, a scope."""

    event_id: str
    event: Any = ForeignKeyField(Event)
    property_id: str
    property: Any = ForeignKeyField(Property)
    discrepancy_name = TextField(unique=True)
    grade = TextField(constraints=[among("grade", Grade)])
    outcome = TextField(null=True)  # a digest of what the engine said; the same one needs no rendering

    class Meta:
        indexes = (
            (("event", "property", "id", "outcome"), False),
            (("event", "id"), False),
            (("recorded_at", "id"), False),
        )


class Discrepancy(Resource):
    """A question whose values cannot all hold; one that ended stays, of no kind, and is no longer listed."""

    question_id: str | None
    question: Any = ForeignKeyField(Question, null=True, unique=True, on_delete="SET NULL")
    event_id: str
    event: Any = ForeignKeyField(Event)
    property_id: str
    property: Any = ForeignKeyField(Property)
    kind = TextField(null=True, constraints=[among("kind", DiscrepancyKind)])
    conflict = BooleanField(index=True)
    changed_at = TextField()
    ended_at = TextField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [Check("(kind IS NULL) = (ended_at IS NOT NULL)")]
        indexes = ((("changed_at", "id"), False), (("event", "question"), False), (("kind", "conflict"), False))


class DiscrepancyRevision(Record):
    """A state a discrepancy was in, as it was served then, and why it came to be in it."""

    discrepancy_id: str
    discrepancy: Any = ForeignKeyField(Discrepancy, backref="revisions", on_delete="CASCADE")
    revision = IntegerField()
    recorded_at = TextField()
    changed_because = TextField()
    representation = TextField()

    class Meta:
        indexes = ((("discrepancy", "revision"), True),)


class QuestionClaim(Record):
    """Which claims answer which question."""

    question_id: str
    question: Any = ForeignKeyField(Question, backref="answers", on_delete="CASCADE")
    claim_id: str
    claim: Any = ForeignKeyField(Claim, on_delete="CASCADE")

    class Meta:
        indexes = ((("question", "claim"), True),)


class Finding(Record):
    """Something wrong inside one document."""

    document_id: str
    document: Any = ForeignKeyField(Document, backref="findings", on_delete="CASCADE")
    place_in_list = TextField()  # event, kind, start and id: the order findings are listed in
    kind = TextField()
    event_id: str
    event: Any = ForeignKeyField(Event)
    property_id: str
    property: Any = ForeignKeyField(Property)
    outcome = TextField()  # a digest of what the engine found; the same one needs no rendering
    representation = TextField()


class LoggedChange(Record):
    """A change of a claim or a discrepancy; changes are numbered in the order in which they were committed.

    It outlives what it names. `revision` is the one that the change made, and `conflict` is what it made of a
    discrepancy.
    """

    sequence = AutoField()
    kind = TextField(constraints=[among("kind", ChangedNoun)])
    name = TextField()
    event = TextField()
    revision = IntegerField()
    change = TextField(constraints=[among("change", Change)])
    at = TextField()
    because = TextField()
    conflict = BooleanField(null=True)

    class Meta:
        indexes = ((("event", "sequence"), False), (("kind", "sequence"), False))


class RuleExample(Record):
    """The case that the API shows for a rule, or against it."""

    rule = TextField()
    side = TextField(constraints=[among("side", ExampleSide)])
    case = TextField()
    representation = TextField()

    class Meta:
        indexes = ((("rule", "side"), True),)


class Loading(Record):
    """Which state of which folder was last loaded, by its digest."""

    folder = TextField(primary_key=True)
    digest = TextField()
    loaded_at = TextField()


class Upkeep(Record):
    """The one row that says by which rules what is stored was worked out, and how often claims changed it since."""

    rules = TextField(null=True)
    turn = IntegerField(default=0)


class Review(Record):
    """A run over the whole record that has not come to its end: since when, by which rules, and how far it is."""

    id = AutoField()
    rules = TextField()
    begun_at = TextField()
    questions = IntegerField(default=0)
    changed = IntegerField(default=0)


class Reviewed(Record):
    """An event that the run has done."""

    event_id: str
    event: Any = ForeignKeyField(Event, primary_key=True, on_delete="CASCADE")


class SearchEntry(Record):
    """What a search finds: one event, claim, source or question, by its folded words.

    `held` names its kind and what it belongs to, as words that no text folds to. The newest is found first.
    """

    id = AutoField()
    event_id: str | None
    event: Any = ForeignKeyField(Event, null=True, unique=True, on_delete="CASCADE")
    claim_id: str | None
    claim: Any = ForeignKeyField(Claim, null=True, unique=True, on_delete="CASCADE")
    source_id: str | None
    source: Any = ForeignKeyField(Source, null=True, unique=True, on_delete="CASCADE")
    question_id: str | None
    question: Any = ForeignKeyField(Question, null=True, unique=True, on_delete="CASCADE")
    words = TextField()
    held = TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            Check(
                "CASE WHEN event_id IS NULL THEN 0 ELSE 1 END + CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END"
                " + CASE WHEN source_id IS NULL THEN 0 ELSE 1 END + CASE WHEN question_id IS NULL THEN 0 ELSE 1 END = 1"
            )
        ]


class SearchWord(Record):
    """A folded word that was on record at some time, with its trigrams, for guessing what a misspelt one means."""

    id = AutoField()
    word = TextField(unique=True)
    trigrams = TextField()


class Edition(Record):
    """The one row that says how often the record was changed, and the whole second by which it last was."""

    number = BigIntegerField()
    changed_at = BigIntegerField()


class Signing(Record):
    """The one row that holds the key by which cursors are signed."""

    key = TextField(primary_key=True)


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
    DiscrepancyRevision,
    QuestionClaim,
    Finding,
    LoggedChange,
    RuleExample,
    Loading,
    Upkeep,
    Review,
    Reviewed,
    SearchEntry,
    SearchWord,
    Edition,
    Signing,
)
"""Every table, each after those it refers to."""
