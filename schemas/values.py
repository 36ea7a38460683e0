"""Values: what a claim says."""

from marshmallow import Schema, fields

from schemas.fields import LARGEST_NUMBER, LONGEST_ID, LONGEST_TEXT, SLUG, Number, Slug, Text, one_of
from schemas.moments import MOMENT
from schemas.sent import SentSchema
from schemas.vocabulary import Polarity, Qualifier, ValueKind


class Bound(fields.Field[int | float | str]):
    """A bound of a value: a number for a quantity, a day or time for a time; null is unbounded."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int | float | str:
        if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > LONGEST_TEXT:
            raise self.make_error("validator_failed")
        return value


class ValueSchema(Schema):
    """One value: a quantity as an interval, a term, a time or an answer, with its own wording."""

    kind = one_of(ValueKind, required=True)
    qualifier = one_of(Qualifier, allow_none=True, load_default=None)
    amount = Number(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The number as worded, before its hedge is reckoned with; null of a range.",
            "example": 24,
        },
    )
    low = Bound(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The least it can be; null where nothing bounds it.",
            "type": ["number", "string"],
            "example": 24,
        },
    )
    high = Bound(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The most it can be; null where nothing bounds it.",
            "type": ["number", "string"],
            "example": 24,
        },
    )
    unit = Text(
        allow_none=True,
        load_default=None,
        metadata={"description": "What is counted, or the unit of measure.", "example": "people"},
    )
    term = Slug(
        allow_none=True,
        load_default=None,
        metadata={"description": "Of a category, a term of the property's vocabulary; of a polarity, the answer."},
    )
    text = Text(allow_none=True, load_default=None, metadata={"description": "As the document words it."})


class ScopeSchema(Schema):
    """What a value covers; all null is the whole event."""

    place = Slug(allow_none=True, load_default=None, metadata={"description": "Only there.", "example": "old-town"})
    population = Text(allow_none=True, load_default=None, metadata={"description": "Only of these people or things."})
    period = Text(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "A day, or two joined by `/`, `..` for unknown.",
            "pattern": rf"^(?:{MOMENT}|\.\.)(?:/(?:{MOMENT}|\.\.))?$",
        },
    )
    counting = Text(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The rule of counting, as `without the perpetrator`; left out where none is said.",
            "left_out": True,
        },
    )


NUMBER = {"type": ["number", "null"], "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
WHEN = {"type": ["string", "null"], "pattern": f"^{MOMENT}$"}
TERM = {"type": "string", "pattern": f"^{SLUG}$", "maxLength": LONGEST_ID}
ANSWER = {"type": "string", "enum": [word.value for word in Polarity]}
EMPTY = {"type": "null"}


BARE = dict.fromkeys(("qualifier", "amount", "low", "high", "unit"), EMPTY)
"""What neither a term nor an answer has."""


class SentValueSchema(ValueSchema, SentSchema):
    """A value as a client puts it: a quantity by its amount or its bounds, a term, a time or an answer.

    The property tells its kind, so that it may be left out.
    """

    error_messages = {"type": 'expected an object such as {"qualifier": "at_least", "amount": 21}'}

    kind = one_of(ValueKind, load_default=None)

    untold = {"amount": NUMBER, "low": {"anyOf": [NUMBER, WHEN]}, "high": {"anyOf": [NUMBER, WHEN]}}
    kinds = {
        ValueKind.QUANTITY: {"properties": {"amount": NUMBER, "low": NUMBER, "high": NUMBER, "term": EMPTY}},
        ValueKind.CATEGORY: {"required": ["term"], "properties": {**BARE, "term": TERM}},
        ValueKind.POLARITY: {"required": ["term"], "properties": {**BARE, "term": ANSWER}},
        ValueKind.TIME: {"properties": {**BARE, "low": WHEN, "high": WHEN, "term": EMPTY}},
    }


class SentScopeSchema(ScopeSchema, SentSchema):
    """What a value that is put covers; all left out is the whole event."""
