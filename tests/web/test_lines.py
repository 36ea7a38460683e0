"""A line that is told is the line that the library would have logged."""

import logging
import sys
from collections.abc import Iterator

import orjson
import pytest

from api import lines

OWN = {"time"}


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """The log of requests; what `to_standard_error` changes ends with the test."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in lines.OURS}
    yield logging.getLogger("crosscheck.requests")
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    lines.STANDARD_ERROR.clear()
    logging.captureWarnings(False)


def written(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [
        {name: value for name, value in orjson.loads(line).items() if name not in OWN}
        for line in capfd.readouterr().err.splitlines()
    ]


def test_what_is_told_is_written_as_what_is_logged(log: logging.Logger, capfd: pytest.CaptureFixture[str]) -> None:
    lines.to_standard_error()
    more = {"path": "/ü", "status": 200, "client": None}
    lines.tell(log, "request", more)
    log.info("request", extra={"line": more})
    told, logged = written(capfd)
    assert told == logged
    assert told["path"] == "/ü"


def test_what_is_told_is_not_written_where_nobody_wants_to_hear_it(
    log: logging.Logger, capfd: pytest.CaptureFixture[str]
) -> None:
    lines.to_standard_error()
    logging.getLogger("crosscheck").setLevel("WARNING")
    lines.tell(log, "request", {})
    assert written(capfd) == []


def test_others_that_listen_hear_it(
    log: logging.Logger, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    lines.to_standard_error()
    logging.getLogger().addHandler(caplog.handler)
    lines.tell(log, "request", {"status": 200})
    assert [record.line for record in caplog.records] == [{"status": 200}]  # type: ignore[attr-defined]
    assert len(written(capfd)) == 1
