"""Promises about the API as a whole: described, documented, and served as described."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from marshmallow import Schema
from openapi_spec_validator import validate

from schemas.changes import ChangesPageSchema
from schemas.claims import ClaimSchema, RelatedClaimSchema, RevisionSchema
from schemas.discrepancies import DiscrepancyRevisionSchema, DiscrepancySchema
from schemas.documents import DocumentSchema, FindingSchema
from schemas.events import EventSchema
from schemas.examples import PUT, Example
from schemas.feeds import JsonFeedSchema
from schemas.lookup import LookupSchema
from schemas.pages import page_of
from schemas.properties import PropertySchema
from schemas.provenance import DiscrepancyProvenanceSchema, ProvenanceSchema
from schemas.questions import QuestionSchema
from schemas.rules import RuleSchema
from schemas.search import FoundSchema
from schemas.sources import SourceSchema
from schemas.statements import StatementSchema
from schemas.timelines import TimelineSchema

SNAPSHOT = Path(__file__).parent.parent / "docs" / "openapi.json"
REFRESH = "the description has changed: if that is meant, run `make openapi` and commit what it writes"

FEEDS = {
    "/v1/feeds/discrepancies.atom": "application/atom+xml",
    "/v1/feeds/discrepancies.json": "application/feed+json",
}
"""Paths that have a media type of their own, and no other."""

PROMISED = [
    *("/v1/events", "/v1/events/{event_id}", "/v1/events/{event_id}/claims", "/v1/events/{event_id}/questions"),
    *("/v1/events/{event_id}/discrepancies", "/v1/claims", "/v1/claims/{claim_id}", "/v1/claims/{claim_id}/provenance"),
    *("/v1/claims/{claim_id}/relations", "/v1/claims/{claim_id}/revisions", "/v1/sources", "/v1/sources/{source_id}"),
    *("/v1/documents", "/v1/documents/{document_id}", "/v1/documents/{document_id}/findings"),
    *("/v1/statements/{statement_id}", "/v1/properties", "/v1/properties/{property_id}"),
    *("/v1/rules", "/v1/rules/{rule_name}"),
    *("/v1/questions", "/v1/questions/{question_id}", "/v1/discrepancies", "/v1/discrepancies/{discrepancy_id}"),
    *("/v1/discrepancies/{discrepancy_id}/provenance", "/v1/discrepancies/{discrepancy_id}/revisions", "/v1/lookup"),
    *("/v1/events/{event_id}/timeline", "/v1/search", "/v1/changes", *FEEDS),
]
"""The reads of the contract's table."""

SCHEMAS: dict[str, type[Schema]] = {
    "/v1/events": EventSchema,
    "/v1/claims": ClaimSchema,
    "/v1/sources": SourceSchema,
    "/v1/documents": DocumentSchema,
    "/v1/properties": PropertySchema,
    "/v1/rules": RuleSchema,
    "/v1/rules/{rule_name}": RuleSchema,
    "/v1/questions": QuestionSchema,
    "/v1/discrepancies": DiscrepancySchema,
    "/v1/events/{event_id}/timeline": page_of(TimelineSchema),
    "/v1/claims/{claim_id}/provenance": ProvenanceSchema,
    "/v1/claims/{claim_id}/relations": page_of(RelatedClaimSchema),
    "/v1/claims/{claim_id}/revisions": page_of(RevisionSchema),
    "/v1/documents/{document_id}/findings": page_of(FindingSchema),
    "/v1/discrepancies/{discrepancy_id}/revisions": page_of(DiscrepancyRevisionSchema),
    "/v1/discrepancies/{discrepancy_id}/provenance": DiscrepancyProvenanceSchema,
    "/v1/statements/{statement_id}": StatementSchema,
    "/v1/lookup": LookupSchema,
    "/v1/search?q=deaths": FoundSchema,
    "/v1/changes": ChangesPageSchema,
    "/v1/feeds/discrepancies.json": JsonFeedSchema,
}

WHOLE = [path for path in SCHEMAS if "{" in path or path in ("/v1/lookup", "/v1/changes", *FEEDS)]
"""Paths whose schema is that of the whole answer."""

Spec = dict[str, Any]


@pytest.fixture
def spec(client: FlaskClient) -> Spec:
    described: Spec = client.get("/openapi.json").json
    return described


@pytest.fixture
def names(client: FlaskClient) -> dict[str, str]:
    """An id on record for every name that a path takes."""
    discrepancy = client.get("/v1/discrepancies?property=deaths&event=belgorod-strike-2023-12-30").json["items"][0]
    return {
        "event_id": "belgorod-strike-2023-12-30",
        "claim_id": discrepancy["values"][0]["claims"][0]["id"],
        "source_id": "vyacheslav-gladkov",
        "entity_id": "vyacheslav-gladkov",
        "document_id": "000_d4aeb10cf1ef7939",
        "statement_id": "gladkov-belgorod-3",
        "property_id": "deaths",
        "rule_name": "count_grew",
        "question_id": "belgorod-strike-2023-12-30.deaths",
        "discrepancy_id": discrepancy["id"],
    }


def operations(spec: Spec) -> Iterator[tuple[str, str, Spec]]:
    """Every path, method and operation of the description."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield path, method, operation


ASKED = {
    **dict.fromkeys(("/v1/lookup", "/v1/search"), "?q=belgorod+deaths"),
    "/v1alpha1/claims:search": "?query=belgorod+deaths",
    "/reconcile/flyout/entity": "?id=icc",
    "/reconcile/flyout/property": "?id=deaths",
    "/reconcile/flyout/type": "?id=person",
}
"""What a read that needs words is asked."""


def filled(path: str, names: dict[str, str]) -> str:
    """A path that answers: its names replaced by ids on record, and words for a lookup."""
    return f"{path.format(**names)}{ASKED.get(path, '')}"


def test_the_description_is_valid_openapi_3_1(spec: Spec) -> None:
    assert spec["openapi"].startswith("3.1")
    validate(spec)


def test_the_description_on_file_is_the_one_served(spec: Spec) -> None:
    assert SNAPSHOT.is_file(), REFRESH
    assert orjson.loads(SNAPSHOT.read_bytes()) == spec, REFRESH


def test_every_read_of_the_contract_is_described(spec: Spec) -> None:
    assert set(PROMISED) <= {path for path, method, _ in operations(spec) if method == "get"}


def test_every_route_is_described_and_everything_described_is_a_route(client: FlaskClient, spec: Spec) -> None:
    routed = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith(("/v1", "/reconcile")) or rule.rule.endswith(("z", "/metrics"))
    }
    assert routed == set(spec["paths"])


def test_every_operation_has_a_summary_of_one_line_and_a_name_of_its_own(spec: Spec) -> None:
    for path, method, operation in operations(spec):
        assert operation.get("summary"), (method, path)
        assert "\n" not in operation["summary"]
    summaries = [operation["summary"] for _, _, operation in operations(spec)]
    assert len(set(summaries)) == len(summaries)


BY_THE_SERVER = {"414", "431"}
"""Failures that are told before anybody knows which path is asked."""


def test_every_operation_documents_its_failures_as_problems(spec: Spec) -> None:
    for path, method, operation in operations(spec):
        failures = {status: answer for status, answer in operation["responses"].items() if status not in ("200", "304")}
        negotiated = method == "get" and path not in FEEDS
        wanted = ({"422", "406"} if negotiated else {"422"}) if path.startswith("/v1/") else set()
        assert failures, (method, path)
        assert wanted <= set(failures), (method, path)
        assert "{" not in path or "404" in failures, (method, path)
        for status, answer in failures.items():
            shown = spec["components"]["responses"][answer["$ref"].split("/")[-1]] if "$ref" in answer else answer
            as_google = path.startswith("/v1alpha1/") and status not in BY_THE_SERVER
            media_type = "application/json" if as_google else "application/problem+json"
            assert list(shown["content"]) == [media_type], (method, path, status)
            assert shown["description"]


def test_every_read_shows_an_example_of_its_parameters_and_the_example_works(
    client: FlaskClient, spec: Spec, names: dict[str, str]
) -> None:
    for path, method, operation in operations(spec):
        if method != "get" or not path.startswith("/v1"):
            continue
        schemas = {item["name"]: item["schema"] for item in operation["parameters"] if item["in"] == "query"}
        examples = {name: schema["example"] for name, schema in schemas.items() if "example" in schema}
        assert examples, path
        query = {"q": "belgorod deaths", **examples} if path == "/v1/lookup" else examples
        assert client.get(path.format(**names), query_string=query).status_code == 200, (path, examples)


def test_every_parameter_of_a_path_is_described(spec: Spec) -> None:
    for path, methods in spec["paths"].items():
        for operation in (item for method, item in methods.items() if method != "parameters"):
            given = [*methods.get("parameters", ()), *operation.get("parameters", ())]
            assert {item["name"] for item in given if item["in"] == "path"} == set(re.findall(r"{(\w+)}", path))


def test_every_read_answers_what_the_description_says(client: FlaskClient, spec: Spec, names: dict[str, str]) -> None:
    for path, method, operation in operations(spec):
        if method != "get":
            continue
        answer = client.get(filled(path, names))
        assert answer.status_code == 200, path
        content = operation["responses"]["200"]["content"]
        assert answer.mimetype in content, path
        told = answer.json if answer.is_json else answer.text
        validator = Draft202012Validator({**content[answer.mimetype]["schema"], "components": spec["components"]})
        assert [error.message for error in validator.iter_errors(told)] == [], path


@pytest.mark.parametrize(
    ("path", "example"),
    [pytest.param(path, example, id=example.name) for path, examples in PUT.items() for example in examples],
)
def test_every_example_of_a_question_put_in_a_body_is_answered_as_it_is_shown(
    client: FlaskClient, spec: Spec, path: str, example: Example
) -> None:
    asked = spec["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    told = spec["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]
    answer = client.post(path, json=asked["examples"][example.name]["value"]).json
    assert told["examples"][example.name]["value"] == answer, REFRESH
    for media, content in ((asked, example.request), (told, answer)):
        validator = Draft202012Validator({**media["schema"], "components": spec["components"]})
        assert [error.message for error in validator.iter_errors(content)] == []


def test_a_failure_is_what_the_description_says(client: FlaskClient, spec: Spec) -> None:
    schema = {"$ref": "#/components/schemas/Problem", "components": spec["components"]}
    for path in ("/v1/events/belgorod-strike", "/v1/claims?limit=0&colour=red", "/v1/claims?cursor=x", "/nope"):
        assert [error.message for error in Draft202012Validator(schema).iter_errors(client.get(path).json)] == []


def patterns(part: Any) -> Iterator[str]:
    """Every `pattern` in a description."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for inner in part.values():
            yield from patterns(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from patterns(inner)


def test_patterns_are_written_for_json_schema_not_for_python(spec: Spec) -> None:
    found = set(patterns(spec))
    assert found
    for pattern in found:
        assert not re.search(r"\\[AZz]|\(\?P|\(\?[aiLmsux]", pattern), pattern
        assert pattern.startswith("^"), f"{pattern} would be searched for anywhere in the text"
        assert pattern.endswith("$"), f"{pattern} would be searched for anywhere in the text"


@pytest.mark.parametrize("path", [path for path in SCHEMAS if path not in WHOLE])
def test_every_item_of_a_list_is_its_schema_dumped_again(client: FlaskClient, path: str) -> None:
    schema = SCHEMAS[path]()
    here = f"{path}{'&' if '?' in path else '?'}limit=500"
    while here:
        page = client.get(here).json
        assert page["items"]
        for item in page["items"]:
            assert schema.dump(item) == item
        here = page["next"]


@pytest.mark.parametrize("path", WHOLE)
def test_every_resource_is_its_schema_dumped_again(client: FlaskClient, names: dict[str, str], path: str) -> None:
    served = client.get(filled(path, names)).json
    assert SCHEMAS[path]().dump(served) == served
