"""A full-text index over events, claims, sources and questions, filled with what is on record."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from peewee import AutoField, Check, ForeignKeyField, Model, SqliteDatabase, TextField
from playhouse.migrate import SchemaMigrator

from api.store.folding import folded, trigrams

ROWS_AT_ONCE = 5_000

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(words, held, content='search_entry', content_rowid='id',"
    " tokenize=\"ascii tokenchars '-_.'\", detail=column, columnsize=0)",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN"
    " INSERT INTO search_index (rowid, words, held) VALUES (new.id, new.words, new.held); END",
    "CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN"
    " INSERT INTO search_index (search_index, rowid, words, held) VALUES ('delete', old.id, old.words, old.held); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN"
    " INSERT INTO search_index (search_index, rowid, words, held) VALUES ('delete', old.id, old.words, old.held);"
    " INSERT INTO search_index (rowid, words, held) VALUES (new.id, new.words, new.held); END",
    "CREATE VIRTUAL TABLE search_spelling USING fts5(trigrams, content='search_word', content_rowid='id',"
    " tokenize=\"ascii tokenchars '_'\")",
    "CREATE TRIGGER search_word_added AFTER INSERT ON search_word BEGIN"
    " INSERT INTO search_spelling (rowid, trigrams) VALUES (new.id, new.trigrams); END",
)
"""The index follows its tables by itself; words are never taken away again."""

POSTGRESQL = (
    "CREATE INDEX search_index ON search_entry"
    " USING gin (array_to_tsvector(string_to_array(words || ' ' || held, ' ')))",
    "CREATE INDEX search_spelling ON search_word USING gin (array_to_tsvector(string_to_array(trigrams, ' ')))",
)

PLACES = "SELECT id, name, aliases FROM place"
EVENTS = "SELECT id, title, summary, aliases, place_id FROM event"
SOURCES = "SELECT id, name, aliases FROM source"
CLAIMS = (
    "SELECT claim.id, exact, event_id, public_day, public_instant FROM claim JOIN document ON document.id = document_id"
)
PROPERTIES = "SELECT id, label, aliases FROM property"
QUESTIONS = "SELECT id, event_id, property_id, representation FROM question"

Entry = tuple[str, str, str, str]
"""The column it refers by, its id, its words, what it is held by."""


def up(migrator: SchemaMigrator, db: Any) -> None:
    """Create the tables and their indexes, then fill them."""

    class Record(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Named(Record):
        id = TextField(primary_key=True)

    class Event(Named):
        pass

    class Claim(Named):
        pass

    class Source(Named):
        pass

    class Question(Named):
        pass

    class SearchEntry(Record):
        id = AutoField()
        event = ForeignKeyField(Event, null=True, unique=True, on_delete="CASCADE")
        claim = ForeignKeyField(Claim, null=True, unique=True, on_delete="CASCADE")
        source = ForeignKeyField(Source, null=True, unique=True, on_delete="CASCADE")
        question = ForeignKeyField(Question, null=True, unique=True, on_delete="CASCADE")
        words = TextField()
        held = TextField()

        class Meta:
            constraints = [
                Check(
                    "CASE WHEN event_id IS NULL THEN 0 ELSE 1 END + CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END"
                    " + CASE WHEN source_id IS NULL THEN 0 ELSE 1 END"
                    " + CASE WHEN question_id IS NULL THEN 0 ELSE 1 END = 1"
                )
            ]

    class SearchWord(Record):
        id = AutoField()
        word = TextField(unique=True)
        trigrams = TextField()

    db.create_tables([SearchEntry, SearchWord])
    for statement in SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL:
        db.execute_sql(statement)
    _fill(db)


def down(migrator: SchemaMigrator, db: Any) -> None:
    """Drop them; everything in them can be had from the record again."""
    own = ("search_index", "search_spelling") if isinstance(db, SqliteDatabase) else ()
    for table in (*own, "search_entry", "search_word"):
        db.execute_sql(f"DROP TABLE {table}")


def _fill(db: Any) -> None:
    mark = db.param
    entries = _entries(db)
    while some := list(islice(entries, ROWS_AT_ONCE)):
        for column, name, words, held in some:
            db.execute_sql(
                f"INSERT INTO search_entry ({column}, words, held) VALUES ({mark}, {mark}, {mark})",  # noqa: S608 — names of our own tables and columns
                (name, words, held),
            )
        spelt = {word for _, _, words, _ in some for word in words.split() if len(word) > 3 and word.isalpha()}
        for word in sorted(spelt):
            db.execute_sql(
                f"INSERT INTO search_word (word, trigrams) VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING",  # noqa: S608 — names of our own tables and columns
                (word, trigrams(word)),
            )


def _entries(db: Any) -> Iterator[Entry]:
    places = {name: [name, label, *_list(aliases)] for name, label, aliases in _rows(db, PLACES)}
    events, asked = {}, {}
    for name, title, summary, aliases, place in _rows(db, EVENTS):
        events[name] = [name, title, *_list(aliases), *places.get(place, ())]
        texts = title, summary or "", *_list(aliases), *places.get(place, ())
        yield "event_id", name, _packed(*texts), f"event event.{name}"
    for name, label, aliases in _rows(db, SOURCES):
        yield "source_id", name, _packed(label, *_list(aliases)), "source"
    for name, exact, event, day, instant in _rows(db, CLAIMS):
        out = [f"out.{known[:end]}" for known in (day or instant,) if known for end in (4, 7, 10)]
        yield "claim_id", name, _packed(exact), " ".join(("claim", f"event.{event}", *out))
    for name, label, aliases in _rows(db, PROPERTIES):
        asked[name] = [name, label, *_list(aliases)]
    for name, event, prop, representation in _rows(db, QUESTIONS):
        scope = [part for part in (orjson.loads(representation).get("scope") or {}).values() if part]
        narrowed = [text for part in scope for text in places.get(part, [part])]
        held = f"question event.{event} property.{prop}"
        yield "question_id", name, _packed(*events[event], *asked[prop], *narrowed), held


def _rows(db: Any, sql: str) -> Iterator[Any]:
    yield from db.execute_sql(sql)


def _list(aliases: str) -> list[str]:
    texts: list[str] = orjson.loads(aliases)
    return texts


def _packed(*texts: str) -> str:
    return " ".join(sorted(folded(*texts)))
