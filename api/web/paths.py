"""Paths: what is asked for where nothing is, is answered with where it could be."""

import re
from typing import cast
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from api.errors import nearest, problem_response

VERSION = "v1"

VERSIONED = re.compile(r"/v\d+(?:\.\d+)*(?=/|$)", re.IGNORECASE)
"""The beginning of a path that names a version."""

BEGINNINGS = ("/v1/lookup", "/v1/events", "/v1/discrepancies")
"""Where somebody who asks for the version alone may begin."""


def register(app: Flask) -> None:
    """Answer paths that there are not; a view's own 404 is answered as it says."""

    @app.errorhandler(NotFound)
    def nothing_here(error: NotFound) -> Response:
        if request.routing_exception is not None and not hasattr(error, "data"):
            error.data = _told(request.path)  # type: ignore[attr-defined]
        return problem_response(error)

    @app.after_request
    def nearby(response: Response) -> Response:
        return _from_here(response) if isinstance(request.routing_exception, RequestRedirect) else response


def _from_here(response: Response) -> Response:
    """Lead to a path of this host without naming the host: a proxy's is another than the one asked here."""
    meant = urlsplit(response.location)
    return cast(Response, redirect(urlunsplit(("", "", meant.path, meant.query, "")), response.status_code))


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
    if named and not rest.strip("/"):
        detail = f"Nothing is at {path} itself; begin with {' or '.join(BEGINNINGS)}. /docs lists all paths."
        return {"problem": "unknown-path", "message": detail, "suggestions": list(BEGINNINGS)}
    near = nearest(path, _plain_paths())
    hint = f"; did you mean {' or '.join(near)}?" if near else "."
    detail = f"There is no such path{hint} /docs lists those there are."
    return {"problem": "unknown-path", "message": detail, "suggestions": near}


def _is_path(path: str) -> bool:
    return current_app.url_map.bind("").test(path, "GET") or current_app.url_map.bind("").test(path, "POST")


def _plain_paths() -> set[str]:
    """Every path without a name in it."""
    return {rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments}
