"""Freshness: an ETag and a time on every read, a 304 and an answer given before, without reading or rendering again.

The ETag is a digest of what is sent, so it stays while the answer does, whatever else changes. Which answer had which
ETag is remembered with the edition of the record it was read from: until the record changes, asking again costs one
look at the edition's number, and Flask is not troubled. Of answers that are not long the bytes are kept as well, so
that a story many look up is worked out once. A stream is neither digested nor kept; its ETag is that of edition, code
and question.
"""

from __future__ import annotations

import hashlib
import math
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask, Response, g, request
from peewee import PeeweeException
from werkzeug.datastructures import Headers
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import http_date, is_resource_modified, parse_date, unquote_etag

from api.errors import problem_response
from api.metrics import ROUTE
from api.store.editions import UNCHANGED, Edition, edition
from api.web.environ import CAME
from api.web.generation import begun
from api.web.limits import EXCEEDED, WATCHED
from api.web.memory import Memory

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE = ("GET", "HEAD")

PUBLIC = "public, max-age=15, stale-while-revalidate=45"
"""A cache may answer for a quarter of a minute, and while it asks anew; nothing older than a minute is shown."""

NEVER = "no-store"
"""Failures, answers to a POST, and how the service is."""

KINDS = {".py", ".json", ".html"}
"""Files that the code is made of."""

OF_CODE = ("/docs", "/problems")
"""Beginnings of paths whose answers no change of the record bears on."""

AT_ONCE = 2_047
"""Bytes that are digested at once: of more, hashlib would let other threads run meanwhile, and wait for its turn."""

OF_THE_CLOCK = frozenset({"maxAgeDays"})
"""Parameters that are counted from now: answers to them may change though nothing does.

They have an ETag, of what they say, but no time, and are never told before they are asked.
"""

ASKED_BY = (
    *("wsgi.url_scheme", "HTTP_HOST", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_X_GOOG_FIELDMASK"),
)
"""What an answer depends on beside the record: its addresses name the host, and Vary the rest."""

CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}

DATED = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")

FOR_FLASK = {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", EXCEEDED}
"""What has a request answered otherwise than with 304, whatever it has of the answer."""

REPEATED = ("ETag", "Cache-Control", "Vary")
"""Headers that a 304 repeats."""

MOST = 10_000
"""Answers whose ETag a process remembers; about 400 bytes each."""

LONGEST = 65_536
"""Bytes of an answer that is kept; of a longer one the ETag alone is remembered."""

MOST_BYTES = 16 * 1_048_576
"""Bytes of answers that a process keeps."""

ASKED = "crosscheck.asked"
"""Where the environment of a request has what it asks for, once that is known."""


KNOWN = "crosscheck.known"
"""Where it has what was answered to that before, or None, once that is known."""


class Whole(NamedTuple):
    """An answer as it is given: its headers without the time, and its body."""

    headers: list[tuple[str, str]]
    body: bytes


class Known(NamedTuple):
    """What was answered: from which edition, with which of the headers that a 304 repeats, by which route; and, where
    that is kept, all of it."""

    edition: Edition
    headers: dict[str, str]
    route: str
    whole: Whole | None = None

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return len(self.whole.body) if self.whole is not None else 0


class Asked(NamedTuple):
    """What a request whose answer may be kept asks for, and of which edition."""

    key: bytes
    edition: Edition


class Freshness:
    """What a process knows of its answers."""

    def __init__(self) -> None:
        self._memory: Memory[Known] = Memory(MOST, MOST_BYTES)
        self._begun = begun()
        self._code = code()

    def before(self, app: WSGIApplication) -> WSGIApplication:
        """Answer, without asking the application, what it has answered before; 304 where the client has it."""

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            known = environ[KNOWN] if KNOWN in environ else self._known(environ)
            if known is None:
                return app(environ, start_response)
            if self._is_the_clients(known, environ):
                environ[ROUTE] = known.route
                start_response("304 NOT MODIFIED", list(known.headers.items()))
                return ()
            if known.whole is None:
                return app(environ, start_response)
            environ[ROUTE] = known.route
            changed = self.changed(known.edition.changed_at)
            start_response("200 OK", [*known.whole.headers, ("Last-Modified", changed)])
            return () if environ["REQUEST_METHOD"] == "HEAD" else (known.whole.body,)

        return answer

    def has_answer(self, environ: WSGIEnvironment) -> bool:
        """Whether a request will be answered without the application, which is then sure to be."""
        known = environ[KNOWN] = self._known(environ)
        return known is not None and (known.whole is not None or self._is_the_clients(known, environ))

    def _known(self, environ: WSGIEnvironment) -> Known | None:
        """Return what was answered before to what is asked, if the record is as it was then."""
        if not environ.keys().isdisjoint(FOR_FLASK) or not _may_be_kept(environ):
            return None
        try:
            asked = _asked(environ)
        except PeeweeException:
            return None  # the application will find the same, and say so
        known = self._memory.find(asked.key)
        return known if known is not None and known.edition == asked.edition else None

    def forget(self) -> None:
        """Know of no answer any more."""
        self._memory.clear()

    def _is_the_clients(self, known: Known, environ: WSGIEnvironment) -> bool:
        """Whether the client says that it has what is known."""
        if environ.keys().isdisjoint(CONDITIONS):
            return False
        return is_the_clients(environ, known.headers["ETag"], self.changed(known.edition.changed_at))

    def note(self) -> None:
        """Note the edition before anything is read from it."""
        if request.url_rule is not None and _may_be_kept(request.environ):
            g.asked = _asked(request.environ)

    def tag(self, response: Response) -> Response:
        """Give an answer the ETag of what it says, before it is packed."""
        asked: Asked | None = g.get("asked")
        if asked is not None and response.status_code == 200 and "ETag" not in response.headers:
            response.headers["ETag"] = f'"{self._stream_tag(asked) if response.is_streamed else digest_of(response)}"'
        return response

    def settle(self, response: Response) -> Response:
        """Say how fresh an answer is, remember it, and leave the body out where the client has it."""
        asked: Asked | None = g.get("asked")
        headers = response.headers
        if asked is None or response.status_code >= 400:
            headers.setdefault("Cache-Control", NEVER)
            return response
        headers.setdefault("Cache-Control", PUBLIC)
        if response.status_code != 200:
            return response
        if not OF_THE_CLOCK.isdisjoint(request.args):
            return _as_the_client_has_it(response)
        headers.setdefault("Last-Modified", self.changed(asked.edition.changed_at))
        repeated = {name: headers[name] for name in REPEATED if name in headers}
        known = Known(asked.edition, repeated, request.environ[ROUTE], _whole(response))
        self._memory.keep(asked.key, known, known.size)
        return _as_the_client_has_it(response)

    def changed(self, at: int) -> str:
        """Return when an answer may last have changed: with the record, as of then, or with the code, which is as old
        as the workers that run it; never a moment to come.

        A change counts as over with its second. Within that second an earlier one is told, which no later request
        is answered 304 by: what changes twice in a second is never taken for unchanged.
        """
        return written(min(max(at, self._begun), int(time.time())))

    def _stream_tag(self, asked: Asked) -> str:
        return digest(self._code, repr(asked.edition).encode(), asked.key)


def _whole(response: Response) -> Whole | None:
    """Return an answer as it is given, unless it is long."""
    if response.is_streamed or (response.content_length or 0) > LONGEST:
        return None
    body = response.get_data()
    headers = [pair for pair in response.get_wsgi_headers(request.environ) if pair[0] != "Last-Modified"]
    return Whole(headers, body) if len(body) <= LONGEST else None


def forget_unreadable(environ: WSGIEnvironment) -> None:
    """Take conditions out whose date is none, as RFC 9110 has it; of a year without end werkzeug does not say so."""
    for name in DATED:
        if name in environ:
            try:
                parse_date(environ[name])
            except OverflowError:
                del environ[name]


def _as_the_client_has_it(response: Response) -> Response:
    """Leave the body out where the client has it; werkzeug's make_conditional would read a stream to its end."""
    environ, headers = request.environ, response.headers
    if environ.keys().isdisjoint(CONDITIONS):
        return response
    if not _is_as_required(headers):
        failed = problem_response(PreconditionFailed())
        failed.headers["Cache-Control"] = NEVER
        return failed
    unconditional = {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    if is_the_clients(unconditional, headers["ETag"], headers.get("Last-Modified")):
        response.status_code = 304
    return response


def is_the_clients(environ: WSGIEnvironment, etag: str, changed: str | None) -> bool:
    """Whether the client says that it has an answer, which need not be read where it names just that."""
    return environ.get("HTTP_IF_NONE_MATCH") == etag or not is_resource_modified(
        environ, etag=etag, last_modified=changed
    )


def _is_as_required(headers: Headers) -> bool:
    """Whether an answer is one that If-Match names, or else as old as If-Unmodified-Since asks (RFC 9110, 13.2.2)."""
    if "HTTP_IF_MATCH" in request.environ:
        return request.if_match.star_tag or request.if_match.is_strong(unquote_etag(headers["ETag"])[0] or "")
    required, changed = request.if_unmodified_since, parse_date(headers.get("Last-Modified"))
    return required is None or changed is None or changed <= required


@lru_cache(maxsize=16)
def written(second: int) -> str:
    """Return a second as HTTP writes it."""
    return http_date(second)


def register(app: Flask, pack: Callable[[Response], Response]) -> Freshness:
    """Tell unchanged answers before Flask is asked; tag the others, then pack them, then see who has them."""
    fresh = Freshness()
    app.wsgi_app = fresh.before(app.wsgi_app)  # type: ignore[assignment, method-assign]
    app.before_request(fresh.note)
    app.after_request(lambda response: fresh.settle(pack(fresh.tag(response))))
    return fresh


def digest_of(response: Response) -> str:
    """Return the ETag of an answer's bytes as that media type."""
    return digest(response.content_type.encode(), response.get_data())


@cache
def code() -> bytes:
    """Return a digest of the code that writes the answers, and of the libraries it uses, as named by their folders."""
    root = Path(__file__).parents[2]
    files = sorted(path for folder in ("api", "schemas") for path in (root / folder).rglob("*") if path.suffix in KINDS)
    versions = sorted(found.name for folder in sys.path for found in Path(folder).glob("*.dist-info"))
    return digest(*(path.read_bytes() for path in files), "\n".join(versions).encode()).encode()


def digest(*parts: bytes) -> str:
    """Return what tells these parts from any others, fit for an ETag."""
    found = hashlib.sha256()
    for part in parts:
        whole = memoryview(part)
        for begins in range(0, len(part), AT_ONCE):
            found.update(whole[begins : begins + AT_ONCE])
        found.update(b"\0")
    return urlsafe_b64encode(found.digest()[:15]).decode()


def _key(environ: Mapping[str, Any]) -> bytes:
    return hashlib.sha256("\0".join([environ.get(name, "") for name in ASKED_BY]).encode("utf-8", "replace")).digest()


def _asked(environ: WSGIEnvironment) -> Asked:
    """Return what is asked for; of the edition that there was when this was found out first."""
    asked: Asked | None = environ.get(ASKED)
    if asked is None:
        of_code = environ["PATH_INFO"].startswith(OF_CODE)
        asked = environ[ASKED] = Asked(_key(environ), UNCHANGED if of_code else edition(environ.get(CAME, math.inf)))
    return asked


def _may_be_kept(environ: Mapping[str, Any]) -> bool:
    """Whether an answer to this request is one that anybody may be given again."""
    return (
        environ["REQUEST_METHOD"] in SAFE
        and environ["PATH_INFO"] not in WATCHED
        and "HTTP_AUTHORIZATION" not in environ
    )
