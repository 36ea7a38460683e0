"""Lookup: the question that a few words ask for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from rapidfuzz import fuzz

from api.store.models import Claim, Event, Place, Property, Question, QuestionClaim

IGNORED = frozenset(
    """
    a an and at by did for from has have how in is it many much number of on or people s the there to total was
    were what when where which who why with
    """.split()
)
"""Words that ask rather than name."""

LIKE = 84
"""Similarity, of 100, from which two words of five letters or more are taken for one (Blegorod, Belgorod)."""

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


def documents_of(question: str) -> list[str]:
    """Return the documents whose claims answer a question."""
    rows = Claim.select(Claim.document).join(QuestionClaim).where(QuestionClaim.question == question).distinct()
    return sorted(row.document_id for row in rows)
