"""CORS: a page of any host may read, and may put questions that store nothing; nobody's credentials are taken.

What is open is open to all, so the headers are always the same; a library that weighs them anew for every answer cost
a tenth of a read.
"""

READS = ("GET", "HEAD", "OPTIONS")

ASKED = {"/v1/compare", "/v1/assess", "/v1alpha1/claims:search", "/reconcile"}
"""Paths that are read with a POST."""

EXPOSED = (
    *("Deprecation", "ETag", "Last-Modified", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset"),
    *("Total-Count", "X-Request-Id"),
)
"""Headers that a script of another host may see beside those that every one may."""

A_DAY = "86400"

OPEN = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", ", ".join(EXPOSED))]


def headers(method: str, path: str, wanted: str | None = None) -> list[tuple[str, str]]:
    """Return the headers of an answer; `wanted` is the method that a browser asks for beforehand.

    What writes is not opened to other hosts.
    """
    asked = path.rstrip("/") in ASKED
    if method not in READS and not asked:
        return []
    allowed = (*READS, "POST") if asked else READS
    if method != "OPTIONS" or wanted not in allowed:
        return OPEN
    return [
        *OPEN,
        ("Access-Control-Allow-Methods", ", ".join(allowed)),
        ("Access-Control-Allow-Headers", "*"),
        ("Access-Control-Max-Age", A_DAY),
    ]
