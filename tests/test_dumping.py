"""Dumping: the quick way gives what the schema itself gives."""

from typing import Any

import orjson
import pytest
from marshmallow import Schema, fields, post_dump

from api.store.models import Claim, Discrepancy, Document, Event, Finding, Question
from schemas.claims import ClaimSchema
from schemas.discrepancies import DiscrepancySchema
from schemas.documents import DocumentSchema, FindingSchema
from schemas.dumping import dumper
from schemas.events import EventSchema
from schemas.fields import Number, Slug, one_of
from schemas.questions import QuestionSchema
from schemas.vocabulary import Grade

STORED = (
    (Claim, ClaimSchema()),
    (Document, DocumentSchema()),
    (Event, EventSchema()),
    (Question, QuestionSchema()),
    (Discrepancy, DiscrepancySchema()),
    (Finding, FindingSchema()),
)


@pytest.mark.parametrize(("model", "schema"), STORED, ids=lambda given: type(given).__name__)
def test_what_is_stored_is_dumped_as_its_schema_does(client: None, model: Any, schema: Schema) -> None:
    resources = [orjson.loads(row.representation) for row in model.select()]
    assert resources
    assert [dumper(schema)(one) for one in resources] == [schema.dump(one) for one in resources]


class Inner(Schema):
    id = Slug()
    size = Number()


class Odd(Schema):
    name = fields.String(data_key="called")
    other = fields.Integer(attribute="count")
    so = fields.Boolean()
    grade = one_of(Grade)
    inner = fields.Nested(Inner)
    inners = fields.Nested(Inner, many=True)
    listed = fields.List(fields.Nested(Inner))
    words = fields.List(fields.String())


class Hooked(Odd):
    @post_dump
    def shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name.upper(): value for name, value in data.items()}


@pytest.mark.parametrize("schema", [Odd(), Hooked(), Odd(only=("name", "inner.id")), Odd(exclude=("inners",))])
@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"name": 21, "count": "24", "so": "true", "grade": Grade.CONTESTED, "beside": 1},
        {"name": Grade.CONTESTED, "count": None, "so": None, "grade": "contested", "inner": None, "words": None},
        {"inner": {"id": "a", "size": 4.5}, "inners": [{"id": "b"}, {"size": None}], "listed": [], "words": ["a", 2]},
    ],
)
def test_what_is_not_plain_is_left_to_its_field(schema: Schema, resource: dict[str, Any]) -> None:
    dumped = dumper(schema)(resource)
    assert dumped == schema.dump(resource)
    assert orjson.dumps(dumped) == orjson.dumps(schema.dump(resource))
