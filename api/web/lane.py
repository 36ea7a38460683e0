"""Lane: plain reads, one thing by its id or the first page of a list, answered from what is stored without Flask; and
events as of a moment, where what they counted then is remembered.

What a newsroom's tools ask most is stored as it is sent; Flask's own work, and validating what can only be right, would
be nearly all of its cost. What is not plainly such a read, or finds nothing, goes to Flask. What is in the lane has the
bytes and headers that Flask would answer with: tests ask both.

What was answered is kept, and holds as long as the database says so: by the edition of the record, which others who
read at the same time are told as well, or, where only something else changed, by the turn of the event it is of.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

import orjson
from flask import Flask
from peewee import PeeweeException
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import get_current_url

from api.addresses import beginning
from api.deprecating import ANNOUNCES
from api.forms.formats import CONTENT_TYPES, accepted
from api.metrics import ROUTE
from api.pagination import address, fingerprint, following
from api.review import moments
from api.store import shown
from api.store.db import db, reopened
from api.store.editions import Edition, looked, standing
from api.web import compression, freshness
from api.web.environ import CAME
from api.web.freshness import CONDITIONS, PUBLIC, SAFE, Freshness, digest, is_the_clients
from api.web.memory import Memory
from api.web.routed import template
from schemas.moments import MOMENT, Moment, parse_moment
from schemas.pages import LARGEST_PAGE, USUAL_PAGE, Format

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

JSON = CONTENT_TYPES[Format.JSON]

PATH = re.compile(r"/v1/([a-z]+)(?:/([A-Za-z0-9._-]+)(?:/([a-z]+))?)?", re.ASCII)
"""A noun, the id of one, and what each of them has a list of."""

QUERY = re.compile(r"[A-Za-z0-9._=&-]*", re.ASCII)
"""Parameters that are written as they are meant."""

BY_ID = {
    "claims": {"event", "property", "document", "origin", "statement"},
    "discrepancies": {"event", "property"},
    "questions": {"event", "property"},
}
"""The filters of a list that name something by its id: where they leave rows, the names were right."""

OF_EVENTS = frozenset(BY_ID)
"""Lists of which every event has its own."""

AS_OF = re.compile(rf"as_of=({MOMENT})", re.ASCII)
"""A moment to answer as of, written as it is meant."""

SIZES = {str(size): size for size in range(1, LARGEST_PAGE + 1)}

FOR_FLASK = {"HTTP_AUTHORIZATION", *freshness.FOR_FLASK}
"""What is to be answered with something else than what is stored."""

FOUND = "crosscheck.found"
"""Where the environment of a request has what it reads and what is answered, if that was asked for before."""

MOST_KEPT = 20_000
MOST_BYTES = 32 * 1_048_576
"""Answers, and bytes of them, that a process keeps: all pages of a few hundred events."""

BESIDE = 1_000
"""Bytes that an answer takes beside its body: key, headers and the places they lie in."""

MOST = 100
"""Headers and hosts of which is remembered what they mean."""


class Read(NamedTuple):
    """A plain read, of one thing by its id or of the first page of a list; `rule` is that of its path.

    `name` is the id in the path, that of the event where an event's list is read.
    """

    rule: str
    noun: str
    name: str | None
    listed: bool = False
    filters: Mapping[str, str] = {}
    given: tuple[tuple[str, str], ...] = ()
    size: int = USUAL_PAGE
    as_of: Moment | None = None


class Stored(NamedTuple):
    """What the database has of a plain read: what is shown, what a page with more behind it ends with, of which edition
    of the record it is, and, of what one event decides, the turn of that."""

    text: bytes
    last: str | None
    edition: Edition
    turn: int | None = None


class Answer:
    """What is answered as long as it holds: the body, also as it was packed, with the headers of its own, and of which
    edition and turn it is known to be."""

    __slots__ = ("body", "database", "edition", "headers", "packed", "tag", "turn")

    def __init__(self, body: bytes, headers: list[tuple[str, str]], stored: Stored) -> None:
        self.body, self.headers, self.tag = body, headers, digest(JSON.encode(), body)
        self.edition, self.turn, self.database = stored.edition, stored.turn, db.obj
        self.packed: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        return BESIDE + len(self.body) + (sum(map(len, self.packed.values())) if self.packed else 0)


class Lane:
    """Answers the plain reads of an application."""

    def __init__(self, app: Flask, fresh: Freshness) -> None:
        self._app, self._fresh = app, fresh
        self._announcing: frozenset[str] | None = None
        self._kept: Memory[Answer] = Memory(MOST_KEPT, MOST_BYTES)

    def before(self, app: WSGIApplication) -> WSGIApplication:
        """Answer what is in the lane, and hand on everything else."""

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            read, found = environ.get(FOUND) or self._asked(environ)
            if read is None or found is None:
                return app(environ, start_response)
            environ[ROUTE] = template(read.rule)
            return self._answer(read, found, environ, start_response)

        return answer

    def _asked(self, environ: WSGIEnvironment) -> tuple[Read | None, Answer | None]:
        read = self.read(environ)
        return read, self.find(read, environ) if read is not None else None

    def forget(self) -> None:
        """Keep no answer any more."""
        self._kept.clear()

    def find(self, read: Read, environ: WSGIEnvironment) -> Answer | None:
        """Return what is answered; None where nothing is, or the database cannot be asked: Flask will find the same."""
        key = self._key(read, environ)
        kept = self._kept.find(key)
        if kept is not None and kept.database is db.obj:
            if kept.edition == standing(environ.get(CAME, math.inf)):
                return kept
            if kept.turn is not None and read.name is not None and _is_still(kept, read.name):
                return kept
        stored = _stored(read)
        if stored is None:
            return None
        made = self._page(read, stored, environ) if read.listed else Answer(stored.text, [("Vary", "Accept")], stored)
        self._kept.keep(key, made, made.size)
        return made

    def _key(self, read: Read, environ: WSGIEnvironment) -> tuple[str, str, str]:
        """Return what an answer depends on beside the record: of a list also the host, which its addresses name."""
        return environ["PATH_INFO"], environ.get("QUERY_STRING", ""), self._base(environ) if read.listed else ""

    def read(self, environ: WSGIEnvironment) -> Read | None:
        """Return the plain read that is asked for; None where it is anything else."""
        if environ["REQUEST_METHOD"] not in SAFE or not environ.keys().isdisjoint(FOR_FLASK):
            return None
        read = _read(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        if read is None or environ.get("SCRIPT_NAME") or read.rule in self._announced():
            return None
        takes = _takes(read.noun, environ.get("HTTP_ACCEPT", ""))
        return read if takes and "q=" not in environ.get("HTTP_ACCEPT_ENCODING", "") else None

    def _announced(self) -> frozenset[str]:
        """The rules of paths whose answers may announce a deprecation, which Flask has to see to."""
        if self._announcing is None:
            rules, views = self._app.url_map.iter_rules(), self._app.view_functions
            self._announcing = frozenset(rule.rule for rule in rules if hasattr(views[rule.endpoint], ANNOUNCES))
        return self._announcing

    def _page(self, read: Read, stored: Stored, environ: WSGIEnvironment) -> Answer:
        first = address(f"{self._base(environ)}{environ['PATH_INFO']}", read.given, None)
        behind, links = None, [f'<{first}>; rel="first"']
        if stored.last is not None:
            listed = fingerprint(environ["PATH_INFO"], dict(read.given))
            cursor = following(listed, (stored.last, stored.last), self._app.config["SECRET_KEY"])
            behind = f"{first}{'&' if read.given else '?'}cursor={cursor}"
            links.insert(0, f'<{behind}>; rel="next"')
        body = b"".join((b'{"items":[', stored.text, b'],"next":', orjson.dumps(behind), b"}"))
        return Answer(body, [("Vary", "Accept, Accept-Encoding"), ("Link", ", ".join(links))], stored)

    def _base(self, environ: WSGIEnvironment) -> str:
        configured: str = self._app.config["PUBLIC_URL"]
        named = environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), environ["SERVER_NAME"], environ["SERVER_PORT"]
        return configured or _host(*named)

    def _answer(
        self, read: Read, found: Answer, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer with what is stored, packed where it is a list that the client takes so; 304 where it has it."""
        body, changed = found.body, self._fresh.changed(found.edition.changed_at)
        coding = None
        if read.listed and len(body) >= compression.SMALLEST:
            coding = compression.coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        tag = f'"{found.tag}:{coding}"' if coding else f'"{found.tag}"'
        headers = [*found.headers, ("ETag", tag), ("Cache-Control", PUBLIC)]
        if not environ.keys().isdisjoint(CONDITIONS) and is_the_clients(environ, tag, changed):
            start_response("304 NOT MODIFIED", [pair for pair in headers if pair[0] != "Link"])
            return ()
        if coding:
            body = self._packed(read, found, coding, environ)
            headers.append(("Content-Encoding", coding))
        headers += [("Content-Type", JSON), ("Content-Length", str(len(body))), ("Last-Modified", changed)]
        start_response("200 OK", headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

    def _packed(self, read: Read, found: Answer, coding: str, environ: WSGIEnvironment) -> bytes:
        """Return the body in a coding, in which it is kept as well."""
        body = found.packed.get(coding)
        if body is None:
            body = found.packed[coding] = compression.packed(self._app, found.body, coding)
            self._kept.keep(self._key(read, environ), found, found.size)
        return body


@lru_cache(MOST)
def _takes(noun: str, accept: str) -> bool:
    """Whether an Accept header wants JSON most of what a noun can be had as."""
    return accepted(noun, parse_accept_header(accept, MIMEAccept)) is Format.JSON


@lru_cache(MOST)
def _host(scheme: str, host: str | None, name: str, port: str) -> str:
    """Return what the addresses of answers begin with; `host` is as the client names it, if it does."""
    asked = {"wsgi.url_scheme": scheme, "SERVER_NAME": name, "SERVER_PORT": port}
    return beginning(get_current_url({**asked, "HTTP_HOST": host} if host is not None else asked, host_only=True))


def _is_still(kept: Answer, event: str) -> bool:
    """Whether an answer about an event holds as it was, which is then known of the present edition too."""
    began = time.perf_counter()
    try:
        reopened()
        found = shown.turn(event)
    except PeeweeException:
        return False
    if found is None or found[0] != kept.turn:
        return False
    kept.edition = found[1]
    looked(found[1], began)
    return True


def _stored(read: Read) -> Stored | None:
    """Return what is stored; None where nothing is, or it cannot be asked for."""
    began = time.perf_counter()
    try:
        reopened()
        found = _found(read)
    except PeeweeException:
        return None
    if found is not None:
        looked(found.edition, began)
    return found


def _found(read: Read) -> Stored | None:
    if read.listed or read.name is None:
        return _rows(read)
    if read.as_of is not None:
        return _then(read.name, read.as_of)
    found = shown.one(read.noun, read.name)
    return Stored(found[0], None, found[1]) if found is not None else None


def _rows(read: Read) -> Stored | None:
    page = shown.first(read.noun, read.filters, read.size)
    if page.text is not None:
        return Stored(page.text, page.last, page.edition, page.turn)
    edition = _known_to_be_empty(read)
    return Stored(b"", None, edition) if edition is not None else None


def _then(name: str, as_of: Moment) -> Stored | None:
    """Return an event as of a moment, where what it counted then is remembered."""
    found = shown.event_with_turn(name)
    if found is None:
        return None
    text, turn, edition = found
    counts = moments.remembered(name, turn, as_of)
    return Stored(moments.shown(text, counts).encode(), None, edition, turn) if counts is not None else None


def _known_to_be_empty(read: Read) -> Edition | None:
    """Return the edition in which an event is known to have nothing in a list; None where Flask has to look whether
    what the filters name is there at all."""
    stored = shown.one("events", read.name) if read.name is not None and len(read.filters) == 1 else None
    return stored[1] if stored is not None else None


def _read(path: str, query: str) -> Read | None:
    found = PATH.fullmatch(path)
    if found is None:
        return None
    noun, name, listed = found.groups()
    if listed is not None:
        own = noun == "events" and listed in OF_EVENTS
        return (
            _listed(Read(f"/v1/events/<event_id>/{listed}", listed, name, True, {"event": name}), query)
            if own
            else None
        )
    if name is None:
        return _listed(Read(f"/v1/{noun}", noun, None, True), query) if noun in shown.LISTS else None
    if noun not in shown.NOUNS:
        return None
    return _dated(Read(RULES[noun], noun, name), query) if query else Read(RULES[noun], noun, name)


def _dated(read: Read, query: str) -> Read | None:
    """Return the read of an event as of a moment; None where anything else is asked."""
    given = AS_OF.fullmatch(query.replace("%2B", "+").replace("%3A", ":")) if read.noun == "events" else None
    try:
        return read._replace(as_of=parse_moment(given[1])) if given is not None else None
    except ValueError:
        return None


def _listed(read: Read, query: str) -> Read | None:
    """Return the read of a list with the parameters of a query; None where any needs to be looked at closely."""
    if not query:
        return read
    given = parse_qsl(query, keep_blank_values=True) if QUERY.fullmatch(query) else [("", "")]
    known, filters, size = BY_ID.get(read.noun, set()), dict(read.filters), read.size
    for name, value in given:
        if name == "limit" and value in SIZES:
            size = SIZES[value]
        elif name in known and name not in filters and value:
            filters[name] = value
        else:
            return None
    once = len({name for name, _ in given}) == len(given)
    return read._replace(filters=filters, given=tuple(given), size=size) if once else None


RULES = {noun: f"/v1/{noun}/<{model.__name__.lower()}_id>" for noun, model in shown.NOUNS.items()}
"""The rule of the path of one of each noun."""
