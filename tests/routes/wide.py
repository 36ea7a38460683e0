"""A record that is wide: a number of everything, each document speaking of an event of its own and of the next."""

from itertools import pairwise
from typing import Any

Content = dict[str, Any]

DAYS = ("2024-01-05", "2024-01-03T09:30:00+03:00", None, "2024-01-03", "2024-01")
"""When documents are published: at a time, on a day, within a month, or nobody knows when."""


def wide(size: int) -> Content:
    """Return the content of a folder with this many events, documents, sources, properties and questions."""
    numbers = range(size)
    return {
        "places": [{"id": "town", "name": "Town"}],
        "sources": [
            {"id": f"s{n:03}", "name": f"Source {n}", "kind": "office", **({"part_of": "s000"} if n else {})}
            for n in numbers
        ],
        "documents": [
            {"id": f"d{n:03}", "published": _span(DAYS[n % len(DAYS)]), "sha256": f"{n:064}", "length": 100}
            for n in numbers
        ],
        "properties": [
            {"id": f"p{n:03}", "label": f"Count {n}", "kind": "quantity", "unit": "people", "additive": True}
            for n in numbers
        ],
        "statements": [{"id": f"t{n:03}", "source": f"s{n:03}", "said_at": _span("2024-01-01")} for n in numbers],
        "events": [
            {
                "id": f"e{n:03}",
                "title": f"Event {n}",
                "place": "town",
                "starts": DAYS[n % len(DAYS)],
                **({"parent": "e000"} if n else {}),
            }
            for n in numbers
        ],
        "claims": [
            claim
            for n, after in pairwise([*numbers, 0])
            for claim in (_claim(f"c{n:03}", n, n, n, 21), _claim(f"k{n:03}", n, n, after, 24))
        ],
    }


def _span(day: str | None) -> Content:
    return {"earliest": day, "latest": day}


def _claim(name: str, event: int, source: int, document: int, amount: int) -> Content:
    return {
        "id": name,
        "event": f"e{event:03}",
        "property": f"p{event:03}",
        "value": {"kind": "quantity", "qualifier": "exact", "amount": amount, "text": str(amount)},
        "as_of": _span("2024-01-01"),
        "statement": f"t{source:03}",
        "attribution": [{"source": f"s{source:03}", "role": "quotes"}],
        "document": f"d{document:03}",
        "locator": {"start": 10 + amount, "end": 12 + amount, "exact": str(amount)},
    }
