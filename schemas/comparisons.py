"""Comparisons: claims put to the engine directly, nothing stored."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from schemas.discrepancies import AssessmentSchema, GivenValueSchema, TieSchema
from schemas.fields import Flag, Slug, Text, one_of
from schemas.times import SpanSchema
from schemas.values import ScopeSchema, ValueSchema
from schemas.vocabulary import (
    ClaimStatus,
    DiscrepancyKind,
    Independence,
    LinkRole,
    Order,
    Relation,
    SourceKind,
    Stance,
    ValueKind,
)

MOST_CLAIMS = 1_000
"""Claims one request may have assessed."""

DEEPEST = 8
"""Organisations that a source may be a part of, one within the other."""


class Reading(StrEnum):
    """How exactly hedged numbers are read."""

    STRICT = "strict"
    PRAGMATIC = "pragmatic"


class BehaviourSchema(Schema):
    """A property given by its behaviour instead of its slug."""

    kind = one_of(ValueKind, required=True)
    unit = Text(allow_none=True, load_default=None)
    accumulates = Flag(load_default=False)
    exclusive = Flag(load_default=False)
    constant = Flag(load_default=False)
    additive = Flag(load_default=True)


class PropertyOrBehaviour(fields.Field[str | dict[str, object]]):
    """A property's slug, or its behaviour."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str | dict[str, object]:
        if isinstance(value, dict):
            behaviour: dict[str, object] = BehaviourSchema().load(value)
            return behaviour
        if not isinstance(value, str):
            raise ValidationError("expected the slug of a property, or an object with its kind and behaviour")
        return value


class Name(Text):
    """A name: a text that is more than blanks."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if not name.strip():
            raise ValidationError("must not be blank")
        return name


class SourceOrName(fields.Field[str | dict[str, object]]):
    """A source's id on record, a name, or a description."""

    _name = Name()

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str | dict[str, object]:
        if isinstance(value, dict):
            if _depth(value) > DEEPEST:
                raise ValidationError(f"part_of is nested more than {DEEPEST} deep")
            described: dict[str, object] = DESCRIBED.load(value)
            return described
        if not isinstance(value, str):
            raise ValidationError("expected the id or name of a source, or an object with its name")
        name: str = self._name.deserialize(value)
        return name


def _depth(value: dict[str, object]) -> int:
    depth, step = 0, value.get("part_of")
    while isinstance(step, dict) and depth <= DEEPEST:
        depth, step = depth + 1, step.get("part_of")
    return depth


class DescribedSourceSchema(Schema):
    """A source told on the spot: the same name is the same source throughout a request."""

    name = Name(required=True)
    kind = one_of(SourceKind, allow_none=True, load_default=None)
    part_of = SourceOrName(allow_none=True, load_default=None)
    side = Slug(allow_none=True, load_default=None)


DESCRIBED = DescribedSourceSchema()


class PutLinkSchema(Schema):
    """A link of a chain, from the document to the origin."""

    source = SourceOrName(required=True)
    role = one_of(LinkRole, load_default=LinkRole.REPORTS)
    channel = Text(allow_none=True, load_default=None)
    inferred = Flag(load_default=False)


def _unknown() -> dict[str, None]:
    return {"earliest": None, "latest": None}


class PutClaimSchema(Schema):
    """A claim that need not be stored."""

    id = Text(load_default=None)
    event = Text(load_default=None)
    property = PropertyOrBehaviour(
        required=True,
        metadata={
            "oneOf": [{"type": "string"}, {"type": "object"}],
            "description": "A slug, or {kind, unit, accumulates, exclusive}.",
        },
    )
    value = fields.Nested(ValueSchema, required=True)
    scope = fields.Nested(ScopeSchema, load_default=dict)
    as_of = fields.Nested(SpanSchema, load_default=_unknown)
    said_at = fields.Nested(SpanSchema, load_default=_unknown)
    published = fields.Nested(SpanSchema, load_default=_unknown)
    statement = Text(allow_none=True, load_default=None)
    attribution = fields.List(fields.Nested(PutLinkSchema), allow_none=True, load_default=list)
    document = Text(allow_none=True, load_default=None)
    stance = one_of(Stance, load_default=Stance.ASSERTS)
    status = one_of(ClaimStatus, load_default=ClaimStatus.ACTIVE)


class ComparisonRequestSchema(Schema):
    """Two claims to compare."""

    left = fields.Nested(PutClaimSchema, required=True)
    right = fields.Nested(PutClaimSchema, required=True)
    reading = one_of(Reading, load_default=Reading.STRICT)


class ComparisonSchema(Schema):
    """How the two stand to each other, by which rule, and why."""

    relation = one_of(Relation, required=True)
    rule = fields.String(required=True)
    because = fields.String(required=True)
    order = one_of(Order, required=True)
    independence = one_of(Independence, required=True)
    sentence = fields.String(
        required=True,
        metadata={
            "description": "What may be printed of the two together; the same as `because` where they answer "
            "different questions."
        },
    )


class AssessmentRequestSchema(Schema):
    """Claims on one question to assess together."""

    claims = fields.List(fields.Nested(PutClaimSchema), required=True, validate=validate.Length(1, MOST_CLAIMS))


class PutDiscrepancySchema(Schema):
    """What does not fit together among claims that are not stored."""

    kind = one_of(DiscrepancyKind, required=True)
    conflict = fields.Boolean(required=True)
    summary = fields.String(required=True)
    values = fields.List(fields.Nested(GivenValueSchema), required=True)
    relations = fields.List(fields.Nested(TieSchema), required=True)


class AssessedSchema(Schema):
    """The discrepancy, if there is one, and what can be said."""

    discrepancy = fields.Nested(PutDiscrepancySchema, required=True, allow_none=True)
    assessment = fields.Nested(AssessmentSchema, required=True)
