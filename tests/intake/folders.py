"""A small valid folder of fixtures that a test alters and writes."""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from api.store.db import db

Content = dict[str, Any]

NOW, LATER = "2024-02-01T00:00:00+00:00", "2024-03-01T00:00:00+00:00"

TEXTS = {
    "one": "The fire in the old mill killed 21 people, the mayor said. 108 were injured. It was arson.\n",
    "two": "In the mill, 24 people died on Saturday, “said” the mayor. The owner denies arson.\n",
    "three": "A flood followed. Witnesses counted 5 dead.\n",
}


def small() -> Content:
    """Return the content of a valid folder: two events, three documents, a toll that moved from 21 to 24."""
    return {
        "places": [{"id": "land", "name": "Land"}, {"id": "mill", "name": "Old mill", "within": "land"}],
        "sources": [
            {"id": "town", "name": "Town hall", "kind": "organisation"},
            {"id": "mayor", "name": "Mayor", "kind": "person", "part_of": "town", "aliases": ["the mayor"]},
            {"id": "owner", "name": "Owner", "kind": "person"},
            {"id": "witnesses", "name": "witnesses", "kind": "unnamed"},
        ],
        "documents": [_document("one", "2023-12-30"), _document("two", "2023-12-31"), _document("three", "2024-01-02")],
        "properties": [
            _count("deaths", accumulates=True),
            _count("injured", moves_to="deaths"),
            {"id": "cause", "label": "Cause", "kind": "category", "exclusive": True, "terms": _terms()},
            {"id": "date", "label": "Date", "kind": "time"},
            {"id": "arson", "label": "Whether it was arson", "kind": "polarity"},
        ],
        "statements": [
            {"id": "said-1", "source": "mayor", "said_at": _span("2023-12-30")},
            {"id": "said-2", "source": "mayor", "said_at": _span("2023-12-31"), "follows": "said-1"},
        ],
        "events": [
            {"id": "fire", "title": "Fire in the mill", "place": "mill", "starts": "2023-12-30", "aliases": ["blaze"]},
            {"id": "flood", "title": "Flood", "parent": "fire"},
        ],
        "claims": [
            _claim("c1", "one", "deaths", "21", _people(21), statement="said-1"),
            _claim("c2", "one", "injured", "108", _people(108), statement="said-1"),
            _claim("c3", "one", "cause", "arson", {"kind": "category", "term": "arson"}),
            _claim("c4", "two", "deaths", "24", _people(24), statement="said-2", as_of=_span("2023-12-31")),
            _claim("c5", "two", "date", "Saturday", {"kind": "time", "low": "2023-12-30", "high": "2023-12-30"}),
            _claim("c6", "two", "arson", "denies", {"kind": "polarity", "term": "denied"}, attribution=_by("owner")),
            _claim("c7", "three", "deaths", "5", _people(5), event="flood", attribution=_by("witnesses")),
        ],
    }


def _document(name: str, day: str) -> Content:
    digest = hashlib.sha256(TEXTS[name].encode()).hexdigest()
    return {"id": name, "published": _span(day), "sha256": digest, "length": len(TEXTS[name])}


def _count(name: str, **behaviour: Any) -> Content:
    return {"id": name, "label": name, "kind": "quantity", "unit": "people", "additive": True, **behaviour}


def _terms() -> list[Content]:
    return [{"id": "crime", "label": "a crime"}, {"id": "arson", "label": "arson", "within": "crime"}]


def _span(day: str) -> Content:
    return {"earliest": day, "latest": day}


def _people(amount: int) -> Content:
    return {"kind": "quantity", "qualifier": "exact", "amount": amount, "text": str(amount)}


def _by(source: str) -> list[Content]:
    return [{"source": source, "role": "quotes"}]


def _claim(name: str, document: str, prop: str, exact: str, value: Content, **fields: Any) -> Content:
    start = TEXTS[document].index(exact)
    return {
        "id": name,
        "event": "fire",
        "property": prop,
        "value": value,
        "as_of": _span("2023-12-30"),
        "attribution": _by("mayor"),
        "document": document,
        "locator": {"start": start, "end": start + len(exact), "exact": exact},
        **fields,
    }


def entry(content: Content, noun: str, name: str) -> Content:
    """Return one entry of the content, to be altered in place."""
    return next(item for item in content[noun] if item["id"] == name)


def without(content: Content, noun: str, *names: str) -> Content:
    """Return the content less some entries."""
    return {**content, noun: [item for item in content[noun] if item["id"] not in names]}


def write(folder: Path, content: Content) -> Path:
    """Write the content as the folder's only file and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "record.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def dump() -> dict[str, list[Any]]:
    """Return every row of every table of the bound database."""
    return {
        table: sorted(db.execute_sql(f'SELECT * FROM "{table}"').fetchall(), key=repr)  # noqa: S608 — names of our own tables and columns
        for table in sorted(db.get_tables())
    }
