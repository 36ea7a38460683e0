"""Reconciliation as the W3C Reconciliation Service API 0.2 has it: what is asked, and what is answered.

The names, and what a field means, are those of that specification.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import orjson
from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from schemas.fields import LONGEST_TEXT
from schemas.sent import SentSchema

BATCH = 50
"""Queries of one batch."""

MOST_IDS = 500
"""Entities that one extension asks about."""

MOST_PROPERTIES = 50
MOST_GIVEN = 20
"""Properties of one query, and values of one of them."""

USUAL_CANDIDATES = 5
MOST_CANDIDATES = 100
"""A higher limit is asked for in vain: this many are given."""

USUAL_SUGGESTIONS = 20
FURTHEST = 10_000
LONGEST_JSON = 500_000

CALLBACK = r"[A-Za-z_$][A-Za-z0-9_$]*(?:\.[A-Za-z_$][A-Za-z0-9_$]*)*"
"""The name of a JavaScript function."""

CALLED = "A JavaScript function to hand the answer to (JSONP)."


class EntityKind(StrEnum):
    """What can be reconciled."""

    EVENT = "event"
    SOURCE = "source"
    PROPERTY = "property"


class Show(StrEnum):
    """What of an answer a cell shows."""

    FIGURE = "figure"
    LOW = "low"
    HIGH = "high"
    AS_OF = "as_of"
    GRADE = "grade"
    CONFLICT = "conflict"
    DOCUMENTS = "documents"
    SENTENCE = "sentence"


class Covering(StrEnum):
    """Which answers a property has: for the whole event, or for each part that was asked about too."""

    WHOLE = "whole"
    ALL = "all"


class Type(NamedTuple):
    """A type with its name and the one that contains it."""

    id: str
    name: str
    broader: str | None = None


TYPES = {
    found.id: found
    for found in (
        Type("event", "Event"),
        Type("source", "Source"),
        Type("person", "Person", "source"),
        Type("office", "Office", "source"),
        Type("organisation", "Organisation", "source"),
        Type("outlet", "Outlet", "source"),
        Type("unnamed", "Unnamed source", "source"),
        Type("property", "Property"),
    )
}
"""Every type: the nouns that are reconciled, and what sort of speaker a source is."""


class LenientSchema(SentSchema):
    """Parameters, of which clients send more than anybody has described: what is not known has no effect."""

    class Meta:
        unknown = EXCLUDE


class JsonText(fields.Field[Any]):
    """JSON written as text inside a form or an address, read by a schema of its own."""

    def __init__(self, within: fields.Field[Any], **kwargs: Any) -> None:
        described = {"type": "string", "contentMediaType": "application/json", **kwargs.pop("metadata", {})}
        super().__init__(metadata=described, **kwargs)
        self._within = within

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if len(value) > LONGEST_JSON:
            raise ValidationError(f"holds at most {LONGEST_JSON:,} characters")
        try:
            content = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise ValidationError(f"expected JSON, and it is none: {error.msg} at column {error.colno}") from None
        return self._within.deserialize(content, attr, data)


class Batch(fields.Dict):
    """Queries by names of the client's own; what is wrong with one is told under its name."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            told = error.messages
            if not isinstance(told, dict):
                raise
            raise ValidationError({name: inner.get("value", inner) for name, inner in told.items()}) from None


class Types(fields.Field[list[str]]):
    """One type, or several."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise ValidationError("expected the id of a type, or a list of them")
        return [name for name in listed if name]


class Given(fields.Field[list[Any]]):
    """A value to compare with, or several: text, a number, true or false, or an entity with its `id`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        listed = value if isinstance(value, list) else [value]
        if len(listed) > MOST_GIVEN:
            raise ValidationError(f"holds at most {MOST_GIVEN} values")
        for item in listed:
            entity = isinstance(item, Mapping) and isinstance(item.get("id"), str)
            if not (entity or isinstance(item, str | int | float)):
                raise ValidationError("expected text, a number, true, false, or an object with an id")
        return listed


VALUE = [
    *({"type": kind} for kind in ("string", "number", "boolean")),
    {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
]
"""What a value may be: an entity where it is an object."""


class AskedPropertySchema(SentSchema):
    """A property that candidates are compared by."""

    pid = fields.String(
        required=True,
        metadata={"description": "An id that `/reconcile/properties` proposes.", "example": "event.place"},
    )
    v = Given(
        required=True,
        metadata={
            "description": "What to compare with: one value, or several.",
            "anyOf": [*VALUE, {"type": "array", "items": {"anyOf": VALUE}, "maxItems": MOST_GIVEN}],
        },
    )


class ReconciliationQuerySchema(SentSchema):
    """One query of a batch."""

    rules = {
        "anyOf": [{"required": ["query"]}, {"required": ["properties"], "properties": {"properties": {"minItems": 1}}}]
    }

    query = fields.String(
        load_default="", metadata={"description": "The name to look for.", "example": "Fire at the mill"}
    )
    type = Types(
        load_default=list,
        metadata={
            "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "description": "Only candidates of these types are given.",
            "example": "event",
        },
    )
    limit = fields.Integer(load_default=USUAL_CANDIDATES, strict=True, validate=validate.Range(1, 10**9))
    properties = fields.List(
        fields.Nested(AskedPropertySchema), load_default=list, validate=validate.Length(max=MOST_GIVEN)
    )
    type_strict = fields.String(
        load_default=None,
        validate=validate.OneOf(["any", "should", "all"]),
        metadata={"description": "Without effect."},
    )

    @validates_schema(pass_original=True)
    def asks_something(self, data: Mapping[str, Any], original: Mapping[str, Any], **_: Any) -> None:
        """Refuse a query for nothing."""
        if "query" not in original and not data.get("properties"):
            raise ValidationError("is required unless properties are given", "query")


class Setting(fields.Integer):
    """A whole number, also as the text that a form sends."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value), re.ASCII):
            raise self.make_error("invalid", input=value)
        return int(value)


class SettingsSchema(LenientSchema):
    """How the values of a property are given; a form sends every setting as text."""

    show = fields.Enum(Show, by_value=fields.String, load_default=Show.FIGURE)
    scope = fields.Enum(Covering, by_value=fields.String, load_default=Covering.WHOLE)
    limit = Setting(
        load_default=0,
        metadata={
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 999_999_999},
                {"type": "string", "pattern": "^[0-9]{1,9}$"},
            ],
            "description": "The most values of a cell; 0 for all.",
        },
    )


class WantedPropertySchema(SentSchema):
    """A property whose values are wanted."""

    id = fields.String(required=True, metadata={"description": "Of a property.", "example": "deaths"})
    settings = fields.Nested(SettingsSchema, load_default=lambda: SettingsSchema().load({}))


class ExtensionSchema(SentSchema):
    """Entities, and the properties that are wanted of each."""

    ids = fields.List(fields.String(), required=True, validate=validate.Length(max=MOST_IDS))
    properties = fields.List(
        fields.Nested(WantedPropertySchema),
        required=True,
        validate=validate.Length(max=MOST_PROPERTIES),
        metadata={"uniqueItems": True, "description": "Each once: an answer has one place for it."},
    )

    @validates_schema(pass_original=True)
    def asks_once(self, data: Mapping[str, Any], original: Mapping[str, Any], **_: Any) -> None:
        """Refuse a property that is asked for twice in the same words; in other words the answer refuses it."""
        wanted = original.get("properties")
        if isinstance(wanted, list):
            told = {orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in wanted}
            if len(told) < len(wanted):
                raise ValidationError("names a property twice", "properties")


def _callback() -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Regexp(re.compile(rf"(?:{CALLBACK})?\Z", re.ASCII), error="expected the name of a function"),
        metadata={
            "pattern": f"^(?:{CALLBACK})?$",
            "description": CALLED,
        },
    )


class CalledSchema(LenientSchema):
    """What every answer can be asked for."""

    callback = _callback()


class ReconcileForm(LenientSchema):
    """A batch of queries, or an extension, as JSON in a form."""

    queries = JsonText(
        Batch(keys=fields.String(), values=fields.Nested(ReconciliationQuerySchema)),
        load_default=None,
        metadata={
            "description": f"A reconciliation query batch: up to {BATCH} queries by names of the client's own.",
            "example": '{"q0": {"query": "Fire at the mill", "type": "event", "limit": 3}}',
        },
    )
    extend = JsonText(
        fields.Nested(ExtensionSchema),
        load_default=None,
        metadata={
            "description": "A data extension query; without effect beside `queries`.",
            "example": '{"ids": ["mill-fire-2024-01-01"], "properties": [{"id": "deaths"}]}',
        },
    )


class AskedSchema(LenientSchema):
    """What a form holds, as the description shows it."""

    queries = Batch(
        keys=fields.String(),
        values=fields.Nested(ReconciliationQuerySchema),
        metadata={"description": f"By names of the client's own; more than {BATCH} are answered 413."},
    )
    extend = fields.Nested(ExtensionSchema)


class ReconcileQuery(ReconcileForm, CalledSchema):
    """The same in an address; without either the manifest is asked for."""


class PrefixQuery(CalledSchema):
    """What a suggest service is asked."""

    prefix = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "What the name or id begins with.", "example": "de"},
    )
    cursor = fields.Integer(
        load_default=0, validate=validate.Range(0, FURTHEST), metadata={"description": "Suggestions to pass over."}
    )


class EntityPrefixQuery(PrefixQuery):
    """What is asked of entities."""

    type = fields.String(load_default="", metadata={"description": "Only entities of this type."})


class ProposalQuery(CalledSchema):
    """For which type properties are to be proposed."""

    type = fields.String(load_default="", metadata={"description": "The id of a type.", "example": "event"})
    limit = fields.Integer(
        load_default=0, validate=validate.Range(0, FURTHEST), metadata={"description": "The most of them; 0 for all."}
    )


class TypeIdQuery(CalledSchema):
    """Of which type a flyout is wanted."""

    id = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "The id of a type.", "example": "event"},
    )


class IdQuery(CalledSchema):
    """Of what a flyout is wanted."""

    id = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "Of an entity or a property.", "example": "deaths"},
    )
