"""Naming: a slug that names nothing on record is refused, with the nearest there is."""

from collections.abc import Mapping
from typing import Any, NoReturn

from flask_smorest import abort

from api.errors import not_found
from api.review import nouns


def must_exist(args: Mapping[str, Any], *parameters: str) -> None:
    """Answer 404 for the first parameter that names nothing on record."""
    for parameter in parameters:
        name, noun = args.get(parameter), nouns.MEANT.get(parameter, parameter)
        if name is not None and not nouns.exists(noun, name):
            unknown(noun, name)


def unknown(noun: str, name: str, as_of: str | None = None) -> NoReturn:
    """Answer 404: what is on record but was not out by `as_of` is said to be that; else the nearest ids are."""
    if as_of is not None and nouns.exists(noun, name):
        abort(404, message=f"The {noun} {name!r} is on record, but nothing of it had been published by {as_of}.")
    not_found(noun, name, nouns.ids(noun))
