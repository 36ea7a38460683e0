"""Provenance: from a value back to the characters of the document and the word it rests on."""

from marshmallow import Schema, fields

from schemas.claims import LocatorSchema
from schemas.documents import CitedDocumentSchema
from schemas.fields import Flag, Slug, Text, one_of
from schemas.sources import SourceSchema
from schemas.statements import CitedStatementSchema
from schemas.values import ValueSchema
from schemas.vocabulary import LinkRole


class ChainLinkSchema(Schema):
    """A link of the chain with its source in full and the organisations that source is a part of."""

    source = fields.Nested(SourceSchema, required=True)
    role = one_of(LinkRole, required=True)
    channel = Text(required=True, allow_none=True)
    inferred = Flag(required=True)
    part_of = fields.List(Slug(), required=True)


class ProvenanceSchema(Schema):
    """Where a claim comes from."""

    claim = Slug(required=True)
    value = fields.Nested(ValueSchema, required=True)
    document = fields.Nested(CitedDocumentSchema, required=True)
    locator = fields.Nested(LocatorSchema, required=True)
    statement = fields.Nested(CitedStatementSchema, required=True, allow_none=True)
    attribution = fields.List(fields.Nested(ChainLinkSchema), required=True)
    origin = fields.Nested(SourceSchema, required=True, allow_none=True)
    independence_root = Slug(
        required=True, allow_none=True, metadata={"description": "The organisation that counts as one origin."}
    )


class DiscrepancyProvenanceSchema(Schema):
    """Where each claim of a discrepancy comes from."""

    discrepancy = Slug(required=True)
    items = fields.List(fields.Nested(ProvenanceSchema), required=True)
