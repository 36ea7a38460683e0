"""Logs: one JSON object a line, on standard error, with the id of the request it belongs to."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import has_request_context, request

from api.errors import REQUEST_ID


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "line", {}),
        }
        if has_request_context():
            line["request_id"] = request.environ.get(REQUEST_ID)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def to_standard_error() -> None:
    """Write what this service logs; a server calls it once in each of its processes."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("crosscheck")
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
