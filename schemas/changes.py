"""Changes: what became of claims and discrepancies, in order, for whoever keeps a mirror of them."""

from enum import StrEnum

from marshmallow import Schema, fields, validate

from schemas.claims import ClaimSchema
from schemas.discrepancies import DiscrepancySchema
from schemas.fields import Cursor, Slug, one_of
from schemas.pages import LARGEST_PAGE, USUAL_PAGE, Format, format_among
from schemas.vocabulary import Change, ChangedNoun

NOW = "now"
"""Where `since` stands for the end of the log."""


class GivenWith(StrEnum):
    """What a change is given with."""

    STATE = "state"
    NONE = "none"


class ChangeLinksSchema(Schema):
    """Where to go on from here."""

    self = fields.String(required=True)
    revisions = fields.String(required=True)
    event = fields.String(required=True)


class ChangeSchema(Schema):
    """A change; with the state that it left, under the name of its kind, unless that was not asked for."""

    sequence = fields.Integer(
        required=True, metadata={"description": "Later changes have larger numbers; some may be left out."}
    )
    kind = one_of(ChangedNoun, required=True)
    id = Slug(required=True)
    event = Slug(required=True)
    change = one_of(
        Change,
        required=True,
        metadata={
            "description": "`retracted`, `ended` and `removed` are tombstones: drop it. After every other one it is as "
            "it is shown: `restored` after it was retracted or had ended, `reformatted` if only its form is another."
        },
    )
    revision = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    because = fields.String(required=True, metadata={"example": "Its value is now 24, no longer 21."})
    links = fields.Nested(ChangeLinksSchema, required=True)
    claim = fields.Nested(ClaimSchema, allow_none=True, metadata={"description": "Of a claim; null for a tombstone."})
    discrepancy = fields.Nested(
        DiscrepancySchema, allow_none=True, metadata={"description": "Of a discrepancy; null for a tombstone."}
    )


class ChangesPageSchema(Schema):
    """Changes, oldest first, and where to go on."""

    items = fields.List(fields.Nested(ChangeSchema), required=True)
    next = fields.String(
        required=True,
        metadata={"description": "URL of what follows, always given: when `items` is empty, ask it again later."},
    )


class ChangeQuery(Schema):
    """Where to go on, and which changes are wanted."""

    since = Cursor(
        NOW,
        metadata={
            "description": "Where to go on: take it from the `next` of the last answer. Without it, the log is read "
            "from its beginning; `now` answers no change, and a `next` for all that come.",
            "example": NOW,
        },
    )
    event = Slug(load_default=None, metadata={"description": "Only changes on that event."})
    kind = one_of(ChangedNoun, load_default=None, metadata={"description": "Only claims, or only discrepancies."})
    include = one_of(
        GivenWith,
        load_default=GivenWith.STATE,
        metadata={"description": "`none` leaves out the claims and discrepancies themselves."},
    )
    limit = fields.Integer(
        load_default=USUAL_PAGE,
        validate=validate.Range(1, LARGEST_PAGE),
        metadata={"description": "How many changes an answer holds."},
    )
    format = format_among(Format)
