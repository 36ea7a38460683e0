"""Loading: what a schema loads, with the way to each field worked out once for very many resources.

Marshmallow looks up every field of every object anew, and asks every validator of every text. The schema stays the one
definition: a text that a field took once it takes again, and whatever is not as plain as it should be is left to the
schema, which says what is wrong with it.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, fields, missing

MOST_TEXTS = 8_192
"""Texts of one field that are known to be taken; most name something that many others name."""

LONGEST_TEXT = 120
"""Characters of a text that is worth remembering: ids, dates and words of a vocabulary."""

Read = Callable[[Any], Any]


class UnplainError(Exception):
    """Something is not as plain as it should be; whoever knows the schema asks that."""


class _Part(NamedTuple):
    """A field: its key, what its value is kept as, how that is read, and what makes it where it is left out."""

    key: str
    name: str
    read: Read
    default: Any


@cache
def loader(schema: Schema) -> Callable[[Any], dict[str, Any]]:
    """Return what loads one resource as the schema itself does; raises ValidationError where that does."""
    read = _reader_of(schema)

    def load(resource: Any) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = read(resource)
        except UnplainError:
            loaded = schema.load(resource)
        return loaded

    return load


def _reader_of(schema: Schema) -> Read:
    """Return what reads a mapping, or raises UnplainError; a schema with hooks or ways of its own does it itself."""
    if any(schema._hooks.values()) or schema.unknown != RAISE or schema.partial:
        return lambda given: _plainly(schema.load, given)
    parts = [
        _Part(field.data_key or name, field.attribute or name, _or_null(field), _default(field))
        for name, field in schema.load_fields.items()
    ]

    def read(given: Any) -> dict[str, Any]:
        if type(given) is not dict:
            raise UnplainError
        loaded, known = {}, 0
        for key, name, read, default in parts:
            if key in given:
                known += 1
                loaded[name] = read(given[key])
            elif default is not missing:
                loaded[name] = default()
        if known < len(given):
            raise UnplainError
        return loaded

    return read


def _or_null(field: fields.Field[Any]) -> Read:
    read = _reader(field)
    if field.allow_none:
        return lambda value: None if value is None else read(value)
    return lambda value: _refuse() if value is None else read(value)


def _default(field: fields.Field[Any]) -> Any:
    """Return what makes the value of a field that is left out, or `missing` where it then has none."""
    default = field.load_default
    if field.required:
        return _refuse
    if default is missing or callable(default):
        return default
    return lambda: default


def _refuse() -> Any:
    raise UnplainError


def _reader(field: fields.Field[Any]) -> Read:
    if isinstance(field, fields.Nested) and not (field.many or field.validators or field.unknown):
        return _reader_of(field.schema)
    if isinstance(field, fields.List):
        return _list(field)
    return _remembering(_asking(field))


def _list(field: fields.List[Any]) -> Read:
    read, validate = _reader(field.inner), field._validate

    def read_list(given: Any) -> list[Any]:
        if type(given) is not list or None in given:
            raise UnplainError
        loaded = [read(value) for value in given]
        if field.validators:
            _plainly(validate, loaded)
        return loaded

    return read_list


def _asking(field: fields.Field[Any]) -> Read:
    return lambda value: _plainly(field.deserialize, value)


def _plainly(ask: Read, value: Any) -> Any:
    try:
        return ask(value)
    except ValidationError:
        raise UnplainError from None


def _remembering(read: Read) -> Read:
    """Read a text once; what it is read as nobody changes."""
    remembered = lru_cache(MOST_TEXTS)(read)

    def read_once(value: Any) -> Any:
        return remembered(value) if type(value) is str and len(value) <= LONGEST_TEXT else read(value)

    return read_once
