"""Cases: two claims and what the engine must conclude of them, as an editor writes them."""

from typing import Any

from marshmallow import Schema, ValidationError, fields

from schemas.fields import Flag, Moment, Slug, Text, one_of
from schemas.vocabulary import Cause, ClaimStatus, Order, Relation, Stance


class EndsSchema(Schema):
    """Two ends of an interval, of which either may be left out."""

    earliest = Moment(allow_none=True, load_default=None)
    latest = Moment(allow_none=True, load_default=None)


class Times(fields.Field[dict[str, str | None]]):
    """One day or time, or `earliest` and `latest`."""

    _ends, _only = EndsSchema(), Moment()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str | None]:
        if isinstance(value, dict):
            ends: dict[str, str | None] = self._ends.load(value)
            return ends
        only = self._only.deserialize(value)
        return {"earliest": only, "latest": only}


class PropertyOrInline(fields.Field[str | dict[str, Any]]):
    """The name of a property at the top of the file, or its behaviour on the spot."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | dict[str, Any]:
        if not isinstance(value, str | dict):
            raise ValidationError("expected the name of a property, or its kind and behaviour")
        return value


class CaseScopeSchema(Schema):
    """What the value of a case covers."""

    place = Slug(load_default=None)
    population = Text(load_default=None)
    period = Times(load_default=None)
    counting = Text(load_default=None)


class CaseClaimSchema(Schema):
    """A claim of a case, told by what matters; what is left out is the same on both sides, or unknown."""

    event = Slug(load_default="the-event")
    property = PropertyOrInline(required=True)
    value = fields.Dict(keys=fields.String(), load_default=dict)
    term = Slug(load_default=None)
    time = Times(load_default=None)
    scope = fields.Nested(CaseScopeSchema, load_default=lambda: CaseScopeSchema().load({}))
    as_of = Times(load_default=lambda: {"earliest": None, "latest": None})
    statement = Slug(load_default=None)
    origin = Slug(load_default=None)
    document = Slug(dotted=True, load_default=None)
    stance = one_of(Stance, load_default=Stance.ASSERTS)
    status = one_of(ClaimStatus, load_default=ClaimStatus.ACTIVE)
    causes = fields.List(one_of(Cause), load_default=list)
    worked_out = Flag(load_default=False)


class CaseSchema(Schema):
    """A case: two claims, the relation and the rule that must decide it, and why."""

    id = Slug(required=True)
    rule = Text(required=True)
    against = Text(load_default=None)
    relation = one_of(Relation, required=True)
    order = one_of(Order, load_default=None)
    left = fields.Nested(CaseClaimSchema, required=True)
    right = fields.Nested(CaseClaimSchema, required=True)
    beside = fields.List(fields.Nested(CaseClaimSchema), load_default=list)
    because = Text(required=True)
