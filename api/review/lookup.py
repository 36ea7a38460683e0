"""Lookup: the question that a few words ask for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from rapidfuzz import fuzz

from api.review import known
from api.store import queries
from api.store.models import Event, Place, Property, Question, QuestionClaim
from schemas.vocabulary import FindingKind

IGNORED = frozenset(
    """
    a an and at by did for from has have how in is it many much number of on or people s the there to total was
    were what when where which who why with
    """.split()
)
"""Words that ask rather than name."""

LIKE = 80
"""Similarity, of 100, from which two words of five letters or more are taken for one (harbuor, harbour)."""

MOST_OTHERS = 5
"""Questions named beside the best one."""

SHORTEST_GUESS = 5
SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with the words it answers to."""

    question: str
    event: str
    property: str
    label: str
    named: frozenset[str]
    asked: frozenset[str]
    narrowed: frozenset[str]
    conflict: bool
    discrepancy: bool
    claims: int
    counts: bool


def tokens(text: str) -> list[str]:
    """Split a text into the words that name something, in lower case."""
    return [word for word in re.findall(r"\w+", text.lower().replace("'s", "")) if word not in IGNORED]


def candidates() -> list[Candidate]:
    """Return every question on record with its words."""
    places = {row.id: [row.name, row.id, *orjson.loads(row.aliases)] for row in Place.select()}
    events = {row.id: row for row in Event.select()}
    properties = {row.id: row for row in Property.select()}
    sizes: dict[str, int] = {}
    for answer in QuestionClaim.select(QuestionClaim.question):
        sizes[answer.question_id] = sizes.get(answer.question_id, 0) + 1
    found = []
    for row in Question.select():
        event, prop = events[row.event_id], properties[row.property_id]
        fields = orjson.loads(row.representation)
        scope = [part for part in fields["scope"].values() if part]
        named = [event.id, event.title, *orjson.loads(event.aliases), *places.get(event.place_id or "", [])]
        narrowed = [word for part in scope for word in places.get(part, [part])]
        label = f"{prop.label} · {event.title}"
        found.append(
            Candidate(
                row.id,
                event.id,
                prop.id,
                f"{label} ({', '.join(places[part][0] if part in places else part for part in scope)})"
                if scope
                else label,
                frozenset(tokens(" ".join(named))),
                frozenset(tokens(" ".join([prop.id.replace("_", " "), prop.label, *orjson.loads(prop.aliases)]))),
                frozenset(tokens(" ".join(narrowed))),
                fields["conflict"],
                fields["discrepancy"] is not None,
                sizes.get(row.id, 0),
                prop.kind == "quantity",
            )
        )
    return found


def matching(words: str, known: Iterable[Candidate]) -> list[Candidate]:
    """Return the questions that every word fits, best first; none when a word fits nothing."""
    asked = tokens(words)
    if words.strip() and not asked:
        return []
    scored = []
    for candidate in known:
        fits = [_fit(word, candidate) for word in asked]
        if all(fits):
            scored.append((_rank(fits, asked, candidate), candidate))
    return [candidate for _, candidate in sorted(scored, key=lambda pair: pair[0])]


def _fit(word: str, candidate: Candidate) -> float:
    """How well a word names the property, the event or the scope; 0 when it does not."""
    return max(
        _likeness(word, candidate.asked) * 1.2,
        _likeness(word, candidate.narrowed) * 1.1,
        _likeness(word, candidate.named),
    )


def _likeness(word: str, known: frozenset[str]) -> float:
    if word in known:
        return 1.0
    if any(_same_stem(word, other) for other in known):
        return 0.9
    if len(word) >= SHORTEST_GUESS and any(
        len(other) >= SHORTEST_GUESS and fuzz.ratio(word, other) >= LIKE for other in known
    ):
        return 0.7
    return 0.0


def _same_stem(word: str, other: str) -> bool:
    """Whether one begins with the other: deaths and death, injured and injur."""
    short, long = sorted((word, other), key=len)
    return len(short) >= SHORTEST_STEM and long.startswith(short)


def _rank(fits: list[float], asked: list[str], candidate: Candidate) -> tuple[object, ...]:
    wanted_scope = any(_likeness(word, candidate.narrowed) and not _likeness(word, candidate.named) for word in asked)
    strays = len(candidate.asked - set(asked)) if any(_likeness(word, candidate.asked) for word in asked) else 0
    return (
        -round(sum(fits), 2),
        bool(candidate.narrowed) and not wanted_scope,
        not candidate.discrepancy,
        not candidate.counts,
        -candidate.claims,
        strays,
        candidate.question,
    )


def chosen(words: str, event: str | None, prop: str | None) -> list[Candidate]:
    """Return the questions for these words, held to an event and a property where those are given."""
    held = [
        candidate
        for candidate in candidates()
        if event in (None, candidate.event) and prop in (None, candidate.property)
    ]
    return matching(words, held)


def look_up(words: str, event: str | None, prop: str | None, as_of: str | None) -> dict[str, Any] | None:
    """Return the answer of the best question that was answered by `as_of`, and which others there are."""
    visible = {row.question_id for row in queries.questions_known(as_of)} if as_of else None
    found = [item for item in chosen(words, event, prop) if visible is None or item.question in visible]
    if not found:
        return None
    best, others = found[0], found[1 : MOST_OTHERS + 1]
    question = orjson.loads(known.question(best.question, as_of) or "{}")
    discrepancy = known.discrepancy(question["discrepancy"], as_of) if question["discrepancy"] else None
    return {
        "q": words,
        "label": best.label,
        "sentence": question["assessment"]["sentence"],
        "question": question,
        "discrepancy": orjson.loads(discrepancy) if discrepancy else None,
        "findings": list(_findings(best, question, as_of)),
        "others": [{"question": other.question, "label": other.label} for other in others],
    }


def _findings(best: Candidate, question: Any, as_of: str | None) -> Iterator[Any]:
    """Yield what is stale or mixed about this question inside the documents that answer it."""
    documents = {claim["document"] for given in question["values"] for claim in given["claims"]}
    for document in sorted(documents):
        for finding in map(orjson.loads, known.findings(document, as_of, None)):
            about = (finding["event"], finding["property"]) == (best.event, best.property)
            if about and finding["kind"] != FindingKind.BROKEN_CHAIN:
                yield finding
