"""The blueprint every noun uses: unknown parameters refused, failures described."""

import json
from collections import Counter
from collections.abc import Collection
from functools import wraps
from typing import Any, NoReturn

import orjson
from flask import request
from flask_smorest import Blueprint, abort
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from api.deprecating import MARK, announcing
from api.description.describing import ALWAYS, ANNOUNCED, ASKING, FRESH, LISTED, READING, UNCHANGED, failure, headers
from schemas.deprecation import Deprecation
from schemas.examples import Example
from schemas.lists import asked_of, list_of


class StrictParser(FlaskParser):
    """webargs, but a parameter nobody knows is an error instead of being dropped."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}

    def load_querystring(self, req: Any, schema: Any) -> Any:
        """Read the parameters; one that is given twice has no one meaning."""
        for name, values in req.args.lists():
            if len(values) > 1:
                expected = "to be given once"
                abort(422, errors=[{"field": name[:80], "sent": " and ".join(values)[:80], "expected": expected}])
        return super().load_querystring(req, schema)

    def load_json(self, req: Any, schema: Any) -> Any:
        """Read a body through orjson: no NaN, no Infinity, bounded nesting."""
        if not req.is_json:
            abort(415, message="Send the body as application/json.", headers={"Accept": "application/json"})
        refuse_packed(req)
        body = whole_body(req)
        try:
            content = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            if ENDLESS not in error.msg:
                _not_json(error)
            content = _with_endless(body)
        _refuse_twice(body)
        return content


def refuse_packed(req: Any) -> None:
    """Answer 415 to a body that is compressed: nothing here unpacks one."""
    if req.headers.get("Content-Encoding", "identity").lower() != "identity":
        abort(415, message="Send the body as it is, not compressed.", headers={"Accept-Encoding": "identity"})


def whole_body(req: Any) -> bytes:
    """Return the bytes of a body; answers 413 where there are more than are read."""
    body: bytes = req.get_data(cache=True)
    if req.content_length is None and len(body) >= req.max_content_length:
        abort(413)  # chunked: what lies beyond the limit was left unread, so what was read is not the body
    return body


def _refuse_twice(body: bytes) -> None:
    """Answer 400 where one object gives a name twice: whichever was meant, a reader could take the other."""
    try:
        json.loads(body, object_pairs_hook=_once, parse_int=str, parse_float=str)
    except RecursionError:
        abort(400, message="The body is nested too deeply.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        name = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)[:80]
        abort(400, errors=[{"field": name, "sent": None, "expected": "to be given once in one object"}])
    return found


ENDLESS = "number is infinity"
"""What orjson says of a number such as 1e400, which is JSON, but larger than any number it keeps."""


def _with_endless(body: bytes) -> Any:
    """Read a body with such a number as infinity, so that the field it stands in can refuse it by name."""
    try:
        content = json.loads(body, parse_int=_number, parse_constant=_no_constant)
        orjson.dumps(content)  # what else orjson would have refused, such as a lone surrogate
    except json.JSONDecodeError as error:
        _not_json(error)
    except (UnicodeDecodeError, RecursionError, TypeError):
        abort(400, message="The body is not JSON: it is not UTF-8, or nested too deeply.")
    return content


def _number(digits: str) -> int | float:
    return float(digits) if len(digits) > LONGEST_NUMBER else int(digits)


LONGEST_NUMBER = 40
"""Digits; what is longer is nothing that anybody counts."""


def _no_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no number", "", 0)


def _not_json(error: json.JSONDecodeError) -> NoReturn:
    abort(400, message=f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.")
    raise AssertionError from error


class Noun(Blueprint):
    """The routes of one noun."""

    ARGUMENTS_PARSER = StrictParser()

    def reads(self, rule: str, query: type[Schema], item: type[Schema] | Schema, listed: bool = False) -> Any:
        """Return the decorator of a read: its route, parameters, answer and failures in one line."""
        answer: Any
        asked: type[Schema]
        told: tuple[str, ...]
        answer, asked, told = item, query, FRESH
        if listed and isinstance(item, type):
            answer, asked, told = list_of(item, query), asked_of(query, item), (*FRESH, *LISTED)

        def decorate(view: Any) -> Any:
            nameless = "<" not in rule and not listed and "event" not in query._declared_fields
            described = self.fails(*(status for status in READING if status != 404 or not nameless))(view)
            described = self.alt_response(304, response=UNCHANGED)(described)
            described = self.doc(responses={200: {"content": WRITTEN}})(described)
            described = self.response(200, answer, description="The answer.", headers=headers(*told))(described)
            described = self.arguments(asked(), location="query")(described)
            return self.route(rule)(described)

        return decorate

    def route(self, rule: str, **options: Any) -> Any:
        """Return the decorator that puts a view at a path; what is deprecated of it is announced with every answer."""
        put = super().route(rule, **options)

        def decorate(view: Any) -> Any:
            announced = announcing(view)
            if announced is not view:
                announced = self.doc(responses={200: {"headers": headers(*ANNOUNCED)}})(announced)
            return put(announced)

        return decorate

    def deprecated(self, deprecation: Deprecation) -> Any:
        """Return the decorator of an operation that is deprecated; it stands below the route."""

        def decorate(view: Any) -> Any:
            described = self.doc(deprecated=True, **deprecation.described)(view)
            setattr(described, MARK, deprecation)
            return described

        return decorate

    def fails(self, *statuses: int) -> Any:
        """Return the decorator that describes how an operation may fail.

        It stands nearest the view: each decorator copies what those below it have described.
        """

        def decorate(view: Any) -> Any:
            for status in statuses:
                view = self.alt_response(status, response=failure(status))(view)
            return view

        return decorate

    def puts(self, rule: str, body: type[Schema], answer: type[Schema], examples: Collection[Example]) -> Any:
        """Return the decorator of a question put in a body: it reads, and stores nothing."""
        asked = {example.name: {"summary": example.summary, "value": example.request} for example in examples}
        told = {example.name: {"summary": example.summary, "value": example.answer} for example in examples}

        def decorate(view: Any) -> Any:
            described = self.response(
                200, answer, description="The answer; nothing is stored.", examples=told, headers=headers(*ALWAYS)
            )(self.fails(*ASKING)(_json(view)))
            described = self.arguments(Schema(), location="query", as_kwargs=True)(described)
            described = self.arguments(body(), examples=asked)(described)
            return self.route(rule, methods=["POST"])(described)

        return decorate


def _json(view: Any) -> Any:
    """Answer 406 to who takes no JSON."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if request.accept_mimetypes and not request.accept_mimetypes.accept_json:
            abort(406, message="This can be had as application/json.")
        return view(*args, **kwargs)

    return asked


WRITTEN = {
    "text/plain": {"schema": {"type": "string", "description": "An aligned table for a terminal."}},
    "text/csv": {"schema": {"type": "string", "description": "RFC 4180 in UTF-8; what would run is written as text."}},
    "application/x-ndjson": {"schema": {"type": "string", "description": "An item a line."}},
}
"""How every answer can be written beside JSON."""
