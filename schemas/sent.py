"""Sent: what clients send, which may leave out what has a default; an answer never does."""

from typing import Any, ClassVar

from marshmallow import Schema


class SentSchema(Schema):
    """What a client sends.

    `rules` says of it in JSON Schema what no field says by itself; `kinds` what is different with each `kind` of it,
    and `untold` what is where its kind is left out.
    """

    rules: ClassVar[dict[str, Any]] = {}
    kinds: ClassVar[dict[str, dict[str, Any]]] = {}
    untold: ClassVar[dict[str, Any]] = {}
