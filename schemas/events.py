"""Events: something that happened, at a place and time."""

from marshmallow import Schema, fields

from schemas.fields import Moment, Slug, Text
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery


class PlaceSchema(Schema):
    """A place and what it lies in."""

    id = Slug(required=True)
    name = Text(required=True)
    within = Slug(allow_none=True, load_default=None, metadata={"description": "The place it lies in."})
    aliases = fields.List(Text(), load_default=list)
    latitude = fields.Float(allow_none=True, load_default=None)
    longitude = fields.Float(allow_none=True, load_default=None)


class CountsSchema(Schema):
    """How much the record holds on an event."""

    claims = fields.Integer(required=True)
    documents = fields.Integer(required=True)
    questions = fields.Integer(required=True)
    discrepancies = fields.Integer(required=True)
    conflicts = fields.Integer(required=True, metadata={"description": "Discrepancies that nothing explains."})


class EventSchema(Schema):
    """An event, its place and what the record holds on it."""

    id = Slug(required=True)
    title = Text(required=True)
    parent = Slug(required=True, allow_none=True, metadata={"description": "The event it is a part of."})
    place = fields.Nested(PlaceSchema, required=True, allow_none=True)
    starts = Moment(required=True, allow_none=True)
    ends = Moment(required=True, allow_none=True)
    summary = Text(required=True, allow_none=True)
    counts = fields.Nested(CountsSchema, dump_only=True)


class EventRecordSchema(Schema):
    """An event as a curator enters it: the place by its id."""

    id = Slug(required=True)
    title = Text(required=True)
    parent = Slug(allow_none=True, load_default=None)
    place = Slug(allow_none=True, load_default=None)
    starts = Moment(allow_none=True, load_default=None)
    ends = Moment(allow_none=True, load_default=None)
    summary = Text(allow_none=True, load_default=None)
    aliases = fields.List(Text(), load_default=list)


class EventQuery(PageQuery):
    """Filters on events."""

    parent = Slug(load_default=None, metadata={"description": "Only parts of that event."})
    place = Slug(load_default=None, metadata={"description": "Only events at that place, or within it."})
    q = Text(load_default=None, metadata={"description": "Words of the title or summary."})
    sort = sorted_by("id", "starts")
    include = Including("events")
