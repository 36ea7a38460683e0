"""Errors: every failure in the one shape of RFC 9457, naming the field and what was expected."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import orjson
from flask import Flask, Response, current_app, request
from flask_smorest import abort
from gunicorn.http.errors import NoMoreData, ParseException
from peewee import OperationalError
from rapidfuzz import fuzz, process
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable

from api.parameters import taken_by
from schemas.problems import BLANK, NAMED, USUAL, ProblemType
from schemas.refusals import worded

MEDIA_TYPE = "application/problem+json"

REQUEST_ID = "crosscheck.request_id"
"""Where the environment of a request holds its id."""

LONGEST_ECHO = 80
"""Characters of what was sent that an error repeats."""

NEAR_ENOUGH = 55
"""Similarity, of 100, from which an id is worth suggesting."""

SHOWN = 3
"""Suggestions an error carries."""

log = logging.getLogger("crosscheck")


SHAPES: dict[str, Callable[[HTTPException], Response]] = {}
"""How failures are written under paths that speak another API's language, by the beginning of the path."""


def problem_response(error: HTTPException) -> Response:
    """Turn any HTTP failure into a problem, keeping the headers that belong to it."""
    for prefix, shape in SHAPES.items():
        if request.path.startswith(prefix):
            return shape(error)
    data: dict[str, Any] = getattr(error, "data", None) or {}
    status = error.code or 500
    errors = list(_field_errors(data.get("messages"))) or data.get("errors")
    detail = data.get("message") or (_summary(errors) if errors else _described(status, error))
    body = written(
        _type_of(data.get("problem"), error),
        detail,
        instance=request.path[:LONGEST_ECHO],
        request_id=request.environ.get(REQUEST_ID),
        errors=errors,
        suggestions=data.get("suggestions"),
    )
    response = Response(body, status, content_type=MEDIA_TYPE)
    for name, value in (*error.get_headers(request.environ), *(data.get("headers") or {}).items()):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _type_of(name: str | None, error: HTTPException) -> ProblemType:
    """Return the type that was named, else the usual one of the status; RFC 9457 has a word for what is neither."""
    if name is not None:
        return NAMED[name]
    status = error.code or 500
    return USUAL.get(status) or ProblemType(BLANK, status, error.name, "", "")


def written(problem: ProblemType, detail: str, instance: str, request_id: str | None, **more: Any) -> bytes:
    """Write the body of a problem; what is empty of the rest is left out."""
    body = {
        "type": problem.address,
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "instance": instance,
    }
    more["request_id"] = request_id
    return orjson.dumps({**body, **{name: value for name, value in more.items() if value}})


def _described(status: int, error: HTTPException) -> str:
    """Say what happened where the library's own sentence would not help."""
    if status == 404:
        return "There is no such thing here; /docs lists what there is."
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
    """Say what was expected; of a parameter that nobody knows, which are known here."""
    known = _known_parameters() if reason == "Unknown field." and location == "query" else ""
    return f"{worded(reason)}{known}"


def _flat(content: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(content, dict):
        yield ".".join(path), [str(reason) for reason in (content if isinstance(content, list) else [content])]
        return
    for key, inner in content.items():
        yield from _flat(inner, path if key == "_schema" else (*path, str(key)))


def reasons(messages: Any) -> Iterator[str]:
    """Yield each field that does not fit with what was expected of it, outside of any request."""
    for name, wrong in _flat(messages, ()):
        yield f"{name[:LONGEST_ECHO] or 'arguments'}: {'; '.join(_worded(reason, 'json') for reason in wrong)}"


def _known_parameters() -> str:
    endpoint = request.url_rule.endpoint if request.url_rule else ""
    names = sorted(name for name, _ in taken_by(current_app.view_functions.get(endpoint)))
    return f"; known are {', '.join(names)}" if names else "; none is known here"


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

    @app.errorhandler(ParseException)
    @app.errorhandler(NoMoreData)
    def broken_off(error: ParseException | NoMoreData) -> Response:
        return problem_response(BadRequest(f"The body cannot be read to its end: {str(error)[:LONGEST_ECHO]}."))

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return problem_response(error)
        log.exception("unhandled fault on %s", request.path)
        return problem_response(InternalServerError("Something broke on our side; it has been logged."))
