"""Lines: what a server's processes log, one JSON object a line on standard error."""

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

LEVEL = "LOG_LEVEL"

ERROR = 2
"""The number of standard error."""

OURS = ("crosscheck", "gunicorn.error")
"""The logs that LOG_LEVEL is about; of all others, warnings are told."""

SECONDS = 4
"""Seconds that are remembered as they are written: the present one, and what a line that was held up has."""

OF_REQUEST: list[Callable[[], dict[str, Any]]] = []
"""What tells the ids of the request that is being answered; where there are no requests, nothing does."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        more = getattr(record, "line", {})
        if record.exc_info:
            more = {**more, "traceback": self.formatException(record.exc_info)}
        return _written(record.created, record.levelname.lower(), record.getMessage(), more).decode()


def _written(moment: float, level: str, message: str, more: Mapping[str, Any]) -> bytes:
    line = {
        "time": f"{_second(int(moment))}.{int(moment % 1 * 1000):03}+00:00",
        "level": level,
        "message": message,
        "process": os.getpid(),
        **more,
    }
    for told in OF_REQUEST:
        line |= told()
    return orjson.dumps(line, default=str)


@lru_cache(SECONDS)
def _second(moment: int) -> str:
    """Return a second of UTC, which many lines have in common."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")


STANDARD_ERROR: list[logging.Handler] = []
"""The handler that writes to standard error, once it does."""


def tell(log: logging.Logger, message: str, more: Mapping[str, Any]) -> None:
    """Log at level info as `log.info` does; of what comes with every request, at a quarter of its cost.

    What is written is the same. Only where others listen as well does it go through the library.
    """
    if not log.isEnabledFor(logging.INFO):
        return
    if logging.getLogger().handlers == STANDARD_ERROR and not log.handlers:
        os.write(ERROR, _written(time.time(), "info", message, more) + b"\n")
    else:
        log.info(message, extra={"line": more})


def to_standard_error() -> None:
    """Write what this process logs, what its libraries warn of and what ends it; a server calls it in each process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    STANDARD_ERROR[:] = [handler]
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
