"""Sparse: the fields of an item that were asked for, and no others."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from api.forms.tables import Column

Tree: TypeAlias = "dict[str, Tree]"
"""Names of fields, each with those wanted within it; none is all."""


def tree(names: Iterable[str]) -> Tree:
    """Gather dotted names by what they lie within; a field that is wanted whole is whole."""
    wanted: Tree = {}
    for name in sorted(names, key=lambda name: name.count(".")):
        _grow(wanted, name.split("."))
    return wanted


def _grow(wanted: Tree, steps: list[str]) -> None:
    for depth, step in enumerate(steps):
        known = step in wanted
        inner = wanted.setdefault(step, {})
        if known and not inner:
            return
        if depth < len(steps) - 1:
            wanted = inner


def picked(content: Any, wanted: Tree) -> Any:
    """Return what is wanted of a content; of a list, of each of its items."""
    if not wanted or content is None:
        return content
    if isinstance(content, list):
        return [picked(item, wanted) for item in content]
    return {name: picked(value, wanted[name]) for name, value in content.items() if name in wanted}


def column(name: str) -> Column:
    """A column that shows one field by its dotted name."""
    return Column(name, lambda row: reached(row, name.split(".")))


def reached(content: Any, steps: list[str]) -> Any:
    """Return what stands at the end of a path; through lists, a list of what stands at each end."""
    if not steps or content is None:
        return content
    if isinstance(content, list):
        return [reached(item, steps) for item in content]
    return reached(content.get(steps[0]), steps[1:]) if isinstance(content, Mapping) else None
