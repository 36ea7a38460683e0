"""Fact-checking: the claims that a few words search for, with what the record makes of each, a page at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from api.review import lookup
from api.review.rating import rated
from api.store import queries
from api.store.bulk import fetched, portions
from api.store.models import Claim, Document, Question, QuestionClaim, Statement
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
    question is found, the claims whose span holds every word.
    """
    numbers = {word for word in re.findall(r"\w+", words) if word.isdecimal()}
    asked = " ".join(word for word in words.split() if word.strip(".,") not in numbers)
    ranks = {found.question: rank for rank, found in enumerate(lookup.chosen(asked, None, None))}
    answering = _answers(ranks) if ranks else _worded(words)
    saying = [row for row in answering if numbers & _numbers(row)]
    return [row[0] for row in (saying or answering)]


def _answers(ranks: dict[str, int]) -> list[Any]:
    """The claims of these questions, in the order of the questions and then of the documents."""
    found: list[Any] = []
    for some in portions(ranks):
        rows = Claim.select(Claim.id, Claim.amount, Claim.words, QuestionClaim.question, Claim.place_in_list)
        found += fetched(rows.join(QuestionClaim).where(QuestionClaim.question.in_(some)))
    return sorted(found, key=lambda row: (ranks[row[3]], row[4]))


def _worded(words: str) -> list[Any]:
    plain = " ".join(re.findall(r"\w+", words))
    if not plain:
        return []
    rows = queries.claims({"q": plain}).select(Claim.id, Claim.amount, Claim.words).join(QuestionClaim)
    return list(fetched(rows.order_by(Claim.place_in_list)))


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
