"""Masks: which fields of an answer are wanted, in the grammar of Google's partial responses.

    mask = field *("," field)      field = path ["(" mask ")"]
    path = name *(("/" / ".") name)      name = "*" / 1*(letter / digit / "_")

Spaces around names and signs mean nothing. A name may also be written in snake_case.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from marshmallow import Schema, fields

Tree: TypeAlias = "dict[str, Tree]"
"""Names with what is wanted inside each; where nothing is named, all of it is."""

Shape: TypeAlias = "Mapping[str, Shape]"
"""The fields that a message has, with those inside each."""

EVERY = "*"
DEEPEST = 20
"""Levels of a mask; no message has as many."""

_TOKEN = re.compile(r"\s*(?:(?P<name>\*|\w+)|(?P<sign>[,/.()]))\s*", re.ASCII)


class MaskError(ValueError):
    """A mask that cannot be read, or names a field that there is not."""


def shape_of(schema: Schema) -> Shape:
    """Return the fields of a schema under the names they are served by."""
    return {field.data_key or name: _inside(field) for name, field in schema.fields.items()}


def _inside(field: Any) -> Shape:
    inner = field.inner if isinstance(field, fields.List) else field
    return shape_of(inner.schema) if isinstance(inner, fields.Nested) else {}


def mask(text: str, shape: Shape) -> Tree:
    """Read a mask against the fields there are.

    Raises MaskError, saying what cannot be read or which path leads nowhere.
    """
    return _expanded(_Reader(text).tree(), shape, ())


def masked(content: Any, wanted: Tree) -> Any:
    """Return what a mask leaves of an answer, each item of a list by itself."""
    if not wanted:
        return content
    if isinstance(content, list):
        return [masked(item, wanted) for item in content]
    return {name: masked(content[name], inner) for name, inner in wanted.items() if name in content}


class _Reader:
    """Reads a mask from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text.strip()), ""]
        self._at = 0

    def tree(self) -> Tree:
        found = self._mask(DEEPEST)
        if self._here:
            raise self._unexpected("a comma or the end")
        return found

    @property
    def _here(self) -> str:
        return self._tokens[self._at]

    def _unexpected(self, expected: str) -> MaskError:
        before = "".join(self._tokens[: self._at])
        return MaskError(
            f"Expected {expected} after '{before}', found {repr(self._here) if self._here else 'the end'}."
        )

    def _take(self, signs: str) -> bool:
        """Step over one of these signs, if one is here."""
        if not self._here or self._here not in signs:
            return False
        self._at += 1
        return True

    def _mask(self, left: int) -> Tree:
        found: Tree = {}
        while True:
            _merge(found, self._field(left))
            if not self._take(","):
                return found

    def _field(self, left: int) -> Tree:
        if not left:
            raise MaskError(f"A mask has at most {DEEPEST} levels.")
        if not self._here or self._here in ",/.()":
            raise self._unexpected("a field")
        name = self._here
        self._at += 1
        if self._take("/."):
            return {name: self._field(left - 1)}
        if not self._take("("):
            return {name: {}}
        inner = self._mask(left - 1)
        if not self._take(")"):
            raise self._unexpected("a closing bracket")
        return {name: inner}


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise MaskError(f"Unexpected character {text[at : at + 10].strip()[:1]!r}.")
        yield found["name"] or found["sign"]
        at = found.end()


def _merge(into: Tree, other: Tree) -> None:
    """Join two masks: what either wants; all of a field outweighs a part of it."""
    for name, inner in other.items():
        if name not in into:
            into[name] = inner
        elif not (into[name] and inner):
            into[name] = {}
        else:
            _merge(into[name], inner)


def _expanded(wanted: Tree, shape: Shape, path: tuple[str, ...]) -> Tree:
    """Resolve `*` and snake_case to the names of fields; `*` leaves out those with nothing of what is named inside."""
    found: Tree = {}
    for name, inner in wanted.items():
        nowhere = MaskError(f"Cannot find matching fields for path '{'.'.join((*path, name, *list(inner)[:1]))}'.")
        matched = False
        for known in _meant(name, shape):
            if inner and not shape[known]:
                continue
            try:
                _merge(found, {known: _expanded(inner, shape[known], (*path, name))})
                matched = True
            except MaskError as error:
                nowhere = error
        if not matched:
            raise nowhere
    return found


def _meant(name: str, shape: Shape) -> list[str]:
    if name == EVERY:
        return list(shape)
    known = name if name in shape else re.sub(r"_([a-z])", lambda letter: letter[1].upper(), name)
    return [known] if known in shape else []
