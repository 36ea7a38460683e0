"""Servers: what is measured, each started once and kept idle while another one is asked."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.bench import processes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = HERE / "peers"
REQUIREMENTS = PEERS / "requirements.txt"

WORKERS, THREADS = 2, 4
"""Processes of every server, and threads of each process where it has threads."""

GUNICORN = [sys.executable, "-m", "gunicorn", "--config=python:api.web.gunicorn_conf"]
"""What runs an application as Crosscheck is run; Crosscheck, unless another one is named behind it."""

STARTS_WITHIN = 60.0
"""Seconds."""


class ServerFailed(Exception):
    """A server did not start; the message says which, and where it says why."""


@dataclass(slots=True)
class Server:
    """A server in processes of its own, from the start of a `with` to its end."""

    name: str
    port: int
    command: list[str]
    ready: str
    settings: Mapping[str, str] = field(default_factory=dict)
    log: Path = Path(os.devnull)
    _process: "subprocess.Popen[bytes] | None" = None

    def __enter__(self) -> "Server":
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                raise ServerFailed(f"{self.name} did not start: something else answers on port {self.port}")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 — a command of our own
                self.command, cwd=ROOT, env={**os.environ, **self.settings}, stdout=log, stderr=log
            )
        self._await()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def pid(self) -> int:
        """The process that the others were started by."""
        if self._process is None:
            raise ServerFailed(f"{self.name} was not started")
        return self._process.pid

    @property
    def worked(self) -> float:
        """The seconds that its processes have worked."""
        return processes.worked(self.pid)

    def get(self, path: str, **headers: str) -> tuple[bytes, Mapping[str, str]]:
        """Ask it for one answer; raises HTTPError for a failure."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 — a server of our own
            return answer.read(), answer.headers

    def post(self, path: str, body: str) -> bytes:
        """Ask it something with a body of JSON."""
        url, headers = f"http://127.0.0.1:{self.port}{path}", {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers), timeout=120) as answer:
            content: bytes = answer.read()
        return content

    def _await(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                self.get(self.ready)
                return
            except OSError:
                time.sleep(0.01)
        self.__exit__(None, None, None)
        raise ServerFailed(f"{self.name} did not start: {_end_of(self.log)}")


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return " ".join(lines[-3:]) or "it said nothing"


def constant(name: str, port: int, bodies: Path, ready: str) -> Server:
    """Return a limit, by the name of the callable that answers, run as Crosscheck is run in threads."""
    command = [*GUNICORN, f"tests.bench.constant:{name}()"]
    settings = {"WORKER": "gthread", "BENCH_BODIES": str(bodies), **_settings(port, "sqlite://")}
    return Server(name, port, command, ready, settings)


def crosscheck_on_gthread(name: str, port: int, database: str, log: Path) -> Server:
    """Return Crosscheck on gunicorn's threaded worker."""
    return Server(name, port, GUNICORN, "/readyz", {"WORKER": "gthread", **_settings(port, database)}, log)


def crosscheck(name: str, port: int, database: str, log: Path) -> Server:
    """Return Crosscheck as it is shipped."""
    command = [sys.executable, "-m", "api.cli", "serve"]
    return Server(name, port, command, "/readyz", _settings(port, database), log)


def _settings(port: int, database: str) -> Mapping[str, str]:
    numbers = {"PORT": str(port), "WORKERS": str(WORKERS), "THREADS": str(THREADS)}
    return {"DATABASE_URL": database, "HOST": "127.0.0.1", "RATE_LIMIT": "off", "SECRET_KEY": "k" * 32, **numbers}


def peer(name: str, app: str, port: int, database: str, ready: str, folder: Path) -> Server:
    """Return a peer on uvicorn, in the environment that was made for the peers."""
    command = [
        *(str(python_of_peers(folder)), "-m", "uvicorn", app, "--app-dir", str(PEERS), "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(WORKERS), "--loop", "uvloop", "--http", "httptools"),
        *("--log-level", "warning", "--no-access-log"),
    ]
    return Server(name, port, command, ready, {"PEER_DATABASE": database}, folder / f"{name}.log")


def tables_served(name: str, port: int, database: str, folder: Path) -> Server:
    """Return Datasette as its own command serves it, in one process, over a file that it is told nobody changes."""
    command = [
        *(str(python_of_peers(folder)), "-m", "datasette", "serve", "--immutable", database),
        *("--host", "127.0.0.1", "--port", str(port), "--setting", "sql_time_limit_ms", "10000"),
    ]
    return Server(name, port, command, "/-/versions.json", {}, folder / f"{name}.log")


def prepare_service(database: str, folder: Path) -> None:
    """Have the service make what it needs of a database."""
    subprocess.run([python_of_peers(folder), PEERS / "service.py", database], check=True)  # noqa: S603 — a command of our own


def python_of_peers(folder: Path) -> Path:
    """Return the interpreter of the peers' environment, made at its first use and after its list has changed."""
    home = folder / "peers"
    python, made = home / "bin" / "python", home / "made-from.txt"
    wanted = REQUIREMENTS.read_text()
    if not made.exists() or made.read_text() != wanted:
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS], check=True)  # noqa: S603 — a command of our own
        made.write_text(wanted)
    return python
