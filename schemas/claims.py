"""Claims: one value of one property of one event, as one document gives it."""

from marshmallow import Schema, ValidationError, fields, validate

from schemas.fields import Digits, Flag, Moment, Slug, Text, one_of
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery
from schemas.times import SpanSchema
from schemas.values import ScopeSchema, ValueSchema
from schemas.vocabulary import Cause, ClaimStatus, LinkRole, Order, Reckoning, Relation, Stance, ValueKind

LONGEST_SPAN = 12
"""Words of a document that a locator may repeat: whole sentences are not republished."""


def _short_enough(span: str) -> None:
    if len(span.split()) > LONGEST_SPAN:
        raise ValidationError(f"holds {len(span.split())} words; at most {LONGEST_SPAN} are allowed")


class LinkSchema(Schema):
    """One link of an attribution chain."""

    source = Slug(required=True, metadata={"description": "Who passes it on."})
    role = one_of(LinkRole, required=True)
    channel = Text(
        allow_none=True,
        load_default=None,
        metadata={"description": "Through what, such as a briefing or a post; null where none is named."},
    )
    inferred = Flag(load_default=False, metadata={"description": "The sentence does not print this link."})


class LocatorSchema(Schema):
    """Where in the document the value stands, in characters of its text decoded as UTF-8."""

    start = fields.Integer(required=True, validate=validate.Range(min=0))
    end = fields.Integer(required=True, validate=validate.Range(min=1))
    exact = fields.String(
        required=True,
        validate=[
            validate.Length(min=1),
            validate.Regexp(r"[^\x00-\x08\x0b-\x1f\x7f]*\Z", error="must not hold control characters"),
            _short_enough,
        ],
        metadata={
            "description": f"That span, at most {LONGEST_SPAN} words.",
            "pattern": r"^[^\x00-\x08\x0b-\x1f\x7f]*$",
        },
    )


class ReckonedSchema(Schema):
    """How a figure is reckoned from other claims of its document."""

    how = one_of(Reckoning, required=True)
    of = fields.List(
        Slug(),
        required=True,
        validate=validate.Length(2, 100),
        metadata={"description": "The ids of those claims; of a difference, what is taken from stands first."},
    )
    stated = Flag(
        load_default=True,
        metadata={"description": "Whether its origin gives it so; if not, the document worked it out by itself."},
    )


class ClaimSchema(Schema):
    """A claim."""

    id = Slug(required=True)
    event = Slug(required=True, metadata={"description": "What it is about."})
    property = Slug(required=True, metadata={"description": "What is measured or asked."})
    value = fields.Nested(ValueSchema, required=True)
    scope = fields.Nested(ScopeSchema, load_default=dict)
    as_of = fields.Nested(SpanSchema, required=True)
    statement = Slug(
        allow_none=True,
        load_default=None,
        metadata={"description": "The utterance it goes back to, where one is on record."},
    )
    attribution = fields.List(
        fields.Nested(LinkSchema),
        required=True,
        metadata={"description": "From the document to the origin; empty where the document says it in its own voice."},
    )
    origin = Slug(
        dump_only=True,
        allow_none=True,
        metadata={"description": "On whose word: the chain's last source; null where it is the document's own."},
    )
    document = Slug(dotted=True, required=True, metadata={"description": "The text that says so."})
    locator = fields.Nested(LocatorSchema, required=True)
    stance = one_of(Stance, load_default=Stance.ASSERTS)
    status = one_of(ClaimStatus, load_default=ClaimStatus.ACTIVE)
    causes = fields.List(
        one_of(Cause),
        load_default=list,
        validate=validate.Length(max=len(Cause)),
        metadata={"description": "Why the figure differs from the one before, where the text says so."},
    )
    reckoned = fields.Nested(ReckonedSchema, allow_none=True, load_default=None)
    note = Text(allow_none=True, load_default=None)
    revision = fields.Integer(
        dump_only=True,
        metadata={"description": "How often it was written: 1 as it was entered, more after every change."},
    )
    recorded_at = fields.String(dump_only=True, metadata={"format": "date-time"})


class ClaimQuery(PageQuery):
    """Filters on claims; all given must hold."""

    event = Slug(load_default=None, metadata={"description": "Only claims on that event."})
    property = Slug(load_default=None, metadata={"description": "Only claims on that property."})
    source = Slug(load_default=None, metadata={"description": "Only claims with that source anywhere in their chain."})
    origin = Slug(
        load_default=None,
        metadata={"description": "Only claims on that source's word, the chain's last."},
    )
    document = Slug(dotted=True, load_default=None, metadata={"description": "Only claims of that document."})
    statement = Slug(load_default=None, metadata={"description": "Only claims that go back to that statement."})
    kind = one_of(ValueKind, load_default=None, metadata={"description": "Only claims with a value of that kind."})
    status = one_of(
        ClaimStatus,
        load_default=None,
        metadata={"description": "Only claims of that status, such as `retracted`."},
    )
    place = Slug(load_default=None, metadata={"description": "Only claims whose scope is that place."})
    min = Digits(
        load_default=None,
        metadata={"description": "Only quantities that may be this much or more."},
    )
    max = Digits(
        load_default=None,
        metadata={"description": "Only quantities that may be this much or less."},
    )
    q = Text(load_default=None, metadata={"description": "Words that the span must hold."})
    changed_since = Moment(load_default=None, metadata={"description": "Recorded or changed at or after then."})
    sort = sorted_by("document", "published_at", "recorded_at", "id")
    include = Including("claims")


class EventClaimQuery(ClaimQuery):
    """Filters on the claims of one event."""

    class Meta:
        exclude = ("event",)


class RelatedClaimSchema(Schema):
    """How another claim stands to this one."""

    claim = Slug(required=True)
    relation = one_of(Relation, required=True)
    rule = fields.String(required=True)
    because = fields.String(required=True)
    order = one_of(
        Order, required=True, metadata={"description": "`left` is the claim asked about, `right` the other one."}
    )


class RevisionSchema(Schema):
    """One state of a claim."""

    revision = fields.Integer(required=True)
    recorded_at = fields.String(required=True)
    claim = fields.Nested(ClaimSchema, required=True)
