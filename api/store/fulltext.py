"""Full text: the one place that speaks each database's own language of search.

A word reaches it folded, as small letters and digits alone, so that nothing typed can be an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from peewee import SQL, Field, ModelSelect, NodeList, Table, Value, fn

from api.store.bulk import Row
from api.store.db import db, is_sqlite
from api.store.editions import Kept
from api.store.folding import trigrams
from api.store.models import SearchEntry, SearchWord

Groups = Sequence[Collection[str]]
"""Of each group an entry holds a word."""


POSTGRESQL_TOKENS = SQL(
    "array_to_tsvector(string_to_array(words || ' .' || held"
    " || ' #' || (id >> 13)::text || ' ##' || (id >> 16)::text || ' ###' || (id >> 19)::text, ' '))"
)
POSTGRESQL_TRIGRAMS = SQL("array_to_tsvector(string_to_array(trigrams, ' '))")
"""The expressions that are indexed, letter for letter; what tells a noun or an age begins with what no word has."""

AGES = {"#": 13, "##": 16, "###": 19}
"""How many entries have one age of each kind, as a power of two."""

MOST_AGES = 8
"""Ages of one kind that the index is asked for; each is another list to go through."""

RECENT = 1_000
"""The newest entries of a noun that a process of PostgreSQL's looks through by itself for what common words hold."""

FEW = 1_000
"""Entries up to which all that hold a word are read and sorted."""

SURELY = 1.5
"""How many times as far back as should do the index is asked: words are not spread evenly."""

OFTEN_ENOUGH = 5
"""Entries from which on those that were seen tell how usual words are."""

WINDOWS = 1_000, 20_000
"""The newest entries of a noun that PostgreSQL looks through for common words, which would be sorted by the million."""

BY_LENGTH = 2
"""How PostgreSQL's ts_rank divides a rank by how many trigrams a word has."""


class Beside(StrEnum):
    """What is read beside the id of a row."""

    ID = "id"
    WORDS = "words"
    LENGTH = "LENGTH(words)"


class Texts(NamedTuple):
    """The SQL that reads the newest of what holds words: in their order, among the newest of all, or sorted."""

    in_order: str
    among_newest: str
    sorted: str


@dataclass(frozen=True, slots=True)
class FullText:
    """How one kind of database narrows a query to the entries of a noun that hold words, and to the words spelt like
    one; the one text by which the first is asked; and how it reads the newest of what holds them: of all there is of a
    noun with what is wanted beside, and what part of the entries should hold them, or of a query that is narrower."""

    asking: Callable[[Groups, Groups], str]
    holding: Callable[[ModelSelect[SearchEntry], str, Groups, Groups], ModelSelect[SearchEntry]]
    spelt_like: Callable[[ModelSelect[SearchWord], str], ModelSelect[SearchWord]]
    newest: Callable[[str, Groups, int, Beside, float | None], Sequence[Row]]
    narrowed: Callable[[Texts, Sequence[Any], int], Sequence[Row]]


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


def _sqlite_newest(noun: str, groups: Groups, most: int, beside: Beside, _: float | None) -> Sequence[Row]:
    asked = _sqlite_asking(groups, ())
    rows: Sequence[Row] = db.execute_sql(_sqlite_newest_sql(noun, beside), (asked, most)).fetchall()
    return rows


@lru_cache
def _sqlite_newest_sql(noun: str, beside: Beside) -> str:
    index = _index_of(noun)
    read = beside.replace("words", "search_entry.words")
    return (
        f"SELECT {noun}_id, {read} FROM {index} JOIN search_entry ON search_entry.id = {index}.rowid"  # noqa: S608 — names of our own
        f" WHERE {index} MATCH ? ORDER BY {index}.rowid DESC LIMIT ?"
    )


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


@dataclass(frozen=True, slots=True)
class _Recent:
    """The newest entries of a noun, the newest first, and which of them hold a word; `first` is the oldest there is."""

    rows: Sequence[Row]
    holding: Mapping[str, Sequence[int]]
    first: int

    @property
    def top(self) -> int:
        return int(self.rows[0][1])

    @property
    def span(self) -> int:
        return int(self.top - self.rows[-1][1] + 1)

    @property
    def whole(self) -> bool:
        """Whether there are no others."""
        return len(self.rows) < RECENT

    def found(self, groups: Groups) -> list[Row]:
        """Return those that hold a word of each group."""
        held = [{place for word in group for place in self.holding.get(word, ())} for group in groups]
        return [self.rows[place] for place in sorted(set.intersection(*held))]


KNOWN: Kept[dict[str, _Recent]] = Kept(dict)
"""The newest of each noun, read once while the record is the same."""


def _recent(noun: str) -> _Recent:
    known = KNOWN.get()
    if noun not in known:
        rows = db.execute_sql(_recent_sql(noun), (RECENT,)).fetchall()
        holding: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            for word in row[2].split():
                holding.setdefault(word, []).append(place)
        known[noun] = _Recent([row[:3] for row in rows], holding, rows[0][3] if rows else 0)
    return known[noun]


@lru_cache
def _recent_sql(noun: str) -> str:
    first = f"SELECT MIN(id) FROM search_entry WHERE {noun}_id IS NOT NULL"  # noqa: S608 — names of our own
    return (
        f"SELECT {noun}_id, id, words, ({first}) FROM search_entry"  # noqa: S608 — names of our own
        f" WHERE {noun}_id IS NOT NULL ORDER BY id DESC LIMIT %s"
    )


def _postgresql_newest(noun: str, groups: Groups, most: int, beside: Beside, usual: float | None) -> Sequence[Row]:
    """Look through the newest of all, then ask the index for as many ages as should do, or for all that hold the words.

    The index is in no order: of common words it would tell a million entries, to be sorted.
    """
    recent = _recent(noun)
    found = recent.found(groups) if recent.rows else []
    if len(found) >= most or recent.whole:
        return [(name, _beside(beside, entry, words)) for name, entry, words in found[:most]]
    if len(found) >= OFTEN_ENOUGH or usual is None:
        usual = (len(found) or 0.5) / recent.span
    while usual * (recent.top - recent.first) > FEW:
        back = int(most / usual * SURELY)
        ages = _ages(recent.top, recent.top - back) if recent.top - back > recent.first else None
        if ages is None:
            break
        rows = _asked(noun, (*groups, ages), most, beside)
        if len(rows) == most:
            return rows
        usual = min(usual / 2, len(rows) / back)
    return _asked(noun, groups, most, beside)


def _beside(beside: Beside, entry: int, words: str) -> int | str:
    if beside is Beside.WORDS:
        return words
    return entry if beside is Beside.ID else len(words)


def _ages(newest: int, oldest: int) -> list[str] | None:
    """Return the fewest ages that all entries between two have; None where these are too many."""
    for mark, power in AGES.items():
        first, last = oldest >> power, newest >> power
        if last - first < MOST_AGES:
            return [f"{mark}{age}" for age in range(first, last + 1)]
    return None


def _asked(noun: str, groups: Groups, most: int, beside: Beside) -> Sequence[Row]:
    asked = _postgresql_asking(groups, ())
    rows: Sequence[Row] = db.execute_sql(_asked_sql(noun, beside), (asked, most)).fetchall()
    return [row[1:] for row in rows]


@lru_cache
def _asked_sql(noun: str, beside: Beside) -> str:
    return (
        f"WITH held AS MATERIALIZED (SELECT id, {noun}_id, {beside} FROM search_entry"  # noqa: S608 — names of our own
        f" WHERE {noun}_id IS NOT NULL AND {POSTGRESQL_TOKENS.sql} @@ %s::tsquery)"
        " SELECT * FROM held ORDER BY 1 DESC LIMIT %s"
    )


def _postgresql_narrowed(sql: Texts, values: Sequence[Any], most: int) -> Sequence[Row]:
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


SQLITE = FullText(_sqlite_asking, _sqlite_holding, _sqlite_spelt_like, _sqlite_newest, _in_order)
POSTGRESQL = FullText(
    _postgresql_asking, _postgresql_holding, _postgresql_spelt_like, _postgresql_newest, _postgresql_narrowed
)
