"""A server of several processes: they count together, forget who died, and log one JSON object a line."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.config import OF_OURS, WORKER_KINDS

ROOT = Path(__file__).parents[2]

PATIENCE = 60
"""Seconds; only a failing run waits that long."""


@dataclass
class Server:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path
    asked: int = 0

    def get(self, path: str) -> int:
        """Ask over a connection of its own, and return the status."""
        self.asked += 1
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:  # noqa: S310 — a server of our own
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def value(self, sample: str, **labels: str) -> float | None:
        """The sum of the samples of a name that have these labels, None where there is none."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=PATIENCE) as answer:  # noqa: S310 — a server of our own
            families = list(text_string_to_metric_families(answer.read().decode()))
        found = [one for family in families for one in family.samples if one.name == sample]
        fitting = [one.value for one in found if labels.items() <= one.labels.items()]
        return sum(fitting) if fitting else None

    def lines(self) -> list[dict[str, Any]]:
        """What was logged; whatever is no JSON fails."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]

    def stop(self) -> int:
        """End it as a service manager does."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


Start = Callable[..., Server]


@pytest.fixture
def start(record: str, tmp_path: Path) -> Iterator[Start]:
    """What starts a server with settings, over the record."""
    started: list[Server] = []

    def begin(*arguments: str, **settings: str) -> Server:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        log = tmp_path / f"log-{len(started)}"
        told = {"DATABASE_URL": record, "HOST": "127.0.0.1", "PORT": port, "TMPDIR": str(tmp_path), **settings}
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 — a command of our own
                [sys.executable, *(arguments or ("-m", "api.cli", "serve"))],
                cwd=ROOT,
                env={**os.environ, **told},
                stdout=file,
                stderr=file,
            )
        started.append(Server(process, f"http://127.0.0.1:{port}", log))
        return started[-1]

    yield begin
    for server in started:
        if server.process.poll() is None:
            server.stop()


def until(met: Callable[[], Any]) -> Any:
    """Wait until something holds, and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := met():
            return found
        time.sleep(0.05)
    raise AssertionError("it never held")


def answers(server: Server) -> bool:
    try:
        return server.get("/healthz") == 200
    except OSError:
        assert server.process.poll() is None, server.log.read_text()
        return False


def answering(server: Server) -> set[int]:
    """The processes that answered, as the log has it."""
    return {line["process"] for line in server.lines() if line["message"] == "request"}


def test_the_processes_of_a_server_count_together_whoever_dies(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"left by an earlier server")
    server = start(WORKERS="2", PROMETHEUS_MULTIPROC_DIR=str(folder))
    until(lambda: answers(server))
    asked = 0
    while len(answering(server)) < 2 or asked < 40:
        assert server.get("/v1/rules") == 200
        asked += 1
    of_rules = {"route": "/v1/rules", "method": "GET"}
    until(lambda: server.value("crosscheck_requests_total", status="200", **of_rules) == asked)
    assert server.value("crosscheck_request_duration_seconds_count", **of_rules) == asked
    assert server.value("crosscheck_request_duration_seconds_bucket", le="+Inf", **of_rules) == asked
    until(lambda: server.value("crosscheck_requests_in_flight") == 1)  # the one that asks

    dead = max(answering(server))
    os.kill(dead, signal.SIGKILL)
    until(lambda: not list(folder.glob(f"gauge_live*_{dead}.db")))
    until(lambda: len(list(folder.glob("gauge_livesum_*.db"))) > 2)
    assert server.value("crosscheck_requests_total", status="200", **of_rules) == asked
    until(lambda: server.value("crosscheck_requests_in_flight") == 1)
    for _ in range(10):
        assert server.get("/v1/rules") == 200
    until(lambda: server.value("crosscheck_requests_total", status="200", **of_rules) == asked + 10)

    for _ in range(3):
        server.get("/nope")
    assert server.stop() == 0
    assert list(folder.glob("counter_*.db")), "a folder that was set stays"
    lines = server.lines()
    assert all(line["time"] and line["level"] and line["message"] and line["process"] for line in lines)
    told = [line for line in lines if line["message"] == "request" and line["path"] == "/nope"]
    assert [(line["status"], line["route"], line["bytes"] > 0) for line in told] == [(404, None, True)] * 3
    assert {server.process.pid} < {line["process"] for line in lines}, "the arbiter and its workers"
    killed = [line for line in lines if line["level"] == "error"]
    assert [str(dead) in line["message"] for line in killed] == [True]


def test_a_folder_of_metrics_that_was_made_for_a_server_ends_with_it(start: Start) -> None:
    server = start(WORKERS="1", LOG_REQUESTS="failures", LOG_LEVEL="debug")
    until(lambda: answers(server))
    (worker,) = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    mapped = re.findall(rf"/\S+/{OF_OURS}\w+", Path(f"/proc/{worker}/maps").read_text())
    (folder,) = {Path(found) for found in mapped}
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0, "nobody else's"
    for path in ("/v1/rules", "/nope", "/v1/claims?limit=0"):
        server.get(path)
    server.stop()
    assert not folder.exists()
    assert [line["path"] for line in server.lines() if line["message"] == "request"] == ["/nope", "/v1/claims"]


def test_a_server_can_be_told_to_log_no_request(start: Start) -> None:
    server = start(WORKERS="1", LOG_REQUESTS="none", LOG_LEVEL="warning")
    until(lambda: answers(server))
    server.get("/nope")
    server.stop()
    assert server.lines() == []


@pytest.mark.parametrize("worker", WORKER_KINDS)
def test_what_keeps_a_worker_from_starting_is_logged_as_everything_is(
    start: Start, tmp_path: Path, worker: str
) -> None:
    gunicorn = ("-m", "gunicorn", "--config=python:api.web.gunicorn_conf")
    server = start(*gunicorn, WORKER=worker, WORKERS="1", DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    assert server.process.wait(PATIENCE) != 0
    (line,) = [line for line in server.lines() if line["level"] == "critical"]
    assert "DatabaseRefused" in line["traceback"]


def test_a_folder_that_cannot_be_written_is_refused_in_one_line(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server = start(PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "file" / "metrics"))
    assert server.process.wait(PATIENCE) == 2
    assert server.log.read_text().startswith(f"crosscheck: metrics cannot be kept in {tmp_path}/file/metrics: ")
