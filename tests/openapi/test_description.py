"""The description as a reader and a generator of clients need it: everything named, told, shown and led on from."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config

Spec = dict[str, Any]


@pytest.fixture
def spec(client: FlaskClient) -> Spec:
    described: Spec = client.get("/openapi.json").json
    return described


def operations(spec: Spec) -> Iterator[tuple[str, Spec, list[Spec]]]:
    """Every operation, by its method and path, with its parameters and those of its path."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield f"{method} {path}", operation, [*methods.get("parameters", ()), *operation.get("parameters", ())]


def test_every_operation_has_a_name_that_a_client_can_be_generated_with(spec: Spec) -> None:
    names = Counter(operation["operationId"] for _, operation, _ in operations(spec))
    assert set(names.values()) == {1}
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)


def test_every_operation_is_told_and_has_one_tag_that_is_told_too(spec: Spec) -> None:
    told = {tag["name"] for tag in spec["tags"] if tag["description"]}
    for where, operation, _ in operations(spec):
        assert operation["description"], where
        assert len(operation["tags"]) == 1, where
        assert set(operation["tags"]) <= told, where


def test_every_parameter_is_told(spec: Spec) -> None:
    assert [
        (where, one["name"]) for where, _, found in operations(spec) for one in found if not one.get("description")
    ] == []


def test_every_name_in_a_path_is_shown_with_one_on_record(client: FlaskClient, spec: Spec) -> None:
    for where, _, parameters in operations(spec):
        names = {one["name"]: one["example"] for one in parameters if one["in"] == "path"}
        method, path = where.split(" ")
        assert client.open(path.format(**names), method=method).status_code == 200 or not names, where


def test_every_read_is_shown_with_an_answer(spec: Spec) -> None:
    for where, operation, _ in operations(spec):
        for media_type, content in operation["responses"]["200"]["content"].items():
            if media_type in ("application/json", "application/feed+json", "application/ld+json"):
                assert "example" in content or "examples" in content, (where, media_type)


def test_every_link_leads_to_an_operation_and_a_parameter_of_it(spec: Spec) -> None:
    takes = {operation["operationId"]: {one["name"] for one in found} for _, operation, found in operations(spec)}
    links = [
        link for _, operation, _ in operations(spec) for link in operation["responses"]["200"].get("links", {}).values()
    ]
    assert len(links) > 100
    for link in links:
        assert link["parameters"].keys() <= takes[link["operationId"]], link


def test_every_link_finds_what_it_leads_to(client: FlaskClient, spec: Spec) -> None:
    paths = {
        operation["operationId"]: where.split(" ")[1] for where, operation, _ in operations(spec) if where[:3] == "get"
    }
    for where, operation, _ in operations(spec):
        content = operation["responses"]["200"]["content"].get("application/json", {})
        for name, link in operation["responses"]["200"].get("links", {}).items():
            found = {parameter: at(content.get("example"), way) for parameter, way in link["parameters"].items()}
            if all(isinstance(value, str) for value in found.values()):
                asked = paths[link["operationId"]].format(**found)
                assert client.get(asked).status_code == 200, (where, name)


def at(content: Any, way: str) -> Any:
    """What a runtime expression finds in an answer; None where it is not there."""
    for step in way.removeprefix("$response.body#/").split("/"):
        if isinstance(content, list):
            content = content[int(step)] if int(step) < len(content) else None
        elif isinstance(content, dict):
            content = content.get(step)
    return content


def test_no_failure_goes_undescribed_under_a_name_for_all(spec: Spec) -> None:
    for where, operation, _ in operations(spec):
        assert "default" not in operation["responses"], where


REQUIRED = {"prefix": "bel", "q": "deaths", "query": "deaths", "id": "deaths", "type": "event"}
"""What to send for parameters without which a read is refused."""


def test_every_status_that_a_read_is_answered_with_is_described(client: FlaskClient, record: str, spec: Spec) -> None:
    limited = create_app(Config(database_url=record, rate_limit="1/day")).test_client()
    for where, operation, parameters in operations(spec):
        method, path = where.split(" ")
        if method != "get":
            continue
        given = {one["name"]: REQUIRED[one["name"]] for one in parameters if one["name"] in REQUIRED}
        if path == "/reconcile/flyout/type":
            given["id"] = "event"
        asked = path.format(**{one["name"]: one["example"] for one in parameters if one["in"] == "path"})
        answer = client.get(asked, query_string=given)
        assert answer.status_code == 200, where
        answers = [client.get(asked, query_string={**given, "nonsense": "1"})]
        if answer.headers.get("ETag"):
            answers.append(client.get(asked, query_string=given, headers={"If-None-Match": answer.headers["ETag"]}))
            assert answers[-1].status_code == 304, where
            answers.append(client.get(asked, query_string=given, headers={"If-Match": '"another"'}))
            assert answers[-1].status_code == 412, where
            answers += [limited.get(asked, query_string=given) for _ in range(2)]
            assert answers[-1].status_code == 429, where
        for failed in answers:
            told = operation["responses"].get(str(failed.status_code))
            assert told is not None, (where, failed.status_code)
            content = (at(spec, told["$ref"].removeprefix("#/")) if "$ref" in told else told).get("content", {})
            assert failed.status_code == 304 or failed.mimetype in content, (where, failed.status_code)


def test_the_types_of_a_failure_are_those_of_its_status(spec: Spec) -> None:
    for name, response in spec["components"]["responses"].items():
        for media in response.get("content", {}).values():
            statuses = {example["value"]["status"] for example in media["examples"].values()}
            assert len(statuses) == 1, name
            for kind, example in media["examples"].items():
                assert example["value"]["type"] == f"/problems/{kind}"
                assert f"](/problems/{kind})" in response["description"]


def test_examples_are_of_the_record_as_it_is(client: FlaskClient, spec: Spec) -> None:
    content = spec["paths"]["/v1/claims/{claim_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["example"] == client.get(f"/v1/claims/{content['example']['id']}").json


def test_without_a_record_there_are_no_examples_and_the_description_is_served_all_the_same(empty: str) -> None:
    from api.app import create_app
    from api.config import Config

    spec = create_app(Config(database_url=empty)).test_client().get("/openapi.json").json
    assert "example" not in spec["paths"]["/v1/claims/{claim_id}"]["parameters"][0]
