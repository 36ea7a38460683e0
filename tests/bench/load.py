"""Load: requests drawn at random and sent by wrk, and what it measured."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
MEASURED = re.compile(r"^measured (.+)$", re.MULTILINE)
MISSING = (
    "`make bench` asks over HTTP with wrk, which is missing: install the package wrk, on Debian `apt-get install wrk`"
)


class LoadFailed(Exception):
    """Nothing was measured; the message says why."""


class TooSlow(LoadFailed):
    """Nothing was answered in the time there was."""


LONGEST = 20
"""Seconds for which a server is asked that has answered nothing in fewer."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; a header is a name and a value."""

    path: str
    header: tuple[str, str] = ("", "")
    body: str = ""

    @property
    def line(self) -> str:
        """How the script of wrk reads it."""
        parts = ("POST" if self.body else "GET", self.path, *self.header, self.body)
        if any("\t" in part or "\n" in part for part in parts):
            raise ValueError(f"{self.path} cannot be written on a line")
        return "\t".join(parts)


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured: answers, seconds, and microseconds within which a half, 95 and 99 percent of them came."""

    requests: int
    seconds: float
    p50: int
    p95: int
    p99: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def parsed(said: str) -> Load:
    """Read what the script wrote at its end.

    Raises LoadFailed where it wrote nothing, or any answer was a failure.
    """
    found = MEASURED.search(said)
    if found is None:
        raise LoadFailed(f"wrk measured nothing: {said.strip()[:200]}")
    known = {name: int(value) for name, value in (part.split("=") for part in found[1].split())}
    if not known["requests"]:
        raise TooSlow("no request was answered")
    if known["refused"] or known["broken"]:
        raise LoadFailed(f"{known['refused']} answers were failures, {known['broken']} requests got none")
    return Load(known["requests"], known["microseconds"] / 1e6, known["p50"], known["p95"], known["p99"])


def wrk() -> str:
    """Return where wrk is; raises LoadFailed with how to get it."""
    found = shutil.which("wrk")
    if found is None:
        raise LoadFailed(MISSING)
    return found


def write(requests: Iterable[Request], file: Path) -> Path:
    """Write requests for the script."""
    file.write_text("".join(f"{request.line}\n" for request in requests))
    return file


def send(port: int, requests: Path, connections: int, seconds: float, seed: int) -> Load:
    """Ask a server on this machine for so many seconds; every connection waits for its answer before it asks again.

    One that has answered nothing by then is asked for longer.
    """
    try:
        return _sent(port, requests, connections, max(1, round(seconds)), seed)
    except TooSlow:
        return _sent(port, requests, connections, LONGEST, seed)


def _sent(port: int, requests: Path, connections: int, seconds: int, seed: int) -> Load:
    command = [wrk(), "--threads=1", f"--connections={connections}", f"--duration={seconds}s"]
    command += ["--timeout=30s", f"--script={SCRIPT}", f"http://127.0.0.1:{port}", "--", str(requests), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — a command of our own
    return parsed(done.stdout + done.stderr)
