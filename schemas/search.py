"""Search: whatever on record holds the words."""

from marshmallow import Schema, fields

from schemas.fields import Slug, Words, one_of
from schemas.pages import PageQuery
from schemas.vocabulary import FoundType


class SearchQuery(PageQuery):
    """Words, as one would type them, and what to look through."""

    q = Words(
        required=True,
        metadata={
            "description": "Words in any script and spelling; quotes, signs and operators are only what stands "
            "between them. The first 16 different words count.",
            "example": "deaths",
        },
    )
    type = one_of(FoundType, load_default=None, metadata={"description": "Only events, sources or claims."})
    event = Slug(
        load_default=None, metadata={"description": "Only this event, its claims and the sources that they name."}
    )


class HighlightSchema(Schema):
    """Characters [start, end) of the text that a word of the query stands for."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class FoundLinksSchema(Schema):
    """Where it is read."""

    self = fields.String(required=True)


class FoundSchema(Schema):
    """An event, a source or a claim that was found, and by what."""

    type = one_of(FoundType, required=True)
    id = Slug(required=True)
    title = fields.String(
        required=True, metadata={"description": "An event's title, a source's name, a claim's wording."}
    )
    text = fields.String(
        required=True,
        metadata={"description": "What was found of it: its title, another name, its place's name or its summary."},
    )
    highlights = fields.List(fields.Nested(HighlightSchema), required=True)
    event = Slug(required=True, allow_none=True, metadata={"description": "The event, or the one a claim is on."})
    score = fields.Float(
        required=True, metadata={"description": "How well it fits, from 0 to 1; comparable within one search only."}
    )
    links = fields.Nested(FoundLinksSchema, required=True)
