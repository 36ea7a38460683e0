"""Paths over HTTP: where nothing is, the answer says where it could be."""

import pytest
from flask.testing import FlaskClient

MEANT = [
    ("/v2/claims", "unknown-version", "/v1/claims"),
    ("/v2/claims/", "unknown-version", "/v1/claims"),
    ("/v0/events/belgorod-strike-2023-12-30/claims", "unknown-version", "/v1/events/belgorod-strike-2023-12-30/claims"),
    ("/v1.1/lookup", "unknown-version", "/v1/lookup"),
    ("/v99999999999999999999/claims", "unknown-version", "/v1/claims"),
    ("/v2/compare", "unknown-version", "/v1/compare"),
    ("/V1/claims", "unknown-version", "/v1/claims"),
    ("/claims", "unknown-version", "/v1/claims"),
    ("/claims/c0", "unknown-version", "/v1/claims/c0"),
    (
        "/events/belgorod-strike-2023-12-30/timeline",
        "unknown-version",
        "/v1/events/belgorod-strike-2023-12-30/timeline",
    ),
    ("/compare", "unknown-version", "/v1/compare"),
    ("/v1/claim", "unknown-path", "/v1/claims"),
    ("/v1/discrepancy", "unknown-path", "/v1/discrepancies"),
    ("/openapi.jsn", "unknown-path", "/openapi.json"),
    ("/v1", "unknown-path", "/v1/lookup"),
    ("/v1/", "unknown-path", "/v1/events"),
]

NOWHERE = [
    ("/v2", "unknown-version"),
    ("/v2/", "unknown-version"),
    ("/v2/zebra", "unknown-version"),
    ("/%00", "unknown-path"),
    ("/v1/claims/a/b/c/d", "unknown-path"),
    ("/" + "a" * 5_000, "unknown-path"),
]


@pytest.mark.parametrize(("path", "kind", "where"), MEANT)
def test_a_path_that_could_be_meant_is_named(client: FlaskClient, path: str, kind: str, where: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["type"]) == (404, f"/problems/{kind}")
    assert where in answer.json["suggestions"]
    assert where in answer.json["detail"]
    assert len(set(answer.json["suggestions"])) == len(answer.json["suggestions"])


@pytest.mark.parametrize(("path", "kind"), NOWHERE)
def test_a_path_that_leads_nowhere_says_where_the_paths_are(client: FlaskClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["type"]) == (404, f"/problems/{kind}")
    assert "/docs" in answer.json["detail"]


def test_a_wrong_version_says_which_one_there_is(client: FlaskClient) -> None:
    assert "There is no version v2 of this API, only v1" in client.get("/v2/claims").json["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS"])
def test_it_is_the_same_for_every_method(client: FlaskClient, method: str) -> None:
    assert client.open("/v2/claims", method=method).status_code == 404


def test_an_id_that_is_not_on_record_is_another_matter(client: FlaskClient) -> None:
    assert client.get("/v1/claims/nope").json["type"] == "/problems/not-found"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_path_with_too_many_slashes_leads_on_without_naming_a_host(client: FlaskClient, method: str) -> None:
    answer = client.open("/v1//claims?limit=1&q=%C3%A9", method=method)
    assert (answer.status_code, answer.headers["Location"]) == (308, "/v1/claims?limit=1&q=%C3%A9")
    assert "localhost" not in answer.text
    assert client.get("/v1//claims//?limit=1", follow_redirects=True).status_code == 200
