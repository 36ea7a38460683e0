"""Lookup: the question that a few words ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson
from peewee import Field, ModelSelect, fn

from api.review import known, rendering
from api.review.nouns import MOST_SUGGESTED_FROM
from api.review.searching import ASKING
from api.store import folding, queries, search
from api.store.bulk import Row, among, fetched, listed, one_of, portions
from api.store.db import db
from api.store.editions import Kept
from api.store.folding import Word
from api.store.indexing import place_names
from api.store.models import Discrepancy, Event, Property, Question, QuestionClaim, SearchEntry
from api.store.phrasing import by_dialect
from schemas.vocabulary import FindingKind, ValueKind

MOST_OTHERS = 5
"""Questions named beside the best one."""

MOST_REMEMBERED = 4_096
"""Names of events, properties and scopes of which is remembered what words they have: many questions share them."""

MOST_CONSIDERED = 2_000
"""The newest questions that hold every word; one property has far more on a large record."""

MOST_WEIGHED = 400
"""Those of them with the fewest words besides, which are ranked."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with the words it answers to, folded."""

    question: str
    event: str
    property: str
    label: str
    named: frozenset[str]
    asked: frozenset[str]
    narrowed: frozenset[str]
    discrepancy: bool
    claims: int
    counts: bool


def tokens(text: str) -> list[Word]:
    """Split a text into the words that name something."""
    return [word for word in folding.typed(text) if word.plain not in ASKING]


MOST_KNOWN = 20_000
"""Questions that a process remembers; their words are shared, so each is some 500 bytes."""

KNOWN: Kept[dict[str, Candidate]] = Kept(dict)
"""Questions that were ranked before, while the record is the same: those of one event are asked about together."""


def candidates(names: Collection[str]) -> list[Candidate]:
    """Return these questions with their words."""
    known = KNOWN.get()
    unread = [name for name in names if name not in known]
    if len(known) + len(unread) > MOST_KNOWN:
        known.clear()
        unread = list(names)
    known.update((found.question, found) for found in _read(unread))
    return [known[name] for name in names if name in known]


def _read(names: Collection[str]) -> list[Candidate]:
    found = []
    for some in portions(names):
        asked = {name: rendering.event_and_property(name) for name in some}
        events, properties = _rows(EVENT_COLUMNS, asked, 0), _rows(PROPERTY_COLUMNS, asked, 1)
        sizes, at_odds = _sizes(some), _at_odds(some)
        scopes = _scopes([(name, event, prop) for name, (event, prop) in asked.items()])
        places = place_names(sorted({part for part in _places(events.values(), scopes.values()) if part}))
        for name, (event, prop) in asked.items():
            _, title, known_as, place = events[event]
            _, label, aliases, kind = properties[prop]
            scope = [places.get(part, [part, part]) for part in scopes[name]]
            found.append(
                Candidate(
                    name,
                    event,
                    prop,
                    f"{label} · {title}" + (f" ({', '.join(part[1] for part in scope)})" if scope else ""),
                    _tokens(event, title, *_names(known_as), *places.get(place, ())),
                    _tokens(prop, label, *_names(aliases)),
                    _tokens(*chain.from_iterable(scope)),
                    name in at_odds,
                    sizes.get(name, 0),
                    kind == ValueKind.QUANTITY,
                )
            )
    return found


EVENT_COLUMNS = Event.id, Event.title, Event.aliases, Event.place
PROPERTY_COLUMNS = Property.id, Property.label, Property.aliases, Property.kind


def _rows(columns: Sequence[Field], asked: Mapping[str, tuple[str, str]], place: int) -> dict[str, Row]:
    """Return the events or the properties that questions ask about, by their ids."""
    named = sorted({about[place] for about in asked.values()})
    return {row[0]: row for row in among(columns[0], named, *columns)}


def _places(events: Iterable[Row], scopes: Iterable[Sequence[str]]) -> Iterator[str | None]:
    """Yield where events were, and what questions are narrowed to."""
    yield from (place for _, _, _, place in events)
    yield from chain.from_iterable(scopes)


def _at_odds(names: Sequence[str]) -> set[str]:
    """Return those of these questions that have a discrepancy."""
    asked = among(Discrepancy.question, names, Discrepancy.question, Discrepancy.kind)
    return {name for name, kind in asked if kind is not None}


def _scopes(questions: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Return what each question is narrowed to, by its id, event and property; most ids say that themselves."""
    narrowed = {name: rendering.narrowed(name, event, prop) for name, event, prop in questions}
    untold = [name for name, parts in narrowed.items() if parts is None]
    for some in portions(untold):
        for name, text in among(Question.id, some, Question.id, Question.representation):
            narrowed[name] = [part for part in orjson.loads(text)["scope"].values() if part]
    return {name: parts or [] for name, parts in narrowed.items()}


@lru_cache(MOST_REMEMBERED)
def _names(text: str) -> list[str]:
    names: list[str] = orjson.loads(text)
    return names


def _sizes(names: Sequence[str]) -> dict[str, int]:
    """Count the claims that answer each of these questions."""
    return dict(db.execute_sql(_sizes_sql(), (listed(names),)).fetchall())


@by_dialect
def _sizes_sql() -> str:
    query = QuestionClaim.select(QuestionClaim.question, fn.COUNT(QuestionClaim.claim))
    return str(query.where(one_of(QuestionClaim.question, ())).group_by(QuestionClaim.question).sql()[0])


@lru_cache(MOST_REMEMBERED)
def _tokens(*texts: str) -> frozenset[str]:
    return frozenset().union(*map(_told_by, texts))


@lru_cache(MOST_REMEMBERED)
def _told_by(text: str) -> frozenset[str]:
    return frozenset(token.folded for token in tokens(text))


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


def _fit(word: Word, candidate: Candidate) -> float:
    """How well a word names the property, the event or the scope; 0 when it does not."""
    return max(
        _likeness(word, candidate.asked) * 1.2,
        _likeness(word, candidate.narrowed) * 1.1,
        _likeness(word, candidate.named),
    )


@lru_cache(MOST_REMEMBERED)
def _likeness(word: Word, known: frozenset[str]) -> float:
    return 1.0 if word.folded in known else max((search.likeness(word, other) for other in known), default=0.0)


def _rank(fits: list[float], asked: list[Word], candidate: Candidate) -> tuple[object, ...]:
    wanted_scope = any(_likeness(word, candidate.narrowed) and not _likeness(word, candidate.named) for word in asked)
    strays = (
        len(candidate.asked - {word.folded for word in asked})
        if any(_likeness(word, candidate.asked) for word in asked)
        else 0
    )
    return (
        -round(sum(fits), 2),
        bool(candidate.narrowed) and not wanted_scope,
        not candidate.discrepancy,
        not candidate.counts,
        -candidate.claims,
        strays,
        candidate.question,
    )


def named(words: str, event: str | None = None, prop: str | None = None) -> ModelSelect[SearchEntry]:
    """The ids of the questions in which every word stands or is meant, the newest first; none for no words."""
    groups = _groups(words)
    if not groups:
        return SearchEntry.select(SearchEntry.question).where(SearchEntry.id.is_null())
    return search.holding(Question, groups, event=event, property=prop)


def _groups(words: str) -> list[Mapping[str, float]]:
    """Return what each word may mean on record, itself where it stands on none."""
    asked = {word.folded: word for word in tokens(words)}
    meanings = search.meanings(asked.values(), [Question], guess_anyway=True)
    return [terms or {name: 1.0} for name, terms in meanings.items()]


def chosen(words: str, event: str | None, prop: str | None, as_of: str | None = None) -> list[Candidate]:
    """Return the questions for these words, held to an event, a property and a moment where those are given."""
    if words.strip():
        sized = search.sized(Question, _groups(words), MOST_CONSIDERED, event=event, property=prop)
        names = [name for name, _ in sorted(sized, key=itemgetter(1))[:MOST_WEIGHED]]
    else:
        names = [name for name, _ in fetched(queries.questions({"event": event, "property": prop}))]
    if as_of is not None:
        visible = queries.questions_known(as_of)
        names = [
            name for some in portions(names) for (name,) in fetched(visible.where(one_of(QuestionClaim.question, some)))
        ]
    return matching(words, candidates(names))


def telling(words: str) -> str:
    """Leave of some words those that name something; all of them where none does."""
    return " ".join(word.plain for word in tokens(words)) or words


def labels() -> list[str]:
    """Return what questions are called, for suggesting the nearest."""
    query = Question.select(Property.label, Event.title).join(Event).switch(Question).join(Property)
    keys = Question.event, Question.property
    query = query.group_by(*keys, Property.label, Event.title).order_by(*keys)
    return [f"{label} · {title}" for label, title in fetched(query.limit(MOST_SUGGESTED_FROM))]


def look_up(words: str, event: str | None, prop: str | None, as_of: str | None) -> dict[str, Any] | None:
    """Return the answer of the best question that was answered by `as_of`, and which others there are."""
    found = chosen(words, event, prop, as_of)
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
    for finding in map(orjson.loads, known.findings(documents, as_of, None)):
        about = (finding["event"], finding["property"]) == (best.event, best.property)
        if about and finding["kind"] != FindingKind.BROKEN_CHAIN:
            yield finding
