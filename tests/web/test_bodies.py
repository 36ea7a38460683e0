"""Bodies over HTTP: what has no one meaning, or none, is refused with its place."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SOUND = '{"property": "deaths", "value": {"kind": "quantity", "qualifier": "exact", "amount": 21}}'


def put(client: FlaskClient, right: str | bytes) -> TestResponse:
    body = (
        b'{"left": ' + SOUND.encode() + b', "right": ' + (right if isinstance(right, bytes) else right.encode()) + b"}"
    )
    return client.post("/v1/compare", data=body, content_type="application/json")


def value(amount: str) -> str:
    return f'{{"property": "deaths", "value": {{"kind": "quantity", "qualifier": "exact", "amount": {amount}}}}}'


TWICE = [
    ('{"property": "deaths", "property": "injured", "value": {}}', "property"),
    (SOUND.replace('"amount": 21', '"amount": 21, "amount": 21'), "amount"),
    (SOUND.replace('"kind": "quantity"', '"kind": "quantity", "ki\\u006ed": "category"'), "kind"),
    (SOUND.replace("21", "1e400").replace('"kind"', '"kind": "quantity", "kind"'), "kind"),
    ('{"a": [[{"b": {"c": 1, "d": 2, "c": 3}}]]}', "c"),
    ('{"' + "x" * 200 + '": 1, "' + "x" * 200 + '": 2}', "x" * 80),
]


@pytest.mark.parametrize(("right", "name"), TWICE)
def test_a_name_given_twice_is_refused_by_name(client: FlaskClient, right: str, name: str) -> None:
    answer = put(client, right)
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-request")
    assert [error["field"] for error in answer.json["errors"]] == [name]
    assert "once" in answer.json["detail"]


def test_the_same_name_in_two_objects_is_no_name_twice(client: FlaskClient) -> None:
    assert put(client, SOUND).status_code == 200


NUMBERS = [
    *("18446744073709551616", "9223372036854775808", "-9223372036854775809", "1" + "0" * 400, "9" * 5_000),
    *("1e400", "-1e400", "1e999999999", "1E+400", "1e-999999999", "1" + "0" * 18 + "1e5"),
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:24])
def test_a_number_that_nobody_counts_is_refused_by_its_field(client: FlaskClient, number: str) -> None:
    answer = put(client, value(number))
    if number == "1e-999999999":
        assert answer.status_code in (200, 422)
        return
    assert answer.status_code == 422, answer.text
    assert {error["field"] for error in answer.json["errors"]} == {"right.value.amount"}


UNREADABLE: dict[str, Any] = {
    "not a number": value("NaN"),
    "infinity": value("Infinity"),
    "a lone surrogate": '{"property": "\\ud800"}',
    "a lone surrogate as a name": '{"\\udfff": 1}',
    "a surrogate in bytes": b'{"property": "\xed\xa0\x80"}',
    "not UTF-8": b'{"property": "\xff"}',
    "a bare NUL": b'{"property": "a\x00b"}',
    "UTF-16": SOUND.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "nested deeply": "[" * 100_000,
    "nested deeply and closed": "[" * 2_000 + "]" * 2_000,
    "objects nested deeply": '{"a":' * 1_020 + "1" + "}" * 1_020,
    "nothing": "",
    "a comma too many": "{},",
}


@pytest.mark.parametrize("right", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_json_is_a_bad_request_that_says_why(client: FlaskClient, right: Any) -> None:
    answer = put(client, right)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), answer.text
    assert answer.json["detail"]


NUL = [
    '{"property": "de\\u0000aths"}',
    SOUND.replace("deaths", "deaths\\u0000"),
    SOUND.replace('"value"', '"event": "a\\u0000", "value"'),
    SOUND.replace('"value"', '"scope": {"population": "a\\u0000"}, "value"'),
    SOUND.replace('"value"', '"attribution": [{"source": "a\\u0000", "role": "reports"}], "value"'),
    SOUND.replace('"amount"', '"unit": "peo\\u0000ple", "amount"'),
    SOUND.replace('"amount"', '"text": "a\\u0000", "amount"'),
    SOUND.replace("21}}", '"2\\u00001"}}'),
    SOUND.replace('"value"', '"a\\u0000": 1, "value"'),
]


@pytest.mark.parametrize("right", NUL)
def test_a_nul_in_a_text_is_refused_by_its_field(client: FlaskClient, right: str) -> None:
    answer = put(client, right)
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid-request"), answer.text
    assert answer.json["errors"]


@pytest.mark.parametrize("name", ["min", "max"])
@pytest.mark.parametrize("text", ["9" * 30, "9223372036854775808", "1e5", "0x10", "1" * 31, "-" + "9" * 30])
def test_a_bound_that_no_record_holds_is_answered_or_refused(client: FlaskClient, name: str, text: str) -> None:
    assert client.get("/v1/claims", query_string={name: text}).status_code in (200, 422)
