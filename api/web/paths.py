"""Paths: what is asked for where nothing is, is answered with where it could be."""

import re
from collections.abc import Iterator

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from api.errors import nearest, problem_response

VERSION = "v1"

VERSIONED = re.compile(r"/v\d+(?:\.\d+)*(?=/|$)", re.IGNORECASE)
"""The beginning of a path that names a version."""


def register(app: Flask) -> None:
    """Answer paths that there are not; a view's own 404 is answered as it says."""

    @app.errorhandler(NotFound)
    def nothing_here(error: NotFound) -> Response:
        if request.routing_exception is not None and not hasattr(error, "data"):
            error.data = _told(request.path)  # type: ignore[attr-defined]
        return problem_response(error)


def _told(path: str) -> dict[str, object]:
    named, rest = VERSIONED.match(path), VERSIONED.sub("", path, count=1)
    here = f"/{VERSION}{rest}".rstrip("/")
    there_is = [here] if rest.strip("/") and _is_path(here) else []
    if named and named[0].lower() != f"/{VERSION}":
        where = f"; it is at {here}" if there_is else "; /docs lists what there is"
        detail = f"There is no version {named[0][1:]} of this API, only {VERSION}{where}."
        return {"problem": "unknown-version", "message": detail, "suggestions": there_is}
    if there_is and here != path:
        detail = f"Every path of the record begins with its version: it is at {here}."
        return {"problem": "unknown-version", "message": detail, "suggestions": there_is}
    near = nearest(path, _plain_paths())
    hint = f"; did you mean {' or '.join(near)}?" if near else "."
    detail = f"There is no such path{hint} /docs lists those there are."
    return {"problem": "unknown-path", "message": detail, "suggestions": near}


def _is_path(path: str) -> bool:
    return current_app.url_map.bind("").test(path, "GET") or current_app.url_map.bind("").test(path, "POST")


def _plain_paths() -> Iterator[str]:
    """Every path without a name in it."""
    return (rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments)
