"""Comparisons: claims put to the engine directly, nothing stored."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from schemas.claims import LocatorSchema, ReckonedSchema
from schemas.discrepancies import AssessmentSchema, TieSchema
from schemas.fields import LONGEST_TEXT, PRINTABLE, Flag, Measured, Moment, Slug, Text, Whole, one_of
from schemas.moments import MOMENT
from schemas.sent import SentSchema
from schemas.times import SentSpanSchema, SpanSchema
from schemas.values import ScopeSchema, SentScopeSchema, SentValueSchema, ValueSchema
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

NAMED = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
"""The pattern of a name: a text that is more than blanks."""

DEEPEST = 8
"""Organisations that a source may be a part of, one within the other."""


class Reading(StrEnum):
    """How exactly hedged numbers are read."""

    STRICT = "strict"
    PRAGMATIC = "pragmatic"


class TextOr(fields.Field[str | dict[str, object]]):
    """A text, or an object in its place."""

    def __init__(self, inner: str, text: dict[str, object], **kwargs: Any) -> None:
        self.inner, self.text = inner, text
        super().__init__(**kwargs)


class PropertyOrBehaviour(TextOr):
    """A property's slug, or its behaviour."""

    _slug = Text()

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str | dict[str, object]:
        if isinstance(value, dict):
            behaviour: dict[str, object] = BehaviourSchema().load(value)
            return behaviour
        if not isinstance(value, str):
            raise ValidationError("expected the slug of a property, or an object with its kind and behaviour")
        slug: str = self._slug.deserialize(value)
        return slug


WORDY = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": NAMED}
"""What a name is."""

TEXT = {**WORDY, "pattern": PRINTABLE}
"""What a text is."""


class Name(Text):
    """A name: a text that is more than blanks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": NAMED, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if not name.strip():
            raise ValidationError("must not be blank")
        return name


class SpanOrMoment(TextOr):
    """A day or time, or an object with both ends; null is unknown."""

    _moment = Moment()

    def __init__(self, says: str) -> None:
        super().__init__(
            "SentSpanSchema", DAY_OR_TIME, allow_none=True, load_default=unknown, metadata={"description": says}
        )

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return unknown() if value is None else super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> dict[str, object]:
        if isinstance(value, dict):
            ends: dict[str, object] = ENDS.load(value)
            return ends
        if not isinstance(value, str):
            raise ValidationError(
                'expected a day or time, or an object such as {"earliest": null, "latest": "2023-12-30"}'
            )
        moment = self._moment.deserialize(value)
        return {"earliest": moment, "latest": moment}


def unknown() -> dict[str, object]:
    """Return the ends of a time that nobody tells."""
    return {"earliest": None, "latest": None}


ENDS = SentSpanSchema()

DAY_OR_TIME: dict[str, object] = {"type": "string", "pattern": f"^{MOMENT}$"}
"""What a day or time is."""


class BehaviourSchema(SentSchema):
    """A property given by its behaviour instead of its slug."""

    name = Name(
        allow_none=True,
        load_default=None,
        metadata={
            "example": "patients evacuated",
            "description": "What it is called; the same name is the same property throughout a request, and without "
            "one two of one behaviour are one.",
        },
    )
    kind = one_of(ValueKind, required=True, metadata={"description": "What sort of answer it asks for."})
    unit = Text(allow_none=True, load_default=None, metadata={"example": "people", "description": "What it counts."})
    accumulates = Flag(load_default=False, metadata={"description": "A later count is never lower, save recounts."})
    exclusive = Flag(load_default=False, metadata={"description": "Two different answers cannot both hold."})
    constant = Flag(load_default=False, metadata={"description": "The quantity does not move with time."})
    additive = Flag(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "A part is never larger than its whole; true unless told or the unit is a measure.",
        },
    )
    part_of = Name(
        allow_none=True,
        load_default=None,
        metadata={
            "example": "injured",
            "description": "What it is a part of: a slug on record, or a `name` in this request.",
        },
    )
    moves_to = Name(
        allow_none=True,
        load_default=None,
        metadata={
            "example": "deaths",
            "description": "The count that whoever leaves this one enters: a slug on record, or a `name` in this "
            "request.",
        },
    )


class SourceOrName(TextOr):
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


class DescribedSourceSchema(SentSchema):
    """A source told on the spot: the same name is the same source throughout a request."""

    name = Name(required=True, metadata={"example": "the mayor"})
    kind = one_of(SourceKind, allow_none=True, load_default=None, metadata={"description": "What sort of speaker."})
    part_of = SourceOrName(
        "DescribedSourceSchema",
        WORDY,
        allow_none=True,
        load_default=None,
        metadata={
            "description": f"Whose word it is: an id, a name or such an object, at most {DEEPEST} deep.",
            "example": "city council",
        },
    )
    side = Slug(
        allow_none=True,
        load_default=None,
        metadata={"description": "In the conflict, where there is one.", "example": "north"},
    )


DESCRIBED = DescribedSourceSchema()


class PutLinkSchema(SentSchema):
    """A link of a chain, from the document to the origin."""

    source = SourceOrName(
        "DescribedSourceSchema",
        WORDY,
        required=True,
        metadata={
            "description": "A text is a source on record by its id, else one that the request describes, else the one "
            "on record of that name or alias, whatever its case and spacing, else a label, equal only to itself. An "
            "object describes a source; the same name is the same source throughout the request.",
            "example": "the mayor",
        },
    )
    role = one_of(LinkRole, load_default=LinkRole.REPORTS)
    channel = Text(allow_none=True, load_default=None)
    inferred = Flag(load_default=False)


class LinkOrName(TextOr):
    """A link of a chain, or the source alone."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> dict[str, object]:
        if not isinstance(value, dict | str):
            raise ValidationError('expected the id or name of a source, or an object such as {"source": "the mayor"}')
        link: dict[str, object] = LINK.load({"source": value} if isinstance(value, str) else value)
        return link


LINK = PutLinkSchema()


class SentLocatorSchema(LocatorSchema, SentSchema):
    """Where in the document the value stands."""

    start = Whole(required=True, validate=validate.Range(min=0))
    end = Whole(required=True, validate=validate.Range(min=1))


class SentReckonedSchema(ReckonedSchema, SentSchema):
    """How a figure is reckoned from other claims of its document."""


UNREAD = "As a claim on record has it; it decides nothing."
"""What is said of fields that are taken so that a claim can be sent as it was had."""

NOT_READ = ("locator", "note", "revision", "recorded_at")


class PutClaimSchema(SentSchema):
    """A claim that need not be stored.

    Its clocks agree: a figure holds, is said, is published, in this order.
    """

    id = Text(load_default=None, metadata={"description": "A name for it in the answer.", "example": "first"})
    event = Text(
        load_default=None,
        metadata={"description": "A slug or any name; left out on every claim, it is one event.", "example": "fire"},
    )
    property = PropertyOrBehaviour(
        "BehaviourSchema",
        TEXT,
        required=True,
        metadata={
            "description": "The slug of a property on record, or a behaviour: two of one behaviour are one property.",
            "example": "deaths",
        },
    )
    value = fields.Nested(SentValueSchema, required=True)
    scope = fields.Nested(SentScopeSchema, allow_none=True, load_default=dict)
    as_of = SpanOrMoment("When the figure held.")
    said_at = SpanOrMoment(
        "When it was said. Without a `statement`, what the origin said then is a statement of its own; two claims go "
        "back to one only where one origin spoke at one instant."
    )
    published = SpanOrMoment("When it was published.")
    statement = Text(
        allow_none=True,
        load_default=None,
        metadata={"description": "The slug of a statement on record, or a label, equal only to itself."},
    )
    attribution = fields.List(
        LinkOrName("PutLinkSchema", WORDY),
        allow_none=True,
        load_default=list,
        error_messages={"invalid": 'expected a list of links such as [{{"source": "the mayor"}}], or of names'},
        metadata={
            "description": "From the document to the origin, naming no source twice; a text names a source that "
            "reports. Left out, the origin is unknown."
        },
    )
    origin = SourceOrName(
        "DescribedSourceSchema",
        WORDY,
        allow_none=True,
        load_default=None,
        metadata={"description": "The last source of `attribution`; given without one, it is all of the chain."},
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

    reckoned = fields.Nested(
        SentReckonedSchema,
        allow_none=True,
        load_default=None,
        metadata={
            "description": "How the figure follows from others; one that is not `stated` is the document's own "
            "arithmetic, and is not compared as if somebody had stated it."
        },
    )
    locator = fields.Nested(SentLocatorSchema, allow_none=True, load_default=None, metadata={"description": UNREAD})
    note = Text(allow_none=True, load_default=None, metadata={"description": UNREAD})
    revision = Whole(allow_none=True, load_default=None, metadata={"description": UNREAD})
    recorded_at = Moment(allow_none=True, load_default=None, metadata={"description": UNREAD})

    @post_load
    def take_what_decides(self, claim: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what decides nothing, and make a chain of an origin that is given alone."""
        decides = {name: given for name, given in claim.items() if name not in NOT_READ}
        if decides["origin"] is not None and not decides["attribution"]:
            decides["attribution"] = [{**LINK.load({"source": "origin"}), "source": decides["origin"]}]
        return {**decides, "scope": decides["scope"] or {}}


class ComparisonRequestSchema(SentSchema):
    """Two claims to compare."""

    left = fields.Nested(PutClaimSchema, required=True)
    right = fields.Nested(PutClaimSchema, required=True)
    reading = one_of(
        Reading,
        load_default=Reading.STRICT,
        metadata={
            "description": '`pragmatic` takes "over 4.5 million" for about that and somewhat more, "nearly 50" for '
            "50 or somewhat less, and a bare round number for what rounds to it."
        },
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


class AssessmentRequestSchema(SentSchema):
    """Claims on one question to assess together."""

    claims = Measured(
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
