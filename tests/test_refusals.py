"""Refusals: what cannot be is refused by the same check, whether it is put over HTTP or stands in a fixture."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Config
from api.intake.checking import check
from api.intake.loading import load
from api.intake.reading import read
from tests.intake.folders import entry, small, write

FINITE = "must be a finite number"
NUMBER = "expected a number"

QUANTITY = '{"kind": "quantity", "qualifier": "exact", "amount": %s}'
BETWEEN = '{"kind": "quantity", "qualifier": "between", "low": %s, "high": %s}'

IMPOSSIBLE = [
    ("deaths", QUANTITY % "-1", "value.amount", "must not be negative"),
    ("deaths", QUANTITY % "-0.5", "value.amount", "must not be negative"),
    ("deaths", QUANTITY % "1000000000000001", "value.amount", "must be at most 1,000,000,000,000,000"),
    ("deaths", QUANTITY % "1e400", "value.amount", FINITE),
    ("deaths", QUANTITY % "-1e400", "value.amount", FINITE),
    ("deaths", QUANTITY % ("1" + "0" * 400), "value.amount", FINITE),
    ("deaths", QUANTITY % '"NaN"', "value.amount", NUMBER),
    ("deaths", QUANTITY % '"Infinity"', "value.amount", NUMBER),
    ("deaths", QUANTITY % '"many"', "value.amount", NUMBER),
    ("deaths", QUANTITY % "true", "value.amount", NUMBER),
    ("deaths", QUANTITY % "[24]", "value.amount", NUMBER),
    ("deaths", QUANTITY % "null", "value.amount", "is required with the qualifier exact"),
    ("deaths", BETWEEN % (24, 21), "value.low", "must not be larger than high (21)"),
    ("deaths", BETWEEN % (-1, 21), "value.low", "must not be negative"),
    ("deaths", BETWEEN % (1, "1e400"), "value.high", FINITE),
    ("deaths", BETWEEN % (1, '"NaN"'), "value.high", NUMBER),
    ("deaths", BETWEEN % ("null", "null"), "value.low", "is required with the qualifier between"),
    ("deaths", BETWEEN % (1, "null"), "value.high", "is required with the qualifier between"),
    ("deaths", '{"kind": "quantity"}', "value.amount", "is required, or low or high, or a qualifier"),
    ("deaths", '{"kind": "quantity", "text": "some"}', "value.amount", "is required, or low or high, or a qualifier"),
    ("deaths", '{"kind": "quantity", "low": 24, "high": 21}', "value.low", "must not be larger than high (21)"),
    ("deaths", '{"kind": "quantity", "qualifier": "roughly"}', "value.qualifier", "expected one of exact"),
    ("deaths", '{"kind": "quantity", "qualifier": "fewer_than", "amount": 0}', "value.amount", "must be more than 0"),
    ("deaths", QUANTITY[:-1] % 24 + ', "unit": "houses"}', "value.unit", "the property counts people"),
    ("deaths", QUANTITY[:-1] % 24 + ', "high": 30}', "value.high", "is 24 by the qualifier exact"),
    ("deaths", QUANTITY[:-1] % 24 + ', "colour": "red"}', "value.colour", ""),
    ("deaths", '{"kind": "category", "term": "arson"}', "value.kind", "the property takes a quantity"),
    ("deaths", '{"kind": "mood"}', "value.kind", "expected one of quantity"),
    ("deaths", "24", "value", ""),
    ("nothing", QUANTITY % 24, "property", "'nothing'"),
    ("cause", '{"kind": "category", "term": "flood"}', "value.term", "'flood' is not in the property's vocabulary"),
    ("cause", '{"kind": "category"}', "value.term", "is required for a category"),
    ("cause", QUANTITY % 24, "value.kind", "the property takes a category"),
    ("date", '{"kind": "time"}', "value.low", "is required for a time"),
    ("date", '{"kind": "time", "low": "2024-01-02", "high": "2024-01-01"}', "value.low", "lies before earliest"),
    ("date", '{"kind": "time", "low": "yesterday"}', "value.low", "expected a day such as"),
    ("date", '{"kind": "time", "low": "2023-02-30"}', "value.low", "not a date of the calendar"),
    ("arson", '{"kind": "polarity", "term": "maybe"}', "value.term", "expected affirmed, denied, no_comment"),
]
"""A property, a value as JSON and as YAML alike, the field at fault, and what the refusal says."""

AROUND = (
    '"id": "c1", "event": "fire", "document": "one", "attribution": [], "as_of": {"earliest": null, "latest": null}, '
    '"locator": {"start": 0, "end": 3, "exact": "The"}'
)
"""The rest of a claim in a fixture."""

UNREADABLE = [QUANTITY % text for text in ("NaN", "Infinity", "-Infinity", "1e400, NaN", "0x18", "024", "24.")]


@pytest.fixture
def asked(empty: str, tmp_path: Path) -> FlaskClient:
    """A client of a record that has the properties of the small folder."""
    load(write(tmp_path / "small", small()))
    return create_app(Config(database_url=empty)).test_client()


def put(client: FlaskClient, path: str, prop: str, value: str) -> TestResponse:
    """Put a claim beside a sound one, to be compared or assessed."""
    sound = '{"property": "deaths", "value": {"kind": "quantity", "qualifier": "exact", "amount": 1}}'
    claim = f'{{"property": "{prop}", "value": {value}}}'
    body = f'{{"left": {sound}, "right": {claim}}}' if path == "compare" else f'{{"claims": [{sound}, {claim}]}}'
    return client.post(f"/v1/{path}", data=body.encode(), content_type="application/json")


each = pytest.mark.parametrize(
    ("prop", "value", "field", "says"), IMPOSSIBLE, ids=[f"{prop} {value[:60]}" for prop, value, _, _ in IMPOSSIBLE]
)


@each
@pytest.mark.parametrize(("path", "where"), [("compare", "right"), ("assess", "claims.1")])
def test_what_cannot_be_is_refused_over_http(
    asked: FlaskClient, path: str, where: str, prop: str, value: str, field: str, says: str
) -> None:
    answer = put(asked, path, prop, value)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    errors = {error["field"]: error["expected"] for error in answer.json["errors"]}
    assert set(errors) == {f"{where}.{field}"}
    assert says in errors[f"{where}.{field}"]


@each
def test_what_cannot_be_is_refused_in_a_fixture(tmp_path: Path, prop: str, value: str, field: str, says: str) -> None:
    content = small()
    claim = entry(content, "claims", "c1")
    content["claims"].remove(claim)
    folder = write(tmp_path, content)
    told = f'"property": "{prop}", "value": {value}, {AROUND}'
    (folder / "c1.yaml").write_text(f"claims:\n  - {{{told}}}\n", encoding="utf-8")
    entries, unreadable = read(folder)
    assert unreadable == []
    (problem,) = check(entries)[1]
    assert (problem.file, problem.line, problem.field) == ("c1.yaml", 2, f"claims c1: {field}")
    assert says in problem.reason or (says == FINITE and NUMBER in problem.reason)


def test_a_fixture_may_not_hide_a_number_behind_a_tag(tmp_path: Path) -> None:
    folder = write(tmp_path, small())
    record = (folder / "record.yaml").read_text(encoding="utf-8")
    (folder / "record.yaml").write_text(record.replace("amount: 21", f"amount: !!int 1{'0' * 400}"), encoding="utf-8")
    (problem,) = check(read(folder)[0])[1]
    assert (problem.field, problem.reason[:15]) == ("claims c1: value.amount", "must be at most")


@pytest.mark.parametrize("value", UNREADABLE)
@pytest.mark.parametrize("path", ["compare", "assess"])
def test_what_is_no_json_is_refused_as_such(asked: FlaskClient, path: str, value: str) -> None:
    answer = put(asked, path, "deaths", value)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["detail"].startswith("The body is not JSON: ")


@pytest.mark.parametrize(
    "body", [b'{"\\ud800": 1e400}', b'{"a": 1e400, "b": "\xff"}', b'{"a": 1e400, "b": ' + b"[" * 99_999]
)
def test_a_number_too_large_opens_no_door_to_what_is_refused_beside_it(asked: FlaskClient, body: bytes) -> None:
    answer = asked.post("/v1/compare", data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
