"""Deprecation: marked once, it is in the description and on every answer that came by it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient
from marshmallow import Schema, fields

from api.description.describing import CrosscheckApi
from api.routes.contract import Noun
from api.store import db as store
from schemas.deprecation import Deprecation

SINCE = Deprecation(since=date(2026, 1, 1), instead="`new`")
ENDING = Deprecation(since=date(2026, 3, 1), instead="`other`", sunset=date(2027, 3, 1))
PROMISE = '</docs/>; rel="deprecation"; type="text/html"'


class InnerSchema(Schema):
    old = fields.String(metadata=ENDING.metadata)


class WithinSchema(Schema):
    inner = fields.List(fields.Nested(InnerSchema))


class PlainSchema(Schema):
    name = fields.String()


class PlainQuery(Schema):
    new = fields.String(load_default=None)
    old = fields.String(load_default=None, metadata=SINCE.metadata)


@pytest.fixture
def client(empty: str) -> Iterator[FlaskClient]:
    noun = Noun("things", __name__, url_prefix="/v1/things", description="Things.")

    @noun.reads("", PlainQuery, PlainSchema)
    def list_things(args: Any) -> Any:
        """List things."""
        return jsonify(name="a")

    @noun.reads("/old", PlainQuery, PlainSchema)
    @noun.deprecated(ENDING)
    def get_old_thing(args: Any) -> Any:
        """Get the old thing."""
        return jsonify(name="a")

    @noun.reads("/within", Schema, WithinSchema)
    def get_thing(args: Any) -> Any:
        """Get a thing."""
        answer = jsonify(inner=[{"old": "a"}])
        answer.headers["Link"] = '</>; rel="up"'
        return answer

    app = Flask(__name__)
    app.config.update(API_TITLE="Things", API_VERSION="v1", OPENAPI_VERSION="3.1.0", SECRET_KEY="a key of this test")  # noqa: S106 — known to this test alone
    app.config.update(OPENAPI_URL_PREFIX="/", OPENAPI_JSON_PATH="openapi.json")
    CrosscheckApi(app).register_blueprint(noun)
    yield app.test_client()
    store.db.close()


def announced(client: FlaskClient, path: str) -> tuple[str | None, str | None, str | None]:
    headers = client.get(path).headers
    return headers.get("Deprecation"), headers.get("Sunset"), headers.get("Link")


def test_an_operation_announces_it_with_every_answer(client: FlaskClient) -> None:
    assert announced(client, "/v1/things/old") == ("@1772323200", "Mon, 01 Mar 2027 00:00:00 GMT", PROMISE)


def test_a_parameter_announces_it_where_it_is_given(client: FlaskClient) -> None:
    assert announced(client, "/v1/things?old=a") == ("@1767225600", None, PROMISE)
    assert announced(client, "/v1/things?new=a") == (None, None, None)


def test_a_field_announces_it_wherever_it_lies_and_other_links_stay(client: FlaskClient) -> None:
    announcement = announced(client, "/v1/things/within")
    assert announcement == ("@1772323200", "Mon, 01 Mar 2027 00:00:00 GMT", f'</>; rel="up", {PROMISE}')


def test_of_several_the_earliest_moments_are_told(client: FlaskClient) -> None:
    assert announced(client, "/v1/things/old?old=a") == ("@1767225600", "Mon, 01 Mar 2027 00:00:00 GMT", PROMISE)


def test_the_description_marks_each_with_what_takes_its_place(client: FlaskClient) -> None:
    spec = client.get("/openapi.json").json
    operation = spec["paths"]["/v1/things/old"]["get"]
    parameters = {item["name"]: item for item in spec["paths"]["/v1/things"]["get"]["parameters"]}
    field = spec["components"]["schemas"]["Inner"]["properties"]["old"]
    assert [operation["deprecated"], parameters["old"]["deprecated"], field["deprecated"]] == [True, True, True]
    assert (field["x-deprecated-since"], field["x-sunset"], field["x-instead"]) == (
        "2026-03-01",
        "2027-03-01",
        "`other`",
    )
    assert operation["x-sunset"] == "2027-03-01"
    assert "deprecated" not in parameters["new"]
    assert "deprecated" not in spec["paths"]["/v1/things"]["get"]
    for path in ("/v1/things/old", "/v1/things/within"):
        assert {"Deprecation", "Sunset"} <= set(spec["paths"][path]["get"]["responses"]["200"]["headers"])


def test_what_the_api_deprecates_is_what_the_promise_names(application: Flask) -> None:
    spec = application.test_client().get("/openapi.json").json
    found = {
        (name, field)
        for name, schema in spec["components"]["schemas"].items()
        for field, shown in schema.get("properties", {}).items()
        if shown.get("deprecated")
    }
    assert found == {("Rule", "relation")}
    assert "`relation` of a rule" in (Path(__file__).parents[2] / "docs" / "stability.md").read_text()
    assert application.test_client().get("/v1/rules/count_grew").headers["Deprecation"] == "@1795305600"
