"""Refusals in our own words: whatever field of whatever request is wrong, no library speaks."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema, fields, validate

from schemas.refusals import WORDINGS, worded

FILLED = {
    "min": 1,
    "max": 2,
    "equal": 3,
    "choices": "a, b",
    "other": 4,
    "values": "a",
    "input": "x",
    "obj_type": "date",
}


def defaults() -> set[str]:
    """Every message that marshmallow's fields and validators have of their own."""
    found = {*Schema._default_error_messages.values()}
    for _, kind in inspect.getmembers(fields, inspect.isclass):
        found.update(getattr(kind, "default_error_messages", {}).values())
    return {str(text) for text in found}


def validators_say(field: fields.Field[Any]) -> Iterator[str]:
    """What the validators of a field may say, filled in."""
    for check in field.validators:
        for name in dir(check):
            text = getattr(check, name)
            if name.startswith("message_") and isinstance(text, str) and text.endswith("."):
                yield text.format(**FILLED)
        if isinstance(error := getattr(check, "error", None), str):
            yield error


def request_fields() -> dict[str, fields.Field[Any]]:
    """Every field of every request, by schema and name."""
    found: dict[str, fields.Field[Any]] = {}

    def add(schema: Schema, path: str) -> None:
        for name, field in schema.fields.items():
            inner = field
            while isinstance(inner, fields.List):
                found[f"{path}.{name}[]"] = inner = inner.inner
            found[f"{path}.{name}"] = field
            if isinstance(inner, fields.Nested) and f"{path}.{name}".count(".") < 8:
                add(inner.schema, f"{path}.{name}")

    for schema in every_schema(Schema):
        if schema.__module__.startswith("schemas.") and re.search(r"Query$|Request", schema.__name__):
            add(schema(), schema.__name__)
    return found


def every_schema(kind: type[Schema]) -> Iterator[type[Schema]]:
    for below in kind.__subclasses__():
        yield below
        yield from every_schema(below)


def test_no_field_of_any_request_speaks_in_its_librarys_words(client: FlaskClient) -> None:
    known, everything = defaults(), request_fields()
    assert len(everything) > 50
    for name, field in everything.items():
        said = [str(text) for text in field.error_messages.values()] + list(validators_say(field))
        for text in said:
            if text in known or text.startswith(
                ("Must be", "Length must", "Longer than", "Shorter than", "String does")
            ):
                assert worded(text) != text.removesuffix("."), (name, text)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in WORDINGS])
def test_every_wording_is_for_something_that_marshmallow_says(pattern: str) -> None:
    says = defaults() | {
        str(text.format(**FILLED, min_op=low, max_op=high)).format(**FILLED)
        for _, kind in inspect.getmembers(validate, inspect.isclass)
        for name, text in vars(kind).items()
        if name.startswith(("message_", "default_message")) and isinstance(text, str) and text.endswith(".")
        for low, high in (
            ("greater than or equal to", "less than or equal to"),
            ("greater than", "less than"),
        )
    }
    says |= {"Not a valid date.", "Not a valid datetime.", "Not a valid time."}
    assert any(re.fullmatch(pattern, text) for text in says), pattern


RAW = re.compile(r"\b(Not a valid|Must be|Field may|Missing data|Unknown field|Invalid|Length must|Longer|Shorter)\b")

SENT: list[tuple[str, Any]] = [
    *(
        (f"/v1/claims?{name}={text}", None)
        for name in ("limit", "min", "as_of", "kind", "event", "cursor", "format", "q")
        for text in ("", "x" * 3_000, "-1", "%00", "1e9", "null")
    ),
    *(
        ("/v1/compare", body)
        for body in (
            [],
            {},
            None,
            1,
            {"left": 1},
            {"left": None, "right": []},
            {"left": {"property": 1, "value": 1}},
            {"left": {"property": None, "value": {"kind": 1, "low": "x", "high": [], "amount": {}}}},
            {"left": {"property": {"kind": None, "accumulates": 3, "unit": 5}, "value": None, "attribution": 5}},
            {"left": {"attribution": [1, None, {"source": 4, "role": 5}], "scope": [], "as_of": 3, "said_at": "x"}},
        )
    ),
    *(("/v1/assess", body) for body in ({"claims": 1}, {"claims": []}, {"claims": [1, None]}, {"claims": None}, {})),
]


@pytest.mark.parametrize(("path", "body"), SENT, ids=[f"{path[:40]} {str(body)[:40]}" for path, body in SENT])
def test_no_answer_speaks_in_them_either(client: FlaskClient, path: str, body: Any) -> None:
    answer = client.get(path) if "?" in path else client.post(path, json=body)
    for error in answer.json.get("errors", ()):
        assert not RAW.search(error["expected"]), error
        assert not error["expected"].endswith(".")
