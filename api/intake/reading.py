"""Reading fixture files: plain data that remembers the line it came from."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

NOUNS = ("places", "sources", "documents", "properties", "statements", "events", "claims")
"""The lists a fixture file may hold, each noun after those it refers to."""

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; a larger file is not something a curator keeps by hand."""

Field = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a fixture: where, and what was expected."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.field}: {self.reason}"
            if self.field
            else f"{self.file}:{self.line}: {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list with its file, and the lines of the file's fields; its own are those below `at`."""

    noun: str
    data: dict[str, Any]
    file: str
    lines: Mapping[Field, int] = field(compare=False)
    at: Field

    def __reduce__(self) -> tuple[Any, ...]:
        """Have another process make it anew: very many are handed over, and a slot set one by one takes its time."""
        return Entry, (self.noun, self.data, self.file, self.lines, self.at)

    @property
    def line(self) -> int:
        """The line it begins at."""
        return self.lines[self.at]

    def named(self) -> "Entry":
        """Return what problems with it can be told by, without the rest of its data."""
        return replace(self, data={name: self.data[name] for name in ("id",) if name in self.data})

    def problem(self, where: Field, reason: str) -> Problem:
        """Return a problem at the nearest line known for that field."""
        known = (*self.at, *where)
        while known not in self.lines:
            known = known[:-1]
        name = ".".join(str(step) for step in where)
        label = self.data.get("id")
        return Problem(
            self.file, self.lines[known], f"{self.noun} {label}: {name}" if label else f"{self.noun}: {name}", reason
        )


def rank(entry: Entry) -> int:
    """Return the place of an entry's noun, which is after those it refers to."""
    return NOUNS.index(entry.noun)


class Loader(yaml.CSafeLoader):
    """YAML with the types of JSON only: no dates, no octal numbers, no yes and no."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]+$", list("-0123456789")),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def fixture_files(folder: Path) -> list[Path]:
    """Return the fixture files of a folder; those of `cases` have a form of their own and are left out."""
    return sorted(path for path in folder.rglob("*.yaml") if "cases" not in path.relative_to(folder).parts)


def case_files(folder: Path) -> list[Path]:
    """Return the files of cases of a folder."""
    return sorted(path for path in folder.rglob("*.yaml") if "cases" in path.relative_to(folder).parts)


def line_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold an entry a line; `api.intake.lines` reads them."""
    return sorted(folder.rglob("*.ndjson"))


def digest(folder: Path) -> str:
    """Return one digest of all fixture files and cases; one that cannot be read counts by its name alone."""
    total = hashlib.sha256()
    for path in (*fixture_files(folder), *case_files(folder), *line_files(folder)):
        total.update(str(path.relative_to(folder)).encode() + b"\0")
        try:
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        except OSError:
            total.update(b"unreadable")
    return total.hexdigest()


def read(folder: Path) -> tuple[list[Entry], list[Problem]]:
    """Read every file of a folder into entries, noun by noun, and list what cannot be read."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    files = fixture_files(folder)
    if not files and not line_files(folder):
        problems.append(Problem(str(folder), 0, "", "no fixture file (*.yaml or *.ndjson) is in this folder"))
    for path in files:
        name = str(path.relative_to(folder))
        with noting(name, problems):
            entries.extend(_entries(path, name, problems))
    entries.sort(key=rank)
    return entries, problems


@contextmanager
def noting(name: str, problems: list[Problem]) -> Iterator[None]:
    """Make a problem of whatever keeps a file from being read."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problems.append(Problem(name, mark.line + 1 if mark else 1, "", f"not YAML: {error.problem or error.context}"))
    except (UnicodeDecodeError, yaml.YAMLError, OSError) as error:
        problems.append(Problem(name, 1, "", f"cannot be read: {error}"))
    except RecursionError:
        problems.append(Problem(name, 1, "", "is nested too deeply, or refers to itself"))


def mapping(
    path: Path, name: str, lists: Iterable[str], problems: list[Problem]
) -> "tuple[dict[str, Any], Origin] | None":
    """Return a file's content and where it comes from; None for one that is empty or no mapping."""
    root = _composed(path, name, problems)
    if root is None:
        return None
    origin = Origin(name, {}, problems)
    content = _plain(root, (), origin.lines, name, problems)
    if isinstance(content, dict):
        return content, origin
    problems.append(Problem(name, 1, "", f"expected a mapping with {', '.join(lists)}"))
    return None


def _composed(path: Path, name: str, problems: list[Problem]) -> yaml.Node | None:
    """Return the file's tree, or None for one that is empty or too large."""
    if path.stat().st_size > LARGEST_FILE:
        problems.append(Problem(name, 1, "", f"larger than {LARGEST_FILE:,} bytes"))
        return None
    root: yaml.Node | None = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
    return root


def _entries(path: Path, name: str, problems: list[Problem]) -> Iterator[Entry]:
    found = mapping(path, name, NOUNS, problems)
    if found is None:
        return
    content, origin = found
    event = content.pop("event", None)
    if isinstance(event, dict):
        yield Entry("events", event, name, origin.lines, ("event",))
    elif event is not None:
        origin.note(("event",), "expected a mapping")
    for noun, items in content.items():
        if noun not in NOUNS:
            origin.note((noun,), f"unknown; expected {', '.join(NOUNS)} or event")
        elif items is not None and not isinstance(items, list):
            origin.note((noun,), "expected a list")
        else:
            yield from _listed(noun, items or [], event, origin)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where entries come from: the file, the lines of its fields, and where its problems go."""

    file: str
    lines: dict[Field, int]
    problems: list[Problem]

    def note(self, where: Field, reason: str) -> None:
        """Add a problem with one of the file's own fields."""
        self.problems.append(Problem(self.file, self.lines[where], ".".join(map(str, where)), reason))


def _listed(noun: str, items: list[Any], event: Any, origin: Origin) -> Iterator[Entry]:
    """Yield the entries of one list; claims beside an event are claims on it."""
    for index, item in enumerate(items):
        here = (noun, index)
        if not isinstance(item, dict):
            origin.problems.append(Problem(origin.file, origin.lines[here], noun, "expected a mapping"))
            continue
        if noun == "claims" and isinstance(event, dict):
            item.setdefault("event", event.get("id"))
        yield Entry(noun, item, origin.file, origin.lines, here)


def _plain(node: yaml.Node, where: Field, lines: dict[Field, int], name: str, problems: list[Problem]) -> Any:
    """Turn a node into plain data and note the line of every field."""
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                problems.append(Problem(name, key_node.start_mark.line + 1, key, "is given twice"))
            found[key] = _plain(value_node, (*where, key), lines, name, problems)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*where, index), lines, name, problems) for index, item in enumerate(node.value)]
    try:
        return SCALARS.get(node.tag, str)(node.value)
    except ValueError:
        problems.append(Problem(name, node.start_mark.line + 1, "", f"{node.value[:60]!r} is not what its tag says"))
        return None


SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}
"""How a scalar becomes plain data, by its tag; everything else is text."""
