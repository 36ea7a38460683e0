"""Tables: the columns of each noun, for a terminal and for a spreadsheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and how a resource fills it."""

    name: str
    read: Callable[[Row], Any]

    def text(self, row: Row) -> str:
        found = self.read(row)
        if found is None:
            return ""
        if isinstance(found, list | dict):
            return orjson.dumps(found).decode()
        return {True: "yes", False: "no"}[found] if isinstance(found, bool) else str(found)


def field(path: str, name: str | None = None) -> Column:
    """A column that shows one field; dots lead inside."""
    steps = path.split(".")

    def read(row: Row) -> Any:
        value: Any = row
        for step in steps:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    return Column(name or steps[-1], read)


def words(value: Row) -> str:
    """Write a value shortly: its own wording, else its term or bounds."""
    if value.get("kind") == "time":
        ends = list(dict.fromkeys(end for end in (value.get("low"), value.get("high")) if end))
        return "–".join(ends)
    if value.get("kind") == "quantity":
        hedge = (value.get("qualifier") or "").replace("_", " ").replace("exact", "")
        amount = value.get("amount")
        if amount is None and value.get("qualifier") == "between":
            return f"{value['low']}–{value['high']}"
        return f"{hedge} {amount if amount is not None else ''}".strip()
    return str(value.get("term") or "").replace("_", " ")


def span(ends: Row) -> str:
    """Write an interval of times; `?` is an unknown end."""
    first, last = ends.get("earliest"), ends.get("latest")
    return str(first or "?") if first == last else f"{first or '?'}–{last or '?'}"


def scope(row: Row) -> str:
    """Write what narrows a value; nothing for the whole event."""
    return ", ".join(str(part) for part in row["scope"].values() if part)


def _values(row: Row) -> str:
    return " | ".join(
        f"{'not ' if given['denied'] else ''}{words(given['value'])} ({given['status']})" for given in row["values"]
    )


def chain(row: Row) -> str:
    """Write an attribution from the document's side to the origin; nothing where the document speaks for itself."""
    return " < ".join(link["source"] for link in row["attribution"])


TABLES: dict[str, tuple[Column, ...]] = {
    "events": (
        field("id"),
        field("title"),
        field("starts"),
        field("counts.claims"),
        field("counts.documents"),
        field("counts.discrepancies"),
        field("counts.conflicts"),
    ),
    "claims": (
        field("id"),
        field("event"),
        field("property"),
        Column("value", lambda row: words(row["value"])),
        Column("scope", scope),
        field("document"),
        Column("attribution", lambda row: chain(row) or "(own voice)"),
        Column("as_of", lambda row: span(row["as_of"])),
        field("locator.exact"),
        field("status"),
    ),
    "sources": (field("id"), field("name"), field("kind"), field("part_of"), field("side")),
    "documents": (
        field("id"),
        field("title"),
        field("publisher"),
        Column("published", lambda row: span(row["published"])),
        Column("findings", lambda row: len(row.get("findings", ()))),
    ),
    "statements": (
        field("id"),
        field("source"),
        field("channel"),
        Column("said_at", lambda row: span(row["said_at"])),
        field("follows"),
        field("note"),
    ),
    "properties": (
        field("id"),
        field("label"),
        field("kind"),
        field("unit"),
        field("accumulates"),
        field("exclusive"),
        field("part_of"),
    ),
    "rules": (
        field("place"),
        field("name"),
        field("kind"),
        field("family"),
        field("examples.for.case", "for"),
        field("examples.against.case", "against"),
        field("sentence"),
    ),
    "questions": (
        field("id"),
        field("assessment.grade"),
        field("conflict"),
        field("summary"),
        field("assessment.sentence"),
    ),
    "discrepancies": (
        field("id"),
        field("event"),
        field("property"),
        Column("scope", scope),
        field("kind"),
        field("conflict"),
        Column("values", _values),
        field("summary"),
        field("assessment.sentence"),
    ),
    "findings": (field("kind"), field("event"), field("property"), field("because")),
    "relations": (field("claim"), field("relation"), field("rule"), field("order"), field("because")),
    "revisions": (field("revision"), field("recorded_at"), Column("value", lambda row: words(row["claim"]["value"]))),
    "discrepancy_revisions": (
        field("revision"),
        field("recorded_at"),
        field("discrepancy.kind", "kind"),
        field("discrepancy.conflict", "conflict"),
        field("changed_because"),
    ),
    "changes": (
        field("sequence"),
        field("at"),
        field("kind"),
        field("change"),
        field("id"),
        field("revision"),
        field("event"),
        field("because"),
    ),
    "provenance": (
        field("claim"),
        Column("value", lambda row: words(row["value"])),
        field("document.id", "document"),
        field("locator.start"),
        field("locator.end"),
        field("locator.exact"),
        Column("attribution", lambda row: " < ".join(link["source"]["name"] for link in row["attribution"])),
        field("statement.id", "statement"),
        field("independence_root"),
    ),
    "timelines": (
        field("question"),
        field("label"),
        Column("value", lambda row: ("not " if row["denied"] else "") + words(row["value"])),
        field("status"),
        Column("said", lambda row: span(row["said"])),
        Column("as_of", lambda row: span(row["as_of"])),
        field("published.first", "first_published"),
        field("published.last", "last_published"),
        Column("documents", lambda row: " ".join(row["documents"])),
        Column("origins", lambda row: " ".join(row["origins"])),
        field("successor", "superseded_by"),
        field("superseded.relation"),
        field("superseded.because"),
        field("superseded.said.earliest", "successor_said_earliest"),
        field("superseded.said.latest", "successor_said_latest"),
        field("superseded.published", "successor_published"),
        Column("late", lambda row: " ".join(row["late"])),
    ),
    "found": (
        field("type"),
        field("id"),
        field("title"),
        field("text"),
        field("event"),
        field("score"),
        field("links.self", "url"),
    ),
    "values": (
        Column("value", lambda row: ("not " if row["denied"] else "") + words(row["value"])),
        field("status"),
        Column("as_of", lambda row: span(row["as_of"])),
        Column("documents", lambda row: " ".join(dict.fromkeys(claim["document"] for claim in row["claims"]))),
        Column("origins", lambda row: " ".join(row["origins"])),
        field("independent_origins"),
    ),
}
"""What each noun shows, most telling column first."""


def table(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Align rows under their headings; nothing is cut, as an id or a value cut short is of no use."""
    cells = [[column.name.upper() for column in columns]]
    for row in rows:
        shown = [" ".join(column.text(row).split()) for column in columns]
        cells.append(shown)
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join(lines) + "\n"
