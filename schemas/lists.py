"""Lists: how they are sorted, which fields of an item are wanted, and what comes along."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList

from schemas.fields import nothing
from schemas.neighbours import NEIGHBOURS, SCHEMAS


class Names(DelimitedList):
    """Names joined by commas, each among those that are known."""

    def __init__(self, known: Sequence[str], meaning: str, **kwargs: Any) -> None:
        self.known = frozenset(known)
        super().__init__(
            fields.String(validate=validate.OneOf(known)),
            load_default=nothing,
            validate=validate.Length(1),
            metadata={"description": meaning},
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        """Return the names; the first unknown one is refused with those that were possible."""
        given = value.split(self.delimiter) if isinstance(value, str) else value
        for name in given:
            if name not in self.known:
                raise ValidationError(f"{str(name)[:80]!r} is not known here; known are {self._near(str(name))}")
        return list(dict.fromkeys(given))

    def _near(self, name: str) -> str:
        """The names beside a misspelt one: those of the same parent, else the outermost."""
        parent, _, _ = name.rpartition(".")
        beside = sorted(known for known in self.known if known.rpartition(".")[0] == parent)
        return ", ".join(beside or sorted(known for known in self.known if "." not in known))


class Including(Names):
    """What comes along with the items of a noun."""

    def __init__(self, noun: str) -> None:
        neighbours = NEIGHBOURS[noun]
        super().__init__(
            tuple(neighbours),
            "What comes along under `included`, by kind and id, each once and as its own path gives it. Only JSON has "
            "a place for it; in other formats the items come alone.",
        )


class Order(fields.String):
    """A key to sort by, with a minus or not; a plus before it says nothing, nor the blank that one in an address is."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        key: str = super()._deserialize(value, attr, data, **kwargs)
        return key[1:] if re.match(r"[+ ]\w", key) else key


def sorted_by(usual: str, *others: str) -> fields.String:
    """Return the parameter that chooses the order of a list, by default that of the first key."""
    keys = [sign + key for key in (usual, *others) for sign in ("", "-")]
    return Order(
        load_default=nothing,
        validate=validate.OneOf(keys, error=f"expected one of {', '.join(keys)}"),
        metadata={
            "description": f"What the list is sorted by, `{usual}` if left out; a minus turns it round. What has no "
            "such value stands last either way."
        },
    )


def paths(schema: Schema, inside: str = "") -> Iterator[str]:
    """Yield the fields of a schema, each before those within it; lists are led through."""
    for name, field in schema.fields.items():
        yield inside + name
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from paths(inner.schema, f"{inside}{name}.")


@cache
def asked_of(query: type[Schema], item: type[Schema]) -> type[Schema]:
    """Return the schema of a query on a list, which may ask for some fields of an item only."""
    known = tuple(paths(item()))
    sparse = Names(
        known,
        "The fields of an item that are wanted, joined by commas; dots lead inside. All if left out, "
        "and always all in JSON-LD.",
    )
    return type(query.__name__, (query,), {"fields": sparse})


class ItemOf(fields.Nested):
    """An item of a list, or what `fields` leaves of it."""


def some_of(converter: Any, field: fields.Field[Any], ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe an item of a list: whole, unless fewer fields are asked for."""
    if not isinstance(field, ItemOf):
        return {}
    return {"anyOf": [{"$ref": ret.pop("$ref")}, converter.resolve_nested_schema(SparseSchema)]}


class SparseSchema(Schema):
    """An item with `fields`: those of it that were asked for."""

    class Meta:
        unknown = INCLUDE


def list_of(item: type[Schema], query: type[Schema]) -> type[Schema]:
    """Return the schema of a page of a list."""
    include = query._declared_fields.get("include")
    return _list_of(item, isinstance(include, Including))


@cache
def _list_of(item: type[Schema], brings: bool) -> type[Schema]:
    more = {"included": fields.Nested(IncludedSchema)} if brings else {}
    return Schema.from_dict(
        {
            "items": fields.List(ItemOf(item), required=True),
            "next": fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page."}),
            "total": fields.Integer(metadata={"description": "With `count=exact`: how many items all pages hold."}),
            **more,
        },
        name=f"{item.__name__.removesuffix('Schema')}Page",
    )


IncludedSchema = Schema.from_dict(
    {
        kind: fields.Dict(
            keys=fields.String(), values=fields.Nested(schema), metadata={"description": f"The {kind}, by id."}
        )
        for kind, schema in SCHEMAS.items()
    },
    name="Included",
)
"""What comes along with a list: of each kind that was asked for, the resources by their ids."""
