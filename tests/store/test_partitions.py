"""Partitions: a record whose largest tables are cut by event answers as one whose are not, and is kept up to date."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from tests.conftest import FIXTURES, ROOT, fill
from tests.databases import Served, served
from tests.intake.folders import entry, small, write

SQL = (ROOT / "deploy" / "postgresql" / "partition.sql").read_text(encoding="utf-8")

AS_OF = "2024-01-02T09:00+03:00"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """PostgreSQL's alone."""
    yield served()
    store.unbind()


def cut(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(SQL)


def client_of(url: str) -> FlaskClient:
    return create_app(Config(database_url=url, rate_limit="", secret_key="the same for both")).test_client()  # noqa: S106 — made up for the test


def paths(client: FlaskClient) -> list[str]:
    """Addresses of everything on record, and of every list, now and as of a day."""
    found = ["/v1/search?q=deaths+in+belgorod", "/v1/lookup?q=belgorod+deaths", "/v1/changes?limit=500"]
    for noun in ("events", "claims", "discrepancies", "questions", "documents", "sources"):
        page: str | None = f"/v1/{noun}?limit=100"
        found.append(f"/v1/{noun}?as_of={AS_OF.replace('+', '%2B')}")
        while page is not None:
            found.append(page)
            answer = client.get(page).get_json()
            found += [f"/v1/{noun}/{item['id']}" for item in answer["items"]]
            page = answer["next"]
    for event in [path for path in found if path.startswith("/v1/events/")]:
        found += [f"{event}/{what}" for what in ("claims", "questions", "discrepancies", "timeline")]
    for claim in [path for path in found if path.startswith("/v1/claims/")][::25]:
        found += [f"{claim}/{what}" for what in ("provenance", "relations", "revisions")]
    return found


def answers(url: str) -> dict[str, tuple[int, bytes]]:
    client = client_of(url)
    answered = {path: client.get(path, buffered=True) for path in paths(client)}
    store.unbind()
    return {path: (answer.status_code, answer.get_data()) for path, answer in answered.items()}


def test_a_record_that_is_cut_answers_with_the_same_bytes(server: Served) -> None:
    url = server.copy("to-be-cut", fill)
    before = answers(url)
    cut(url)
    assert len(before) > 500
    assert {status for status, _ in before.values()} == {200}
    assert answers(url) == before
    server.drop(url)


def test_what_is_asked_of_one_event_is_read_from_one_part(server: Served) -> None:
    url = server.copy("to-be-cut", fill)
    cut(url)
    with psycopg.connect(url) as connection:
        told = connection.execute(
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT representation FROM claim"
            " WHERE event_id = 'belgorod-strike-2023-12-30' ORDER BY place_in_list LIMIT 50"
        ).fetchall()
    parts = {name for (line,) in told for name in re.findall(r"claim_part_[0-9]+", line)}
    assert len(parts) == 1
    server.drop(url)


def test_a_record_that_is_cut_is_kept_as_any_other(server: Served, tmp_path: Path) -> None:
    """Loads that add, change, move to another event and retract leave the same; ids and numbers go on."""
    whole, parts = server.copy("partitions", lambda url: None), server.copy("partitions", lambda url: None)
    content = small()
    later = small()
    entry(later, "claims", "c4")["value"] |= {"amount": 25, "text": "25"}
    entry(later, "claims", "c7")["event"] = "fire"
    later["claims"] = [claim for claim in later["claims"] if claim["id"] != "c3"]
    first, second = write(tmp_path / "first", content), write(tmp_path / "second", later)
    told = []
    for url in (whole, parts):
        database = store.bind(url)
        store.migrate(database)
        load(first, now="2024-02-01T00:00:00+00:00")
        if url == parts:
            store.unbind()
            cut(url)
            database = store.bind(url)
            assert store.migrate(database) == []
        load(second, now="2024-02-02T00:00:00+00:00")
        load(FIXTURES, now="2024-02-03T00:00:00+00:00")
        told.append(answers(url))
    assert len(told[0]) > 500
    assert told[0] == told[1]
    for url in (whole, parts):
        server.drop(url)


def test_an_id_is_one_claims_whatever_its_event(server: Served) -> None:
    url = server.copy("to-be-cut", fill)
    cut(url)
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.UniqueViolation, match="already"):
        connection.execute(
            "CREATE TEMPORARY TABLE other AS SELECT * FROM claim LIMIT 1;"
            "UPDATE other SET event_id = (SELECT id FROM event WHERE id <> event_id LIMIT 1);"
            "INSERT INTO claim SELECT * FROM other"
        )
    server.drop(url)
