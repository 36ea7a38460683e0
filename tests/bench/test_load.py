"""What `make bench` asks and what it reads of wrk's words."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.bench import load
from tests.bench.load import Load, LoadFailed, Request, parsed
from tests.bench.servers import Server, ServerFailed

SAID = """Running 1s test @ http://127.0.0.1:18700
  1 threads and 2 connections
Requests/sec:   2000.00
measured requests=2000 microseconds=1000000 bytes=9 p50=400 p95=700 p99=900 refused=0 broken=0
"""


def test_what_wrk_measured_is_read() -> None:
    assert parsed(SAID) == Load(2_000, 1.0, 400, 700, 900)
    assert parsed(SAID).rate == 2_000


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("unable to connect to 127.0.0.1:1 Connection refused", "unable to connect"),
        ("", "nothing"),
        (SAID.replace("requests=2000", "requests=0"), "no request was answered"),
        (SAID.replace("refused=0", "refused=3"), "3 answers were failures"),
        (SAID.replace("broken=0", "broken=7"), "7 requests got none"),
    ],
)
def test_what_was_not_measured_well_is_refused(said: str, because: str) -> None:
    with pytest.raises(LoadFailed, match=because):
        parsed(said)


def test_a_request_is_a_line_that_the_script_reads(tmp_path: Path) -> None:
    asked = [
        Request("/v1/claims/a?x=1"),
        Request("/v1/claims/b", ("If-None-Match", '"e"')),
        Request("/v1/compare", body='{"left":1}'),
    ]
    assert load.write(asked, tmp_path / "asked.txt").read_text().splitlines() == [
        "GET\t/v1/claims/a?x=1\t\t\t",
        'GET\t/v1/claims/b\tIf-None-Match\t"e"\t',
        'POST\t/v1/compare\t\t\t{"left":1}',
    ]


@pytest.mark.parametrize("path", ["/a\tb", "/a\nb"])
def test_what_would_be_read_as_more_than_one_part_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="on a line"):
        load.write([Request(path)], Path("never-written"))


def test_where_wrk_is_missing_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(LoadFailed, match="apt-get install wrk"):
        load.wrk()


def test_wrk_is_asked_for_connections_seconds_and_a_seed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, SAID, "")

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)
    assert load.send(18_700, tmp_path / "asked.txt", 16, 2.0, 7).requests == 2_000
    ((*_, url, _, file, seed),) = commands
    assert (url, file, seed) == ("http://127.0.0.1:18700", str(tmp_path / "asked.txt"), "7")
    assert {"--connections=16", "--duration=2s"} <= set(commands[0])


def test_a_server_is_not_taken_for_another_one_on_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        server = Server("ours", other.getsockname()[1], ["none"], "/")
        with pytest.raises(ServerFailed, match="something else answers"), server:
            pass
