"""Exporting: what is written out loads into the same record."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from api.intake.exporting import export
from api.intake.loading import load
from api.store import db as store
from api.store.models import MODELS, Claim, Resource
from schemas.vocabulary import ClaimStatus
from tests.intake.folders import Content, entry, small, without, write


def move_to(url: str) -> None:
    """Bind the models to a new empty database."""
    store.migrate(store.bind(url, create=True))


def standing() -> dict[str, Content]:
    """Return every resource that stands, less when and how often it was recorded."""
    shown: dict[str, Content] = {}
    for model in MODELS:
        if not issubclass(model, Resource):
            continue
        for row in model.select():
            if model is Claim and row.status == ClaimStatus.RETRACTED:
                continue
            fields = orjson.loads(row.representation)
            for name in ("recorded_at", "changed_at", "revision"):
                fields.pop(name, None)
            shown[f"{model.__name__} {row.id}"] = fields
    return shown


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.yaml")}


def varied() -> Content:
    """Return the small folder with every kind of value, text that looks like something else, and a scope."""
    content = small()
    entry(content, "claims", "c1")["value"] = {"kind": "quantity", "qualifier": "between", "low": 20, "high": 22}
    entry(content, "claims", "c2")["value"].update(qualifier="about", amount=108.5)
    entry(content, "claims", "c3").update(scope={"place": "mill", "population": "yes", "period": "2023-12-30/.."})
    entry(content, "claims", "c4")["value"] = {"kind": "quantity", "qualifier": "dozens", "text": "null"}
    entry(content, "claims", "c5")["value"] = {"kind": "time", "low": "2023", "high": "2023-12-30T09:00:00+03:00"}
    entry(content, "claims", "c6").update(stance="denies", status="corrected", note="1e3: “quoted” # not a comment")
    entry(content, "documents", "three").update(title="007", url="https://example.org/a", language="no")
    return content


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("content", [small(), varied()], ids=["small", "varied"])
def test_an_export_loads_into_the_same_record(tmp_path: Path, fresh: Callable[[], str], content: Content) -> None:
    load(write(tmp_path / "fixtures", content))
    before = standing()
    written = export(tmp_path / "export")
    move_to(fresh())
    load(tmp_path / "export")
    assert standing() == before
    assert written == sum(len(entries) for entries in content.values())


@pytest.mark.usefixtures("empty")
def test_an_export_of_an_export_is_the_same_byte_for_byte(tmp_path: Path, fresh: Callable[[], str]) -> None:
    load(write(tmp_path / "fixtures", varied()))
    export(tmp_path / "first")
    move_to(fresh())
    load(tmp_path / "first")
    export(tmp_path / "second")
    assert files(tmp_path / "second") == files(tmp_path / "first")


@pytest.mark.usefixtures("empty")
def test_retracted_claims_stay_behind(tmp_path: Path, fresh: Callable[[], str]) -> None:
    load(write(tmp_path / "fixtures", small()))
    load(write(tmp_path / "fixtures", without(small(), "claims", "c2")))
    export(tmp_path / "export")
    move_to(fresh())
    load(tmp_path / "export")
    assert [claim.id for claim in Claim.select().order_by(Claim.id)] == ["c1", "c3", "c4", "c5", "c6", "c7"]


@pytest.mark.usefixtures("empty")
def test_a_record_is_unchanged_by_loading_its_own_export(tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()))
    export(tmp_path / "export")
    outcome = load(tmp_path / "export")
    assert (outcome.added, outcome.changed, outcome.retracted) == (0, 0, 0)


def test_the_projects_own_record_survives_its_export(record: str, tmp_path: Path, fresh: Callable[[], str]) -> None:
    store.bind(record, create=True)
    before = standing()
    export(tmp_path / "export")
    move_to(fresh())
    load(tmp_path / "export")
    assert standing() == before
