"""Discrepancies: questions whose claims do not all fit together."""

from marshmallow import Schema, fields

from schemas.fields import Moment, Number, Slug, Switch, Text, one_of
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery
from schemas.times import SpanSchema
from schemas.values import ScopeSchema, ValueSchema
from schemas.vocabulary import DiscrepancyKind, Grade, Order, Relation, ValueStatus


class HeldBySchema(Schema):
    """A claim that gives a value."""

    id = Slug(required=True)
    document = Slug(dotted=True, required=True, allow_none=True)
    origin = Slug(
        required=True, allow_none=True, metadata={"description": "On whose word; null where it is the document's own."}
    )
    exact = fields.String(required=True, metadata={"description": "As the document words it."})


class GivenValueSchema(Schema):
    """One distinct value with everybody who gives it.

    `property` and `scope` are the question's own, save for a whole that a part exceeds.
    """

    value = fields.Nested(ValueSchema, required=True)
    status = one_of(ValueStatus, required=True)
    denied = fields.Boolean(required=True, metadata={"description": "Whether it is given as what did not happen."})
    property = Slug(required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    claims = fields.List(
        fields.Nested(HeldBySchema), required=True, metadata={"description": "Everything that gives it."}
    )
    origins = fields.List(
        Slug(),
        required=True,
        metadata={"description": "On whose word it is given; the own voices of documents are not among them."},
    )
    independent_origins = fields.Integer(
        required=True,
        metadata={"description": "How many of them do not depend on each other: an organisation counts once."},
    )
    as_of = fields.Nested(SpanSchema, required=True)


class TieSchema(Schema):
    """The relation between two values; `left` and `right` index `values`."""

    left = fields.Integer(required=True, metadata={"description": "Which of `values`, counted from 0."})
    right = fields.Integer(required=True, metadata={"description": "Which of `values`, counted from 0."})
    relation = one_of(Relation, required=True)
    rule = fields.String(
        required=True, metadata={"description": "The name of the rule that decides, as `/v1/rules` has it."}
    )
    because = fields.String(required=True, metadata={"description": "Why, in a sentence."})
    order = one_of(Order, required=True)


class AssessmentSchema(Schema):
    """What can responsibly be said: the current value, its range, its grade and a sentence to print."""

    current = fields.Nested(
        ValueSchema,
        required=True,
        allow_none=True,
        metadata={"description": "What stands now; null where nothing can be said to."},
    )
    low = Number(
        required=True,
        allow_none=True,
        metadata={"description": "The least of all that is not superseded.", "type": "number"},
    )
    high = Number(
        required=True,
        allow_none=True,
        metadata={"description": "The most of all that is not superseded.", "type": "number"},
    )
    grade = one_of(Grade, required=True)
    because = fields.String(required=True, metadata={"description": "Why it has that grade."})
    documents = fields.Integer(required=True, metadata={"description": "How many documents give any of the values."})
    origins = fields.Integer(required=True, metadata={"description": "How many origins these go back to."})
    independent_origins = fields.Integer(
        required=True,
        metadata={"description": "How many of them do not depend on each other; more than 1 is a confirmation."},
    )
    sentence = fields.String(required=True, metadata={"description": "What may be printed: attributed and dated."})


class DiscrepancyLinksSchema(Schema):
    """Where to go on from here."""

    self = fields.String(required=True)
    question = fields.String(required=True)
    event = fields.String(required=True)
    provenance = fields.String(required=True)


class DiscrepancySchema(Schema):
    """A question with values that cannot all hold, why, and on whose word."""

    id = Slug(required=True)
    event = Slug(required=True)
    property = Slug(required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    kind = one_of(DiscrepancyKind, required=True, allow_none=True, metadata={"description": "null for one that ended."})
    conflict = fields.Boolean(required=True, metadata={"description": "Something remains unexplained."})
    summary = fields.String(required=True, metadata={"example": "5 documents, 3 values, 1 origin"})
    values = fields.List(
        fields.Nested(GivenValueSchema),
        required=True,
        metadata={"description": "Every distinct value, with who gives it."},
    )
    relations = fields.List(
        fields.Nested(TieSchema), required=True, metadata={"description": "How the values stand to each other."}
    )
    assessment = fields.Nested(AssessmentSchema, required=True)
    changed_at = fields.String(
        required=True, allow_none=True, metadata={"format": "date-time", "description": "null for another moment."}
    )
    ended_at = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date-time", "description": "Since when all values can hold, or no claim is left."},
    )
    revision = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Which of its states this is; null for another moment."},
    )
    links = fields.Nested(DiscrepancyLinksSchema, required=True)


class DiscrepancyRevisionSchema(Schema):
    """One state of a discrepancy, and why it came to be in it."""

    revision = fields.Integer(required=True)
    recorded_at = fields.String(required=True)
    changed_because = fields.String(required=True, metadata={"example": "A value was added: 24; 21 is now superseded."})
    discrepancy = fields.Nested(DiscrepancySchema, required=True)


class DiscrepancyQuery(PageQuery):
    """Filters on discrepancies; all given must hold."""

    event = Slug(load_default=None, metadata={"description": "Only on that event."})
    property = Slug(load_default=None, metadata={"description": "Only on that property."})
    kind = one_of(DiscrepancyKind, load_default=None, metadata={"description": "Only of that kind."})
    conflict = Switch(
        load_default=None,
        metadata={"description": "`true` leaves those that nothing explains, `false` those that something does."},
    )
    document = Slug(
        dotted=True, load_default=None, metadata={"description": "Only those that a claim of that document is part of."}
    )
    origin = Slug(load_default=None, metadata={"description": "Only those with a value that goes back to that source."})
    changed_since = Moment(load_default=None, metadata={"description": "Changed at or after then."})
    q = Text(
        load_default=None,
        metadata={"description": "Words for an event and a property, as for a lookup."},
    )
    sort = sorted_by("question", "changed_at", "id")
    include = Including("discrepancies")


class EventDiscrepancyQuery(DiscrepancyQuery):
    """Filters on the discrepancies of one event."""

    class Meta:
        exclude = ("event",)
