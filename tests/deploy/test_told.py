"""docs/deployment.md tells of every file there is, and of none that is not."""

import re

import pytest

from tests.deploy.deployed import DEPLOY, ROOT

TOLD = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
FILES = sorted(
    str(file.relative_to(ROOT)) for file in DEPLOY.rglob("*") if file.is_file() and "secrets" not in file.parts
)


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_told_of(file: str) -> None:
    assert file in TOLD or f"`{file.split('/')[-1]}`" in TOLD


@pytest.mark.parametrize("name", ["deployment.md", "supply-chain.md"])
def test_every_file_that_is_told_of_is_there(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:deploy|requirements|tests|docs)/[\w./-]+\w", text))
    assert named
    assert all((ROOT / one).exists() for one in named)
