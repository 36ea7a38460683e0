"""Search over HTTP: whatever the words are, what fits comes first, and the characters that fit are shown."""

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playhouse.test_utils import count_queries

BELGOROD = "belgorod-strike-2023-12-30"
PATHS = {"event": "events", "source": "sources", "claim": "claims"}

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


@pytest.fixture
def found(listing: Listing) -> Listing:
    """Everything that a search finds, best first."""
    return lambda q, **filters: listing("/v1/search", q=q, **filters)


@pytest.mark.parametrize(
    ("words", "type", "first"),
    [
        ("Belgorod", "event", BELGOROD),
        ("BELGOROD", "event", BELGOROD),
        ("Blegorod", "event", BELGOROD),
        ("Belgorood", "event", BELGOROD),
        ("Beglorod", "event", BELGOROD),
        ("Белгород", "event", BELGOROD),
        ("strike Belgorod", "event", BELGOROD),
        ("Kiev", "event", "air-assault-2023-12-29"),
        ("Kyiv", "event", "air-assault-2023-12-29"),
        ("Київ", "event", "air-assault-2023-12-29"),
        ("Kharkov", "event", "kharkiv-strikes-2023-12-30"),
        ("Nebenzya", "source", "vasily-nebenzya"),
        ("Nebenzia", "source", "vasily-nebenzya"),
        ("Nebenzja", "source", "vasily-nebenzya"),
        ("Небензя", "source", "vasily-nebenzya"),
        ("Vassily Nebensia", "source", "vasily-nebenzya"),
        ("Gladkov", "source", "vyacheslav-gladkov"),
        ("Viacheslav Gladkow", "source", "vyacheslav-gladkov"),
        ("Вячеслав Гладков", "source", "vyacheslav-gladkov"),
        ("mayor of Kharkov", "source", "ihor-terekhov"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(found: Listing, words: str, type: str, first: str) -> None:
    assert found(words, type=type)[0]["id"] == first


def test_a_misspelt_name_finds_what_the_right_one_does(found: Listing) -> None:
    right = {(item["type"], item["id"]) for item in found("Belgorod")}
    assert {kind for kind, _ in right} == {"event", "source", "claim"}
    for spelling in ("Blegorod", "Belgorood", "Белгород", "Belgorod's"):
        assert right <= {(item["type"], item["id"]) for item in found(spelling)}


def test_what_is_spelt_as_typed_comes_before_what_may_be_meant(found: Listing) -> None:
    items = found("Blegorod", type="claim")
    assert "Blegorod" in items[0]["text"]
    assert all("Belgorod" in item["text"] for item in items[1:])
    assert items[0]["score"] > items[1]["score"]


def test_what_holds_every_word_comes_before_what_holds_some(found: Listing) -> None:
    items = found("Security Council meeting")
    assert items[0]["id"] == "security-council-2023-12-30"
    marked = [len(item["highlights"]) for item in items]
    assert marked[0] == 3
    assert marked[-1] < 3


def test_better_ones_come_first(found: Listing) -> None:
    for words in ("belgorod deaths", "drones over russia", "governor", "24 people"):
        scores = [item["score"] for item in found(words)]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("words", ["belgorod deaths", "Київ", "Blegorod", "24 people killed", "Nebenzia's"])
def test_every_item_is_what_its_own_url_serves(client: FlaskClient, found: Listing, words: str) -> None:
    items = found(words)
    assert items
    for item in items:
        assert set(item) == {"type", "id", "title", "text", "highlights", "event", "score", "links"}
        assert item["links"]["self"] == f"/v1/{PATHS[item['type']]}/{item['id']}"
        served = client.get(item["links"]["self"]).json
        title = {"event": ("title",), "source": ("name",), "claim": ("locator", "exact")}[item["type"]]
        for name in title:
            served = served[name]
        assert item["title"] == served


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("belgorod", {"Belgorod"}),
        ("Київ", {"Kyiv", "Kiev"}),
        ("Nebenzia", {"Nebenzya"}),
        ("Blegorod", {"Belgorod", "Blegorod"}),
        ("injured", {"injured"}),
        ("24", {"24"}),
    ],
)
def test_highlights_are_the_characters_of_the_words_found(found: Listing, words: str, marked: set[str]) -> None:
    shown = set()
    for item in found(words):
        spans = [(span["start"], span["end"]) for span in item["highlights"]]
        assert spans
        assert spans == sorted(spans)
        shown |= {item["text"][start:end] for start, end in spans}
    assert {word.casefold() for word in shown} == {word.casefold() for word in marked}


def test_a_source_is_found_by_an_alias_which_is_then_the_text(found: Listing) -> None:
    item = next(item for item in found("governor Belgorod region") if item["id"] == "vyacheslav-gladkov")
    assert item["title"] == "Vyacheslav Gladkov"
    assert item["text"] == "governor of Belgorod region"


def test_a_number_is_never_taken_for_another(found: Listing) -> None:
    items = found("24", type="claim")
    assert items
    assert all("24" in item["text"] for item in items)


@pytest.mark.parametrize("type", PATHS)
def test_a_type_leaves_its_own(found: Listing, type: str) -> None:
    of_all = [item["id"] for item in found("Belgorod") if item["type"] == type]
    items = found("Belgorod", type=type)
    assert items
    assert {item["type"] for item in items} == {type}
    assert {item["id"] for item in items} == set(of_all)


def test_an_event_leaves_itself_its_claims_and_the_sources_they_name(found: Listing, listing: Listing) -> None:
    items = found("Belgorod", event=BELGOROD)
    assert {item["type"] for item in items} == {"event", "claim", "source"}
    assert {item["event"] for item in items if item["type"] != "source"} == {BELGOROD}
    claims = listing("/v1/claims", event=BELGOROD)
    named = {link["source"] for claim in claims for link in claim["attribution"]}
    assert {item["id"] for item in items if item["type"] == "source"} <= named


def test_nothing_not_yet_published_is_found(client: FlaskClient, found: Listing) -> None:
    assert found("Belgorod", as_of="2023-12-29") == []
    for moment in ("2023-12-30", "2023-12-31", "2024-01-01"):
        for item in found("Belgorod", as_of=moment):
            assert client.get(item["links"]["self"], query_string={"as_of": moment}).status_code == 200, item
    now, then = len(found("Belgorod")), len(found("Belgorod", as_of="2023-12-31"))
    assert 0 < then < now


def test_an_organisation_is_out_when_a_part_of_it_was_named(found: Listing, listing: Listing) -> None:
    for moment in ("2023-12-31", "2024-01-01"):
        out = {source["id"] for source in listing("/v1/sources", as_of=moment)}
        for words in ("Belgorod", "Ukraine", "Russian"):
            everywhere = {item["id"] for item in found(words, type="source")}
            assert {item["id"] for item in found(words, type="source", as_of=moment)} == everywhere & out


def test_pages_hold_every_item_once_and_in_order(client: FlaskClient, found: Listing) -> None:
    whole = found("Belgorod")
    items, here = [], "/v1/search?q=Belgorod&limit=3"
    while here:
        answer = client.get(here)
        assert len(answer.json["items"]) <= 3
        items += answer.json["items"]
        here = answer.json["next"]
        assert (here is None) == ('rel="next"' not in answer.headers["Link"])
    assert items == whole


def test_a_cursor_belongs_to_its_words(client: FlaskClient) -> None:
    following = client.get("/v1/search?q=Belgorod&limit=3").json["next"]
    assert client.get(following.replace("q=Belgorod", "q=Kyiv")).status_code == 400


def test_a_search_as_csv_is_one_row_an_item(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/search?q=Belgorod&format=csv").text, newline="")))
    items = client.get("/v1/search?q=Belgorod").json["items"]
    assert list(rows[0]) == ["type", "id", "title", "text", "event", "score", "url"]
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert [row["url"] for row in rows] == [item["links"]["self"] for item in items]


def test_a_search_as_text_is_a_table(client: FlaskClient) -> None:
    lines = client.get("/v1/search?q=Nebenzia&format=text").text.splitlines()
    assert lines[0].split() == ["TYPE", "ID", "TITLE", "TEXT", "EVENT", "SCORE", "URL"]
    assert lines[1].startswith("source  vasily-nebenzya")


def test_a_claims_wording_is_all_that_is_shown_of_a_document(client: FlaskClient, found: Listing) -> None:
    for item in found("Belgorod", type="claim"):
        assert item["text"] == item["title"]
        assert len(item["text"].split()) <= 12


@pytest.mark.parametrize("words", ["zzyzx", "???", "\"'", "…", "😀", "b" * 2_000])
def test_words_that_nothing_holds_find_nothing(client: FlaskClient, words: str) -> None:
    answer = client.get("/v1/search", query_string={"q": words})
    assert answer.status_code == 200
    assert answer.json["items"] == []


@pytest.mark.parametrize("words", ["", "   ", "\t\n", "\x00", "\x00 \x00"])
def test_no_words_at_all_are_refused(client: FlaskClient, words: str) -> None:
    answer = client.get("/v1/search", query_string={"q": words})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "q"


def test_a_search_without_words_is_refused(client: FlaskClient) -> None:
    assert client.get("/v1/search").json["errors"][0]["field"] == "q"


def test_an_event_that_is_not_on_record_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/v1/search?q=deaths&event=belgorod-strike")
    assert answer.status_code == 404
    assert BELGOROD in answer.json["suggestions"]


def test_a_query_that_is_too_long_is_refused_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/v1/search", query_string={"q": "belgorod " * 8_000})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "q"


def test_a_pasted_sentence_is_a_search(found: Listing) -> None:
    pasted = "Governor Vyacheslav Gladkov said on Sunday that 24 people were killed in Belgorod, three of them young."
    assert found(pasted, type="source")[0]["id"] == "vyacheslav-gladkov"


@pytest.mark.parametrize(
    "unseen", ["Bel\u00adgorod", "Bel\x00gorod", "\u202eBelgorod\u202c", "\ufeffBel\u200dgorod", "Bel\u2060gorod"]
)
def test_what_nobody_sees_parts_no_words(found: Listing, client: FlaskClient, unseen: str) -> None:
    assert found(unseen) == found("Belgorod")
    lookup = client.get("/v1/lookup", query_string={"q": f"{unseen} deaths"})
    assert lookup.json["question"]["id"] == "belgorod-strike-2023-12-30.deaths"


def test_what_parts_words_still_does(found: Listing) -> None:
    assert found("Belgorod\u200bdeaths") == found("Belgorod deaths")


@pytest.mark.parametrize("slip", ["Gladkof", "Gladkow", "Gladkob", "Gladkoff", "Glakdov", "Gladkev"])
def test_a_slip_in_an_ending_of_many_spellings_is_one_slip(found: Listing, slip: str) -> None:
    assert "vyacheslav-gladkov" in {item["id"] for item in found(slip, type="source")}


@pytest.mark.parametrize("nul", ["Bel\x00gorod", "\x00Belgorod\x00", "Belgorod\x00deaths"])
def test_a_nul_is_no_failure(client: FlaskClient, nul: str) -> None:
    assert client.get("/v1/search", query_string={"q": nul}).status_code == 200


@pytest.mark.parametrize(
    "syntax",
    ['"Belgorod', "(Belgorod", "Belgorod*", "words: Belgorod", "Belgorod AND", "NOT Belgorod", "^Belgorod", "-Belgorod",
     "NEAR(Belgorod", "{held}: Belgorod", "Belgorod\"' OR 1=1 --", "%Belgorod%", "Belgorod : * ^ ( ) \" ' + -"],
)  # fmt: skip
def test_operators_are_only_what_stands_between_words(found: Listing, syntax: str) -> None:
    assert BELGOROD in {item["id"] for item in found(syntax, type="event")}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(raw=st.binary(min_size=1, max_size=200) | st.text(min_size=1, max_size=80).map(str.encode))
def test_any_bytes_are_a_search_or_refused(client: FlaskClient, raw: bytes) -> None:
    answer = client.get(f"/v1/search?q={quote_from_bytes(raw, safe='')}")
    assert answer.status_code in (200, 422), answer.text
    for item in answer.json["items"] if answer.status_code == 200 else ():
        assert all(0 <= span["start"] < span["end"] <= len(item["text"]) for span in item["highlights"])


def test_a_search_asks_the_database_as_often_whatever_it_finds(client: FlaskClient) -> None:
    asked = []
    for words in ("Belgorod", "Kyiv", "the Russian"):
        with count_queries() as counted:
            client.get("/v1/search", query_string={"q": words, "limit": 500})
        asked.append(counted.count)
    assert max(asked) <= 24, asked
