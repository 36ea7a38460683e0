"""Problems: the one shape of every failure (RFC 9457)."""

from marshmallow import Schema, fields


class FieldProblemSchema(Schema):
    """What is wrong with one field."""

    field = fields.String(required=True, metadata={"example": "limit"})
    sent = fields.String(allow_none=True, metadata={"description": "What was sent, shortened."})
    expected = fields.String(required=True)


class ProblemSchema(Schema):
    """A failure: what went wrong, where, and what was expected."""

    type = fields.String(required=True, metadata={"example": "/problems/not-found"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldProblemSchema))
    suggestions = fields.List(fields.String(), metadata={"description": "The nearest ids there are."})
