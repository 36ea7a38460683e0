"""Colour: on a terminal only, where it is wanted."""

import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ESCAPE = re.compile(r"\x1b\[\d+m")
RED, GREEN, DIM, BOLD, PLAIN = (f"\x1b[{code}m" for code in (31, 32, 2, 1, 0))


@pytest.mark.parametrize("words", ["belgorod deaths", "belgorod injured"])
def test_on_a_terminal_statuses_and_headings_are_marked(on_terminal, ask, words):
    shown = on_terminal(*words.split())

    assert ESCAPE.sub("", shown) == ask(*words.split()).stdout
    assert shown.startswith(BOLD)
    assert f"{BOLD}CHANGES{PLAIN}\n" in shown
    assert f"{GREEN}current{PLAIN} " in shown
    assert f"{DIM}superseded{PLAIN} " in shown
    assert (f"{RED}contested{PLAIN} " in shown) == (words == "belgorod injured")


def test_on_a_terminal_statuses_of_conflicts_are_marked(on_terminal, ask):
    shown = on_terminal("--conflicts", "injured")

    assert ESCAPE.sub("", shown) == ask("--conflicts", "injured").stdout
    assert f"  {RED}contested{PLAIN}   108\n" in shown
    assert f"  {DIM}superseded{PLAIN}  110\n" in shown


@pytest.mark.parametrize(
    ("environment", "option"), [({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({}, ["--json"]), ({}, ["--csv"])]
)
def test_a_terminal_may_be_left_plain(on_terminal, environment, option):
    shown = on_terminal("belgorod", "injured", *option, **environment)

    assert "contested" in shown
    assert "\x1b" not in shown


def test_escape_sequences_of_a_server_do_not_reach_the_terminal(on_terminal, other):
    other.answer = (200, "text/plain; charset=utf-8", "label\n\n\x1b[2Jgone\x07\n")

    shown = on_terminal("x", "--url", other.url)

    assert shown == f"{BOLD}label{PLAIN}\n\n[2Jgone\n"


@pytest.fixture
def on_terminal(script: Path, surroundings: dict[str, str], server: str) -> Callable[..., str]:
    def ask(*arguments: str, **environment: str) -> str:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(  # noqa: S603 — a command of our own
            [script, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            env={**surroundings, "CROSSCHECK_URL": server, **environment},
        )
        os.close(theirs)
        shown = b"".join(iter(lambda: read(ours), b""))
        os.close(ours)
        assert process.wait() == 0
        return shown.decode().replace("\r\n", "\n")

    return ask


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux's way of saying that nobody writes any more
        return b""
