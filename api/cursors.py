"""Cursors: where a page begins, opaque and signed, so that only our own are read."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import cache
from typing import NoReturn

import orjson
from flask import current_app
from flask_smorest import abort
from itsdangerous import BadData, URLSafeSerializer

from schemas.fields import CURSOR


class Forged(Exception):
    """What was sent has the form of a cursor, but is none of ours."""


class Malformed(Exception):
    """What was sent has not even the form of a cursor."""


def sealed(content: Sequence[str | None], key: str | None = None) -> str:
    """Return a cursor that holds this, signed by the application's key unless another is given.

    It is one as itsdangerous writes and reads it; that takes several times as long to write one, for every page.
    """
    said = _written(orjson.dumps(content))
    signature = hmac.digest(_key(key or current_app.config["SECRET_KEY"]), said, "sha256")
    return (b"%b.%b" % (said, _written(signature))).decode()


def opened(cursor: str) -> list[str | None]:
    """Return what a cursor holds; raises Malformed, or Forged unless the key of this server signed it."""
    if not re.fullmatch(CURSOR, cursor, re.ASCII):
        raise Malformed
    try:
        content: list[str | None] = _signer(current_app.config["SECRET_KEY"]).loads(cursor)
    except (BadData, ValueError) as error:
        raise Forged from error
    return content


def not_ours(field: str, cursor: str) -> NoReturn:
    """Answer 404 to a cursor that this server did not sign: no page has it."""
    expected = "a cursor that this service gave out, just as it was given"
    abort(404, problem="unknown-cursor", errors=[{"field": field, "sent": cursor[:20], "expected": expected}])
    raise AssertionError


def _written(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")


@cache
def _key(key: str) -> bytes:
    """Return what itsdangerous signs with where it is given a key."""
    signer = _signer(key)
    return signer.make_signer(signer.salt).derive_key()


@cache
def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="cursor", signer_kwargs={"digest_method": hashlib.sha256})
