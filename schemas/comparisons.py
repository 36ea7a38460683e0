"""Comparisons: claims put to the engine directly, nothing stored."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from schemas.discrepancies import AssessmentSchema, TieSchema
from schemas.fields import Flag, Slug, Text, one_of
from schemas.times import SpanSchema
from schemas.values import ScopeSchema, ValueSchema
from schemas.vocabulary import (
    Cause,
    ClaimStatus,
    DiscrepancyKind,
    Independence,
    LinkRole,
    Order,
    Relation,
    SourceKind,
    Stance,
    ValueKind,
    ValueStatus,
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
    additive = Flag(allow_none=True, load_default=None)


BEHAVIOUR = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"type": "string", "enum": [kind.value for kind in ValueKind]},
        "unit": {"type": ["string", "null"], "example": "people"},
        "accumulates": {"type": "boolean", "description": "A later count is never lower, save recounts."},
        "exclusive": {"type": "boolean", "description": "Two different answers cannot both hold."},
        "constant": {"type": "boolean", "description": "The quantity does not move with time."},
        "additive": {
            "type": "boolean",
            "description": "A part is never larger than its whole; true unless told or the unit is a measure.",
        },
    },
}
"""How a behaviour is described, as one of two things that a property may be."""


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


SOURCE = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "example": "the mayor"},
        "kind": {"type": ["string", "null"], "enum": [*(kind.value for kind in SourceKind), None]},
        "part_of": {
            "type": ["string", "object", "null"],
            "description": f"Whose word it is: an id, a name or such an object, at most {DEEPEST} deep.",
            "example": "city council",
        },
        "side": {"type": ["string", "null"], "description": "In the conflict, where there is one.", "example": "north"},
    },
}
"""How a source told on the spot is described, as one of two things that a link may name."""

DESCRIBED = DescribedSourceSchema()


class PutLinkSchema(Schema):
    """A link of a chain, from the document to the origin."""

    source = SourceOrName(
        required=True,
        metadata={
            "oneOf": [{"type": "string"}, SOURCE],
            "description": "A text is a source on record by its id, else one that the request describes, else the one "
            "on record of that name or alias, whatever its case and spacing, else a label, equal only to itself. An "
            "object describes a source; the same name is the same source throughout the request.",
            "example": "the mayor",
        },
    )
    role = one_of(LinkRole, load_default=LinkRole.REPORTS)
    channel = Text(allow_none=True, load_default=None)
    inferred = Flag(load_default=False)


def _unknown() -> dict[str, None]:
    return {"earliest": None, "latest": None}


class PutClaimSchema(Schema):
    """A claim that need not be stored.

    Its clocks agree: a figure holds, is said, is published, in this order.
    """

    id = Text(load_default=None, metadata={"description": "A name for it in the answer.", "example": "first"})
    event = Text(
        load_default=None,
        metadata={"description": "A slug or any name; left out on every claim, it is one event.", "example": "fire"},
    )
    property = PropertyOrBehaviour(
        required=True,
        metadata={
            "oneOf": [{"type": "string"}, BEHAVIOUR],
            "description": "The slug of a property on record, or a behaviour: two of one behaviour are one property.",
            "example": "deaths",
        },
    )
    value = fields.Nested(ValueSchema, required=True)
    scope = fields.Nested(ScopeSchema, load_default=dict)
    as_of = fields.Nested(SpanSchema, load_default=_unknown, metadata={"description": "When the figure held."})
    said_at = fields.Nested(
        SpanSchema,
        load_default=_unknown,
        metadata={
            "description": "When it was said. Without a `statement`, what the origin said then is a statement of its "
            "own; two claims go back to one only where one origin spoke at one instant."
        },
    )
    published = fields.Nested(SpanSchema, load_default=_unknown, metadata={"description": "When it was published."})
    statement = Text(
        allow_none=True,
        load_default=None,
        metadata={"description": "The slug of a statement on record, or a label, equal only to itself."},
    )
    attribution = fields.List(
        fields.Nested(PutLinkSchema),
        allow_none=True,
        load_default=list,
        metadata={
            "description": "From the document to the origin, naming no source twice; left out, the origin is unknown."
        },
    )
    document = Text(allow_none=True, load_default=None, metadata={"example": "evening-edition"})
    stance = one_of(Stance, load_default=Stance.ASSERTS)
    status = one_of(ClaimStatus, load_default=ClaimStatus.ACTIVE)
    causes = fields.List(
        one_of(Cause),
        load_default=list,
        validate=validate.Length(max=len(Cause)),
        metadata={"description": "Why the figure differs from the one before, where the text says so."},
    )


class ComparisonRequestSchema(Schema):
    """Two claims to compare."""

    left = fields.Nested(PutClaimSchema, required=True)
    right = fields.Nested(PutClaimSchema, required=True)
    reading = one_of(
        Reading,
        load_default=Reading.STRICT,
        metadata={"description": '`pragmatic` takes "over 4.5 million" and "nearly 50" for about that number.'},
    )


class ComparisonSchema(Schema):
    """How the two stand to each other, by which rule, and why."""

    relation = one_of(Relation, required=True)
    rule = fields.String(required=True, metadata={"description": "A rule of `/v1/rules`.", "example": "count_grew"})
    because = fields.String(required=True, metadata={"description": "One sentence that says why."})
    order = one_of(Order, required=True, metadata={"description": "Which of the two is the earlier one."})
    independence = one_of(
        Independence, required=True, metadata={"description": "Whether the two go back to different witnesses."}
    )
    causes = fields.List(
        one_of(Cause),
        required=True,
        metadata={"description": "Why the later figure took the other's place, where its text says so."},
    )
    sentence = fields.String(
        required=True,
        metadata={
            "description": "What may be printed of the two together; the same as `because` where they answer "
            "different questions."
        },
    )


class AssessmentRequestSchema(Schema):
    """Claims on one question to assess together."""

    claims = fields.List(
        fields.Nested(PutClaimSchema),
        required=True,
        validate=validate.Length(1, MOST_CLAIMS),
        metadata={"description": "All of one event, property and scope."},
    )


class PutHeldBySchema(Schema):
    """A claim that gives a value, by the names that were put."""

    id = fields.String(required=True, metadata={"description": "Its id, else its place in the list.", "example": "0"})
    document = fields.String(required=True, allow_none=True)
    origin = fields.String(required=True, allow_none=True)
    exact = fields.String(required=True, metadata={"description": "The wording that was put, or nothing."})


class PutValueSchema(Schema):
    """One distinct value with everybody who gives it, by the names that were put."""

    value = fields.Nested(ValueSchema, required=True)
    status = one_of(ValueStatus, required=True)
    denied = fields.Boolean(required=True)
    property = fields.String(required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    claims = fields.List(fields.Nested(PutHeldBySchema), required=True)
    origins = fields.List(fields.String(), required=True)
    independent_origins = fields.Integer(required=True)
    as_of = fields.Nested(SpanSchema, required=True)


class PutDiscrepancySchema(Schema):
    """What does not fit together among claims that are not stored."""

    kind = one_of(DiscrepancyKind, required=True)
    conflict = fields.Boolean(required=True)
    summary = fields.String(required=True)
    values = fields.List(fields.Nested(PutValueSchema), required=True)
    relations = fields.List(fields.Nested(TieSchema), required=True)


class AssessedSchema(Schema):
    """The discrepancy, if there is one, and what can be said."""

    discrepancy = fields.Nested(PutDiscrepancySchema, required=True, allow_none=True)
    assessment = fields.Nested(AssessmentSchema, required=True)
