"""Feeds: what a feed reader and a validator expect of Atom (RFC 4287, RFC 5005) and JSON Feed 1.1."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from api.app import create_app
from api.config import Config
from api.forms.feeds import clean
from api.intake.loading import load
from api.store import db as store
from tests.intake.folders import LATER, NOW, Content, entry, small, without, write

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
QUERIES = ["", "?conflict=true", "?event=belgorod-strike-2023-12-30", "?conflict=false&limit=2", "?limit=500"]

FEED_HAS = {
    "id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (1, None), "link": (1, None), "subtitle": (0, 1),
    "generator": (0, 1), "category": (0, None), "entry": (0, None),
}  # fmt: skip
ENTRY_HAS = {
    "id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "summary": (0, 1), "content": (0, 1),
    "link": (0, None), "category": (0, None),
}  # fmt: skip
"""How often RFC 4287 allows each element that we write; a feed author stands for all entries, so it must be there."""

ITEM_HAS = {"id", "url", "title", "summary", "content_html", "date_published", "tags"}


def absolute(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).netloc)


def instant(text: str | None) -> datetime:
    """Read a date as RFC 3339 has it: with seconds, a capital T and an offset."""
    assert text
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    return datetime.fromisoformat(text)


def children(parent: Any, allowed: dict[str, tuple[int, int | None]]) -> None:
    """Hold an element against what may stand in it, and how often."""
    found = [child.tag.removeprefix(ATOM) for child in parent]
    assert set(found) <= set(allowed)
    for name, (least, most) in allowed.items():
        assert least <= found.count(name) <= (most if most is not None else len(found)), name


def valid_atom(body: bytes) -> Any:
    """Return the root of an Atom feed that keeps to RFC 4287."""
    feed = etree.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get(f"{XML}lang") == "en"
    children(feed, FEED_HAS)
    assert absolute(feed.findtext(f"{ATOM}id"))
    instant(feed.findtext(f"{ATOM}updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    links(feed)
    entries = feed.findall(f"{ATOM}entry")
    names = [found.findtext(f"{ATOM}id") for found in entries]
    assert len(set(names)) == len(names)
    for found in entries:
        children(found, ENTRY_HAS)
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", found.findtext(f"{ATOM}id"))
        assert found.findtext(f"{ATOM}title")
        assert found.findtext(f"{ATOM}summary")
        assert instant(found.findtext(f"{ATOM}published")) == instant(found.findtext(f"{ATOM}updated"))
        assert found.find(f"{ATOM}content").get("type") == "html"
        assert all(category.get("term") for category in found.findall(f"{ATOM}category"))
        assert links(found)["alternate"]
        balanced(found.findtext(f"{ATOM}content"))
    return feed


def links(parent: Any) -> dict[str, str]:
    """Return the links of an element by what they are; of each there is one."""
    found = [(link.get("rel", "alternate"), link.get("href")) for link in parent.findall(f"{ATOM}link")]
    assert len(dict(found)) == len(found)
    assert all(absolute(address) for _, address in found)
    return dict(found)


def balanced(html: str) -> None:
    """The HTML of an entry is well-formed, too, and runs nothing."""
    root = etree.fromstring(f"<div>{html}</div>")
    assert {element.tag for element in root.iter()} <= {"div", "p", "ul", "li"}


def valid_json_feed(feed: dict[str, Any]) -> None:
    """Hold a feed against JSON Feed 1.1."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["authors"][0]["name"]
    assert "author" not in feed, "that was version 1"
    assert all(absolute(feed[name]) for name in ("feed_url", "home_page_url", "next_url") if name in feed)
    assert feed.get("next_url") != feed["feed_url"]
    names = [item["id"] for item in feed["items"]]
    assert len(set(names)) == len(names)
    for item in feed["items"]:
        assert set(item) == ITEM_HAS
        assert absolute(item["url"])
        instant(item["date_published"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        balanced(item["content_html"])


@pytest.mark.parametrize("query", QUERIES)
def test_the_atom_feed_is_valid_and_a_reader_reads_it(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/feeds/discrepancies.atom{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = valid_atom(answer.data)
    read = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert (read.bozo, read.version) == (False, "atom10")
    assert len(read.entries) == len(root.findall(f"{ATOM}entry")) > 0
    assert read.entries[0].title == root.findtext(f"{ATOM}entry/{ATOM}title")


@pytest.mark.parametrize("query", QUERIES)
def test_the_json_feed_is_valid_and_says_the_same(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/feeds/discrepancies.json{query}")
    assert answer.content_type == "application/feed+json"
    valid_json_feed(answer.json)
    root = valid_atom(client.get(f"/v1/feeds/discrepancies.atom{query}").data)
    for item, found in zip(answer.json["items"], root.findall(f"{ATOM}entry"), strict=True):
        for name, element in (("id", "id"), ("title", "title"), ("summary", "summary"), ("content_html", "content")):
            assert item[name] == found.findtext(ATOM + element)
        assert item["tags"] == [category.get("term") for category in found.findall(f"{ATOM}category")]
        assert item["date_published"] == found.findtext(f"{ATOM}updated")


def test_an_entry_says_what_is_in_question_and_why(client: FlaskClient) -> None:
    query = {"event": "belgorod-strike-2023-12-30"}
    items = client.get("/v1/feeds/discrepancies.json", query_string=query).json["items"]
    item = next(item for item in items if item["title"].startswith("Deaths"))
    shown = client.get(urlsplit(item["url"]).path).json
    assert item["title"] == "Deaths · Strike on Belgorod: 21, at least 21, 22 or 24?"
    assert item["summary"] == shown["assessment"]["sentence"]
    assert item["tags"] == ["belgorod-strike-2023-12-30", "deaths", shown["kind"]]
    assert "<li>24: current; " in item["content_html"]
    for tie in shown["relations"]:
        assert tie["because"].split("(")[0] in item["content_html"]


def test_only_what_is_asked_for_is_told(client: FlaskClient) -> None:
    def told(query: str) -> list[str]:
        return [item["url"] for item in client.get(f"/v1/feeds/discrepancies.json?limit=500{query}").json["items"]]

    everything = client.get("/v1/discrepancies?limit=500").json["items"]
    by_place = {f"http://localhost/v1/discrepancies/{item['id']}": item for item in everything}
    assert sorted(told("")) == sorted(by_place)
    assert sorted(told("&conflict=true")) == sorted(place for place, item in by_place.items() if item["conflict"])
    event = "kharkiv-strikes-2023-12-30"
    on_event = sorted(place for place, item in by_place.items() if item["event"] == event)
    assert sorted(told(f"&event={event}")) == on_event


def documents(client: FlaskClient, here: str) -> Iterator[Any]:
    """Every document of a paged feed."""
    while here:
        root = valid_atom(client.get(here).data)
        yield root
        here = links(root).get("next", "")


def test_older_news_is_paged_and_every_document_names_the_first(client: FlaskClient) -> None:
    whole = "http://localhost/v1/feeds/discrepancies.atom?conflict=true"
    read = list(documents(client, f"{whole}&limit=3"))
    found = [name.text for root in read for name in root.findall(f"{ATOM}entry/{ATOM}id")]
    at_once = valid_atom(client.get(f"{whole}&limit=500").data)
    assert found == [name.text for name in at_once.findall(f"{ATOM}entry/{ATOM}id")]
    assert len(read) > 1
    for root in read:
        assert root.findtext(f"{ATOM}id") == links(root)["first"] == whole
    assert links(read[0])["self"] == f"{whole}&limit=3"
    feed = client.get("/v1/feeds/discrepancies.json?limit=3").json
    older = client.get(feed["next_url"]).json
    assert {item["id"] for item in feed["items"]}.isdisjoint(item["id"] for item in older["items"])
    assert older["feed_url"] == feed["feed_url"] == "http://localhost/v1/feeds/discrepancies.json"


def test_a_feed_is_the_same_bytes_while_nothing_changes(client: FlaskClient) -> None:
    for form in ("atom", "json"):
        first, second = (client.get(f"/v1/feeds/discrepancies.{form}").data for _ in range(2))
        assert first == second


@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("conflict=yes", 422, "conflict"),
        ("limit=0", 422, "limit"),
        ("kind=update", 422, "kind"),
        ("as_of=2024-01-01", 422, "as_of"),
        ("cursor=nonsense", 400, "cursor"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    client: FlaskClient, form: str, query: str, status: int, field: str
) -> None:
    answer = client.get(f"/v1/feeds/discrepancies.{form}?{query}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_an_unknown_event_has_no_feed(client: FlaskClient) -> None:
    answer = client.get("/v1/feeds/discrepancies.atom?event=belgorod-strike")
    assert answer.status_code == 404
    assert answer.json["suggestions"]


class Own:
    """A record of one test's own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.client = create_app(Config(database_url=url, public_url="https://facts.example")).test_client()
        self.folder = folder

    def load(self, content: Content, now: str = NOW) -> None:
        load(write(self.folder / "fixtures", content), now=now)

    def entries(self, query: str = "") -> list[dict[str, Any]]:
        feed = self.client.get(f"/v1/feeds/discrepancies.json{query}").json
        valid_json_feed(feed)
        valid_atom(self.client.get(f"/v1/feeds/discrepancies.atom{query}").data)
        items: list[dict[str, Any]] = feed["items"]
        return items


@pytest.fixture
def own(empty: str, tmp_path: Path) -> Iterator[Own]:
    yield Own(empty, tmp_path)
    store.db.close()


def test_a_feed_in_which_nothing_has_been_is_valid(own: Own) -> None:
    assert own.entries() == []
    root = valid_atom(own.client.get("/v1/feeds/discrepancies.atom").data)
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_each_revision_is_an_entry_newest_first_and_keeps_its_name(own: Own) -> None:
    own.load(small())
    first = own.entries()
    changed = small()
    entry(changed, "claims", "c4")["value"].update(amount=25, text="25")
    own.load(changed, now=LATER)
    second = own.entries()
    own.load(without(small(), "claims", "c4"), now=LATER)
    third = own.entries()
    assert third[1:] == second
    assert second[1:] == first
    assert [item["title"] for item in third] == [
        "deaths · Fire in the mill: no longer in question",
        "deaths · Fire in the mill: 21 or 25?",
        "deaths · Fire in the mill: 21 or 24?",
    ]
    assert third[0]["tags"] == ["fire", "deaths", "ended"]
    assert third[1]["content_html"].startswith("<p>A value was added: 25; a value was removed: 24.</p>")
    dates = [instant(item["date_published"]) for item in third]
    assert all(newer >= older for newer, older in pairwise(dates))


def test_a_new_form_is_no_news(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    own.load(small())
    before = own.entries()
    store.db.execute_sql("UPDATE discrepancy SET representation = replace(representation, '\"summary\":', '\"was\":')")
    monkeypatch.setattr("api.review.concluding.CONTRACT", "another")
    monkeypatch.setattr("api.intake.loading.CODE", "another")
    own.load(small(), now=LATER)
    assert own.client.get("/v1/changes?kind=discrepancy").json["items"][-1]["change"] == "reformatted"
    assert own.entries() == before


def test_addresses_are_those_the_service_is_known_by(own: Own) -> None:
    own.load(small())
    for form in ("atom", "json"):
        text = own.client.get(f"/v1/feeds/discrepancies.{form}?limit=1").text
        assert "https://facts.example/v1/feeds/" in text
        assert "localhost" not in text


def test_markup_in_the_record_stays_text(own: Own) -> None:
    content = small()
    entry(content, "events", "fire")["title"] = "<script>alert('1')</script> & Söhne"
    entry(content, "sources", "mayor")["name"] = "Mayor <b> & Co"
    own.load(content)
    item = own.entries()[0]
    assert item["title"].startswith("deaths · <script>alert('1')</script> & Söhne:")
    assert "<b>" not in item["content_html"]
    assert "Mayor &lt;b&gt; &amp; Co" in item["content_html"]


@pytest.mark.parametrize("wrong", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_left_out(wrong: str) -> None:
    assert clean(f"a{wrong}b\tc\n😀") == "ab\tc\n😀"
