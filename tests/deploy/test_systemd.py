"""deploy/systemd/: the unit says what the service does, and the service says when it is ready."""

import os
import signal
import socket
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.deploy.deployed import DEPLOY, FINISHING, ROOT, refuse_no_command, refuse_unknown


def unit() -> dict[str, str]:
    """Return the settings of the service; where one is repeated, the last."""
    read = RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(DEPLOY / "systemd" / "crosscheck.service", encoding="utf-8")
    return dict(read["Service"])


def settings() -> dict[str, str]:
    """Return what the unit and the file beside it tell the service."""
    lines = (DEPLOY / "systemd" / "crosscheck.env").read_text(encoding="utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    return {**told, **dict([unit()["Environment"].split("=", 1)])}


def test_the_service_is_told_what_it_knows() -> None:
    refuse_unknown(settings())
    assert unit()["LoadCredential"].split(":")[0] == settings()["DATABASE_URL_FILE"].removeprefix("%d/")


@pytest.mark.parametrize("name", ["ExecStartPre", "ExecStart"])
def test_it_runs_commands_there_are(name: str) -> None:
    refuse_no_command(unit()[name].split())


def test_it_is_reloaded_and_stopped_without_breaking_off() -> None:
    assert unit()["ExecReload"].split()[1:] == ["-HUP", "$MAINPID"]
    assert unit()["KillMode"] == "mixed"
    assert int(unit()["TimeoutStopSec"].removesuffix("s")) > FINISHING


def test_it_runs_as_nobody_else_and_gains_nothing() -> None:
    assert unit()["User"] not in ("root", "nobody")
    assert unit()["NoNewPrivileges"] == "yes"
    assert unit()["CapabilityBoundingSet"] == ""
    assert unit()["ProtectSystem"] == "strict"


def test_the_service_says_when_it_is_ready(tmp_path: Path) -> None:
    assert unit()["Type"] == "notify"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/a.db", "PORT": free_port()}
    crosscheck = [sys.executable, "-m", "api.cli"]
    subprocess.run([*crosscheck, "migrate"], cwd=ROOT, env=environment, check=True)  # noqa: S603 — a command of our own
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(60)
        environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        serving = subprocess.Popen([*crosscheck, "serve"], cwd=ROOT, env=environment)  # noqa: S603 — a command of our own
        try:
            assert told.recv(1024).startswith(b"READY=1")
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(60) == 0


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
