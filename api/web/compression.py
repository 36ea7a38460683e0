"""Compression: lists and exports are packed as the client asks; one resource comes as it is.

A packed answer is another sequence of bytes, so its ETag is another one too: `"x"` becomes `"x:zstd"`. What may
one day be written to under `If-Match` is a single resource, whose ETag therefore stays the same for every client.
"""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, Response, request
from flask_compress import Compress
from flask_compress.flask_compress import _choose_algorithm, _compress_data

SMALLEST = 500
"""Bytes below which packing gains nothing."""

MEDIA_TYPES = (
    *("application/json", "application/feed+json", "application/ld+json", "application/prov+json"),
    *(
        "application/x-ndjson",
        "application/atom+xml",
        "text/plain",
        "text/csv",
        "text/html",
        "text/provenance-notation",
    ),
)

ALGORITHMS = ("zstd", "br", "gzip")
"""In the order of how cheap they are for what they gain."""

MOST = 100
"""Headers whose meaning is remembered."""


def packer(app: Flask) -> Callable[[Response], Response]:
    """Return what packs an answer where that is wanted, and says that it depends on Accept-Encoding."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_MIN_SIZE=SMALLEST,
        COMPRESS_MIMETYPES=MEDIA_TYPES,
        COMPRESS_ALGORITHM=ALGORITHMS,
        COMPRESS_ALGORITHM_STREAMING=ALGORITHMS,
    )
    compress = Compress(app)

    def pack(response: Response) -> Response:
        if not _is_many():
            return response
        if not _refused():
            return compress.after_request(response)
        response.vary.add("Accept-Encoding")
        return response

    return pack


@lru_cache(MOST)
def coding(accepted: str) -> str | None:
    """Return the coding in which a client that accepts these is sent what is worth it."""
    found: str | None = _choose_algorithm(ALGORITHMS, accepted)
    return found


def packed(app: Flask, body: bytes, coding: str) -> bytes:
    """Return a body in a coding, as `packer` would pack it."""
    found: bytes = _compress_data(app, body, coding)
    return found


def _is_many() -> bool:
    """Whether the path is that of a list, an export or a description; one that ends in an id is a single resource."""
    return request.url_rule is not None and not request.url_rule.rule.endswith(">")


def _refused() -> bool:
    """Whether a coding is refused by a weight of 0, which the library would take for a wish."""
    return any(weight == 0 and name != "identity" for name, weight in request.accept_encodings)
