"""Lines: fixture files with an entry a line, as JSON, for what is too much for YAML and is kept by no hand.

What a file holds is told by its name up to a point or a hyphen: `claims.ndjson`, `claims-0001.ndjson`. Entries are read
one by one, as they are asked for; none but what is made of them is kept.
"""

import json
import re
from collections.abc import Callable, Iterator, Set
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from api.intake.beside import made_beside
from api.intake.checking import SCHEMAS, Loaded, load_entries
from api.intake.reading import NOUNS, Entry, Field, Problem, line_files, noting
from api.store.bulk import portions

LONGEST_LINE = 1 << 20
"""Bytes; more than any entry has, and little enough to be taken into memory whatever it is."""

MANY = 4 << 20
"""Bytes of all files, of which reading takes as long as it takes to start a process."""

AT_ONCE = 1_000
"""Entries that are handed over together."""

OWN = re.compile(r"[^-.]*")
"""What of a file's name says what it holds."""

SPACED = re.compile(rb'"\s+:')
"""What may part a key from its colon."""

AT: Field = ()


def load_lines(folder: Path, problems: list[Problem]) -> Iterator[Loaded]:
    """Yield the entries of every file as their schemas load them, noun by noun; what is wrong is noted on the way.

    Many are read and loaded by a process of their own, while this one goes on with those that are.
    """
    if sum(path.stat().st_size for path in line_files(folder)) < MANY:
        yield from load_entries(read_lines(folder, problems), problems)
        return
    for loaded, found in made_beside(loaded_lines, folder):
        problems.extend(found)
        yield from loaded


def loaded_lines(folder: Path) -> Iterator[tuple[list[Loaded], list[Problem]]]:
    """Yield portions of the entries of every file, each with what was found wrong on the way to its end."""
    problems: list[Problem] = []
    for portion in portions(load_entries(read_lines(folder, problems), problems), AT_ONCE):
        yield portion, problems[:]
        problems.clear()
    yield [], problems


def read_lines(folder: Path, problems: list[Problem]) -> Iterator[Entry]:
    """Yield the entries of every file, noun by noun, and note what cannot be read as it is come to."""
    held: dict[str, list[Path]] = {noun: [] for noun in NOUNS}
    for path in line_files(folder):
        name, noun = str(path.relative_to(folder)), _noun(path)
        if noun in held:
            held[noun].append(path)
        else:
            problems.append(Problem(name, 0, "", f"its name says not what it holds; expected {', '.join(NOUNS)}"))
    for noun, paths in held.items():
        for path in paths:
            name = str(path.relative_to(folder))
            with noting(name, problems):
                yield from _entries(path, name, noun, problems)


def _noun(path: Path) -> str:
    found = OWN.match(path.name)
    return found[0] if found else ""


def _entries(path: Path, name: str, noun: str, problems: list[Problem]) -> Iterator[Entry]:
    schema = SCHEMAS[noun]
    worked_out = schema.dump_fields.keys() - schema.load_fields.keys()
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                problems.append(Problem(name, number, "", f"longer than {LONGEST_LINE:,} bytes"))
                return
            if not line.isspace():
                data = _data(line, partial(Problem, name, number), problems)
                if data is not None:
                    yield Entry(noun, _without(data, worked_out), name, {AT: number}, AT)


def _without(data: dict[str, Any], names: Set[str]) -> dict[str, Any]:
    """Leave out what the record works out by itself, which stands in what the API gives."""
    return data if names.isdisjoint(data) else {name: value for name, value in data.items() if name not in names}


def _data(line: bytes, at: Callable[[str, str], Problem], problems: list[Problem]) -> dict[str, Any] | None:
    """Return what a line holds, or None where it is no object, which is noted."""
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        problems.append(at("", f"not JSON: {error.msg}"))
        return None
    if not isinstance(data, dict):
        problems.append(at("", "expected an object"))
        return None
    if SPACED.search(line) or line.count(b'":') != _keys(data):
        problems.extend(at(key, "is given twice") for key in _twice(line))
    return data


def _keys(data: Any) -> int:
    """Count the keys in it; as many are followed by a colon where none is given twice."""
    if isinstance(data, dict):
        return len(data) + sum(_keys(value) for value in data.values() if isinstance(value, dict | list))
    return sum(_keys(value) for value in data if isinstance(value, dict | list))


def _twice(line: bytes) -> list[str]:
    """Return the keys that are given twice in one object."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                found.append(key)
            seen.add(key)

    json.loads(line, object_pairs_hook=look)
    return found
