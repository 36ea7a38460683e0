"""The log of changes: one writer at a time, nothing but known words, and what was on record before it was kept."""

from pathlib import Path

import pytest
from peewee import IntegrityError

from api.intake.loading import load
from api.store import db as store
from api.store.changes import START, Entry, log, newest, row_at
from api.store.models import LoggedChange
from tests.intake.folders import LATER, NOW, entry, small, write

ENTRY = Entry("claim", "c1", "fire", 1, "created", NOW, "It was recorded.")


@pytest.mark.usefixtures("empty")
def test_the_end_of_the_log_is_known_by_what_stands_there() -> None:
    assert newest() == row_at(0) == START
    log([ENTRY, ENTRY._replace(name="c2")])
    assert newest() == row_at(2)
    assert row_at(1) != row_at(2)
    assert row_at(3) is None


@pytest.mark.parametrize("words", [{"kind": "event"}, {"change": "improved"}])
@pytest.mark.usefixtures("empty")
def test_unknown_words_are_refused(words: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)check"):
        log([ENTRY._replace(**words)])


@pytest.mark.usefixtures("empty")
def test_what_was_on_record_before_there_was_a_log_is_logged_from_its_revisions(tmp_path: Path) -> None:
    content = small()
    load(write(tmp_path / "fixtures", content), now=NOW)
    entry(content, "claims", "c2").update(status="corrected")
    entry(content, "claims", "c4").update(status="retracted", note='He said: "status":"active".')
    load(write(tmp_path / "fixtures", content), now=LATER)
    logged = list(LoggedChange.select().order_by(LoggedChange.sequence).dicts())
    runner = store.runner(store.db.obj)
    runner.down("0007_changes")
    store.migrate(store.db.obj)
    seeded = list(LoggedChange.select().order_by(LoggedChange.sequence).dicts())
    plain = ("kind", "name", "event", "revision", "change", "at", "conflict")
    told = [tuple(row[name] for name in plain) for row in seeded]
    assert sorted(told) == sorted(tuple(row[name] for name in plain) for row in logged)
    assert [row["at"] for row in seeded] == sorted(row["at"] for row in seeded)
    assert {row["because"] for row in seeded if row["kind"] == "claim"} == {
        "It was recorded.",
        "It was changed before its changes were logged.",
    }
    ends = [row["because"] for row in seeded if row["change"] == "ended"]
    assert ends == [row["because"] for row in logged if row["change"] == "ended"]
    assert ends


def test_on_postgresql_a_writer_takes_the_lock_before_it_numbers_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Postgres:
        """A database that is not SQLite, as far as `writing` looks at it."""

        obj = object()

        def in_transaction(self) -> bool:
            return False

        def to_write(self) -> None:
            done.append("connect to where it may write")

        def atomic(self) -> "Postgres":
            return self

        def __enter__(self) -> None:
            done.append("begin")

        def __exit__(self, *_: object) -> None:
            done.append("commit")

        def execute_sql(self, sql: str, parameters: tuple[int, ...]) -> None:
            done.append(sql)

    monkeypatch.setattr(store, "db", Postgres())
    monkeypatch.setattr(store, "_wait_no_longer_than_others", lambda: done.append("patience"))
    monkeypatch.setattr(store, "_begin_edition", lambda: done.append("edition"))
    with store.writing():
        done.append("write")
    assert done == [
        *("connect to where it may write", "begin", "patience", "SELECT pg_advisory_xact_lock(%s)"),
        *("write", "edition", "commit"),
    ]
