"""Headlines: headers as they are sent; those that nearly every answer has are looked at and written out once.

Looking whether seventeen headers are sound, and writing them, takes either worker longer than finding what is answered.
"""

from __future__ import annotations

from collections.abc import Iterable

from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName
from gunicorn.http.message import TOKEN_RE

from api.web import cors, security

Header = tuple[str, str]

RECURRING = frozenset(
    {
        *security.HEADERS,
        *dict(cors.OPEN),
        *("Cache-Control", "Content-Encoding", "Content-Type", "Last-Modified", "RateLimit-Policy", "Vary"),
    }
)
"""Names of headers whose values are few at a time; of the others each is another one, such as an ETag."""

MOST = 500
"""Headers that are remembered; each change of the record brings another time, so once there are so many all go."""

OF_THE_SERVER = frozenset({"connection", "date", "server", "transfer-encoding"})
"""What a server says itself."""

LENGTH = "content-length"

LINES: dict[Header, str] = {}
"""Lines of headers that were found sound."""


def line(header: Header) -> str:
    """Return the line of a header that is sound."""
    return LINES.get(header) or f"{header[0]}: {header[1]}\r\n"


def remember(header: Header) -> None:
    """Remember the line of a header that was found sound and comes again."""
    if len(LINES) >= MOST:
        LINES.clear()
    LINES[header] = f"{header[0]}: {header[1]}\r\n"


def lines(headers: Iterable[Header]) -> tuple[str, bool]:
    """Return headers as they are sent, and whether the length of the answer is among them.

    Raises what gunicorn does where one is not sound, or is for the server to say.
    """
    written, has_length = [], False
    for header in headers:
        known = LINES.get(header)
        if known is None:
            _refuse_unsound(*header)
            if header[0] in RECURRING:
                remember(header)
            known = line(header)
            has_length = has_length or header[0].lower() == LENGTH
        written.append(known)
    return "".join(written), has_length


def _refuse_unsound(name: str, value: str) -> None:
    if not TOKEN_RE.fullmatch(name) or name.lower() in OF_THE_SERVER:
        raise InvalidResponseHeaderName(repr(name))
    if not wsgi.HEADER_VALUE_RE.fullmatch(value):
        raise InvalidResponseHeader(repr(name))
