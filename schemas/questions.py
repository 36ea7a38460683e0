"""Questions: what a reader asks, with the values given and the assessment."""

from marshmallow import Schema, fields

from schemas.discrepancies import AssessmentSchema, GivenValueSchema, TieSchema
from schemas.fields import Slug, one_of
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery
from schemas.values import ScopeSchema
from schemas.vocabulary import Grade


class QuestionLinksSchema(Schema):
    """Where to go on from here."""

    self = fields.String(required=True)
    event = fields.String(required=True)
    claims = fields.String(required=True)


class QuestionSchema(Schema):
    """A question, its values and what can be said."""

    id = Slug(required=True, dotted=True)
    event = Slug(required=True)
    property = Slug(required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    discrepancy = Slug(
        required=True,
        allow_none=True,
        metadata={"description": "The discrepancy that it is, where its values cannot all hold."},
    )
    conflict = fields.Boolean(required=True, metadata={"description": "Something remains unexplained."})
    summary = fields.String(required=True, metadata={"description": "How many documents, values and origins."})
    values = fields.List(
        fields.Nested(GivenValueSchema),
        required=True,
        metadata={"description": "Every distinct value, with who gives it."},
    )
    relations = fields.List(
        fields.Nested(TieSchema), required=True, metadata={"description": "How the values stand to each other."}
    )
    assessment = fields.Nested(AssessmentSchema, required=True)
    links = fields.Nested(QuestionLinksSchema, required=True)


class QuestionQuery(PageQuery):
    """Filters on questions."""

    event = Slug(load_default=None, metadata={"description": "Only questions on that event."})
    property = Slug(load_default=None, metadata={"description": "Only questions on that property."})
    grade = one_of(
        Grade,
        load_default=None,
        metadata={"description": "Only questions whose answer has that grade."},
    )
    sort = sorted_by("id", "changed_at")
    include = Including("questions")


class EventQuestionQuery(QuestionQuery):
    """Filters on the questions of one event."""

    class Meta:
        exclude = ("event",)
