"""Keyset: a list cut at the place of a row, so that rows that come and go beside it move nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import orjson
from peewee import SQL, Field, ModelSelect, Tuple, fn

from api.store.bulk import fetched
from api.store.models import Claim, Discrepancy, Document, Event, Property, Question, Resource, Source

Text: TypeAlias = "str | Callable[[], str]"
"""A representation, or what works it out."""

Row = tuple[str, Text]
"""What a list is ordered by, and a representation."""


class Position(NamedTuple):
    """Where a row stands in a list: the value it is sorted by, and what no two rows share."""

    value: str | None
    tie: str


Found = tuple[str | None, str, Text]
"""A row that was found: its position, and its representation or what leads to it; of rows to be rendered, the id."""

SHOWN = itemgetter(2)
"""Takes from a row of the store its representation."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Rows of the store that are rendered for the request, many at a time; `written` gives representations by id."""

    query: ModelSelect[Any]
    written: Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Worked:
    """Rows that are worked out in the order of their keys, from behind a key on; `key` is what `sort` calls it."""

    key: str
    rows: Callable[[str | None], Iterable[Row]]


Rows: TypeAlias = "ModelSelect[Any] | Rendered | Worked | Sequence[Row]"
"""A list of which any part can be had."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by, and the column that no two rows share."""

    by: Any
    tie: Field
    nullable: bool = False
    beside: Any = None
    """The key of the table it stands in, where that is another one; ties begin with it, which its index knows."""


PUBLISHED = fn.COALESCE(Document.public_instant, Document.public_day.concat(SQL("'T99'")))
"""By when a document was out; a day comes after every time in it. Its index is written in the model."""

NO_TEXT = ""
"""Every value is larger, and none is smaller; SQLite looks into an index for a bound, not for what is not null."""

ORDERS: dict[type[Resource], dict[str, Order]] = {
    Claim: {
        "document": Order(Claim.place_in_list, Claim.place_in_list),
        "published_at": Order(PUBLISHED, Claim.place_in_list, nullable=True, beside=Document.id),
        "recorded_at": Order(Claim.recorded_at, Claim.id),
        "id": Order(Claim.id, Claim.id),
    },
    Event: {"id": Order(Event.id, Event.id), "starts": Order(Event.starts, Event.id, nullable=True)},
    Source: {"id": Order(Source.id, Source.id), "kind": Order(Source.kind, Source.id)},
    Document: {"id": Order(Document.id, Document.id), "published_at": Order(PUBLISHED, Document.id, nullable=True)},
    Property: {"id": Order(Property.id, Property.id), "kind": Order(Property.kind, Property.id)},
    Question: {"id": Order(Question.id, Question.id), "changed_at": Order(Question.recorded_at, Question.id)},
    Discrepancy: {
        "question": Order(Discrepancy.question, Discrepancy.question),
        "changed_at": Order(Discrepancy.changed_at, Discrepancy.id),
        "id": Order(Discrepancy.id, Discrepancy.id),
    },
}
"""What the list of each noun can be sorted by, the usual order first; each has an index of its own."""


def total(rows: Rows) -> int:
    """Count every row."""
    if isinstance(rows, ModelSelect | Rendered):
        return int((rows if isinstance(rows, ModelSelect) else rows.query).count())
    return sum(1 for _ in (rows.rows(None) if isinstance(rows, Worked) else rows))


READ_AT_ONCE = 5_000
"""Rows that a step reads, if not told otherwise: few steps where each has to sort what a filter leaves."""

WORKED_AT_ONCE = 500
"""Rows that a step works out, if not told otherwise."""


def steps(rows: Rows, sort: str | None, after: Position | None, size: int | None = None) -> Iterator[list[Found]]:
    """Yield the rows behind a position, at most `size` at a time; `sort` names an order, with a minus the reverse."""
    if isinstance(rows, ModelSelect):
        yield from _stored(rows, rows.model.representation, sort, after, size or READ_AT_ONCE)
    elif isinstance(rows, Rendered):
        yield from _stored(rows.query, rows.query.model.id, sort, after, size or WORKED_AT_ONCE)
    else:
        worked = rows if isinstance(rows, Worked) else Worked("", lambda _: sorted(rows, key=lambda row: row[0]))
        each = iter(_worked(worked, sort, after))
        while found := list(islice(each, size or WORKED_AT_ONCE)):
            yield found


def texts(rows: Rows, found: Sequence[Found]) -> tuple[str, ...]:
    """Return the representations of rows that were found; of what has gone meanwhile there is none."""
    if isinstance(rows, ModelSelect):
        return tuple(map(SHOWN, found))
    if isinstance(rows, Rendered):
        names = [str(name) for _, _, name in found]
        written = rows.written(names)
        return tuple(written[name] for name in names if name in written)
    return tuple(text if isinstance(text, str) else text() for _, _, text in found)


def _stored(
    query: ModelSelect[Any], shown: Field, sort: str | None, after: Position | None, size: int
) -> Iterator[list[Found]]:
    """Read the rows that have a value, then those without; each part by its index from behind a position."""
    orders = ORDERS[query.model]
    order, backwards = orders[(sort or next(iter(orders))).removeprefix("-")], (sort or "").startswith("-")
    selected = query.select(order.by, order.tie, shown)
    if order.beside is not None:
        selected = selected.join(order.beside.model)
    ties = (order.tie,) if order.beside is None else (order.beside, order.tie)
    columns = ties if order.by is order.tie else (order.by, *ties)
    if not order.nullable:
        yield from _part(selected, columns, backwards, after, size)
        return
    if after is None or after.value is not None:
        yield from _part(selected, columns, backwards, after, size, from_=order.by > NO_TEXT)
        after = None
    yield from _part(selected.where(order.by.is_null()), ties, backwards, after, size)


def _part(
    query: ModelSelect[Any],
    columns: Sequence[Any],
    backwards: bool,
    after: Position | None,
    size: int,
    from_: Any = None,
) -> Iterator[list[Found]]:
    """Read on from behind a position, else from a bound; an index is searched by one of the two alone."""
    query = query.order_by(*(column.desc() if backwards else column.asc() for column in columns)).limit(size)
    while True:
        bound = _behind(columns, backwards, after) if after is not None else from_
        found = list(fetched(query if bound is None else query.where(bound)))
        if found:
            yield found
        if len(found) < size:
            return
        after = Position(*found[-1][:2])


def _behind(columns: Sequence[Any], backwards: bool, position: Position) -> Any:
    """The condition that a row stands behind a position.

    What a list is sorted by is told apart where it is worked out, as SQLite finds only that in its index; a column is
    not, as SQLite would then pass over every row that has the same in it, which after a bulk load is every row.
    """
    by, tie = columns[0], columns[-1]
    if position.value is None or by is tie:
        return tie < position.tie if backwards else tie > position.tie
    row, place = Tuple(by, tie), tuple(position)
    behind = row < place if backwards else row > place
    if isinstance(by, Field):
        return behind
    return behind & (by <= position.value if backwards else by >= position.value)


def _worked(rows: Worked, sort: str | None, after: Position | None) -> Iterable[Found]:
    if sort in (None, rows.key):
        found = rows.rows(after.tie if after is not None else None)
        return ((key, key, text) for key, text in found if after is None or key > after.tie)
    backwards, name = sort.startswith("-"), sort.removeprefix("-")
    every = [(key if name == rows.key else _value(text, name), key, text) for key, text in rows.rows(None)]
    return [row for row in _sorted(every, backwards) if after is None or _stands_behind(row, after, backwards)]


def _value(text: Text, name: str) -> str | None:
    """Read what a representation is sorted by; one that does not have it has no value."""
    value = orjson.loads(text if isinstance(text, str) else text()).get(name)
    return str(value) if value is not None else None


def _sorted(rows: Sequence[Found], backwards: bool) -> list[Found]:
    valued = [row for row in rows if row[0] is not None]
    without = [row for row in rows if row[0] is None]
    return [
        *sorted(valued, key=lambda row: row[:2], reverse=backwards),
        *sorted(without, key=lambda row: row[1], reverse=backwards),
    ]


def _stands_behind(row: Found, position: Position, backwards: bool) -> bool:
    value, tie = row[:2]
    if (value is None) != (position.value is None):
        return value is None
    here, there = (value or "", tie), (position.value or "", position.tie)
    return here < there if backwards else here > there
