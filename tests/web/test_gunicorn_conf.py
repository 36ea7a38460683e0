"""The server's settings: one file for every way to start it."""

import importlib
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from gunicorn.config import KNOWN_SETTINGS

from api.config import METRICS_FOLDER
from api.web import hooks
from tests.conftest import ROOT


@pytest.fixture
def conf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    monkeypatch.setenv(METRICS_FOLDER, str(tmp_path))
    for name in ("HOST", "PORT", "WORKER", "WORKERS", "THREADS"):
        monkeypatch.delenv(name, raising=False)
    return importlib.reload(importlib.import_module("api.web.gunicorn_conf"))


def test_settings_from_outside_reach_the_server(conf: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (conf.bind, conf.workers, conf.threads) == ("127.0.0.1:8000", 2, 4)
    assert conf.worker_class == "api.web.loop.Loop"
    for name, value in {"HOST": "::1", "PORT": "81", "WORKER": "gthread", "WORKERS": "3", "THREADS": "5"}.items():
        monkeypatch.setenv(name, value)
    conf = importlib.reload(conf)
    assert (conf.bind, conf.workers, conf.threads) == ("[::1]:81", 3, 5)
    assert conf.worker_class == "api.web.worker.Worker"


def test_what_happens_at_the_turns_of_processes_lives_is_heeded(conf: ModuleType) -> None:
    names = {setting.name for setting in KNOWN_SETTINGS} & set(vars(hooks))
    assert len(names) == 6
    assert all(getattr(conf, name) is getattr(hooks, name) for name in names)


@pytest.mark.parametrize(
    ("version", "parser"),
    [
        (None, "python"),
        ("0.6.9", "python"),
        ("0.6.13", "python"),
        ("0.6.14", "fast"),
        ("0.7.0", "fast"),
        ("1.0", "fast"),
    ],
)
def test_the_fast_parser_is_used_where_it_is_sound(
    conf: ModuleType, monkeypatch: pytest.MonkeyPatch, version: str | None, parser: str
) -> None:
    def found(name: str) -> str:
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", found)
    assert importlib.reload(conf).http_parser == parser


@pytest.mark.parametrize("named", [["--config=python:api.web.gunicorn_conf"], []], ids=["by its name", "in its folder"])
def test_a_wrong_setting_ends_gunicorn_with_one_line(named: list[str]) -> None:
    result = subprocess.run(  # noqa: S603 — a command of our own
        [sys.executable, "-m", "gunicorn", *named],
        cwd=ROOT,
        env={**os.environ, "WORKERS": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (
        1,
        "crosscheck: WORKERS is 'many': expected a whole number from 1 to 64\n",
    )
