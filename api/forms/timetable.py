"""Timetable: timelines in lines of figures, for a terminal of 80 columns and for a spreadsheet."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.engine.wording import MONTHS, period
from api.forms.tables import words
from schemas.moments import parse_span

WIDTH = 80
WIDEST_VALUE = 28
UNKNOWN = "?"
OWN_VOICE = "(own voice)"
HEADINGS = ("VALUE", "STATUS", "SAID", "OUT BY")

GONE = {"updates": "replaced by", "corrects": "corrected to"}
"""How each succession is worded."""

Fields = Mapping[str, Any]


def entries(timelines: Sequence[Fields]) -> list[Fields]:
    """Return a row an entry, with its question and the value that took its place."""
    return [
        {"question": timeline["question"], "label": timeline["label"], **entry, "successor": successor(entry, timeline)}
        for timeline in timelines
        for entry in timeline["entries"]
    ]


def timetable(timelines: Sequence[Fields]) -> str:
    """Write each question with a line a value; under each, when it held, whose word it is and what followed."""
    cells = {id(entry): _cells(entry, timeline) for timeline in timelines for entry in timeline["entries"]}
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells.values(), strict=True)]
    widths[0] = min(widths[0], WIDEST_VALUE)
    lines = [_aligned(HEADINGS, widths)]
    for timeline in timelines:
        lines += ["", *_heading(timeline)]
        for entry in timeline["entries"]:
            lines += [*_row(cells[id(entry)], widths), *_notes(entry, timeline)]
        if not timeline["entries"]:
            lines.append("  nobody gives a value")
    return "\n".join(lines) + "\n"


def value_of(entry: Fields) -> str:
    """Write the value of an entry."""
    return ("not " if entry["denied"] else "") + words(entry["value"])


def successor(entry: Fields, timeline: Fields) -> str | None:
    """Write the value that took the place of an entry's."""
    gone = entry["superseded"]
    return value_of(timeline["entries"][gone["by"]]) if gone is not None else None


def dates(span: Fields) -> str:
    """Write an interval of times shortly: 30–31 Dec 2023."""
    if span["earliest"] is None and span["latest"] is None:
        return UNKNOWN
    written = period(parse_span(span["earliest"], span["latest"])).replace(" to ", "–")
    for month in MONTHS:
        written = written.replace(month, month[:3])
    return written


def day(moment: str | None) -> str:
    """Write a moment shortly: 31 Dec 2023."""
    return dates({"earliest": moment, "latest": moment})


def _cells(entry: Fields, timeline: Fields) -> tuple[str, ...]:
    elsewhere = (entry["property"], entry["scope"]) != (timeline["property"], timeline["scope"])
    value = f"{value_of(entry)} ({entry['property']})" if elsewhere else value_of(entry)
    return value, entry["status"], dates(entry["said"]), day(entry["published"]["first"])


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"  {'  '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))}".rstrip()


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    value, *others = cells
    if len(value) <= widths[0]:
        return [_aligned(cells, widths)]
    return [f"  {value}", _aligned(["", *others], widths)]


def _heading(timeline: Fields) -> list[str]:
    named = [timeline["label"], *(["CONFLICT"] if timeline["conflict"] else []), timeline["question"]]
    return textwrap.wrap(" · ".join(named), WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _notes(entry: Fields, timeline: Fields) -> Iterator[str]:
    count, origins = len(entry["documents"]), ", ".join(entry["origins"]) or OWN_VOICE
    printed = "1 document" if count == 1 else f"{count} documents"
    yield from _indented(f"held {dates(entry['as_of'])} · {printed} · {origins}")
    gone = entry["superseded"]
    if gone is not None:
        yield from _indented(f"→ {GONE[gone['relation']]} {successor(entry, timeline)}: {_when(gone)}")
    if entry["late"]:
        yield from _indented(f"still printed after that: {', '.join(entry['late'])}")


def _when(gone: Fields) -> str:
    said, out = dates(gone["said"]), day(gone["published"])
    return ", ".join(
        (
            f"said {said}" if said != UNKNOWN else "said at an unknown time",
            f"out by {out}" if out != UNKNOWN else "published at an unknown time",
        )
    )


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)
