"""Properties: what is measured or asked, and how it behaves."""

from marshmallow import Schema, ValidationError, fields, validate

from schemas.fields import Flag, Slug, Text, one_of
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery
from schemas.vocabulary import ValueKind

PAIR = 2


def _none_or_two(names: list[str]) -> None:
    if len(names) not in (0, PAIR):
        raise ValidationError("expected the two properties whose difference it is")


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
    also_part_of = fields.List(
        Slug(), load_default=list, metadata={"description": "Further properties that it is a part of."}
    )
    moves_to = Slug(allow_none=True, load_default=None)
    difference_of = fields.List(
        Slug(),
        load_default=list,
        validate=_none_or_two,
        metadata={"description": "The two properties whose difference it is: launched, shot down."},
    )
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

    kind = one_of(ValueKind, load_default=None, metadata={"description": "Only properties with values of that kind."})
    sort = sorted_by("id", "kind")
    include = Including("properties")
