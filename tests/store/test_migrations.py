"""Migrations: numbered without gaps, repeatable, and the same schema as the models."""

from collections.abc import Callable

from peewee import Database

from api.store import db as store
from api.store.models import MODELS
from tests.intake.folders import dump

DESCRIBED = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')",
    "postgresql": """
        SELECT 'column', table_name || '.' || column_name,
            concat_ws(' ', data_type, collation_name, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    """,
}
OTHERS = ("sqlite_", "search_index", "search_spelling", "schema_migration", "schemamigration")


def schema(database: Database) -> set[tuple[str, str, str]]:
    """Return every table and index as the database describes it, but for the list of migrations and the full text."""
    rows = database.execute_sql(DESCRIBED["sqlite" if store.is_sqlite() else "postgresql"]).fetchall()
    return {row for row in rows if "schema_migration" not in row[2] and not row[1].startswith(OTHERS)}


def test_migrations_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in store.MIGRATIONS.glob("*.py") if path.name != "__init__.py")
    assert names
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]


def test_a_migrated_database_has_the_schema_of_the_models(fresh: Callable[[], str]) -> None:
    made = store.bind(fresh(), create=True)
    made.create_tables(MODELS)
    expected = schema(made)
    made.close()
    migrated = store.bind(fresh(), create=True)
    store.migrate(migrated)
    found = schema(migrated)
    migrated.close()
    assert found == expected


def test_every_model_is_listed_after_those_it_refers_to() -> None:
    for index, model in enumerate(MODELS):
        for field in model._meta.refs:
            assert field.rel_model in MODELS[: index + 1], f"{model.__name__}.{field.name}"


def test_migrating_twice_applies_nothing_and_changes_nothing(fresh: Callable[[], str]) -> None:
    database = store.bind(fresh(), create=True)
    assert store.migrate(database) == sorted(path.stem for path in store.MIGRATIONS.glob("[0-9]*.py"))
    before = dump(), schema(database)
    assert store.migrate(database) == []
    assert (dump(), schema(database)) == before
    database.close()


def test_what_was_concluded_before_there_were_revisions_is_kept(fresh: Callable[[], str]) -> None:
    database = store.bind(fresh(), create=True)
    store.runner(database).up("0001_record")
    for statement in OLDER:
        database.execute_sql(statement)
    store.migrate(database)
    assert database.execute_sql("SELECT id, grade, outcome FROM question").fetchall() == [("e.p", "contested", None)]
    assert database.execute_sql("SELECT question_id, claim_id FROM question_claim").fetchall() == [("e.p", "c")]
    assert database.execute_sql(
        "SELECT id, revision, question_id, kind, conflict, changed_at, ended_at FROM discrepancy"
    ).fetchall() == [("d1", 3, "e.p", "unresolved", 1, "later", None)]
    assert database.execute_sql(
        "SELECT discrepancy_id, revision, recorded_at, representation FROM discrepancy_revision"
    ).fetchall() == [("d1", 3, "later", "{}")]
    assert database.execute_sql("SELECT document_id, place_in_list, kind FROM finding").fetchall() == [
        ("t", "e 2 00000007 c", "broken_chain")
    ]
    database.close()


OLDER = (
    "INSERT INTO property (id, revision, recorded_at, representation, label, kind, accumulates, exclusive, constant,"
    " additive, noun, terms, aliases)"
    " VALUES ('p', 1, '', '{}', 'P', 'polarity', FALSE, FALSE, FALSE, FALSE, 'null', '[]', '[]')",
    "INSERT INTO event (id, revision, recorded_at, representation, title, aliases, words)"
    " VALUES ('e', 1, '', '{}', 'E', '[]', '')",
    "INSERT INTO document (id, revision, recorded_at, representation, sha256, length)"
    " VALUES ('t', 1, '', '{}', '" + "0" * 64 + "', 9)",
    "INSERT INTO claim (id, revision, recorded_at, representation, place_in_list, event_id, property_id, document_id,"
    " kind, term, stance, status, span_start, span_end, exact, words)"
    " VALUES ('c', 1, '', '{}', 't', 'e', 'p', 't', 'polarity', 'denied', 'asserts', 'active', 7, 8, 'x', 'x')",
    "INSERT INTO question (id, revision, recorded_at, representation, event_id, property_id, discrepancy_name, grade)"
    " VALUES ('e.p', 1, '', '{}', 'e', 'p', 'd1', 'contested')",
    "INSERT INTO question_claim (question_id, claim_id) VALUES ('e.p', 'c')",
    "INSERT INTO discrepancy (id, revision, recorded_at, representation, question_id, event_id, property_id, kind,"
    " conflict, changed_at) VALUES ('d1', 3, 'later', '{}', 'e.p', 'e', 'p', 'unresolved', TRUE, 'later')",
    "INSERT INTO finding (document_id, place, kind, event_id, property_id, representation)"
    """ VALUES ('t', 0, 'broken_chain', 'e', 'p', '{"claims":[{"id":"c","start":7}]}')""",
)
"""A record as the first release kept it."""
