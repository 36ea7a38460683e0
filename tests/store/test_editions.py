"""Editions: every write begins one, in its own transaction."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import IntegrityError

from api.intake.loading import load
from api.review.running import review
from api.store import db as store
from api.store.editions import Kept, edition
from api.store.models import Edition, Source
from tests.intake.folders import LATER, entry, small, write


@pytest.fixture
def loaded(empty: str, tmp_path: Path) -> str:
    load(write(tmp_path / "small", small()))
    return empty


def changed(url: str, folder: Path) -> None:
    content = small()
    entry(content, "sources", "mayor")["name"] = "Lord mayor"
    load(write(folder / "changed", content))


def retracted(url: str, folder: Path) -> None:
    content = small()
    content["claims"] = [claim for claim in content["claims"] if claim["id"] != "c2"]
    load(write(folder / "retracted", content))


def reviewed(url: str, folder: Path) -> None:
    review(url, LATER)


def written(url: str, folder: Path) -> None:
    with store.writing():
        Source.update(name="X").where(Source.id == "mayor").execute()


@pytest.mark.parametrize("write", [changed, retracted, reviewed, written], ids=lambda write: write.__name__)
def test_whatever_writes_begins_a_new_one(loaded: str, tmp_path: Path, write: Callable[[str, Path], None]) -> None:
    before = edition()
    write(loaded, tmp_path)
    after = edition()
    assert after.number > before.number
    assert after.changed_at >= before.changed_at
    assert after.changed_at > time.time() - 60


def test_a_transaction_begins_one_however_many_lie_within_it(loaded: str) -> None:
    before = edition().number
    with store.writing(), store.writing(), store.writing():
        assert edition().number == before
    assert edition().number == before + 1


def test_what_is_taken_back_begins_none(loaded: str) -> None:
    before = edition()
    with pytest.raises(IntegrityError):
        broken_off()
    assert edition() == before


def broken_off() -> None:
    with store.writing():
        Source.update(name="X").where(Source.id == "mayor").execute()
        Source.update(kind="king").where(Source.id == "mayor").execute()


def test_nothing_to_load_begins_none(loaded: str, tmp_path: Path) -> None:
    before = edition()
    assert load(tmp_path / "small").skipped
    assert edition() == before


def test_nothing_is_written_but_in_a_transaction_that_begins_one() -> None:
    """`writing` is the one place where a transaction is opened."""
    root = Path(store.__file__).parents[1]
    opened = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if ".atomic(" in path.read_text(encoding="utf-8") and "migrations" not in path.parts
    }
    only_reading = {"store/reading.py", "store/postgresql.py"}
    assert opened == {"store/db.py", *only_reading}


def test_there_is_one_row_from_the_first_migration_on(empty: str) -> None:
    assert Edition.select().count() == 1
    assert edition().number > 0


def test_what_is_kept_is_worked_out_again_where_the_record_changed_and_in_a_transaction(
    loaded: str, tmp_path: Path
) -> None:
    worked_out: list[str] = []

    def mayor() -> str:
        worked_out.append(Source.get_by_id("mayor").name)
        return worked_out[-1]

    kept = Kept(mayor)
    before = kept.get()
    assert (kept.get(), worked_out) == (before, [before])
    with store.writing():
        Source.update(name="Lady mayor").where(Source.id == "mayor").execute()
        assert kept.get() == "Lady mayor"
    assert kept.get() == "Lady mayor"
    changed(loaded, tmp_path)
    assert [kept.get(), kept.get()] == ["Lord mayor"] * 2
    assert worked_out == [before, "Lady mayor", "Lady mayor", "Lord mayor"]
