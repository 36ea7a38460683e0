"""Hostile input over HTTP: whatever is sent as text, the service never fails."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

STRINGS = {
    "sql quote": "' OR '1'='1",
    "sql comment": "x'; DROP TABLE claim; --",
    "sql union": '" UNION SELECT sql FROM sqlite_master --',
    "like wildcards": "%_%\\%",
    "fts operators": 'deaths AND NOT (belgorod OR NEAR("a b", 5)) * ^ : -"',
    "fts unbalanced": '"((("*',
    "fts column": "{exact}: x*",
    "nul": "a\x00b",
    "controls": "\x01\x1b[31m\x7f\r\n",
    "quotes": "\"'`´“”",
    "ten thousand letters": "a" * 10_000,
    "ten thousand words": "a " * 5_000,
    "ten thousand digits": "9" * 10_000,
    "beyond the plane": "𝕳𝖊𝖑𝖑𝖔 🧨 ﷽ \u202e\ufeff",
    "template": "{{7*7}}${7*7}%s%d%n",
    "path": "../../etc/passwd",
    "json": '{"$ne": null}',
    "minus": "-",
    "empty": "",
}
INVALID = ["%ff", "%c0%80", "%ed%a0%80", "%", "%zz", "%2500", "%f0%9f"]


def operations(client: FlaskClient) -> list[tuple[str, list[str]]]:
    """Every path that can be read, with the query parameters it takes."""
    return [
        (path, [item["name"] for item in methods["get"].get("parameters", ()) if item["in"] == "query"])
        for path, methods in client.get("/openapi.json").json["paths"].items()
        if "get" in methods
    ]


def filled(path: str, text: str) -> str:
    """A path with the same text for each of its names."""
    return "/".join(text if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_no_text_breaks_any_query_parameter(client: FlaskClient, text: str) -> None:
    broken = []
    for path, names in operations(client):
        here = filled(path, "deaths")
        for name in names:
            answer = client.get(here, query_string={name: text})
            if answer.status_code >= 500:
                broken.append((here, name, answer.status_code))
    assert broken == []


LENIENT = "/reconcile"
"""Where unknown parameters have no effect: jQuery and suggest widgets send their own."""


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_no_text_breaks_a_path_or_a_parameters_name(client: FlaskClient, text: str) -> None:
    broken = []
    for path, names in operations(client):
        for here, query in ((filled(path, quote(text, safe="")), {}), (filled(path, "deaths"), {text: "x"})):
            answer = client.get(here, query_string=query)
            strict = names and not path.startswith(LENIENT)
            if answer.status_code >= 500 or (strict and answer.status_code == 200 and "x" in query.values()):
                broken.append((here[:60], query and "as a name", answer.status_code))
    assert broken == []


@pytest.mark.parametrize("raw", INVALID)
def test_no_bytes_that_are_not_utf_8_break_anything(client: FlaskClient, raw: str) -> None:
    for path, names in operations(client):
        assert client.get(filled(path, raw)).status_code < 500
        for name in names:
            assert client.get(f"{filled(path, 'deaths')}?{name}={raw}").status_code < 500


@pytest.mark.parametrize("text", [text for text in STRINGS.values() if "%" in text or "'" in text or '"' in text])
@pytest.mark.parametrize("path", ["/v1/claims", "/v1/events", "/v1/sources"])
def test_what_looks_like_a_query_is_only_words_to_find(client: FlaskClient, path: str, text: str) -> None:
    answer = client.get(path, query_string={"q": text})
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert answer.json["items"] == []


@pytest.mark.parametrize("value", ["text/plain;q=abc", ",,,", "a" * 10_000, "*/*;q=2", "text/\x7f", "é"])
def test_no_accept_header_breaks_an_answer(client: FlaskClient, value: str) -> None:
    assert client.get("/v1/rules", headers={"Accept": value}).status_code < 500
