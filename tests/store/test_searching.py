"""The full-text index: kept with the rows, filled by its migration, and asked with anything at all."""

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.intake.loading import load
from api.review import searching
from api.review.searching import search
from api.store import db as store
from api.store import fulltext
from api.store import search as searches
from api.store.db import db
from api.store.folding import words
from api.store.fulltext import Beside
from api.store.indexing import index, index_all
from api.store.models import Claim, Document, Event, Question, Resource, SearchEntry, SearchWord, Source
from api.store.published import periods, periods_by
from api.store.search import found, meant
from schemas.moments import parse_moment
from schemas.search import FoundSchema
from tests.intake.folders import LATER, NOW, TEXTS, entry, small, without, write

NO_FILTERS = {"type": None, "event": None, "as_of": None}

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
SYNTAX = st.lists(
    st.sampled_from(['"', "'", "(", ")", "*", ":", "^", "-", "+", "AND", "OR", "NOT", "NEAR(", "{", "}", "\0", ",", "%",
                     "words", "held", "deaths", "mill", "21", "\ud800", "é", "х", " ", ";", "\\", "rank", "--"]),
    max_size=40,
).map(" ".join)  # fmt: skip


def held(model: type[Resource], text: str) -> list[str]:
    """The ids of the rows that hold every word of a text as it stands."""
    return sorted(found(model, [[word.folded] for word in words(text)], 100))


def rows() -> set[tuple[object, ...]]:
    columns = (SearchEntry.event, SearchEntry.claim, SearchEntry.source, SearchEntry.question, SearchEntry.words)
    return set(SearchEntry.select(*columns, SearchEntry.held).tuples())


@pytest.fixture
def loaded(empty: str, tmp_path: Path) -> Path:
    load(write(tmp_path / "fixtures", small()), now=NOW)
    return tmp_path / "fixtures"


def test_a_load_indexes_every_event_claim_source_and_question(loaded: Path) -> None:
    counted = sum(model.select().count() for model in (Event, Claim, Source, Question))
    assert SearchEntry.select().count() == counted
    assert held(Event, "fire mill") == ["fire"]
    assert held(Event, "blaze") == ["fire"]
    assert held(Claim, "arson") == ["c3"]
    assert held(Source, "the mayor") == ["mayor"]
    assert held(Question, "fire deaths") == ["fire.deaths"]


def test_nothing_is_left_to_index_after_a_load(loaded: Path) -> None:
    assert index_all() == 0


def test_a_changed_wording_is_found_by_its_new_words_only(loaded: Path) -> None:
    content = small()
    entry(content, "claims", "c3")["locator"] = {"start": 76, "end": 85, "exact": "was arson"}
    entry(content, "events", "fire")["title"] = "Inferno in the mill"
    load(write(loaded, content), now=LATER)
    assert held(Claim, "was arson") == ["c3"]
    assert held(Event, "inferno") == ["fire"]
    assert held(Event, "fire") == []
    assert held(Question, "inferno deaths") == ["fire.deaths"]
    assert index_all() == 0


def test_a_place_that_gets_another_name_is_found_by_it(loaded: Path) -> None:
    content = small()
    entry(content, "places", "mill")["aliases"] = ["Windmill"]
    load(write(loaded, content), now=LATER)
    assert held(Event, "windmill") == ["fire"]
    assert "fire.deaths" in held(Question, "windmill")
    assert index_all() == 0


def test_a_document_that_gets_another_date_is_out_by_it(loaded: Path) -> None:
    def out(as_of: str) -> list[str]:
        return sorted(found(Claim, [["arson"]], 100, as_of))

    assert (out("2023-12-29"), out("2023-12-30"), out("2030-01-01")) == ([], ["c3"], ["c3"])
    content = small()
    entry(content, "documents", "one")["published"] = {"earliest": "2024-01-05", "latest": "2024-01-05T09:00+03:00"}
    load(write(loaded, content), now=LATER)
    assert (out("2024-01-04"), out("2024-01-05T05:00Z"), out("2024-01-05T06:00Z")) == ([], [], ["c3"])
    assert index_all() == 0


def test_a_noun_is_no_word_of_what_it_names(loaded: Path) -> None:
    for model in (Event, Claim, Source, Question):
        assert held(model, model._meta.table_name) == []


@pytest.mark.parametrize("windows", [(1, 2), (2, 3), (3, 1_000), (1_000, 20_000)])
@pytest.mark.parametrize("text", ["fire", "deaths", "mill", "cause", "nowhere"])
def test_the_newest_are_found_however_many_are_looked_through_first(
    loaded: Path, text: str, windows: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "WINDOWS", windows)
    (word,) = (word.folded for word in words(text))
    entries = SearchEntry.select().where(SearchEntry.question.is_null(False)).order_by(SearchEntry.id.desc())
    every = [entry.question_id for entry in entries if word in entry.words.split()]
    for most in (1, 2, 3, 100):
        assert found(Question, [[word]], most) == every[:most]


@pytest.mark.parametrize("recent", [1, 3, 50, 1_000])
@pytest.mark.parametrize("few", [0, 20])
@pytest.mark.parametrize("usual", [None, 1.0, 0.01])
@pytest.mark.parametrize("ages", [0, 8])
def test_the_newest_are_found_however_far_back_the_index_is_asked(
    spread: list[set[str]], recent: int, few: int, usual: float | None, ages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "MOST_AGES", ages)
    monkeypatch.setattr(fulltext, "RECENT", recent)
    monkeypatch.setattr(fulltext, "FEW", few)
    every = [f"s{number}" for number in range(len(spread) - 1, -1, -1)]
    for word in SPREAD:
        held = [name for name, called in zip(every, spread, strict=True) if word in called]
        folded = next(words(word)).folded
        for most in (1, 5, 30, 300):
            for beside, value in ((Beside.WORDS, str), (Beside.ID, int), (Beside.LENGTH, int)):
                rows = fulltext.full_text().newest("source", [[folded]], most, beside, usual)
                assert [name for name, _ in rows] == held[:most], (word, most)
                assert all(type(read) is value for _, read in rows)


@given(
    days=st.lists(st.dates(date(1890, 1, 1), date(2030, 12, 31)), min_size=1, max_size=4),
    asked=st.dates(date(1880, 1, 1), date(2040, 12, 31)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_periods_of_a_moment_are_those_of_every_day_up_to_it(empty: str, days: list[date], asked: date) -> None:
    with store.db.atomic() as undone:
        for number, day in enumerate(days):
            Document.create(
                id=str(number), recorded_at=NOW, sha256=f"{number:064d}", length=1, public_day=day.isoformat()
            )
        until = set(periods_by(parse_moment(asked.isoformat())))
        undone.rollback()
    for day in days:
        assert bool(until & set(periods(day.isoformat(), None))) == (day <= asked)


SPREAD = {"every": 1, "second": 2, "third": 3, "seventh": 7, "fortieth": 40}
"""Words, and which of the sources of a record are named by each."""


@pytest.fixture
def spread(empty: str) -> list[set[str]]:
    """The words that each of many sources goes by, the newest first."""
    named = [{word for word, step in SPREAD.items() if number % step == 0} for number in range(400)]
    with store.writing():
        for number, called in enumerate(named):
            Source.create(
                id=f"s{number}", recorded_at=NOW, representation="{}", name=" ".join(sorted(called)), kind="person",
                aliases="[]", words="",
            )  # fmt: skip
        index(Source)
    return named[::-1]


@pytest.mark.parametrize("looked_at", [1, 30, 1_000])
@pytest.mark.parametrize("a_row", [0, 1, 150])
def test_the_newest_that_hold_every_word_are_found_whatever_the_index_is_asked_for(
    spread: list[set[str]], a_row: int, looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "A_ROW", a_row)
    monkeypatch.setattr(searches, "MOST_LOOKED_AT", looked_at)
    monkeypatch.setattr(searches, "A_FEW_MORE", (1, 0))
    every = [f"s{number}" for number in range(len(spread) - 1, -1, -1)]
    folded = {word: next(words(word)).folded for word in SPREAD}
    asked: dict[Any, Any] = {}
    for size in range(1, len(SPREAD) + 1):
        for chosen in combinations(SPREAD, size):
            held = [name for name, called in zip(every, spread, strict=True) if called.issuperset(chosen)]
            groups = [[folded[word]] for word in chosen]
            for most in (1, 5, 100):
                assert searches.holding_each(Source, groups, most, asked) == held[:most], (chosen, most)
    assert searches.holding_each(Source, [[folded["every"]], ["nowhere"]], 100, asked) == []


def test_a_question_that_nobody_answers_any_more_is_not_found(loaded: Path) -> None:
    load(write(loaded, without(small(), "claims", "c3")), now=LATER)
    assert held(Question, "cause") == []
    assert index_all() == 0


def test_a_row_that_is_deleted_takes_its_entry_with_it(loaded: Path) -> None:
    Question.delete().where(Question.id == "fire.arson").execute()
    Claim.delete().where(Claim.id == "c6").execute()
    assert held(Claim, "denies") == []
    assert SearchEntry.select().where(SearchEntry.claim == "c6").count() == 0
    assert held(Question, "arson") == []


def test_what_is_rolled_back_is_not_in_the_index(loaded: Path) -> None:
    def fail() -> None:
        with store.writing():
            Event.update(title="Storm").where(Event.id == "fire").execute()
            index(Event)
            assert held(Event, "storm") == ["fire"]
            raise RuntimeError

    before = rows()
    with pytest.raises(RuntimeError):
        fail()
    assert rows() == before
    assert held(Event, "storm") == []
    assert held(Event, "fire") == ["fire"]


def test_the_full_text_agrees_with_its_table(loaded: Path) -> None:
    content = small()
    entry(content, "events", "fire")["title"] = "Inferno in the mill"
    load(write(loaded, content), now=LATER)
    assert held(Event, "inferno") == ["fire"]
    if store.is_sqlite():
        for index in ("search_index_event", "search_index_claim", "search_index_source", "search_index_question"):
            store.db.execute_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 — names of our own


def test_the_migration_fills_the_index_as_a_load_does(loaded: Path) -> None:
    before, spelt = rows(), {row.word for row in SearchWord.select()}
    database = store.db.obj
    store.runner(database).down("0005_search")
    assert "search_entry" not in database.get_tables()
    assert store.migrate(database)[0] == "0005_search"
    assert rows() == before
    assert {row.word for row in SearchWord.select()} == spelt
    assert index_all() == 0


def test_a_misspelt_word_means_those_on_record_that_it_is_like(loaded: Path) -> None:
    def meanings(text: str) -> list[str]:
        return sorted(meant(next(words(text)), [Claim, Event, Source, Question]))

    assert meanings("arsno") == ["arson"]
    assert meanings("witneses") == ["vitneses"]
    assert meanings("injur") == ["iniured"]
    assert meanings("25") == []
    assert meanings("24") == ["24"]
    assert meanings("helicopter") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=ANYTHING | SYNTAX)
def test_any_text_is_a_search(loaded: Path, text: str) -> None:
    asked = {"q": text, "type": None, "event": None, "as_of": None}
    for _, rendered in search(asked):
        assert rendered()


def sought(text: str) -> list[dict[str, Any]]:
    return [orjson.loads(render()) for _, render in search({**NO_FILTERS, "q": text})]


def test_what_holds_only_some_words_is_looked_for_where_few_hold_all(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = small()
    start = TEXTS["one"].index("mill")
    entry(content, "claims", "c3")["locator"] = {"start": start, "end": start + 4, "exact": "mill"}
    load(write(loaded, content), now=LATER)
    assert [item["id"] for item in sought("fire mill")] == ["fire", "c3"]
    monkeypatch.setattr(searching, "ENOUGH", 1)
    assert [item["id"] for item in sought("fire mill")] == ["fire"]


@pytest.mark.parametrize("text", ["fire mill", "arson", "the mayor of the mill", "21 people", "mayer"])
def test_what_is_remembered_of_words_finds_what_looking_anew_does(loaded: Path, text: str) -> None:
    first = sought(text)
    assert sought(text) == first
    with db.atomic():  # in which nothing is taken from memory
        assert sought(text) == first


def test_a_change_of_the_record_is_found_by_words_that_were_asked_for_before(loaded: Path) -> None:
    before = sought("arson inferno")
    content = small()
    entry(content, "events", "fire")["title"] = "Inferno in the mill"
    load(write(loaded, content), now=LATER)
    assert {item["id"] for item in sought("arson inferno")} == {*(item["id"] for item in before), "fire"}


@pytest.mark.parametrize("newest", [1, 8_191, 8_192, 70_000, 2**20])
@pytest.mark.parametrize("back", [1, 8_191, 8_193, 40_000, 2**19])
def test_ages_are_those_of_every_place_between_two(newest: int, back: int) -> None:
    oldest = max(1, newest - back)
    found = fulltext._ages(newest, oldest)
    assert found is not None
    assert 0 < len(found) <= fulltext.MOST_AGES
    for place in {oldest, oldest + 1, (oldest + newest) // 2, newest}:
        assert {f"{mark}{place >> power}" for mark, power in fulltext.AGES.items()} & set(found), place


def test_what_is_found_is_as_its_schema_has_it(loaded: Path) -> None:
    found = [item for text in ("fire mill", "mayor", "21 people", "arson") for item in sought(text)]
    assert {item["type"] for item in found} == {"event", "source", "claim"}
    for item in found:
        assert list(FoundSchema().dump(FoundSchema().load(item)).items()) == list(item.items())


@pytest.mark.parametrize("most", [0, 1, 3, 10_000])
def test_what_was_read_before_is_found_as_what_is_read_anew(
    loaded: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("fire mill", "arson", "mayor people dead", "21 people", "fire mill")
    with db.atomic():  # in which nothing is taken from memory
        before = [sought(text) for text in texts]
    monkeypatch.setattr(searching, "MOST_ITEMS", most)
    assert [sought(text) for text in texts] == before


def test_no_more_is_remembered_than_there_is_room_for(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_KNOWN", 2)
    monkeypatch.setattr(searches, "MOST_MEANT", 2)
    for text in ("fire mill", "arson flood", "mayor people dead", "fire mill"):
        sought(text)
        assert 0 < len(searches.NEWEST.get()) <= 2
        assert 0 < len(searches.MEANT.get()) <= 2
