"""Intervals of time, as every noun gives them."""

from marshmallow import Schema

from schemas.fields import Moment
from schemas.sent import SentSchema

BOTH_ENDS = {"required": "is required, null where it is unknown"}


class SpanSchema(Schema):
    """An interval; an end that is null is unknown."""

    earliest = Moment(required=True, allow_none=True, error_messages=BOTH_ENDS, metadata={"example": "2023-12-30"})
    latest = Moment(required=True, allow_none=True, error_messages=BOTH_ENDS, metadata={"example": "2023-12-31"})


class SentSpanSchema(SpanSchema, SentSchema):
    """An interval as a client puts it; an end that is null is unknown."""
