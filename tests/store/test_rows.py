"""One row of what is asked all the time: the same as by the longer way, and told like every statement."""

import pytest
from peewee import OperationalError, QueryEvent

from api.store import db as store
from api.store import timing
from api.store.db import db


def test_a_row_is_the_first_that_there_is(empty: str) -> None:
    asked = "SELECT number, changed_at FROM edition"
    assert store.row(asked) == tuple(db.execute_sql(asked).fetchone())
    assert store.row("SELECT id FROM claim WHERE id = 'nowhere'") is None


def test_what_fails_is_told_as_a_failure(empty: str) -> None:
    told: list[QueryEvent] = []
    timing.tell(db.obj, told.append)
    with pytest.raises(OperationalError, match="no such table"):
        store.row("SELECT a FROM nowhere")
    assert told[-1].sql == "SELECT a FROM nowhere"
    assert told[-1].exception is not None
    assert store.row("SELECT 1") == (1,)
    assert told[-1].exception is None
