"""Cursors: where a page begins, opaque and signed, so that only our own are read."""

import hashlib
from collections.abc import Sequence
from functools import cache

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer


class Forged(Exception):
    """What was sent is no cursor of ours."""


def sealed(content: Sequence[str | None]) -> str:
    """Return a cursor that holds this."""
    cursor = _signer(current_app.config["SECRET_KEY"]).dumps(content)
    return cursor if isinstance(cursor, str) else cursor.decode()


def opened(cursor: str) -> list[str | None]:
    """Return what a cursor holds; raises Forged unless the key of this server signed it."""
    try:
        content: list[str | None] = _signer(current_app.config["SECRET_KEY"]).loads(cursor)
    except (BadData, ValueError) as error:
        raise Forged from error
    return content


@cache
def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="cursor", signer_kwargs={"digest_method": hashlib.sha256})
