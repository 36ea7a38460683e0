"""The generation of workers: those started together tell the same time, those started anew a later one."""

import os
import time

import pytest
from click.testing import CliRunner
from gunicorn.config import Config

from api.cli import main
from api.web import generation
from api.web.freshness import Freshness
from api.web.generation import BEGUN

LATER = 1_900_000_000.5
"""A moment to come, so that no edition of a record is later."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that starts at that moment."""
    monkeypatch.setenv(BEGUN, "1")
    monkeypatch.setattr(time, "time", lambda: LATER)
    generation.on_starting(None)


@pytest.mark.usefixtures("started")
def test_workers_started_together_tell_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Freshness()
    monkeypatch.setattr(time, "time", lambda: LATER + 5)
    assert Freshness()._begun == first._begun == generation.begun() == 1_900_000_001


@pytest.mark.usefixtures("started")
def test_workers_started_anew_tell_a_later_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = generation.begun()
    monkeypatch.setattr(time, "time", lambda: LATER + 5)
    generation.on_reload(None)
    assert generation.begun() == first + 5


def test_a_process_of_no_server_begins_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BEGUN, raising=False)
    monkeypatch.setattr(time, "time", lambda: LATER)
    assert generation.begun() == 1_900_000_001


def test_gunicorn_calls_what_is_named_as_it_names_it() -> None:
    config = Config()
    for name in ("on_starting", "on_reload"):
        config.set(name, getattr(generation, name))


def test_the_server_is_started_with_it(record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(os, "execvp", lambda _, arguments: asked.extend(arguments))
    monkeypatch.setattr("api.cli._refuse_taken", lambda *_: None)
    assert CliRunner().invoke(main, ["serve"], env={"DATABASE_URL": record}).exit_code == 0
    assert f"--config=python:{generation.__name__}" in asked
