"""Parameters: what a view takes from the address it is asked by."""

from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import Schema
from marshmallow.fields import Field


def taken_by(view: Callable[..., Any] | None) -> Iterator[tuple[str, Field[Any]]]:
    """Yield each parameter by the name it has in an address; the routes' decorators note them on a view."""
    for argument in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ()):
        schema = argument["schema"]
        if argument["in"] == "query" and isinstance(schema, Schema):
            yield from ((field.data_key or name, field) for name, field in schema.fields.items())
