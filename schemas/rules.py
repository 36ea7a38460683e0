"""Rules: the published reasons the engine may give."""

from marshmallow import Schema, fields

from schemas.fields import one_of
from schemas.vocabulary import Relation


class RuleSchema(Schema):
    """A rule: its name, the relation it leads to, and one sentence."""

    name = fields.String(required=True)
    relation = one_of(Relation, required=True)
    sentence = fields.String(required=True)
    place = fields.Integer(required=True, metadata={"description": "Rules are tried in this order."})
