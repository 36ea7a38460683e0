"""Provenance: from a value back to the characters of the document and the word it rests on."""

from marshmallow import Schema, fields

from schemas.claims import LinkSchema, LocatorSchema
from schemas.documents import DocumentSchema
from schemas.fields import Slug
from schemas.sources import SourceSchema
from schemas.statements import StatementSchema
from schemas.values import ValueSchema


class ChainLinkSchema(LinkSchema):
    """A link of the chain with its source in full and the organisations that source is a part of."""

    source = fields.Nested(SourceSchema, required=True)
    part_of = fields.List(Slug(), required=True)


class ProvenanceSchema(Schema):
    """Where a claim comes from."""

    claim = Slug(required=True)
    value = fields.Nested(ValueSchema, required=True)
    document = fields.Nested(DocumentSchema(exclude=("findings",)), required=True)
    locator = fields.Nested(LocatorSchema, required=True)
    statement = fields.Nested(StatementSchema(exclude=("claims",)), required=True, allow_none=True)
    attribution = fields.List(fields.Nested(ChainLinkSchema), required=True)
    origin = fields.Nested(SourceSchema, required=True, allow_none=True)
    independence_root = Slug(
        required=True, allow_none=True, metadata={"description": "The organisation that counts as one origin."}
    )


class DiscrepancyProvenanceSchema(Schema):
    """Where each claim of a discrepancy comes from."""

    discrepancy = Slug(required=True)
    items = fields.List(fields.Nested(ProvenanceSchema), required=True)
