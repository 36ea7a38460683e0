"""The large record made up for `make bench` is a record: sound, seeded, and of the shape it says."""

from pathlib import Path

import orjson
import pytest

from api.intake.checking import check
from api.intake.exporting import export
from api.intake.reading import read
from api.store import db as store
from api.store.db import db
from api.store.models import Claim, Document, Event, Property, Resource, Source, Statement
from api.store.rendering import CLAIM, DOCUMENT, PROPERTY, SOURCE
from tests.bench.generate import generate
from tests.intake.folders import dump

CLAIMS = 2_000


@pytest.fixture
def large(empty: str) -> None:
    generate(CLAIMS)


def test_it_has_the_claims_asked_for_and_a_tenth_as_many_questions(large: None) -> None:
    asked = Claim.select(Claim.event, Claim.property, Claim.scope_place, Claim.period).distinct()
    assert Claim.select().count() == CLAIMS
    assert CLAIMS / 15 < asked.count() < CLAIMS / 7


def test_its_largest_event_is_far_larger_than_its_usual_one(large: None) -> None:
    sizes = sorted(Claim.select().where(Claim.event == row.id).count() for row in Event.select())
    assert sizes[-1] > CLAIMS / 5
    assert sizes[0] < CLAIMS / 50


def test_its_statements_form_chains_and_its_claims_have_several_ways_to_an_origin(large: None) -> None:
    assert Statement.select().where(Statement.follows.is_null(False)).count() > Statement.select().count() / 2
    chains = db.execute_sql(
        "SELECT count(*) FROM attribution GROUP BY claim_id HAVING count(*) > 1 ORDER BY 1 DESC"
    ).fetchall()
    assert len(chains) > CLAIMS / 10
    assert {row.kind for row in Source.select()} == {"person", "office", "organisation", "outlet", "unnamed"}


@pytest.mark.parametrize(
    ("model", "schema"), [(Claim, CLAIM), (Document, DOCUMENT), (Property, PROPERTY), (Source, SOURCE)]
)
def test_what_would_be_served_is_its_schema_dumped_again(large: None, model: type[Resource], schema: object) -> None:
    for row in model.select():
        shown = orjson.loads(row.representation)
        assert schema.dump(shown) == shown


def test_what_it_makes_would_be_loaded(large: None, tmp_path: Path) -> None:
    export(tmp_path)
    entries, unreadable = read(tmp_path)
    assert unreadable == []
    assert check(entries)[1] == []


def test_the_same_seed_makes_the_same_record(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        database = store.bind(f"sqlite:///{tmp_path / name}.db", create=True)
        store.migrate(database)
        generate(300)
        made.append({**dump(), "schema_migration": None, "signing": None, "edition": None})
        database.close()
    assert made[0] == made[1]
