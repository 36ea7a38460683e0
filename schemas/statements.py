"""Statements: one utterance by one source at one time through one channel."""

from marshmallow import Schema, fields

from schemas.fields import Flag, Slug, Text
from schemas.times import SpanSchema


class CitedStatementSchema(Schema):
    """A statement and the earlier one of that source that it follows."""

    id = Slug(required=True)
    source = Slug(required=True, metadata={"description": "Who said it."})
    channel = Text(
        allow_none=True, load_default=None, metadata={"description": "Through what, such as a briefing or a post."}
    )
    said_at = fields.Nested(SpanSchema, required=True)
    follows = Slug(
        allow_none=True,
        load_default=None,
        metadata={"description": "The earlier statement of that source which it continues."},
    )
    corrects = Flag(load_default=False, metadata={"description": "It takes back what it follows."})
    note = Text(allow_none=True, load_default=None)


class StatementSchema(CitedStatementSchema):
    """A statement with the claims that go back to it."""

    claims = fields.List(Slug(), dump_only=True, metadata={"description": "The claims that go back to it."})
