"""Fact-checking: the claims that a few words search for, with what the record makes of each, a page at a time."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from api.review import lookup
from api.review.rating import rated
from api.store import search as index
from api.store.bulk import fetched, portions
from api.store.models import Attribution, Claim, Document, Question, QuestionClaim, Source, Statement
from schemas.moments import parse_moment

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Claims with what the record makes of them, and whether there are more."""

    claims: Sequence[Fields]
    more: bool


def search(words: str, since: datetime | None, offset: int, after: str | None, limit: int) -> Found:
    """Return one page of the claims that answer these words; no words ask for every claim.

    `since` leaves claims that were said, or whose review changed, then or later. The page begins behind the claim
    `after` wherever that stands by now, else at the offset.
    """
    found = claims_answering(words)
    if since is not None:
        recent = _recent(found, since)
        found = [name for name in found if name in recent]
    start = found.index(after) + 1 if after in found else offset
    shown = found[start : start + limit]
    rows = Claim.select(Claim.id, Claim.representation).where(Claim.id.in_(shown))
    texts: dict[str, str] = dict(fetched(rows))
    return Found(rated([orjson.loads(texts[name]) for name in shown], None), len(found) > start + limit)


def claims_answering(words: str) -> list[str]:
    """Return the ids of the claims that answer these words, best first.

    Of the questions that a lookup finds, those claims that give a number that was asked for, if any do. Where no
    question is found, the claims whose span holds every word; else those of the speakers that some of the words name,
    on the questions that the others ask for.
    """
    numbers = {word for word in re.findall(r"\w+", words) if word.isdecimal()}
    asked = " ".join(word for word in words.split() if word.strip(".,") not in numbers)
    answering = _answering(asked) or _worded(asked) or _said(asked)
    saying = [row for row in answering if numbers & _numbers(row)]
    return [row[0] for row in (saying or answering)]


COLUMNS = (Claim.id, Claim.amount, Claim.words, QuestionClaim.question, Claim.place_in_list)


def _answering(words: str) -> list[Any]:
    """The claims of the questions that these words ask for, in the order of the questions and then of the documents."""
    ranks = {found.question: rank for rank, found in enumerate(lookup.chosen(words, None, None))}
    rows = Claim.select(*COLUMNS).join(QuestionClaim)
    found = [row for some in portions(ranks) for row in fetched(rows.where(QuestionClaim.question.in_(some)))]
    return sorted(found, key=lambda row: (ranks[row[3]], row[4]))


def _worded(words: str) -> list[Any]:
    """The claims in whose span every word stands or is meant, in the order of their documents."""
    asked = {word.folded: word for word in lookup.tokens(words)}
    groups = [index.meant(word, [Claim]) or {name: 1.0} for name, word in asked.items()]
    return _of(index.found(Claim, groups, None)) if groups else []


def _said(words: str) -> list[Any]:
    """What the speakers whom some words name said on the questions that the other words ask for."""
    asked = lookup.tokens(words)
    meant = {word.folded: index.meant(word, [Source]) for word in asked}
    named = {word: terms for word, terms in meant.items() if terms and index.found(Source, [terms], 1)}
    speakers = index.found(Source, list(named.values()), None) if named else []
    links = Attribution.select(Attribution.claim)
    said = {name for some in portions(speakers) for (name,) in fetched(links.where(Attribution.source.in_(some)))}
    rest = " ".join(word.plain for word in asked if word.folded not in named)
    return [row for row in _answering(rest) if row[0] in said] if rest else _of(said)


def _of(names: Collection[str]) -> list[Any]:
    """The claims of these ids that answer a question, in the order of their documents."""
    rows = Claim.select(*COLUMNS).join(QuestionClaim)
    found = [row for some in portions(names) for row in fetched(rows.where(Claim.id.in_(some)))]
    return sorted(found, key=lambda row: row[4])


def _numbers(row: Any) -> set[str]:
    _, amount, words, *_ = row
    return {*re.findall(r"\w+", words), f"{amount:.0f}" if amount is not None else ""}


def _recent(names: Sequence[str], since: datetime) -> set[str]:
    """Of these claims, those that were said, or whose review changed, at or after a moment."""
    columns = (Statement.said_earliest, Document.published_earliest, Question.recorded_at)
    recent = set()
    for some in portions(names):
        rows = Claim.select(Claim.id, *columns).join(Document).switch(Claim).join(QuestionClaim).join(Question)
        said = rows.switch(Claim).left_outer_join(Statement).where(Claim.id.in_(some))
        recent |= {name for name, *times in fetched(said) if any(_instant(time) >= since for time in times if time)}
    return recent


def _instant(text: str) -> datetime:
    return parse_moment(text).begins[1].astimezone(UTC)
