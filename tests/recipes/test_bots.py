"""The recipes for bots print what they show."""

import sys

import pytest

from tests.conftest import SIGNING_SECRET
from tests.recipes.test_clients import BLOCK, RECIPES, SHOWN_HOST, printed


def test_the_recipe_for_slack_prints_what_it_shows(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SIGNING_SECRET)
    text = (RECIPES / "slack.md").read_text(encoding="utf-8").replace(SHOWN_HOST, server)
    ((language, script, shown),) = BLOCK.findall(text)
    assert printed(language, script, {}) == shown


def test_the_recipe_for_an_assistant_prints_what_it_shows(record: str) -> None:
    command = f'command={sys.executable!r}, args=["-m", "api.cli", "mcp"]'
    text = (RECIPES / "assistant.md").read_text(encoding="utf-8")
    text = text.replace('command="crosscheck", args=["mcp"]', command).replace("sqlite:////data/crosscheck.db", record)
    ((language, script, shown),) = BLOCK.findall(text)
    assert printed(language, script, {}) == shown
