"""Documents: published texts, and what is wrong inside them."""

import re

from marshmallow import Schema, fields, validate

from schemas.fields import Moment, Slug, Text, one_of
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery, ReadQuery
from schemas.times import SpanSchema
from schemas.values import ScopeSchema, ValueSchema
from schemas.vocabulary import FindingKind


class FoundClaimSchema(Schema):
    """A claim that a finding rests on."""

    id = Slug(required=True)
    value = fields.Nested(ValueSchema, required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    statement = Slug(required=True, allow_none=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    exact = fields.String(required=True)


class FindingSchema(Schema):
    """One finding about a document: what kind, on which claims, and why."""

    kind = one_of(FindingKind, required=True)
    document = Slug(required=True, dotted=True)
    event = Slug(required=True)
    property = Slug(required=True)
    because = fields.String(required=True, metadata={"description": "What is wrong, in a sentence."})
    claims = fields.List(
        fields.Nested(FoundClaimSchema), required=True, metadata={"description": "The claims that show it."}
    )


class NotedFindingSchema(Schema):
    """A finding in short, as its document lists it."""

    kind = one_of(FindingKind, required=True)
    event = Slug(required=True)
    property = Slug(required=True)
    because = fields.String(required=True)


class FindingQuery(ReadQuery):
    """Filters on findings."""

    kind = one_of(FindingKind, load_default=None, metadata={"description": "Only findings of that kind."})


class CitedDocumentSchema(Schema):
    """A document: who published it, when, and the digest of the text that was read."""

    id = Slug(required=True, dotted=True)
    title = Text(allow_none=True, load_default=None)
    publisher = Text(
        allow_none=True,
        load_default=None,
        metadata={"description": "As the text itself shows it; null where it does not."},
    )
    url = fields.Url(allow_none=True, load_default=None)
    language = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.Length(min=2, max=35),
        metadata={"description": "As BCP 47 writes it."},
    )
    published = fields.Nested(SpanSchema, required=True)
    sha256 = fields.String(
        required=True,
        validate=validate.Regexp(re.compile(r"[0-9a-f]{64}\Z"), error="expected 64 hexadecimal digits"),
        metadata={"pattern": "^[0-9a-f]{64}$"},
    )
    length = fields.Integer(required=True, validate=validate.Range(min=1), metadata={"description": "In characters."})
    note = Text(allow_none=True, load_default=None)


class DocumentSchema(CitedDocumentSchema):
    """A document with what is wrong inside it."""

    findings = fields.List(
        fields.Nested(NotedFindingSchema), dump_only=True, metadata={"description": "What is wrong inside it."}
    )


class DocumentQuery(PageQuery):
    """Filters on documents."""

    event = Slug(load_default=None, metadata={"description": "Documents with a claim on that event."})
    source = Slug(load_default=None, metadata={"description": "Documents that name that source in a chain."})
    published_since = Moment(load_default=None, metadata={"description": "Published then or later."})
    published_until = Moment(load_default=None, metadata={"description": "Published then or before."})
    sort = sorted_by("id", "published_at")
    include = Including("documents")
