"""Deprecating: answers that came by something deprecated say so, wherever it was marked."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from flask import after_this_request, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from marshmallow import Schema

from api.parameters import taken_by
from schemas.deprecation import Deprecation, headers, of, within

MARK = "_deprecation"
"""The attribute of a view that is deprecated."""

ANNOUNCES = "_announces"
"""The attribute of a view whose answers may announce something."""

PROMISE = '</docs/>; rel="deprecation"; type="text/html"'
"""Where a deprecation is explained: the description says of each what takes its place."""

View = Callable[..., ResponseReturnValue]


def announcing(view: View) -> View:
    """Have a view's answers announce what is deprecated: the view itself, a parameter that is given, a field."""
    always, if_given = list(_always(view)), dict(_if_given(view))
    if not (always or if_given):
        return view

    @wraps(view)
    def announced(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        given = [found for name, found in if_given.items() if name in request.args]
        told = headers([*always, *given])

        @after_this_request
        def add(response: Response) -> Response:
            response.headers.extend(told)
            if told:
                response.headers["Link"] = ", ".join(filter(None, (response.headers.get("Link"), PROMISE)))
            return response

        return view(*args, **kwargs)

    setattr(announced, ANNOUNCES, True)
    return announced


def _always(view: View) -> Iterator[Deprecation]:
    if found := getattr(view, MARK, None):
        yield found
    for answers in getattr(view, "_apidoc", {}).get("response", {}).get("responses", {}).values():
        for answer in answers:
            schema = answer.get("schema") if isinstance(answer, dict) else None
            if isinstance(schema, Schema):
                yield from within(schema)


def _if_given(view: View) -> Iterator[tuple[str, Deprecation]]:
    for name, field in taken_by(view):
        if found := of(field):
            yield name, found
