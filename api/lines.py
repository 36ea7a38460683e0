"""Lines: what a server's processes log, one JSON object a line on standard error."""

import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson

LEVEL = "LOG_LEVEL"

OURS = ("crosscheck", "gunicorn.error")
"""The logs that LOG_LEVEL is about; of all others, warnings are told."""

OF_REQUEST: list[Callable[[], dict[str, Any]]] = []
"""What tells the ids of the request that is being answered; where there are no requests, nothing does."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "process": record.process,
            **getattr(record, "line", {}),
        }
        for told in OF_REQUEST:
            line |= told()
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def to_standard_error() -> None:
    """Write what this process logs, what its libraries warn of and what ends it; a server calls it in each process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        log = logging.getLogger(name)
        log.handlers = []
        log.propagate = True
        log.setLevel((os.environ.get(LEVEL) or "info").upper())
    logging.captureWarnings(True)
    sys.excepthook = _end


def _end(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Log what ends a process."""
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("crosscheck").critical("the process ends", exc_info=(kind, error, trace))
