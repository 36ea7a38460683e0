"""Recipes do what they say: each is run against a running server, and prints what it shows."""

import contextlib
import csv
import io
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
SHOWN_HOST = "http://127.0.0.1:8000"

BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```\n\n```(?:text|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""A script, and what it prints."""


RUN = [
    "curl",
    "feed-reader",
    "google-fact-check-client",
    "linked-data",
    "mirror",
    "openrefine",
    "pandas",
    "spreadsheet",
]

FORMULA = re.compile(r'^=IMPORTDATA\("(.*)"\)$', re.MULTILINE)


@pytest.mark.parametrize("name", RUN)
def test_a_recipe_prints_what_it_shows(server: str, name: str) -> None:
    text = (RECIPES / f"{name}.md").read_text(encoding="utf-8").replace(SHOWN_HOST, server)
    kept: dict[str, object] = {}
    steps = BLOCK.findall(text)
    assert len(steps) == text.count("```python\n") + text.count("```sh\n")
    for language, script, shown in steps:
        assert printed(language, script, kept) == shown, script


def test_every_formula_of_a_sheet_finds_rows(server: str) -> None:
    text = (RECIPES / "spreadsheet.md").read_text(encoding="utf-8").replace(SHOWN_HOST, server)
    addresses = FORMULA.findall(text)
    assert len(addresses) == text.count("=IMPORTDATA")
    for address in addresses:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 — an address of the server under test
            assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert len(list(csv.reader(io.TextIOWrapper(answer, encoding="utf-8", newline="")))) > 1


def printed(language: str, script: str, kept: dict[str, object]) -> str:
    """Run one step; the steps in Python of a recipe go on from each other."""
    if language == "sh":
        return subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607 — a recipe is run as it is shown, by whichever sh there is
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(script, "recipe", "exec"), kept)  # noqa: S102 — a recipe is run as it is shown
    return output.getvalue()
