"""Formats over HTTP: one answer as JSON, as an aligned table, as CSV that no spreadsheet runs."""

import csv
import io
import json

import orjson
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.store.models import Source

BELGOROD = "belgorod-strike-2023-12-30"
PATHS = [
    *("/v1/events", "/v1/claims", "/v1/sources", "/v1/documents", "/v1/properties", "/v1/rules", "/v1/questions"),
    *("/v1/discrepancies", f"/v1/events/{BELGOROD}", f"/v1/questions/{BELGOROD}.deaths", "/v1/properties/deaths"),
    *(f"/v1/events/{BELGOROD}/{noun}" for noun in ("claims", "questions", "discrepancies", "timeline")),
    *("/v1/sources/vyacheslav-gladkov", "/v1/statements/gladkov-belgorod-3", "/v1/documents/002_ec6ad124609acde6"),
    *("/v1/documents/000_d4aeb10cf1ef7939/findings", "/v1/rules/count_grew"),
]
OF_ONE = ["", "/provenance", "/relations", "/revisions"]
TYPES = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("path", PATHS)
def test_every_read_can_be_had_in_every_format_by_parameter_and_by_header(client: FlaskClient, path: str) -> None:
    for name, content_type in TYPES.items():
        asked = client.get(path, query_string={"format": name})
        preferred = client.get(path, headers={"Accept": content_type.split(";")[0]})
        assert asked.status_code == preferred.status_code == 200
        assert asked.content_type == preferred.content_type == content_type
        one, other = (answer.text.partition("\nmore: ")[0] for answer in (asked, preferred))
        assert name == "json" or one == other
        assert "Accept" in asked.headers["Vary"]


def test_a_media_type_may_bring_its_charset(client: FlaskClient) -> None:
    answer = client.get("/v1/rules", headers={"Accept": "text/csv; charset=utf-8"})
    assert (answer.status_code, answer.content_type) == (200, TYPES["csv"])


def test_lines_of_json_are_the_items_of_the_page(client: FlaskClient) -> None:
    items = client.get("/v1/claims?limit=20").json["items"]
    lines = client.get("/v1/claims?limit=20&format=ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == items


def test_a_table_that_is_a_page_names_the_next_one(client: FlaskClient) -> None:
    last = client.get("/v1/claims?limit=2&format=text").text.splitlines()[-1]
    assert last.startswith("more: http://localhost/v1/claims?")


@pytest.mark.parametrize("part", OF_ONE)
@pytest.mark.parametrize("name", ["text", "csv"])
def test_what_belongs_to_a_claim_can_be_had_as_a_table(client: FlaskClient, part: str, name: str) -> None:
    claim = client.get(f"/v1/claims?event={BELGOROD}&property=deaths&limit=1").json["items"][0]
    answer = client.get(f"/v1/claims/{claim['id']}{part}?format={name}")
    assert answer.content_type == TYPES[name]
    assert len(answer.text.splitlines()) >= 2


@pytest.mark.parametrize("name", ["text", "csv"])
def test_the_provenance_of_a_discrepancy_is_a_row_a_claim(client: FlaskClient, name: str) -> None:
    found = client.get(f"/v1/discrepancies?event={BELGOROD}&property=deaths").json["items"][0]
    path = found["links"]["provenance"]
    answer = client.get(f"{path}?format={name}")
    assert len(answer.text.splitlines()) == len(client.get(path).json["items"]) + 1


def test_the_parameter_outranks_the_header(client: FlaskClient) -> None:
    assert client.get("/v1/rules?format=json", headers={"Accept": "text/csv"}).content_type == "application/json"
    assert client.get("/v1/rules?format=csv", headers={"Accept": "image/png"}).status_code == 200


def test_the_header_is_weighed(client: FlaskClient) -> None:
    answer = client.get("/v1/rules", headers={"Accept": "application/json;q=0.2, text/plain;q=0.9"})
    assert answer.content_type == TYPES["text"]


def test_a_failure_is_a_problem_whatever_was_asked_for(client: FlaskClient) -> None:
    answer = client.get("/v1/claims?limit=0&format=csv", headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_a_table_is_aligned_under_its_headings(client: FlaskClient) -> None:
    lines = client.get("/v1/sources?format=text&limit=500").text.splitlines()
    assert lines[0].split() == ["ID", "NAME", "KIND", "PART_OF", "SIDE"]
    begins = lines[0].index("KIND")
    kinds = {"person", "office", "organisation", "outlet", "unnamed"}
    assert all(line[begins:].split()[0] in kinds and line[begins - 2 : begins] == "  " for line in lines[1:])


def test_a_table_holds_one_line_an_item_even_of_texts_with_line_breaks(client: FlaskClient) -> None:
    for path in ("/v1/claims", "/v1/questions", "/v1/documents"):
        page = client.get(path, query_string={"limit": 500})
        answer = client.get(path, query_string={"limit": 500, "format": "text"})
        assert len(answer.text.splitlines()) == len(page.json["items"]) + 1


def test_discrepancies_are_blocks_that_fit_a_terminal(client: FlaskClient) -> None:
    items = client.get("/v1/discrepancies?limit=500").json["items"]
    text = client.get("/v1/discrepancies?limit=500&format=text").text
    blocks = text.rstrip("\n").split("\n\n")
    assert [block.rsplit("/", 1)[1] for block in blocks] == [item["id"] for item in items]
    assert max(map(len, text.splitlines())) <= 80


def test_a_sheet_holds_the_items_of_the_page_under_their_headings(client: FlaskClient) -> None:
    items = client.get("/v1/claims?property=deaths&limit=500").json["items"]
    heading, *found = rows(client.get("/v1/claims?property=deaths&limit=500&format=csv").text)
    assert heading[:4] == ["id", "event", "property", "value"]
    assert [row[0] for row in found] == [item["id"] for item in items]
    assert all(len(row) == len(heading) for row in found)
    exact = heading.index("exact")
    assert [row[exact].lstrip("'") for row in found] == [item["locator"]["exact"].lstrip("'") for item in items]


def test_an_empty_list_is_its_headings(client: FlaskClient) -> None:
    empty = {"q": "nobody-says-this"}
    assert len(rows(client.get("/v1/claims", query_string={**empty, "format": "csv"}).text)) == 1
    assert len(client.get("/v1/claims", query_string={**empty, "format": "text"}).text.splitlines()) == 1


@pytest.fixture
def named(empty: str) -> FlaskClient:
    """A client of a record whose only sources have names a spreadsheet would run or break on."""
    for index, name in enumerate(NAMES):
        fields = {"id": f"s{index}", "name": name, "aliases": [], "kind": "outlet", "part_of": None, "side": None}
        text = orjson.dumps(fields).decode()
        Source.create(
            words="", id=fields["id"], name=name, kind="outlet", recorded_at="2024-02-01", representation=text
        )
    return create_app(Config(database_url=empty)).test_client()


FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x.test","y")',
    "+1",
    "-1+1",
    "- 1",
    "-",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1",
    " =1",
]
NAMES = [*FORMULAS, "plain", 'quoted "word", comma', "two\nlines", "1-1", "a=b", "-1", "-4.5"]


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(named: FlaskClient) -> None:
    cells = [row[1] for row in rows(named.get("/v1/sources?format=csv").text)[1:]]
    assert sorted(cells) == sorted([f"'{name}" if name in FORMULAS else name for name in NAMES])


def test_json_keeps_what_a_sheet_must_defuse(named: FlaskClient) -> None:
    assert sorted(item["name"] for item in named.get("/v1/sources").json["items"]) == sorted(NAMES)


def test_a_table_keeps_control_characters_from_the_terminal(named: FlaskClient) -> None:
    lines = named.get("/v1/sources?format=text").text.split("\n")
    assert len(lines) == len(NAMES) + 2
    assert not any(character in line for line in lines for character in "\t\r")
