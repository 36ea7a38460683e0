"""What one claim costs is measured on the way that `crosscheck load` goes, and changes nothing."""

from pathlib import Path

import pytest

from api.store import db as store
from tests.bench import storing
from tests.bench.generate import generate


def test_claims_are_stored_in_a_copy_with_all_that_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "record.db"
    database = store.bind(f"sqlite:///{file}", create=True)
    store.migrate(database)
    generate(300)
    database.close()
    monkeypatch.setattr(storing, "STORED", 3)
    before = file.read_bytes()
    assert storing.stored(file).ratio > 0
    assert file.read_bytes() == before
