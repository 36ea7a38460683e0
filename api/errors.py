"""Errors: every failure in the one shape of RFC 9457, naming the field and what was expected."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import orjson
from flask import Flask, Response, current_app, request
from flask_smorest import Api, abort
from peewee import OperationalError
from rapidfuzz import fuzz, process
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from schemas.problems import ProblemSchema

MEDIA_TYPE = "application/problem+json"

LONGEST_ECHO = 80
"""Characters of what was sent that an error repeats."""

NEAR_ENOUGH = 55
"""Similarity, of 100, from which an id is worth suggesting."""

SHOWN = 3
"""Suggestions an error carries."""

TITLES = {
    400: "The request cannot be read",
    404: "Not found",
    405: "Not allowed here",
    406: "No such format",
    413: "Too large",
    415: "Not this media type",
    422: "The request does not fit",
    500: "Our fault",
    503: "Not available right now",
}

log = logging.getLogger("crosscheck")


SHAPES: dict[str, Callable[[HTTPException], Response]] = {}
"""How failures are written under paths that speak another API's language, by the beginning of the path."""


class CrosscheckApi(Api):
    """flask-smorest's Api with our failures, in answers and in the description."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = "Problem"

    def _register_responses(self) -> None:
        """Describe our one failure under its media type; the parent would describe its own shape."""
        described = {"description": "A failure", "content": {MEDIA_TYPE: {"schema": ProblemSchema}}}
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, described)

    def handle_http_exception(self, error: HTTPException) -> Response:
        return problem_response(error)


def problem_response(error: HTTPException) -> Response:
    """Turn any HTTP failure into a problem, keeping the headers that belong to it."""
    for prefix, shape in SHAPES.items():
        if request.path.startswith(prefix):
            return shape(error)
    data: dict[str, Any] = getattr(error, "data", None) or {}
    status = error.code or 500
    errors = list(_field_errors(data.get("messages"))) or data.get("errors")
    detail = data.get("message") or (_summary(errors) if errors else _described(status, error))
    body = {
        "type": f"/problems/{TITLES.get(status, error.name).lower().replace(' ', '-')}",
        "title": TITLES.get(status, error.name),
        "status": status,
        "detail": detail,
        "instance": request.path[:LONGEST_ECHO],
    }
    if errors:
        body["errors"] = errors
    if data.get("suggestions"):
        body["suggestions"] = data["suggestions"]
    response = Response(orjson.dumps(body), status, content_type=MEDIA_TYPE)
    for name, value in (*error.get_headers(request.environ), *(data.get("headers") or {}).items()):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _described(status: int, error: HTTPException) -> str:
    """Say what happened where the library's own sentence would not help."""
    if status == 404:
        return "There is no such path; /docs lists those there are."
    if status == 405:
        return f"Allowed here: {', '.join(sorted(getattr(error, 'valid_methods', None) or ()))}."
    if status == 413:
        return f"A body holds at most {current_app.config['MAX_CONTENT_LENGTH']:,} bytes."
    return error.description or ""


def _field_errors(messages: Any) -> Iterator[dict[str, Any]]:
    """Flatten webargs' messages: location, then fields within fields, then reasons."""
    for location, content in (messages or {}).items():
        sent = request.args.to_dict() if location == "query" else _body()
        for name, reasons in _flat(content, ()):
            yield {
                "field": (name or "body")[:LONGEST_ECHO],
                "sent": shortened(_sent(sent, name)),
                "expected": "; ".join(_worded(reason, location) for reason in reasons),
            }


def _body() -> Any:
    try:
        return orjson.loads(request.get_data(cache=True))
    except orjson.JSONDecodeError:
        return None


def _sent(content: Any, path: str) -> str | None:
    """Find what was sent for a field, given its path."""
    for step in path.split(".") if path else ():
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isdigit() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    if content is None or isinstance(content, str):
        return content
    try:
        return orjson.dumps(content).decode()
    except orjson.JSONEncodeError:  # nested deeper than orjson writes, though not deeper than it reads
        return "…"


def _worded(reason: str, location: str) -> str:
    """Say what was expected; the library's own words say what was wrong."""
    if reason == "Unknown field.":
        return f"no field of this name{_known_parameters() if location == 'query' else ''}"
    return PLAIN.get(reason, reason.removesuffix("."))


PLAIN = {
    "Missing data for required field.": "is required",
    "Field may not be null.": "must not be null",
    "Not a valid integer.": "expected a whole number",
    "Not a valid string.": "expected text",
    "Not a valid list.": "expected a list",
    "Invalid input type.": "expected an object",
    "Invalid input type": "expected an object",
}
"""Reasons of marshmallow in the words of this API."""


def _flat(content: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(content, dict):
        yield ".".join(path), [str(reason) for reason in (content if isinstance(content, list) else [content])]
        return
    for key, inner in content.items():
        yield from _flat(inner, path if key == "_schema" else (*path, str(key)))


def _known_parameters() -> str:
    view = request.url_rule.endpoint if request.url_rule else ""
    names = sorted(PARAMETERS.get(view, ()))
    return f"; known are {', '.join(names)}" if names else "; none is known here"


PARAMETERS: dict[str, frozenset[str]] = {}
"""The query parameters of each endpoint, filled when the description is made."""


def _summary(errors: Iterable[dict[str, Any]]) -> str:
    return "; ".join(f"{error['field']}: {error['expected']}" for error in errors)


def shortened(value: str | None) -> str | None:
    """Cut what was sent to a length fit for an error."""
    if value is None or len(value) <= LONGEST_ECHO:
        return value
    return f"{value[: LONGEST_ECHO - 1]}…"


def not_found(noun: str, name: str, known: Iterable[str]) -> NoReturn:
    """Answer 404 with the nearest ids there are."""
    near = nearest(name, (other for other in known if other != name))
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    abort(404, message=f"No {noun} is called {shortened(name)!r}{hint}", suggestions=near)
    raise AssertionError


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known ids most like this one, best first."""
    found = process.extract(
        name[:LONGEST_ECHO].casefold(), list(known), scorer=fuzz.WRatio, limit=SHOWN, score_cutoff=NEAR_ENOUGH
    )
    return [match for match, _, _ in found]


def register(app: Flask) -> None:
    """Answer what no view handles: a database that fails, and a fault of ours, without a traceback."""

    @app.errorhandler(OperationalError)
    def database_failed(error: OperationalError) -> Response:
        log.error("the database failed: %s", error)
        unavailable = ServiceUnavailable("The database does not answer; try again in a moment.")
        response = problem_response(unavailable)
        response.headers["Retry-After"] = "2"
        return response

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return problem_response(error)
        log.exception("unhandled fault on %s", request.path)
        return problem_response(InternalServerError("Something broke on our side; it has been logged."))
