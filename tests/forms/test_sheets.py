"""Sheets: CSV that a spreadsheet opens as it is meant, and runs nothing of."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.forms.sheets import defused, heading, sheet
from api.forms.tables import Column

BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", " \t+"]
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
CELLS = st.one_of(TEXTS, st.builds("{}{}".format, st.sampled_from(BEGINNINGS), TEXTS), st.decimals().map(str))
PLAIN_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def column(index: int) -> Column:
    return Column(f"c{index}", lambda row: row[index])


@given(CELLS)
def test_no_cell_begins_as_a_formula_but_a_number(cell: str) -> None:
    written = defused(cell)
    assert written in (cell, f"'{cell}")
    dangerous = written.lstrip()[:1] in set("=+-@＝＋－＠") or written[:1] in set("\t\r\n")
    assert not dangerous or PLAIN_NUMBER.fullmatch(written)


@given(st.integers(max_value=-1))
def test_a_negative_number_stays_a_number(number: int) -> None:
    assert defused(str(number)) == str(number)


@pytest.mark.parametrize("cell", ["-4.5", "-0", "24", "1-1", "a=b", "x@y.org", "", " ", "'=1", "·-1"])
def test_what_nothing_runs_stays_as_it_is(cell: str) -> None:
    assert defused(cell) == cell


@pytest.mark.parametrize("cell", ["-1+1", "-4.", "--1", "-1e3", "- 1", "-", "-٣", "-1\n", "=1", "+24", "@SUM(1)"])
def test_what_is_no_plain_number_is_written_as_text(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_a_sheet_reads_back_as_it_was_written(rows: list[list[str]]) -> None:
    columns = [column(index) for index in range(3)]
    text = heading(columns) + sheet(columns, rows)
    assert text.encode().decode() == text
    assert text.endswith("\r\n")
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert found == [["c0", "c1", "c2"], *([defused(cell) for cell in row] for row in rows)]


@given(st.lists(st.lists(st.text("ab,\"'=1 \n", max_size=6), min_size=2, max_size=2), max_size=5))
def test_every_line_ends_as_rfc_4180_says(rows: list[list[str]]) -> None:
    text = sheet([column(0), column(1)], rows)
    unquoted = re.sub(r'"[^"]*"', "", text)
    assert unquoted.count("\n") == unquoted.count("\r\n") == len(rows)
