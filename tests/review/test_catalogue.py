"""The catalogue: it follows the record, tells things of one name apart, and asks the database as little as it can."""

from typing import Any

import orjson
import pytest
from playhouse.test_utils import count_queries

from api.review.catalogue import catalogue
from api.review.names import phrase
from api.review.reconciling import Candidate, reconciled
from api.store.models import Event, Place, Property, Resource, Source

NOW = "2024-02-01T00:00:00+00:00"


def put(model: type[Resource], slug: str, /, **columns: Any) -> None:
    model.create(id=slug, recorded_at=NOW, **columns)


def put_event(name: str, title: str, day: str, place: str = "old-town", aliases: tuple[str, ...] = ()) -> None:
    where = {"id": place, "name": place.replace("-", " ").title(), "aliases": []}
    fields = {"starts": day, "ends": day, "parent": None, "summary": None, "place": where, "counts": {}}
    columns: dict[str, Any] = {"starts": day, "ends": day, "place": place, "words": ""}
    aliased = orjson.dumps(aliases).decode()
    put(Event, name, title=title, aliases=aliased, representation=orjson.dumps(fields).decode(), **columns)


def asked(text: str, **more: Any) -> list[Candidate]:
    query = {"query": text, "type": [], "limit": 10, "properties": [], **more}
    return reconciled({"q": query})["q"]


@pytest.fixture
def towns(empty: str) -> None:
    put(Place, "old-town", name="Old Town")
    put(Place, "new-town", name="New Town")
    put_event("fire-1", "Fire at the mill", "2024-01-01")
    put_event("fire-2", "Fire at the mill", "2024-01-09", place="new-town")
    put(Source, "mayor", name="Mayor of Old Town", kind="person", words="")
    put(Source, "fire-1", name="Fire brigade", kind="office", words="")
    put(Property, "burnt", label="Houses burnt", kind="quantity")


@pytest.mark.usefixtures("towns")
def test_events_of_one_title_are_both_candidates_and_neither_a_match() -> None:
    found = asked("Fire at the mill")
    assert [(one.entity.id, one.score, one.match) for one in found[:2]] == [
        ("fire-1", 100, False),
        ("fire-2", 100, False),
    ]


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize(
    ("given", "meant"),
    [(("event.date", "2024-01-09"), "fire-2"), (("place", "Old Town"), "fire-1"), (("place", "new-town"), "fire-2")],
)
def test_what_else_is_known_tells_events_of_one_title_apart(given: tuple[str, str], meant: str) -> None:
    pid, value = given
    first, second = asked("Fire at the mill", properties=[{"pid": pid, "v": [value]}])[:2]
    assert (first.entity.id, first.match) == (meant, True)
    assert second.score < first.score


@pytest.mark.usefixtures("towns")
def test_what_happened_in_a_place_happened_in_what_contains_it() -> None:
    put(Place, "country", name="Arcadia", aliases='["Arkadien"]')
    Place.update(within="country", revision=2).where(Place.id == "new-town").execute()
    first, second = asked("Fire at the mill", properties=[{"pid": "place", "v": ["Arkadien"]}])[:2]
    assert (first.entity.id, first.match) == ("fire-2", True)
    assert second.score < first.score


@pytest.mark.usefixtures("towns")
def test_a_number_in_a_name_is_never_a_slip() -> None:
    put_event("round-3", "Talks, round 3", "2024-02-01")
    put_event("round-4", "Talks, round 4", "2024-03-01")
    first, second = asked("Talks round 4")[:2]
    assert (first.entity.id, first.match) == ("round-4", True)
    assert second.score <= 60
    assert not any(one.match for one in asked("Talks, round 5"))


@pytest.mark.usefixtures("towns")
def test_what_shares_its_slug_says_its_kind_in_its_id() -> None:
    known = catalogue()
    assert {entity.id for entity in known.entities} == {"fire-1", "fire-2", "mayor", "source:fire-1", "burnt"}
    assert [known.find(name).name for name in ("fire-1", "event:fire-1")] == ["Fire at the mill"] * 2  # type: ignore[union-attr]
    assert known.find("source:fire-1").name == "Fire brigade"  # type: ignore[union-attr]
    assert known.find("source:mayor").id == "mayor"  # type: ignore[union-attr]
    assert known.find("event:mayor") is None
    assert asked("source:fire-1")[0].entity.name == "Fire brigade"


@pytest.mark.usefixtures("towns")
def test_a_name_that_changes_is_found_at_once() -> None:
    before = catalogue()
    assert catalogue() is before
    Source.update(name="Lady Mayoress", revision=2).where(Source.id == "mayor").execute()
    assert asked("Lady Mayoress")[0].match
    put(Source, "press", name="Town Herald", kind="outlet", words="")
    assert asked("town herald")[0].entity.id == "press"
    Source.delete().where(Source.id == "press").execute()
    assert not asked("town herald", type=["outlet"])


@pytest.mark.usefixtures("towns")
def test_an_alias_of_an_event_is_a_candidate_and_no_match() -> None:
    put_event("blaze", "Blaze in the harbour", "2024-03-03", aliases=("Friday",))
    first = asked("Friday")[0]
    assert (first.entity.id, first.match) == ("blaze", False)
    assert asked("Friday", properties=[{"pid": "date", "v": ["2024-03-04"]}])[0].score < first.score


@pytest.mark.usefixtures("towns")
def test_a_batch_asks_the_database_no_more_than_a_query() -> None:
    properties = [{"pid": "date", "v": ["2024-01-01"]}, {"pid": "burnt", "v": ["3"]}]
    one = {"query": "Fire at the mill", "type": [], "limit": 3, "properties": properties}
    reconciled({"q": one})
    with count_queries() as single:
        reconciled({"q": one})
    with count_queries() as batch:
        reconciled({str(number): {**one, "query": f"{title} at the mill"} for number, title in enumerate("abcdef" * 8)})
    assert batch.count == single.count


@pytest.mark.parametrize(
    ("one", "other"),
    [("Fire at the mill", "mill fire"), ("Київ", "Kiev"), ("Straße 9", "9, STRASSE"), ("The Who", "who, the")],
)
def test_names_are_compared_in_one_order_one_script_and_without_small_words(one: str, other: str) -> None:
    assert phrase(one) == phrase(other)
