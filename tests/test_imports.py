"""Imports point down only, and the engine is plain Python."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(path.relative_to(ROOT) for top in ("api", "schemas") for path in (ROOT / top).rglob("__init__.py"))


def python(code: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of Python in an interpreter of its own."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — a command of our own


def test_the_contracts_on_imports_are_kept() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    result = python(code)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(
    "module",
    ["api.engine.assess", "api.engine.relate", "api.engine.findings", "api.engine.plausibility", "schemas.vocabulary"],
)
def test_the_engine_loads_no_framework(module: str) -> None:
    result = python(f"import {module}, sys; print(*sorted({{name.split('.')[0] for name in sys.modules}}))")
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.split())
    assert "schemas" in loaded
    assert loaded.isdisjoint({"flask", "peewee", "playhouse", "marshmallow", "werkzeug", "webargs"})


def test_the_store_loads_no_http() -> None:
    result = python("import api.store.queries, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))")
    assert result.returncode == 0, result.stderr
    assert set(result.stdout.split()).isdisjoint({"flask", "werkzeug", "flask_smorest"})


def test_the_service_starts_without_what_few_ask_for() -> None:
    result = python("import api.app, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))")
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.split())
    assert "flask" in loaded
    assert loaded.isdisjoint({"prov", "feedgen", "lxml", "mcp", "networkx"})


@pytest.mark.parametrize("path", PACKAGES, ids=str)
def test_a_package_file_holds_its_docstring_and_nothing_else(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1
