"""Reads: what is asked of every server, with names drawn from the record by a seed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from api.store import db as store
from api.store.db import db
from schemas.examples import COMPARISONS
from tests.bench.load import Request

DRAWN = 500
"""Names of each kind; more than any cache of answers would be asked for by chance, few enough to be warm."""

FEWEST, MOST = 60, 500
"""Claims of the events that are drawn: a page of 50 is full, and what is worked out for a moment is a page's work."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is drawn from a record."""

    claims: Sequence[str]
    events: Sequence[str]
    moments: Sequence[tuple[str, str]]
    disputed: Sequence[str]
    questions: Sequence[str]
    words: Sequence[str]
    sought: Sequence[str]


@dataclass(frozen=True, slots=True)
class Read:
    """Something that is asked, as each kind of server understands it."""

    name: str
    title: str
    ours: Callable[[Names], Sequence[Request]]
    service: Callable[[Names], Sequence[Request]] | None = None
    tables: Callable[[Names], Sequence[Request]] | None = None
    known: bool = False
    """Whether the client has the answer already and sends its ETag."""
    anew: bool = False
    """Whether every request is one that nobody has sent before, so that no answer can have been kept."""


def drawn(url: str, seed: int = 1) -> Names:
    """Draw names from the record at a URL; the same seed draws the same."""
    random = Random(seed)  # noqa: S311 — the same for the same seed
    database = store.bind(url)
    try:
        events = [event for (event,) in _rows(EVENTS.format(fewest=FEWEST, most=MOST))]
        disputed = [event for (event,) in _rows(DISPUTED) if event in set(events)]
        questions = _some(random, [row for (row,) in _rows("SELECT id FROM question ORDER BY id")])
        (count,) = next(_rows("SELECT count(*) FROM claim"))
        step = max(1, count // (3 * DRAWN))
        claims = list(_rows("SELECT id, exact FROM claim ORDER BY id"))[::step]
        chosen = random.sample(claims, min(DRAWN, len(claims)))
        picked = _some(random, events)
        moments = [(event, _middle(event)) for event in picked]
    finally:
        database.close()
    return Names(
        [name for name, _ in chosen],
        picked,
        moments,
        _some(random, disputed),
        questions,
        [f"{event} {prop}" for event, prop in (name.split(".")[:2] for name in questions)],
        [*(exact for _, exact in chosen[: DRAWN // 2]), *_some(random, events)[: DRAWN // 2]],
    )


EVENTS = """
SELECT event_id FROM claim GROUP BY event_id HAVING count(*) BETWEEN {fewest} AND {most} ORDER BY event_id
"""
DISPUTED = "SELECT DISTINCT event_id FROM discrepancy WHERE kind IS NOT NULL ORDER BY event_id"


DAYS = """
SELECT document.published_latest FROM claim JOIN document ON document.id = claim.document_id
WHERE claim.event_id = '{event}' ORDER BY document.published_latest
"""


def _middle(event: str) -> str:
    """Return the day by which a half of an event's claims had been published."""
    days = [day for (day,) in _rows(DAYS.format(event=event))]
    return days[len(days) // 2]


def _rows(sql: str) -> Iterator[Any]:
    yield from db.execute_sql(sql)


def _some(random: Random, items: Sequence[str]) -> list[str]:
    return random.sample(list(items), min(DRAWN, len(items)))


def _at(path: str, names: Sequence[str], **query: str) -> list[Request]:
    asked = f"?{urlencode(query)}" if query else ""
    return [Request(f"{path.format(quote(name))}{asked}") for name in names]


def _sought(path: str, words: Sequence[str], **query: str) -> list[Request]:
    return [Request(f"{path}?{urlencode({'q': text, **query})}") for text in words]


def _then(path: str, moments: Sequence[tuple[str, str]]) -> list[Request]:
    return [Request(f"{path.format(quote(event))}?as_of={day}") for event, day in moments]


READS = (
    Read(
        "claim",
        "one claim",
        lambda names: _at("/v1/claims/{}", names.claims),
        lambda names: _at("/claims/{}", names.claims),
        lambda names: _at("/record/claim/{}.json", names.claims, _shape="objects"),
    ),
    Read("known", "one claim, unchanged (304)", lambda names: _at("/v1/claims/{}", names.claims), known=True),
    Read(
        "claims",
        "50 claims of an event",
        lambda names: _at("/v1/events/{}/claims", names.events),
        lambda names: _at("/events/{}/claims", names.events),
        lambda names: _at("/record/claim.json?event_id={}&_shape=objects&_size=50&_nocount=1", names.events),
    ),
    Read(
        "discrepancies",
        "an event's discrepancies",
        lambda names: _at("/v1/events/{}/discrepancies", names.disputed),
        lambda names: _at("/events/{}/discrepancies", names.disputed),
        lambda names: _at("/record/discrepancy.json?event_id={}&_shape=objects&_nocount=1", names.disputed),
    ),
    Read(
        "question",
        "a question",
        lambda names: _at("/v1/questions/{}", names.questions),
        lambda names: _at("/questions/{}", names.questions),
        lambda names: _at("/record/question/{}.json", names.questions, _shape="objects"),
    ),
    Read("lookup", "lookup", lambda names: _sought("/v1/lookup", names.words)),
    Read(
        "search",
        "search",
        lambda names: _sought("/v1/search", names.sought),
        lambda names: _sought("/search", names.sought),
    ),
    Read(
        "as_of",
        "an event as of a day",
        lambda names: _then("/v1/events/{}", names.moments),
        lambda names: _then("/events/{}", names.moments),
    ),
    Read(
        "lookup_anew",
        "lookup, of what nobody asked before",
        lambda names: _sought("/v1/lookup", names.words),
        anew=True,
    ),
    Read(
        "search_anew",
        "search, of what nobody asked before",
        lambda names: _sought("/v1/search", names.sought),
        lambda names: _sought("/search", names.sought),
        anew=True,
    ),
    Read(
        "as_of_anew",
        "an event as of a moment nobody asked for before",
        lambda names: _then("/v1/events/{}", names.moments),
        lambda names: _then("/events/{}", names.moments),
        anew=True,
    ),
    Read("compare", "compare two claims", lambda _: [_comparing(example.request) for example in COMPARISONS]),
)
"""In the order of the report."""


FILLERS = ("a", "an", "at", "by", "for", "from", "in", "is", "of", "on", "the", "with")
"""Words that ask for nothing: with any of them a question is the same, and yet another request."""

COPIES = 60
"""Requests that are made of one; more than are sent in a run."""


def anew(requests: Sequence[Request], seed: int = 1) -> list[Request]:
    """Return very many requests that ask for the same as some, no two of them alike."""
    random = Random(seed)  # noqa: S311 — the same for the same seed
    made = {
        f"{request.path}{suffix}": request for request in requests for suffix in _suffixes(random, "q=" in request.path)
    }
    return [Request(path, request.header) for path, request in made.items()]


def _suffixes(random: Random, words: bool) -> Iterator[str]:
    for _ in range(COPIES):
        if words:
            yield "".join(f"+{word}" for word in random.sample(FILLERS, 4))
        else:
            second = random.randrange(86_400)
            yield f"T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def _comparing(body: Mapping[str, object]) -> Request:
    return Request("/v1/compare", body=orjson.dumps(body).decode())
