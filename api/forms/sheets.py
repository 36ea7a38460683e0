"""Sheets: rows as CSV that a spreadsheet opens as it is meant (RFC 4180, in UTF-8)."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from api.forms.tables import Column

RUN = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
"""How a cell begins that some spreadsheet runs as a formula, the wide signs of East Asian keyboards among them."""

NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
"""A negative number: it begins with a minus and is nothing to run."""


def heading(columns: Sequence[Column]) -> str:
    """Write the names of the columns."""
    return _written([[column.name for column in columns]])


def sheet(columns: Sequence[Column], rows: Sequence[Any]) -> str:
    """Write rows under their columns."""
    return _written([[defused(column.text(row)) for column in columns] for row in rows])


def defused(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula: an apostrophe makes it text."""
    return f"'{cell}" if RUN.match(cell) and not NUMBER.fullmatch(cell) else cell


def _written(lines: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()
