"""Logs: the server's lines, with the ids of the request they belong to, and gunicorn's own among them."""

from typing import Any

from flask import has_request_context, request
from gunicorn.glogging import Logger

from api.errors import REQUEST_ID
from api.lines import OF_REQUEST, to_standard_error
from api.web.request_ids import TRACE


def ids() -> dict[str, Any]:
    """Return the ids of the request that is being answered, if one is."""
    if not has_request_context():
        return {}
    found = {"request_id": request.environ.get(REQUEST_ID), "trace_id": request.environ.get(TRACE)}
    return {name: value for name, value in found.items() if value}


OF_REQUEST[:] = [ids]


class ServerLog(Logger):
    """gunicorn's own log, written as the rest is."""

    def setup(self, cfg: Any) -> None:
        """Write as this service does instead of into handlers of gunicorn's own."""
        super().setup(cfg)
        to_standard_error()
