"""Reconciled: what the W3C Reconciliation Service API 0.2 answers, in its own names."""

from marshmallow import Schema, fields


class TypeSchema(Schema):
    """A type by id and name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class BroaderTypeSchema(TypeSchema):
    """A type with those that contain it."""

    broader = fields.List(fields.Nested(TypeSchema))


class FeatureSchema(Schema):
    """One reason for a score: how alike, of 100, or whether."""

    id = fields.String(required=True, metadata={"example": "name_similarity"})
    value = fields.Raw(required=True, metadata={"oneOf": [{"type": "number"}, {"type": "boolean"}]})


class CandidateSchema(Schema):
    """An entity that a query may mean."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String()
    type = fields.List(fields.Nested(TypeSchema), required=True)
    score = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    features = fields.List(fields.Nested(FeatureSchema))
    match = fields.Boolean(required=True, metadata={"description": "Whether it can be nothing else."})


class ResultSchema(Schema):
    """The candidates of one query, the likeliest first."""

    result = fields.List(fields.Nested(CandidateSchema), required=True)


class ColumnSchema(Schema):
    """A property that was asked for, and of what type its values are where they are entities."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.Nested(TypeSchema)


class ExtendedSchema(Schema):
    """For each entity and property the cells, as many as there are values."""

    meta = fields.List(fields.Nested(ColumnSchema), required=True)
    rows = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.List(fields.Dict())),
        required=True,
        metadata={"example": {"mill-fire-2024-01-01": {"deaths": [{"int": 24}]}}},
    )


class PatternSchema(Schema):
    """An address with `{{id}}` in it."""

    url = fields.String(required=True)


class PreviewSchema(PatternSchema):
    """Where a preview is, and how large."""

    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class ServiceSchema(Schema):
    """Where a service is."""

    service_url = fields.String(required=True)
    service_path = fields.String(required=True)
    flyout_service_url = fields.String()
    flyout_service_path = fields.String()


class SuggestSchema(Schema):
    """Where to have what suggested."""

    entity = fields.Nested(ServiceSchema)
    property = fields.Nested(ServiceSchema)
    type = fields.Nested(ServiceSchema)


class ExtendSchema(Schema):
    """Where properties are proposed, and what can be set of each."""

    propose_properties = fields.Nested(ServiceSchema)
    property_settings = fields.List(fields.Dict())


class ManifestSchema(Schema):
    """What this service offers."""

    versions = fields.List(fields.String(), required=True, metadata={"example": ["0.1", "0.2"]})
    name = fields.String(required=True)
    identifierSpace = fields.String(required=True)
    schemaSpace = fields.String(required=True)
    documentation = fields.String()
    defaultTypes = fields.List(fields.Nested(TypeSchema))
    view = fields.Nested(PatternSchema)
    feature_view = fields.Nested(PatternSchema)
    preview = fields.Nested(PreviewSchema)
    suggest = fields.Nested(SuggestSchema)
    extend = fields.Nested(ExtendSchema)
    batchSize = fields.Integer()


class SuggestedEntitySchema(Schema):
    """A suggested entity."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String()
    notable = fields.List(fields.Nested(TypeSchema))


class SuggestedPropertySchema(Schema):
    """A suggested property."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String()


class SuggestedEntitiesSchema(Schema):
    """Suggested entities."""

    result = fields.List(fields.Nested(SuggestedEntitySchema), required=True)


class SuggestedPropertiesSchema(Schema):
    """Suggested properties."""

    result = fields.List(fields.Nested(SuggestedPropertySchema), required=True)


class SuggestedTypesSchema(Schema):
    """Suggested types."""

    result = fields.List(fields.Nested(BroaderTypeSchema), required=True)


class ProposalSchema(Schema):
    """Properties to fetch for a type."""

    properties = fields.List(fields.Nested(SuggestedPropertySchema), required=True)
    type = fields.String()
    limit = fields.Integer()


class FlyoutSchema(Schema):
    """A small preview as HTML."""

    id = fields.String(required=True)
    html = fields.String(required=True)
