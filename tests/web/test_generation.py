"""The generation of workers: those started together tell the same time, those started anew a later one."""

import time

import pytest
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config

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


@pytest.mark.parametrize(("serves", "status"), [(False, Arbiter.WORKER_BOOT_ERROR), (True, generation.REPLACED)])
def test_a_worker_that_cannot_start_ends_the_server_only_where_none_has_served(
    monkeypatch: pytest.MonkeyPatch, serves: bool, status: int
) -> None:
    monkeypatch.setattr(generation, "UP", bytearray(1))
    monkeypatch.setattr(generation, "REST", 0)
    if serves:
        generation.is_up()
    with pytest.raises(SystemExit) as ended:
        generation.give_up()
    assert ended.value.code == status
