"""Negotiation: the media type that an Accept header prefers."""

import pytest
from flask.testing import FlaskClient

JSON, TEXT, CSV, LINES = "application/json", "text/plain", "text/csv", "application/x-ndjson"

ACCEPTED = [
    ("*/*", JSON),
    ("application/*", JSON),
    ("text/*", TEXT),
    ("text/csv", CSV),
    ("TEXT/CSV", CSV),
    ("text/csv; charset=utf-8", CSV),
    ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON),
    ("application/json;q=0.2, text/plain;q=0.9", TEXT),
    ("text/plain;q=0.9, application/json;q=0.2", TEXT),
    ("text/csv, text/plain", TEXT),
    ("text/plain;q=0.5, text/*;q=0.1, application/x-ndjson;q=0.6", LINES),
    ("application/json;q=0, */*", TEXT),
    ("text/csv;q=0, text/*;q=0.5, */*;q=0.1", TEXT),
    ("*/*;q=0.1, text/csv;q=0.2", CSV),
    ("image/png, text/csv;q=0.001", CSV),
    ("", JSON),
]
REFUSED = ["image/png", "text/html", "application/json;q=0", "*/*;q=0", "text/*;q=0, text/csv;q=0", "application/xml"]


@pytest.mark.parametrize(("accept", "answered"), ACCEPTED)
@pytest.mark.parametrize("path", ["/v1/properties/deaths", "/v1/properties?limit=1"])
def test_the_media_type_that_is_wanted_most_is_answered(
    client: FlaskClient, path: str, accept: str, answered: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, answered)


@pytest.mark.parametrize("accept", REFUSED)
@pytest.mark.parametrize("path", ["/v1/properties/deaths", "/v1/properties", "/v1/claims"])
def test_what_cannot_be_had_is_refused_with_what_can(client: FlaskClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert all(name in answer.json["detail"] for name in (JSON, TEXT, CSV, LINES))
    assert client.get(path, headers={"Accept": accept}, query_string={"format": "csv"}).status_code == 200
