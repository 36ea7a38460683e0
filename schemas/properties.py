"""Properties: what is measured or asked, and how it behaves."""

from marshmallow import Schema, fields, validate

from schemas.fields import Flag, Slug, Text, one_of
from schemas.pages import PageQuery
from schemas.vocabulary import ValueKind


class TermSchema(Schema):
    """A term of a vocabulary and the one that contains it."""

    id = Slug(required=True)
    label = Text(required=True)
    within = Slug(allow_none=True, load_default=None)


class NounSchema(Schema):
    """What is counted, and what is said of it: person, people, killed."""

    one = Text(required=True)
    other = Text(required=True)
    said = Text(allow_none=True, load_default=None)


class PropertySchema(Schema):
    """A property with its kind, unit, vocabulary and behaviour."""

    id = Slug(required=True)
    label = Text(required=True)
    kind = one_of(ValueKind, required=True)
    unit = Text(allow_none=True, load_default=None)
    accumulates = Flag(load_default=False, metadata={"description": "A later count is never lower, save recounts."})
    exclusive = Flag(load_default=False, metadata={"description": "Two different answers cannot both hold."})
    constant = Flag(load_default=False, metadata={"description": "The quantity does not move with time."})
    additive = Flag(load_default=False, metadata={"description": "A part is never larger than its whole."})
    part_of = Slug(allow_none=True, load_default=None)
    moves_to = Slug(allow_none=True, load_default=None)
    noun = fields.Nested(NounSchema, allow_none=True, load_default=None)
    vocabulary = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf(["places"]),
        metadata={"description": "`places`: the terms are the places of the record."},
    )
    terms = fields.List(fields.Nested(TermSchema), load_default=list)
    aliases = fields.List(Text(), load_default=list)


class PropertyQuery(PageQuery):
    """Filters on properties."""

    kind = one_of(ValueKind, load_default=None)
