"""Full text: the one place that speaks each database's own language of search.

A word reaches it folded, as small letters and digits alone, so that nothing typed can be an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import SQL, Field, ModelSelect, NodeList, Table, Value, fn

from api.store.bulk import Row
from api.store.db import db, is_sqlite
from api.store.folding import trigrams
from api.store.models import SearchEntry, SearchWord

Groups = Sequence[Collection[str]]
"""Of each group an entry holds a word."""


POSTGRESQL_TOKENS = SQL("array_to_tsvector(string_to_array(words || ' .' || held, ' '))")
POSTGRESQL_TRIGRAMS = SQL("array_to_tsvector(string_to_array(trigrams, ' '))")
"""The expressions that are indexed, letter for letter; a noun is told from a word by the point before it."""

WINDOWS = 1_000, 20_000
"""The newest entries of a noun that PostgreSQL looks through for common words, which would be sorted by the million."""

BY_LENGTH = 2
"""How PostgreSQL's ts_rank divides a rank by how many trigrams a word has."""


class Texts(NamedTuple):
    """The SQL that reads the newest of what holds words: in their order, among the newest of all, or sorted."""

    in_order: str
    among_newest: str
    sorted: str


@dataclass(frozen=True, slots=True)
class FullText:
    """How one kind of database narrows a query to the entries of a noun that hold words, and to the words spelt like
    one; the one text by which the first is asked; and how it reads the newest of what holds them."""

    asking: Callable[[Groups, Groups], str]
    holding: Callable[[ModelSelect[SearchEntry], str, Groups, Groups], ModelSelect[SearchEntry]]
    spelt_like: Callable[[ModelSelect[SearchWord], str], ModelSelect[SearchWord]]
    newest: Callable[[Texts, Sequence[Any], int], Sequence[Row]]


def full_text() -> FullText:
    """Return the full text of the bound database."""
    return SQLITE if is_sqlite() else POSTGRESQL


def texts(query: ModelSelect[SearchEntry], column: Field) -> tuple[Texts, Sequence[Any]]:
    """Return what reads the newest rows of a query about a noun, and the values it is given before how many."""
    in_order, (*values, _) = query.limit(1).sql()
    newest = SearchEntry.select(SQL("*")).where(column.is_null(False)).order_by(SearchEntry.id.desc()).limit(1).sql()[0]
    unsorted = query.select(SearchEntry.id, *query.selected_columns).order_by().sql()[0]
    table = SearchEntry._meta.table_name
    return Texts(
        in_order,
        f'WITH "{table}" AS ({newest}) {in_order}',
        f"WITH held AS MATERIALIZED ({unsorted}) SELECT * FROM held ORDER BY 1 DESC LIMIT {db.param}",  # noqa: S608 — a query of our own
    ), values


def _in_order(sql: Texts, values: Sequence[Any], most: int) -> Sequence[Row]:
    rows: Sequence[Row] = db.execute_sql(sql.in_order, (*values, most)).fetchall()
    return rows


def _sqlite_asking(words: Groups, held: Groups) -> str:
    parts = [
        f"{column} : ({' OR '.join(_quoted(group))})"
        for column, groups in (("held", held), ("words", words))
        for group in groups
    ]
    return " AND ".join(parts)


def _sqlite_holding(
    query: ModelSelect[SearchEntry], noun: str, words: Groups, held: Groups
) -> ModelSelect[SearchEntry]:
    """Each noun has an index of its own, so that nothing else is walked through."""
    index: Any = Table(_index_of(noun), ("rowid", _index_of(noun)))
    joined = query.join(index, on=(index.rowid == SearchEntry.id))
    asked = _matches(getattr(index, _index_of(noun)), _sqlite_asking(words, held))
    return joined.where(asked).order_by(index.rowid.desc())


def _index_of(noun: str) -> str:
    return f"search_index_{noun}"


def index_anew(nouns: Iterable[str]) -> None:
    """Have SQLite gather what the entries of nouns hold, where nothing followed their changes."""
    for index in map(_index_of, nouns):
        db.execute_sql(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608 — a name of our own


def _sqlite_spelt_like(query: ModelSelect[SearchWord], word: str) -> ModelSelect[SearchWord]:
    spelling: Any = Table("search_spelling", ("rowid", "search_spelling", "rank"))
    joined = query.join(spelling, on=(spelling.rowid == SearchWord.id))
    shared = " OR ".join(_quoted(trigrams(word).split()))
    return joined.where(_matches(spelling.search_spelling, shared)).order_by(spelling.rank)


def _matches(column: Any, text: str) -> NodeList:
    return NodeList((column, SQL("MATCH"), Value(text)))


def _quoted(terms: Collection[str]) -> list[str]:
    return [f'"{term}"' for term in sorted(terms)]


def _postgresql_newest(sql: Texts, values: Sequence[Any], most: int) -> Sequence[Row]:
    """Look through the newest entries as long as they hold so many that others can be left; else sort all that hold.

    The planner cannot tell how often a word stands there: it would walk through a million entries for one in none.
    """
    seen, looked = 0, WINDOWS[0]
    for window in WINDOWS:
        if window == looked or seen * window >= most * looked:
            rows: Sequence[Row] = db.execute_sql(sql.among_newest, (window, *values, most)).fetchall()
            if len(rows) == most:
                return rows
            seen, looked = len(rows), window
    return [row[1:] for row in db.execute_sql(sql.sorted, (*values, most)).fetchall()]


def _postgresql_asking(words: Groups, held: Groups) -> str:
    return " & ".join(f"({' | '.join(_lexemes(group))})" for group in (*held, *words))


def _postgresql_holding(
    query: ModelSelect[SearchEntry], _: str, words: Groups, held: Groups
) -> ModelSelect[SearchEntry]:
    """Each noun has an index of its own, so that the planner knows how many of its entries hold a word."""
    asked = Value(_postgresql_asking(words, held))
    condition = NodeList((POSTGRESQL_TOKENS, SQL("@@"), asked, SQL("::tsquery")))
    return query.where(condition).order_by(SearchEntry.id.desc())


def _postgresql_spelt_like(query: ModelSelect[SearchWord], word: str) -> ModelSelect[SearchWord]:
    shared = NodeList((Value(" | ".join(_lexemes(trigrams(word).split()))), SQL("::tsquery")))
    rank = fn.ts_rank(POSTGRESQL_TRIGRAMS, shared, BY_LENGTH)
    return query.where(NodeList((POSTGRESQL_TRIGRAMS, SQL("@@"), shared))).order_by(rank.desc(), SearchWord.word)


def _lexemes(terms: Collection[str]) -> list[str]:
    return [f"'{term}'" for term in sorted(terms)]


SQLITE = FullText(_sqlite_asking, _sqlite_holding, _sqlite_spelt_like, _in_order)
POSTGRESQL = FullText(_postgresql_asking, _postgresql_holding, _postgresql_spelt_like, _postgresql_newest)
