"""Full text: the one place that speaks each database's own language of search.

A word reaches it folded, as small letters and digits alone, so that nothing typed can be an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import SQL, ModelSelect, NodeList, Table, Value, fn

from api.store.db import is_sqlite
from api.store.folding import trigrams
from api.store.models import SearchEntry, SearchWord

Groups = Sequence[Collection[str]]
"""Of each group an entry holds a word."""


POSTGRESQL_TOKENS = SQL("array_to_tsvector(string_to_array(words || ' ' || held, ' '))")
POSTGRESQL_TRIGRAMS = SQL("array_to_tsvector(string_to_array(trigrams, ' '))")
"""The expressions that are indexed, letter for letter."""

BY_LENGTH = 2
"""How PostgreSQL's ts_rank divides a rank by how many trigrams a word has."""


@dataclass(frozen=True, slots=True)
class FullText:
    """How one kind of database narrows a query to the entries that hold words, and to the words spelt like one; and the
    one text by which the first is asked."""

    asking: Callable[[Groups, Groups], str]
    holding: Callable[[ModelSelect[SearchEntry], Groups, Groups], ModelSelect[SearchEntry]]
    spelt_like: Callable[[ModelSelect[SearchWord], str], ModelSelect[SearchWord]]


def full_text() -> FullText:
    """Return the full text of the bound database."""
    return SQLITE if is_sqlite() else POSTGRESQL


def _sqlite_asking(words: Groups, held: Groups) -> str:
    parts = [f"held : ({' OR '.join(_quoted(group))})" for group in held]
    parts += [f"words : ({' OR '.join(_quoted(group))})" for group in words]
    return " AND ".join(parts)


def _sqlite_holding(query: ModelSelect[SearchEntry], words: Groups, held: Groups) -> ModelSelect[SearchEntry]:
    index: Any = Table("search_index", ("rowid", "search_index"))
    joined = query.join(index, on=(index.rowid == SearchEntry.id))
    return joined.where(_matches(index.search_index, _sqlite_asking(words, held))).order_by(index.rowid.desc())


def _sqlite_spelt_like(query: ModelSelect[SearchWord], word: str) -> ModelSelect[SearchWord]:
    spelling: Any = Table("search_spelling", ("rowid", "search_spelling", "rank"))
    joined = query.join(spelling, on=(spelling.rowid == SearchWord.id))
    shared = " OR ".join(_quoted(trigrams(word).split()))
    return joined.where(_matches(spelling.search_spelling, shared)).order_by(spelling.rank)


def _matches(column: Any, text: str) -> NodeList:
    return NodeList((column, SQL("MATCH"), Value(text)))


def _quoted(terms: Collection[str]) -> list[str]:
    return [f'"{term}"' for term in sorted(terms)]


def _postgresql_asking(words: Groups, held: Groups) -> str:
    return " & ".join(f"({' | '.join(_lexemes(group))})" for group in (*held, *words))


def _postgresql_holding(query: ModelSelect[SearchEntry], words: Groups, held: Groups) -> ModelSelect[SearchEntry]:
    asked = Value(_postgresql_asking(words, held))
    condition = NodeList((POSTGRESQL_TOKENS, SQL("@@"), asked, SQL("::tsquery")))
    return query.where(condition).order_by(SearchEntry.id.desc())


def _postgresql_spelt_like(query: ModelSelect[SearchWord], word: str) -> ModelSelect[SearchWord]:
    shared = NodeList((Value(" | ".join(_lexemes(trigrams(word).split()))), SQL("::tsquery")))
    rank = fn.ts_rank(POSTGRESQL_TRIGRAMS, shared, BY_LENGTH)
    return query.where(NodeList((POSTGRESQL_TRIGRAMS, SQL("@@"), shared))).order_by(rank.desc(), SearchWord.word)


def _lexemes(terms: Collection[str]) -> list[str]:
    return [f"'{term}'" for term in sorted(terms)]


SQLITE = FullText(_sqlite_asking, _sqlite_holding, _sqlite_spelt_like)
POSTGRESQL = FullText(_postgresql_asking, _postgresql_holding, _postgresql_spelt_like)
