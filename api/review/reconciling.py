"""Reconciling: which event, source or property a name means, how surely, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from api.review.attributes import NONE, Found, Named, Value, Values, Wanted, values
from api.review.catalogue import Catalogue, Entity, catalogue, likeness, share_held
from api.review.names import Phrase, phrase
from schemas.moments import Moment, parse_moment
from schemas.reconciliation import MOST_CANDIDATES, TYPES, EntityKind

MOST_WEIGHED = 60
"""Candidates that hold most words of a query, which are weighed."""

BY_WORDS = 0.75
"""What a candidate is worth that holds every word, but is called otherwise."""

BY_NAME = 0.6
"""How much of a score the name makes up where properties are given; the rest is theirs."""

SURE = 90
CLEAR = 10
"""A match is this likely, and by this much likelier than any other, of 100."""

AGREES = 70
"""A property that is less like what was given, of 100, speaks against a match."""

LEAST = 25
"""Scores below are not worth showing."""

Args = Mapping[str, Any]


class Candidate(NamedTuple):
    """An entity with its score, of 100, what that was made of, and whether it can be nothing else."""

    entity: Entity
    score: float
    features: Mapping[str, float | bool]
    match: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What one query asks for: a name, of which types, and what else is known of it."""

    text: str
    phrase: Phrase
    types: Collection[str]
    given: Sequence[tuple[str, Sequence[Any]]]
    limit: int


def reconciled(queries: Mapping[str, Args]) -> dict[str, list[Candidate]]:
    """Return the candidates of each query, the likeliest first."""
    known = catalogue()
    asked = {name: _query(args) for name, args in queries.items()}
    weighed = {name: _candidates(known, query) for name, query in asked.items()}
    wanted = [Wanted(pid) for pid in dict.fromkeys(pid for query in asked.values() for pid, _ in query.given)]
    compared = {entity.id: entity for name, found in weighed.items() if asked[name].given for entity in found}
    held = values(known, compared.values(), wanted) if wanted else {}
    return {name: _ranked(query, weighed[name], held) for name, query in asked.items()}


def _query(args: Args) -> Query:
    given = [(item["pid"], item["v"]) for item in args["properties"] if item["v"]]
    text = args["query"].strip()
    named = text or " ".join(_text(value) for _, several in given for value in several)
    return Query(text, phrase(named), args["type"], given, min(args["limit"], MOST_CANDIDATES))


def _candidates(known: Catalogue, query: Query) -> list[Entity]:
    if query.types and not any(name in TYPES for name in query.types):
        return []
    found = known.candidates(query.phrase, query.types, MOST_WEIGHED)
    named = known.find(query.text)
    of_type = named is not None and (not query.types or not set(query.types).isdisjoint(named.types))
    return [named, *(entity for entity in found if entity is not named)] if named is not None and of_type else found


def _ranked(query: Query, found: Iterable[Entity], held: Found) -> list[Candidate]:
    """Weigh the candidates of a query and say which one it must mean, if any."""
    weighed = [_weighed(query, entity, held.get(entity.id, {})) for entity in found]
    order = list(EntityKind)
    weighed.sort(key=lambda one: (-one.score, order.index(one.entity.kind), one.entity.id))
    worth = [one for one in weighed if one.score >= LEAST]
    if worth and _is_sure(worth):
        worth[0] = worth[0]._replace(match=True)
    return worth[: query.limit]


def _is_sure(ranked: Sequence[Candidate]) -> bool:
    """Whether nothing else is nearly as likely, and the first one has this id, or this name and nothing against it."""
    first = ranked[0]
    if len(ranked) > 1 and first.score - ranked[1].score < CLEAR:
        return False
    if first.features.get(ID_MATCH):
        return True
    named = first.features.get(NAME, 0) >= SURE and first.score >= SURE
    return named and all(value >= AGREES for name, value in first.features.items() if name.startswith(COMPARED))


ID_MATCH, NAME, WORDS, COMPARED = "id_match", "name_similarity", "words_found", "property:"
"""Features by their ids: whether the query is the id; how like it is, of 100, to the likest name, whatever its script,
spelling and order of words; how many of its words, of 100, are known of the entity, in names, place and days; and, each
under the id of its property, how like the given value is to the likest one on record, of 100, where there is one."""


def _weighed(query: Query, entity: Entity, held: Mapping[str, Values]) -> Candidate:
    features: dict[str, float | bool] = {}
    if query.text:
        features[ID_MATCH] = query.text in (entity.id, f"{entity.kind}:{entity.slug}")
        features[NAME] = round(likeness(query.phrase, entity), 1)
        features[WORDS] = round(100 * share_held(query.phrase, entity), 1)
    for pid, several in query.given:
        alike = [compared(value, held.get(pid, NONE)) for value in several]
        known = [one for one in alike if one is not None]
        if known:
            features[f"{COMPARED}{pid}"] = round(sum(known) / len(known), 1)
    return Candidate(entity, _score(features), features)


def _score(features: Mapping[str, float | bool]) -> float:
    """Return how likely a candidate is, of 100: by its id, else by its name, or its words, and its properties."""
    if features.get(ID_MATCH):
        return 100.0
    alike = [float(value) for name, value in features.items() if name.startswith(COMPARED)]
    by_properties = sum(alike) / len(alike) if alike else None
    if NAME not in features:
        return round(by_properties or 0.0, 1)
    by_name = max(float(features[NAME]), BY_WORDS * float(features[WORDS]))
    if by_properties is None:
        return round(by_name, 1)
    return round(BY_NAME * by_name + (1 - BY_NAME) * by_properties, 1)


def compared(given: Any, known: Values) -> float | None:
    """Return how like a given value is to those on record, of 100; None where none is."""
    if not known.given:
        return None
    moments = [value for value in known.given if isinstance(value, Moment)]
    if moments:
        return _within(_text(given), moments)
    names = [_alike(given, value) for value in known.given]
    return max(names + [_like_names(_text(given), called) for called in known.called])


def _alike(given: Any, known: Value) -> float:
    if isinstance(known, Named):
        if isinstance(given, Mapping) and given["id"] == known.id:
            return 100.0
        return max(_like_names(_text(given), name) for name in known)
    if isinstance(known, int | float):
        return 100.0 if _number(given) == known else 0.0
    return _like_names(_text(given), str(known))


def _number(given: Any) -> float | None:
    if isinstance(given, bool):
        return None
    try:
        return float(_text(given).replace(",", ""))
    except ValueError:
        return None


def _within(text: str, moments: Sequence[Moment]) -> float:
    """Whether a day or time is among those from the first moment to the last."""
    try:
        asked = parse_moment(text.strip())
    except ValueError:
        return 0.0
    first, last = min(moment.first for moment in moments), max(moment.last for moment in moments)
    return 100.0 if asked.first <= last and asked.last >= first else 0.0


def _text(given: Any) -> str:
    """Write a given value; an entity by its name, where it has one."""
    if isinstance(given, Mapping):
        name = given.get("name")
        return name if isinstance(name, str) else str(given["id"])
    return str(given)


def _like_names(one: str, other: str) -> float:
    left, right = phrase(one), phrase(other)
    if left.numbers != right.numbers:
        return 0.0
    return fuzz.ratio(left.letters, right.letters) if left.letters or right.letters else 100.0 * bool(left.numbers)
