"""Keyset: a page deep in a list is found in an index, however many rows share what the list is sorted by."""

from collections.abc import Iterator, Sequence

import pytest

from api.store import db as store
from api.store.keyset import ORDERS, Position, steps
from api.store.models import Claim, Discrepancy, Event, Property, Question, Resource, Source
from tests.conftest import fill
from tests.databases import Files

SHARED: list[tuple[type[Resource], str, str]] = [
    (Claim, "recorded_at", "2024-02-01T00:00:00+00:00"),
    (Question, "changed_at", "2024-02-01T00:00:00+00:00"),
    (Discrepancy, "changed_at", "2024-02-01T00:00:00+00:00"),
    (Source, "kind", "person"),
    (Property, "kind", "quantity"),
    (Event, "starts", "2023-12-30"),
]
"""Orders in which many rows may stand at one value."""


@pytest.fixture(scope="module")
def files() -> str:
    """A record in a file: how PostgreSQL goes about a query depends on what it has counted in its tables."""
    return Files().shared("record", fill)


@pytest.fixture
def plain(files: str) -> Iterator[None]:
    opened = store.bind(files)
    yield
    opened.close()
    store.unbind()


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("model", "name", "value"), SHARED, ids=[f"{m.__name__} {n}" for m, n, _ in SHARED])
def test_a_page_begins_in_the_index_at_its_row(
    model: type[Resource], name: str, value: str, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    run = store.db.obj.execute_sql

    def noting(sql: str, params: Sequence[object] = (), **options: object) -> object:
        asked.append((sql, tuple(params)))
        return run(sql, params, **options)

    monkeypatch.setattr(store.db.obj, "execute_sql", noting)
    query = model.select(model.id, model.representation)
    next(steps(query, f"{sign}{name}", Position(value, "m"), 2), None)
    plan = " ".join(str(row[3]) for row in run(f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1]).fetchall())
    by, tie = ORDERS[model][name].by.column_name, ORDERS[model][name].tie.column_name
    assert f"({by},{tie}){'<' if sign else '>'}(?,?))" in plan
    assert "TEMP B-TREE" not in plan
