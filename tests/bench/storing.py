"""Storing: what it takes to put one claim on record with all that follows from it, against nothing but INSERT.

Nothing can be written over HTTP yet, so this goes the way `crosscheck load` goes with a claim, within one process: the
claim and its chain are stored and rendered, its state kept and logged, what it bears on worked out anew, and the index
brought up to date. Both end with a commit that is on disk.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson

from api.intake import loading
from api.intake.checking import SCHEMAS
from api.intake.rows import claim_row
from api.review.upkeep import refresh
from api.store import db as store
from api.store.db import writing
from api.store.models import Claim, Property
from tests.bench.generate import LOADED

STORED = 60
"""Claims that are stored each way."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """Milliseconds that one claim took, the median: with what follows from it, and its row alone."""

    claim: float
    row: float

    @property
    def ratio(self) -> float:
        """How many times as long as its row a claim took."""
        return self.claim / self.row


def stored(file: Path) -> Stored:
    """Store claims in a copy of a record, in turn with rows alone."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "record.db"
        shutil.copyfile(file, copied)
        database = store.bind(f"sqlite:///{copied}")
        try:
            units = {row.id: row.unit for row in Property.select()}
            pairs = [
                (_seconds(lambda one=one: _store(one, units)), _seconds(lambda one=one: _insert(one, units)))
                for one in _claims()
            ]
        finally:
            database.close()
    claims, rows = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    return Stored(claims, rows)


def _claims() -> list[Item]:
    """Return claims like some that are on record, under names of their own."""
    names = [row.id for row in Claim.select(Claim.id).order_by(Claim.id)]
    chosen = Random(1).sample(names, min(STORED, len(names)))  # noqa: S311 — the same for the same seed
    return [_another(orjson.loads(row.representation)) for row in Claim.select().where(Claim.id.in_(chosen))]


def _another(shown: Item) -> Item:
    kept = {name: value for name, value in shown.items() if name not in ("origin", "revision", "recorded_at")}
    given = {name: value for name, value in kept.items() if value is not None}
    value = {name: part for name, part in given["value"].items() if part is not None and name != "unit"}
    if value["kind"] == "quantity" and value["qualifier"] != "between":
        value = {name: part for name, part in value.items() if name not in ("low", "high")}
    if value.get("qualifier") == "dozens":
        value.pop("amount", None)
    item: Item = SCHEMAS["claims"].load({**given, "id": f"{given['id']}-again", "value": value})
    return item


def _store(item: Item, units: dict[str, str | None]) -> None:
    with writing():
        outcome = loading.Outcome()
        loading._put_claims([item], units, LOADED, outcome)
        refresh(outcome.touched, LOADED)
        loading._index_changed(outcome)


def _insert(item: Item, units: dict[str, str | None]) -> None:
    row = {**claim_row(item, units[item["property"]]), "recorded_at": LOADED}
    row |= {"id": f"{row['id']}-alone", "place_in_list": f"{row['place_in_list']}-alone"}
    with writing():
        Claim.insert(row).execute()


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
