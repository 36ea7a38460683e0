"""Timelines: when each value of a question was said, published and superseded."""

from marshmallow import Schema, fields

from schemas.fields import Moment, Slug, one_of
from schemas.lists import Including
from schemas.pages import PageQuery
from schemas.times import SpanSchema
from schemas.values import ScopeSchema, ValueSchema
from schemas.vocabulary import Relation, ValueStatus


class PublicationSchema(Schema):
    """By when a value was certainly in print, as `as_of` counts it."""

    first = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "By then the first document that prints it was out; null where no date is known."},
    )
    last = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "By then every document that prints it was out; null where one has no known date."},
    )


class SuccessionSchema(Schema):
    """The first value that took another's place, by which rule, and when it was said and published."""

    by = fields.Integer(required=True, metadata={"description": "Indexes `entries`."})
    relation = one_of(Relation, required=True)
    rule = fields.String(required=True)
    because = fields.String(required=True)
    said = fields.Nested(SpanSchema, required=True)
    published = Moment(
        required=True, allow_none=True, metadata={"description": "By then the successor's first document was out."}
    )


class EntrySchema(Schema):
    """One value with its own clocks: when it was said, when it held, when it was published, what took its place.

    `property` and `scope` are the question's own, save for a whole that a part exceeds.
    """

    value = fields.Nested(ValueSchema, required=True)
    denied = fields.Boolean(required=True)
    status = one_of(ValueStatus, required=True)
    property = Slug(required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    as_of = fields.Nested(SpanSchema, required=True)
    said = fields.Nested(
        SpanSchema,
        required=True,
        metadata={"description": "Spans the statements it goes back to; nulls where none is on record."},
    )
    published = fields.Nested(PublicationSchema, required=True)
    documents = fields.List(Slug(dotted=True), required=True)
    origins = fields.List(Slug(), required=True)
    claims = fields.List(Slug(), required=True)
    superseded = fields.Nested(SuccessionSchema, required=True, allow_none=True)
    late = fields.List(
        Slug(dotted=True),
        required=True,
        metadata={"description": "Documents that still give it though its successor was already published."},
    )


class TimelineSchema(Schema):
    """A question with the values given to it in the order in which they were said, unknown times last."""

    question = Slug(required=True, dotted=True)
    property = Slug(required=True)
    label = fields.String(required=True, metadata={"example": "Deaths"})
    scope = fields.Nested(ScopeSchema, required=True)
    conflict = fields.Boolean(required=True, metadata={"description": "Something remains unexplained."})
    entries = fields.List(fields.Nested(EntrySchema), required=True)


class TimelineQuery(PageQuery):
    """Filters on the timeline of one event."""

    property = Slug(load_default=None, metadata={"description": "Only questions on that property."})
    include = Including("timelines")
