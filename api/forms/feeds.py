"""Feeds: news of discrepancies as Atom (RFC 4287, paged by RFC 5005) and as JSON Feed 1.1."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any

import orjson

from api.forms.tables import scope, words
from api.review.news import Item, News
from schemas.feeds import JSON_FEED, JsonFeedSchema

ATOM, JSON = "application/atom+xml", "application/feed+json"

NAME = "Crosscheck"
LANGUAGE = "en"
BEFORE_ALL = "1970-01-01T00:00:00+00:00"
"""When a feed was last changed in which nothing has ever been."""

NAMESPACE = uuid.UUID("5f0e3a0e-6b0c-5a54-9a52-0d5f5b9e7c11")

MOST_SHOWN = 30
"""Values, and reasons, that an entry shows; the discrepancy itself has them all."""

UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to write."""

FEED = JsonFeedSchema()


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the entries: the addresses of this document, of the whole feed, of its list and of older news."""

    base: str
    here: str
    whole: str
    listed: str
    older: str | None
    title: str
    description: str


def atom(news: News, frame: Frame) -> bytes:
    """Write news as an Atom feed."""
    from feedgen.feed import FeedGenerator  # and lxml with it: who asks for no feed needs neither

    feed = FeedGenerator()
    feed.id(frame.whole)
    feed.title(clean(frame.title))
    feed.subtitle(clean(frame.description))
    feed.language(LANGUAGE)
    feed.author(name=NAME, uri=frame.base)
    feed.generator(NAME)
    feed.updated(news.at or BEFORE_ALL)
    feed.link(href=frame.here, rel="self", type=ATOM)
    feed.link(href=frame.listed, rel="alternate", type="application/json")
    feed.link(href=frame.whole, rel="first", type=ATOM)
    if frame.older is not None:
        feed.link(href=frame.older, rel="next", type=ATOM)
    for item in news.items:
        entry = feed.add_entry(order="append")
        entry.id(name_of(item))
        entry.title(clean(item.headline))
        entry.published(item.entry.at)
        entry.updated(item.entry.at)
        entry.link(href=f"{frame.base}/v1/discrepancies/{item.entry.name}", rel="alternate", type="application/json")
        entry.summary(clean(summary(item)))
        entry.content(clean(content(item)), type="html")
        entry.category([{"term": term, "label": clean(label)} for term, label in categories(item)])
    written: bytes = feed.atom_str(pretty=True)
    return written


def json_feed(news: News, frame: Frame) -> bytes:
    """Write news as a JSON Feed."""
    older = {"next_url": frame.older} if frame.older is not None else {}
    items = [
        {
            "id": name_of(item),
            "url": f"{frame.base}/v1/discrepancies/{item.entry.name}",
            "title": item.headline,
            "summary": summary(item),
            "content_html": content(item),
            "date_published": item.entry.at,
            "tags": [term for term, _ in categories(item)],
        }
        for item in news.items
    ]
    feed = {
        "version": JSON_FEED,
        "title": frame.title,
        "home_page_url": frame.listed,
        "feed_url": frame.whole,
        "description": frame.description,
        **older,
        "language": LANGUAGE,
        "authors": [{"name": NAME, "url": frame.base}],
        "items": items,
    }
    return orjson.dumps(FEED.dump(feed))


def name_of(item: Item) -> str:
    """Return the name of an entry: the same for ever, under whatever host the feed is read."""
    entry = item.entry
    return uuid.uuid5(NAMESPACE, f"{entry.name} {entry.revision} {entry.at}").urn


def clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return UNWRITABLE.sub("", text)


def summary(item: Item) -> str:
    """Return what can be said of the question since."""
    sentence: str = item.discrepancy["assessment"]["sentence"]
    return sentence


def categories(item: Item) -> Iterator[tuple[str, str]]:
    """Yield what an entry is about: the event, the property, the kind, and whether it is a conflict."""
    fields = item.discrepancy
    yield item.entry.event, item.event
    yield fields["property"], item.property
    kind = fields["kind"] or "ended"
    yield kind, kind.replace("_", " ")
    if fields["conflict"]:
        yield "conflict", "conflict"


def content(item: Item) -> str:
    """Write an entry as HTML: what is news, what can be said, the values, and why they do not fit together."""
    fields = item.discrepancy
    parts = [paragraph(item.entry.because), paragraph(fields["assessment"]["sentence"])]
    if fields["values"]:
        parts += [paragraph(f"{fields['summary']}:"), listing(map(value, fields["values"]))]
    reasons = list(dict.fromkeys(tie["because"] for tie in fields["relations"]))
    if reasons:
        parts += [paragraph("Why:"), listing(reasons)]
    return "".join(parts)


def paragraph(text: str) -> str:
    """Write a paragraph."""
    return f"<p>{escape(text)}</p>"


def listing(lines: Iterable[str]) -> str:
    """Write a list, or as much of it as an entry shows."""
    shown = list(islice(lines, MOST_SHOWN + 1))
    if len(shown) > MOST_SHOWN:
        shown[MOST_SHOWN:] = ["and more"]
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in shown)}</ul>"


def value(given: Mapping[str, Any]) -> str:
    """Write a value with its standing, its scope where that is another one, and the documents that give it."""
    documents = ", ".join(dict.fromkeys(claim["document"] for claim in given["claims"] if claim["document"]))
    narrowed = f" ({scope(given)})" if scope(given) else ""
    denied = "not " if given["denied"] else ""
    return f"{denied}{words(given['value'])}{narrowed}: {given['status']}; {documents}"
