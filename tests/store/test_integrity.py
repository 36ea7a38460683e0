"""Integrity: the database itself refuses what the record must never hold."""

from pathlib import Path

import pytest
from peewee import IntegrityError

from api.intake.loading import load
from api.store.db import SQLITE_PRAGMAS, db
from api.store.models import Attribution, Claim, ClaimRevision, Document, Event, Question, QuestionClaim, Source
from tests.intake.folders import small, write


@pytest.fixture(autouse=True)
def loaded(empty: str, tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()))


def test_every_setting_of_the_connection_is_in_force() -> None:
    in_force = {name: db.pragma(name) for name in SQLITE_PRAGMAS}
    assert in_force == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5_000}


@pytest.mark.parametrize(
    "column",
    ["event_id", "property_id", "document_id", "statement_id", "origin_id", "scope_place_id"],
)
def test_a_claim_cannot_refer_to_what_is_not_on_record(column: str) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        db.execute_sql(f"UPDATE claim SET {column} = 'nothing' WHERE id = 'c1'")  # noqa: S608 — names of our own tables and columns


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("place", "within_id"),
        ("source", "part_of_id"),
        ("property", "part_of_id"),
        ("property", "moves_to_id"),
        ("event", "parent_id"),
        ("event", "place_id"),
        ("statement", "source_id"),
        ("statement", "follows_id"),
        ("attribution", "source_id"),
        ("attribution", "claim_id"),
        ("claim_revision", "claim_id"),
        ("question", "event_id"),
        ("discrepancy", "question_id"),
        ("discrepancy_revision", "discrepancy_id"),
        ("question_claim", "claim_id"),
        ("finding", "document_id"),
    ],
)
def test_a_foreign_key_is_enforced(table: str, column: str) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        db.execute_sql(f"UPDATE {table} SET {column} = 'nothing' WHERE rowid = (SELECT max(rowid) FROM {table})")  # noqa: S608 — names of our own tables and columns


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE claim SET kind = 'number' WHERE id = 'c1'",
        "UPDATE claim SET qualifier = 'roughly' WHERE id = 'c1'",
        "UPDATE claim SET qualifier = NULL WHERE id = 'c1'",
        "UPDATE claim SET qualifier = 'exact' WHERE id = 'c3'",
        "UPDATE claim SET term = NULL WHERE id = 'c3'",
        "UPDATE claim SET term = 'arson' WHERE id = 'c1'",
        "UPDATE claim SET low = 30 WHERE id = 'c1'",
        "UPDATE claim SET span_end = span_start WHERE id = 'c1'",
        "UPDATE claim SET span_start = -1 WHERE id = 'c1'",
        "UPDATE claim SET revision = 0 WHERE id = 'c1'",
        "UPDATE claim SET status = 'gone' WHERE id = 'c1'",
        "UPDATE claim SET stance = 'shouts' WHERE id = 'c1'",
        "UPDATE attribution SET role = 'whispers'",
        "UPDATE attribution SET position = -1",
        "UPDATE source SET kind = 'king' WHERE id = 'mayor'",
        "UPDATE source SET part_of_id = id WHERE id = 'mayor'",
        "UPDATE event SET parent_id = id WHERE id = 'fire'",
        "UPDATE statement SET follows_id = id WHERE id = 'said-1'",
        "UPDATE document SET length = 0 WHERE id = 'one'",
        "UPDATE document SET sha256 = 'abc' WHERE id = 'one'",
        "UPDATE property SET kind = 'number' WHERE id = 'deaths'",
        "UPDATE question SET grade = 'certain'",
        "UPDATE discrepancy SET kind = 'quarrel'",
        "UPDATE discrepancy SET kind = NULL",
        "UPDATE discrepancy SET ended_at = '2024-02-01T00:00:00+00:00'",
    ],
)
def test_a_check_is_enforced(change: str) -> None:
    with pytest.raises(IntegrityError, match="CHECK"):
        db.execute_sql(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE document SET sha256 = (SELECT sha256 FROM document WHERE id = 'two') WHERE id = 'one'",
        "UPDATE claim SET place_in_list = (SELECT place_in_list FROM claim WHERE id = 'c2') WHERE id = 'c1'",
        "UPDATE claim SET id = 'c2' WHERE id = 'c7'",
        "INSERT INTO attribution (claim_id, position, source_id, role, inferred) VALUES ('c1', 0, 'town', 'cites', 0)",
        "INSERT INTO claim_revision (claim_id, revision, recorded_at, representation) VALUES ('c1', 1, '', '')",
        "INSERT INTO discrepancy_revision (discrepancy_id, revision, recorded_at, changed_because, representation) "
        "SELECT id, 1, '', '', '' FROM discrepancy",
    ],
)
def test_what_must_be_unique_is(change: str) -> None:
    with pytest.raises(IntegrityError, match="UNIQUE"):
        db.execute_sql(change)


@pytest.mark.parametrize(("model", "name"), [(Document, "one"), (Event, "fire"), (Source, "mayor")])
def test_what_claims_refer_to_cannot_be_deleted(model: type[Document | Event | Source], name: str) -> None:
    with pytest.raises(IntegrityError):
        model.delete().where(model.id == name).execute()


def test_what_belongs_to_a_claim_goes_with_it() -> None:
    Claim.delete().where(Claim.id == "c1").execute()
    for model in (Attribution, ClaimRevision, QuestionClaim):
        assert not model.select().where(model.claim == "c1").exists()


def test_the_answers_go_with_their_question_and_the_discrepancy_stays() -> None:
    Question.delete().where(Question.id == "fire.deaths").execute()
    assert db.execute_sql("SELECT question_id FROM discrepancy").fetchall() == [(None,)]
    assert not QuestionClaim.select().where(QuestionClaim.question == "fire.deaths").exists()
