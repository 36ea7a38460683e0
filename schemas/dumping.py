"""Dumping: what a schema dumps, with the way to each field worked out once for very many resources.

Marshmallow looks up every field of every object anew; a review dumps hundreds of thousands of nested values. The schema
stays the one definition: what is not as plain as it should be is left to its field.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from schemas.fields import Word

PLAIN: dict[type[fields.Field[Any]], type] = {fields.String: str, fields.Boolean: bool, fields.Integer: int}
"""Fields that give a value of their own type as it is."""

Write = Callable[[Any], Any]


@cache
def dumper(schema: Schema) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what dumps one resource, given as a mapping, as the schema itself would; one with hooks does it itself."""
    if schema._hooks["pre_dump"] or schema._hooks["post_dump"]:
        return schema.dump
    writers = [
        (field.data_key or name, field.attribute or name, _writer(name, field))
        for name, field in schema.dump_fields.items()
    ]

    def dump(resource: Mapping[str, Any]) -> dict[str, Any]:
        return {key: write(resource[name]) for key, name, write in writers if name in resource}

    return dump


def _writer(name: str, field: fields.Field[Any]) -> Write:
    if isinstance(field, fields.Nested):
        return _nested(field)
    if isinstance(field, fields.List):
        return _list(_writer(name, field.inner))
    if isinstance(field, Word):
        words = {word: word.value for word in field.enum}
        return lambda value: words[value] if value in words else field._serialize(value, name, None)
    own = next((kind for base, kind in PLAIN.items() if isinstance(field, base)), None)

    def write(value: Any) -> Any:
        return value if value is None or type(value) is own else field._serialize(value, name, None)

    return write


def _nested(field: fields.Nested) -> Write:
    dump = dumper(field.schema)
    if field.many:
        return _list(dump)
    return lambda value: None if value is None else dump(value)


def _list(write: Write) -> Write:
    return lambda values: None if values is None else [write(value) for value in values]
