"""The bill of materials is CycloneDX's and speaks of nobody's machine."""

import re
import venv
from importlib.metadata import distribution
from pathlib import Path

import orjson
import pytest

from tests.supply.bill import ROOT, NoBill, refuse_invalid, written

INSTALLED = ("Flask", "peewee", "psycopg", "PyYAML", "redis")
FROM_A_FOLDER = INSTALLED[-1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment as pip leaves one: what is asked for from a registry, and one package from a folder."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in INSTALLED:
        found = distribution(name)
        kept = packages / f"{name}-{found.version}.dist-info"
        kept.mkdir()
        (kept / "METADATA").write_text(found.read_text("METADATA") or "", encoding="utf-8")
    (kept / "direct_url.json").write_text(f'{{"url": "file://{ROOT}", "dir_info": {{}}}}', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def bill(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bill of that environment."""
    file = tmp_path_factory.mktemp("bill") / "bill.json"
    assert written(environment, file) == len(INSTALLED)
    return file.read_text(encoding="utf-8")


def test_crosscheck_stands_at_its_head_with_what_it_asks_for(bill: str) -> None:
    made = orjson.loads(bill)
    about = made["metadata"]["component"]
    assert about["name"] == "crosscheck"
    (needed,) = [one["dependsOn"] for one in made["dependencies"] if one["ref"] == about["bom-ref"]]
    names = {one["bom-ref"]: one["name"] for one in made["components"]}
    assert {names[ref] for ref in needed} == set(INSTALLED)


def test_every_component_has_a_version_and_the_name_it_has_everywhere(bill: str) -> None:
    made = orjson.loads(bill)["components"]
    assert all(one["version"] for one in made)
    addresses = [one["purl"] for one in made if one["name"] != FROM_A_FOLDER]
    assert all(re.fullmatch(r"pkg:pypi/[a-z0-9-]+@[0-9.]+", address) for address in addresses)


def test_no_path_of_the_machine_and_no_registry_is_in_it(bill: str, environment: Path) -> None:
    kinds = {item["type"] for one in orjson.loads(bill)["components"] for item in one["externalReferences"]}
    assert "vcs" in kinds
    assert "distribution" not in kinds
    assert "file:" not in bill
    assert str(ROOT) not in bill
    assert str(environment) not in bill


def test_the_same_environment_makes_the_same_bill(bill: str, environment: Path, tmp_path: Path) -> None:
    written(environment, tmp_path / "bill.json")
    assert (tmp_path / "bill.json").read_text(encoding="utf-8") == bill


@pytest.mark.parametrize("text", ['{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": "one"}', "{}"])
def test_what_is_no_bill_is_refused(text: str) -> None:
    with pytest.raises(NoBill):
        refuse_invalid(text)
