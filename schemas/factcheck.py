"""Fact checks as Google's Fact Check Tools API gives them: `claims.search` of its version v1alpha1.

The names, and what a parameter means, are those of Google's discovery document `factchecktools.v1alpha1`.
"""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from schemas.fields import SLUG
from schemas.sent import SentSchema

USUAL_PAGE = 10
LARGEST_PAGE = 100
"""A larger page is asked for in vain: this many are given."""

LARGEST_NUMBER = 2**31 - 1
LONGEST_WORDS = 2_000
LONGEST_TOKEN = 500

ASKING = r"^[\s\S]*[^\t\n\r ][\s\S]*$"
"""The pattern of words that are not blank."""

TOKEN = rf"[0-9]{{1,9}}\.{SLUG}"
"""The form of a token: how many claims lie before the page, and the last of them."""

SYSTEM = ("alt", "callback", "fields", "key", "prettyPrint", "quotaUser", "access_token", "oauth_token")
"""Parameters of every method, which Google also knows with a dollar before them."""


class Int32(fields.Integer):
    """A number of 32 bits in decimal digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,10}", str(value), re.ASCII) or abs(int(value)) > LARGEST_NUMBER:
            raise ValidationError("TYPE_INT32")
        return int(value)


class Bool(fields.Boolean):
    """`true` or `false`."""

    truthy = {"true", True}
    falsy = {"false", False}
    default_error_messages = {"invalid": "TYPE_BOOL"}


def _number(name: str, description: str, least: int = 0) -> Int32:
    return Int32(
        load_default=0,
        data_key=name,
        validate=validate.Range(min=least, error=f"must not be less than {least}"),
        metadata={"description": description, "format": "int32", "maximum": LARGEST_NUMBER},
    )


def _words(name: str, description: str, longest: int = LONGEST_WORDS, **more: Any) -> fields.String:
    checks = [validate.Length(max=longest), *more.pop("validate", ())]
    described = {"description": description, **more.pop("metadata", {})}
    return fields.String(load_default="", data_key=name, validate=checks, metadata=described, **more)


def _ignored(name: str) -> fields.String:
    return _words(name, "Taken, and without effect here.")


class PublisherSchema(Schema):
    """Who publishes a review."""

    name = fields.String()
    site = fields.String(metadata={"description": "The host, without `www`."})


class ClaimReviewSchema(Schema):
    """What the record makes of a claim."""

    publisher = fields.Nested(PublisherSchema)
    url = fields.String(metadata={"description": "The question that the claim answers, with its assessment."})
    title = fields.String(metadata={"description": "A sentence that may be printed."})
    review_date = fields.String(data_key="reviewDate", metadata={"format": "date-time"})
    textual_rating = fields.String(
        data_key="textualRating", metadata={"example": "superseded: 24 as of 1 January 2024"}
    )
    language_code = fields.String(data_key="languageCode", metadata={"example": "en"})


class FactCheckedClaimSchema(Schema):
    """A claim with its reviews."""

    text = fields.String()
    claimant = fields.String(metadata={"description": "Left out where a document names nobody."})
    claim_date = fields.String(data_key="claimDate", metadata={"format": "date-time"})
    claim_review = fields.List(fields.Nested(ClaimReviewSchema), data_key="claimReview")


class FactChecksSchema(Schema):
    """A page of claims; what is empty is left out."""

    claims = fields.List(fields.Nested(FactCheckedClaimSchema))
    next_page_token = fields.String(data_key="nextPageToken")


def _mask(schema: type[Schema]) -> str:
    """Return the pattern of a mask of these fields, each with a mask of those inside it in brackets."""
    names = "|".join(_masked(field.data_key or name, field) for name, field in schema._declared_fields.items())
    return rf"(?:\*|{names})(?:,(?:\*|{names}))*"


def _masked(name: str, field: Any) -> str:
    inner = field.inner if isinstance(field, fields.List) else field
    return rf"{name}(?:\({_mask(type(inner.schema))}\))?" if isinstance(inner, fields.Nested) else name


class FactCheckQuery(SentSchema):
    """What `claims.search` can be asked: words, a site, or both."""

    rules = {
        "anyOf": [
            {"required": ["query"], "properties": {"query": {"pattern": ASKING}}},
            {"required": ["reviewPublisherSiteFilter"], "properties": {"reviewPublisherSiteFilter": {"minLength": 1}}},
        ]
    }

    query = _words(
        "query",
        "Words to search for; needed unless `reviewPublisherSiteFilter` is given.",
        metadata={"example": "deaths"},
    )
    language_code = _words(
        "languageCode",
        "The language of the review, such as `en-US`; the region makes no difference. Reviews here are English.",
        validate=[
            validate.Regexp(
                re.compile(r"(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8})?\Z"),
                error="expected a BCP 47 language such as en-US",
            )
        ],
        metadata={"pattern": "^(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8})?$"},
    )
    review_publisher_site_filter = _words(
        "reviewPublisherSiteFilter", "The site that reviews are from; only this one has any here."
    )
    max_age_days = _number("maxAgeDays", "The most days since the claim or its review, whichever is newer; 0 for any.")
    page_size = _number("pageSize", f"Claims a page; {USUAL_PAGE} unless given, {LARGEST_PAGE} at most.")
    page_token = _words(
        "pageToken", "The `nextPageToken` of the page before.", LONGEST_TOKEN, metadata={"pattern": f"^(?:{TOKEN})?$"}
    )
    offset = _number("offset", "Claims to pass over; only where no `pageToken` is given.")
    fields_ = _words(
        "fields",
        "Which fields are wanted: names joined by commas, those inside another in brackets behind it.",
        metadata={
            "pattern": f"^(?:{_mask(FactChecksSchema)})?$",
            "example": "claims(text,claimReview(url,textualRating)),nextPageToken",
        },
    )
    alt = _words(
        "alt",
        "How the answer is written; only as JSON here.",
        validate=[validate.OneOf(["", "json"], error="only json can be had")],
    )
    pretty_print = Bool(
        load_default=True, data_key="prettyPrint", metadata={"description": "Whether the answer is indented."}
    )
    xgafv = _words(
        "$.xgafv",
        "The form of errors; `1` adds the older list `errors`.",
        validate=[validate.OneOf(["", "1", "2"], error="expected 1 or 2")],
    )
    callback = _words(
        "callback",
        "A JavaScript function to hand the answer to.",
        validate=[
            validate.Regexp(
                re.compile(r"(?:[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)?\Z", re.ASCII),
                error="expected the name of a function",
            )
        ],
        metadata={"pattern": r"^(?:[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)?$"},
    )
    key = _ignored("key")
    quota_user = _ignored("quotaUser")
    access_token = _ignored("access_token")
    oauth_token = _ignored("oauth_token")
    upload_type = _ignored("uploadType")
    upload_protocol = _ignored("upload_protocol")

    @pre_load
    def as_google_names_them(self, data: Mapping[str, str], **_: Any) -> dict[str, str]:
        """Take snake_case names too, and system parameters with a dollar before them."""
        return {SPELLINGS.get(name, name): value for name, value in data.items()}


SPELLINGS = {
    **{f"${name}": name for name in SYSTEM},
    **{
        name: field.data_key
        for name, field in FactCheckQuery._declared_fields.items()
        if field.data_key and name != "fields_"
    },
}
"""Other names of a parameter."""

PROTO_NAMES = {field.data_key: name for name, field in FactCheckQuery._declared_fields.items() if field.data_key}
"""The name by which an error calls each parameter."""


class GoogleErrorSchema(Schema):
    """What went wrong, in Google's words for it."""

    code = fields.Integer(required=True, metadata={"example": 400})
    message = fields.String(required=True)
    status = fields.String(required=True, metadata={"example": "INVALID_ARGUMENT"})
    details = fields.List(fields.Dict(), metadata={"description": "Which parameters, as `google.rpc.BadRequest`."})
    errors = fields.List(fields.Dict(), metadata={"description": "The older form, where `$.xgafv` is 1."})


class GoogleFailureSchema(Schema):
    """A failure under `/v1alpha1`."""

    error = fields.Nested(GoogleErrorSchema, required=True)
