"""Security: headers on every answer that keep a browser from doing anything with it but show it."""

from collections.abc import Mapping

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of what is data: nothing is loaded, run, sent or framed."""

DOCS = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The docs page loads nothing from another host."""

OF_PAGES = "/docs"
"""The beginning of the paths for which that policy is."""

POLICY, FRAMES = "Content-Security-Policy", "X-Frame-Options"

HEADERS = {
    POLICY: NOTHING,
    FRAMES: "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What an answer carries unless its view says otherwise; cross-origin, as anybody's page may read the record."""


def headers(path: str, hsts_seconds: int) -> list[tuple[str, str]]:
    """Return the headers of what is at a path; Strict-Transport-Security only where it is configured."""
    usual = {**HEADERS, POLICY: DOCS} if path.startswith(OF_PAGES) else HEADERS
    hsts = [("Strict-Transport-Security", f"max-age={hsts_seconds}")] if hsts_seconds else []
    return [*usual.items(), *hsts]


def may_be_framed(said: Mapping[str, str]) -> bool:
    """Whether an answer's own policy lets other pages show it."""
    return POLICY in said and "frame-ancestors 'none'" not in said[POLICY]
