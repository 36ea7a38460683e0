"""Lookup: the best question for a few words."""

from marshmallow import Schema, fields

from schemas.discrepancies import DiscrepancySchema, GivenValueSchema
from schemas.documents import FindingSchema
from schemas.fields import Rendered, Slug, Words
from schemas.pages import ReadQuery
from schemas.questions import QuestionSchema

LONGEST_WORDS = 500
"""Characters of a question in words."""


class LookupQuery(ReadQuery):
    """A few words, as one would type them; or the event and property themselves."""

    q = Words(
        longest=LONGEST_WORDS,
        load_default=lambda: "",
        metadata={
            "description": "Words for an event and a property; may be left out where one of these is given.",
            "example": "deaths",
        },
    )
    event = Slug(load_default=None, metadata={"description": "The event itself."})
    property = Slug(load_default=None, metadata={"description": "The property itself."})


class MatchSchema(Schema):
    """A question that the words could also mean."""

    question = Slug(required=True, dotted=True)
    label = fields.String(required=True)


class AnsweredValuesSchema(Schema):
    """The values of the question found, for a spreadsheet."""

    items = fields.List(Rendered(GivenValueSchema), required=True)


class LookupSchema(Schema):
    """The question found, its answer, and what conflicts."""

    q = fields.String(required=True)
    label = fields.String(required=True)
    sentence = fields.String(required=True)
    question = Rendered(QuestionSchema, required=True)
    discrepancy = Rendered(DiscrepancySchema, required=True, allow_none=True)
    findings = fields.List(Rendered(FindingSchema), required=True)
    others = fields.List(fields.Nested(MatchSchema), required=True)
