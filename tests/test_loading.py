"""Loading: the quick way loads what the schema itself loads, and refuses what that refuses in its words."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from api.intake.checking import SCHEMAS
from api.intake.reading import Entry, read
from schemas.fields import Flag, Moment, Number, Slug, one_of
from schemas.loading import LONGEST_TEXT, loader
from schemas.vocabulary import Grade
from tests.conftest import FIXTURES


@cache
def entries() -> list[Entry]:
    """The entries of the record."""
    return read(FIXTURES)[0]


WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**16,
    1.5,
    float("inf"),
    "",
    "No Slug",
    "x" * 200,
    [],
    [None],
    {},
    {"x": 1},
)
"""What stands in place of anything else; for some of it it will do."""


def outcome(load: Any, given: Any) -> tuple[Any, Any]:
    """What is loaded, with the types of all that is in it, or what is said against it."""
    try:
        loaded = load(given)
    except ValidationError as error:
        return "refused", error.messages
    return repr(loaded), loaded


@pytest.mark.parametrize("noun", SCHEMAS)
def test_entries_of_the_record_are_loaded_as_their_schema_does(noun: str) -> None:
    given = [entry.data for entry in entries() if entry.noun == noun]
    assert given
    for data in given:
        before = deepcopy(data)
        assert outcome(loader(SCHEMAS[noun]), data) == outcome(SCHEMAS[noun].load, data)
        assert data == before


def altered(data: Any) -> Iterator[Any]:
    """Yield what is nearly the same: one thing in it something else, left out, or one more."""
    yield from WRONG
    if isinstance(data, dict):
        yield {**data, "more": 1}
        for key, value in data.items():
            yield {name: value for name, value in data.items() if name != key}
            yield from ({**data, key: other} for other in altered(value))
    elif isinstance(data, list):
        yield from (
            [*data[:index], other, *data[index + 1 :]] for index in range(len(data)) for other in altered(data[index])
        )


@pytest.mark.parametrize("noun", SCHEMAS)
def test_whatever_stands_in_an_entry_is_loaded_or_refused_as_its_schema_does(noun: str) -> None:
    fullest = max((entry.data for entry in entries() if entry.noun == noun), key=lambda data: len(repr(data)))
    found = set()
    for data in altered(fullest):
        expected = outcome(SCHEMAS[noun].load, data)
        assert outcome(loader(SCHEMAS[noun]), data) == expected
        found.add(expected[0] == "refused")
    assert found == {True, False}


class Inner(Schema):
    id = Slug(required=True)
    size = Number(load_default=1)


class Odd(Schema):
    name = fields.String(data_key="called", required=True)
    other = fields.Integer(attribute="count", validate=validate.Range(max=9))
    so = Flag(load_default=False)
    grade = one_of(Grade, allow_none=True, load_default=None)
    at = Moment(load_default=None, allow_none=True)
    inner = fields.Nested(Inner)
    loose = fields.Nested(Inner, unknown=EXCLUDE)
    inners = fields.Nested(Inner, many=True)
    listed = fields.List(fields.Nested(Inner), validate=validate.Length(max=1), load_default=list)
    seen = fields.String(dump_only=True)


class Hooked(Odd):
    @post_load
    def shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name.upper(): value for name, value in data.items()}


class Held(Odd):
    @validates_schema
    def hold(self, data: dict[str, Any], **_: Any) -> None:
        if data["name"] == "nobody":
            raise ValidationError("nobody is called so")


class Loose(Odd):
    class Meta:
        unknown = EXCLUDE


class Around(Schema):
    held = fields.Nested(Held, allow_none=True)


@pytest.mark.parametrize(
    "schema", [Odd(), Hooked(), Held(), Loose(), Odd(partial=True), Odd(only=("name", "inner.id"))]
)
@pytest.mark.parametrize(
    "given",
    [
        {"called": "x"},
        {"called": "x" * (LONGEST_TEXT + 1), "count": 3},
        {"called": "nobody", "other": 3},
        {"other": "4"},
        {"called": "x", "other": 10},
        {"called": "x", "at": "2024-01", "grade": "confirmed"},
        {"called": "x", "at": "yesterday"},
        {"called": "x", "grade": "confirmed", "so": 1},
        {"called": "x", "inner": {"id": "a"}, "inners": [{"id": "b", "size": 2}], "listed": [{"id": "c"}]},
        {"called": "x", "inner": {"id": "a", "more": 1}},
        {"called": "x", "loose": {"id": "a", "more": 1}},
        {"called": "x", "listed": [{"id": "c"}, {"id": "d"}]},
        {"called": "x", "seen": "y"},
        {"called": "x", 1: "y"},
    ],
)
def test_odd_schemas_load_what_they_are_given(schema: Schema, given: Any) -> None:
    assert outcome(loader(schema), given) == outcome(schema.load, given)


@pytest.mark.parametrize("given", [{"held": None}, {"held": {"called": "x"}}, {"held": {"called": "nobody"}}, {}])
def test_a_schema_that_checks_itself_does_so_within_another(given: Any) -> None:
    assert outcome(loader(Around()), given) == outcome(Around().load, given)


def test_what_is_left_out_is_made_for_each() -> None:
    load = loader(Odd())
    assert load({"called": "x"})["listed"] is not load({"called": "x"})["listed"]
