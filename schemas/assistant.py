"""Assistant: what a language model's tools are asked, and what they answer."""

from marshmallow import Schema, fields, validate

from schemas.discrepancies import DiscrepancyQuery, DiscrepancySchema
from schemas.fields import Moment, Slug, Switch, one_of
from schemas.lookup import LookupQuery
from schemas.vocabulary import DiscrepancyKind

MOST_AT_ONCE = 50
"""Discrepancies one answer may hold: a model reads all of them."""

EVENT = {"description": "The id of an event, as answers give it under `event`."}
PROPERTY = {"description": "The id of what is counted or asked, such as deaths; answers give it under `property`."}


class LookupToolSchema(LookupQuery):
    """A few words, or the event and property themselves."""

    class Meta:
        exclude = ("format",)

    event = Slug(load_default=None, metadata=EVENT)
    property = Slug(load_default=None, metadata=PROPERTY)


class DiscrepanciesToolSchema(DiscrepancyQuery):
    """Filters on discrepancies; all given must hold."""

    class Meta:
        exclude = ("format", "cursor", "count", "include")

    event = Slug(load_default=None, metadata=EVENT)
    property = Slug(load_default=None, metadata=PROPERTY)
    kind = one_of(
        DiscrepancyKind,
        load_default=None,
        metadata={"description": "The worst that lies between its values; a correction or an update is explained."},
    )
    conflict = Switch(
        load_default=None, metadata={"description": "true: only what nothing explains; false: only what is explained."}
    )
    document = Slug(
        dotted=True, load_default=None, metadata={"description": "The id of a document that gives one of the values."}
    )
    origin = Slug(load_default=None, metadata={"description": "The id of a source on whose word one of the values is."})
    changed_since = Moment(
        load_default=None, metadata={"description": "Only what changed at or after this day or RFC 3339 time."}
    )
    limit = fields.Integer(
        load_default=10,
        validate=validate.Range(1, MOST_AT_ONCE),
        metadata={"description": "How many at most; `more` says whether there are others."},
    )


class DiscrepanciesSchema(Schema):
    """Discrepancies, and whether there are more."""

    items = fields.List(fields.Nested(DiscrepancySchema), required=True)
    more = fields.Boolean(required=True)
