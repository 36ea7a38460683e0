"""Every route, whatever it is for: methods, slashes, headers; asked one by one as the URL map lists them."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.protocols.factcheck import PREFIX

BY_FORM = (PREFIX, "/reconcile")
"""Reads that are asked with a form too, where an address would grow too long."""

FRAMED = "/reconcile/entities/"
"""Pages that other sites show in a frame."""

CHANGING = "/metrics"
"""What says something else each time, as it counts itself."""

Addresses = dict[str, str]

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

FAILURES = ["/nope", "/v1/claims?limit=0", "/v1/events/nope", "/problems/nope", "/v2/claims", "/docs/nope.js"]

PER_REQUEST = {"X-Request-Id", "Date"}


def every_answer(client: FlaskClient, addresses: Addresses, asked: list[str]) -> list[TestResponse]:
    """An answer of every kind that every route gives."""
    found = [client.get(address) for address in [*addresses.values(), *FAILURES]]
    found += [client.open(address, method=method) for address in addresses.values() for method in ("OPTIONS", "PUT")]
    found += [client.post(address, json={}) for address in asked]
    return found


def test_every_read_answers(client: FlaskClient, addresses: Addresses) -> None:
    assert {rule: client.get(address).status_code for rule, address in addresses.items() if rule != "/"} == {
        rule: 200 for rule in addresses if rule != "/"
    }


def test_every_answer_has_the_headers_of_security(client: FlaskClient, addresses: Addresses, asked: list[str]) -> None:
    for answer in every_answer(client, addresses, asked):
        path, policy = answer.request.path, answer.headers["Content-Security-Policy"]
        framed = path.startswith(FRAMED) and answer.request.method == "GET"
        usual = {**ALWAYS, "X-Frame-Options": None} if framed else ALWAYS
        assert {name: answer.headers.get(name) for name in ALWAYS} == usual, path
        assert ("frame-ancestors *" if framed else "frame-ancestors 'none'") in policy, path
        assert "http" not in policy, path
        assert ("script-src" in policy) == path.startswith("/docs"), path
        assert "Server" not in answer.headers, path
        assert "Strict-Transport-Security" not in answer.headers, path


def test_every_answer_says_how_long_it_may_be_kept(client: FlaskClient, addresses: Addresses, asked: list[str]) -> None:
    for answer in every_answer(client, addresses, asked):
        kept = answer.headers["Cache-Control"]
        of_the_service = answer.request.path in ("/healthz", "/readyz", "/metrics")
        if answer.request.method != "GET" or answer.status_code >= 400 or of_the_service:
            assert kept == "no-store", answer.request
        else:
            assert kept.startswith("public, max-age=") or answer.request.path.startswith("/docs/"), answer.request
        assert "immutable" not in kept


@pytest.mark.usefixtures("settled")
def test_every_read_is_answered_to_head_as_to_get_without_the_body(client: FlaskClient, addresses: Addresses) -> None:
    lasting = (address for address in addresses.values() if address != CHANGING)
    for address in [*lasting, *FAILURES]:
        whole, head = client.get(address), client.head(address)
        assert (head.status_code, head.data) == (whole.status_code, b""), address
        assert {name: value for name, value in head.headers if name not in PER_REQUEST} == {
            name: value for name, value in whole.headers if name not in PER_REQUEST
        }, address


def test_every_route_says_to_options_what_it_takes(client: FlaskClient, addresses: Addresses, asked: list[str]) -> None:
    for address in addresses.values():
        assert {"GET", "HEAD", "OPTIONS"} <= set(client.options(address).headers["Allow"].split(", ")), address
    for address in asked:
        assert set(client.options(address).headers["Allow"].split(", ")) == {"POST", "OPTIONS"}, address


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_that_no_route_takes_is_a_problem_with_those_it_does(
    client: FlaskClient, addresses: Addresses, asked: list[str], method: str
) -> None:
    by_form = [rule for rule in addresses if rule.startswith(PREFIX) or (rule in BY_FORM and method == "POST")]
    of_ours = [address for rule, address in addresses.items() if rule not in by_form]
    for address in [*of_ours, *(asked if method != "POST" else ())]:
        answer = client.open(address, method=method)
        assert (answer.status_code, answer.content_type) == (405, "application/problem+json"), address
        assert answer.json["type"] == "/problems/method-not-allowed"
        assert "OPTIONS" in answer.headers["Allow"], address


def test_a_slash_at_the_end_changes_no_answer(client: FlaskClient, reads: Addresses) -> None:
    for address in [*reads.values(), "/healthz", "/readyz", "/problems", "/problems/not-found"]:
        path, _, query = address.partition("?")
        bare, slashed = client.get(address), client.get(f"{path}/?{query}")
        assert slashed.status_code == 200, address
        if not bare.is_json or not bare.json.get("next"):
            assert slashed.data == bare.data, address


def test_a_slash_at_the_end_changes_no_question(client: FlaskClient, asked: list[str]) -> None:
    for address in asked:
        assert client.post(f"{address}/", json={}).json["errors"] == client.post(address, json={}).json["errors"]


def test_the_docs_are_found_without_their_slash(client: FlaskClient) -> None:
    assert client.get("/docs", follow_redirects=True).status_code == 200


def test_every_read_of_the_record_refuses_a_media_type_it_has_not(client: FlaskClient, negotiated: Addresses) -> None:
    for address in [*negotiated.values(), "/problems", "/problems/not-found"]:
        answer = client.get(address, headers={"Accept": "image/png"})
        assert (answer.status_code, answer.content_type) == (406, "application/problem+json"), address
        assert answer.json["type"] == "/problems/not-acceptable"


def test_every_question_is_answered_in_json_or_not_at_all(client: FlaskClient, asked: list[str]) -> None:
    body = {"left": COMPARED, "right": COMPARED, "claims": [COMPARED]}
    for address in asked:
        sent = {name: body[name] for name in (("claims",) if address.endswith("assess") else ("left", "right"))}
        assert client.post(address, json=sent, headers={"Accept": "application/*"}).status_code == 200, address
        answer = client.post(address, json=sent, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.json["type"]) == (406, "/problems/not-acceptable"), address


COMPARED = {"property": "deaths", "value": {"kind": "quantity", "amount": 21}}


def test_every_question_refuses_another_media_type(client: FlaskClient, asked: list[str]) -> None:
    for address in asked:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
            answer = client.post(address, data=b"{}", content_type=kind)
            assert answer.status_code == 415, (address, kind)
            assert answer.json["type"] == "/problems/unsupported-media-type"
            assert answer.headers["Accept"] == "application/json"
        packed = client.post(address, data=b"{}", content_type="application/json", headers={"Content-Encoding": "gzip"})
        assert packed.status_code == 415
        assert packed.headers["Accept-Encoding"] == "identity"


def test_every_question_refuses_too_large_a_body(client: FlaskClient, asked: list[str]) -> None:
    for address in asked:
        answer = client.post(address, data=b" " * 1_000_001, content_type="application/json")
        assert (answer.status_code, answer.json["type"]) == (413, "/problems/body-too-large")
        assert "1,000,000" in answer.json["detail"]


def test_a_page_of_another_host_may_read_everything(client: FlaskClient, addresses: Addresses) -> None:
    for address in [*addresses.values(), *FAILURES]:
        answer = client.get(address, headers={"Origin": "https://newsroom.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*", address
        exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"ETag", "Last-Modified", "Link", "RateLimit", "RateLimit-Policy", "X-Request-Id"} <= exposed
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" not in answer.headers.get("Vary", "")


def preflight(client: FlaskClient, address: str, method: str) -> TestResponse:
    asks = {"Origin": "https://newsroom.example", "Access-Control-Request-Method": method}
    return client.options(address, headers={**asks, "Access-Control-Request-Headers": "content-type, if-none-match"})


def test_a_preflight_allows_what_reads_and_nothing_that_writes(
    client: FlaskClient, addresses: Addresses, asked: list[str]
) -> None:
    for address in addresses.values():
        answer = preflight(client, address, "GET")
        assert answer.status_code == 200
        questions = {"POST"} if address.startswith(PREFIX) or address in BY_FORM else set()
        allowed = set(answer.headers["Access-Control-Allow-Methods"].split(", "))
        assert allowed == {"GET", "HEAD", "OPTIONS"} | questions, address
        assert answer.headers["Access-Control-Allow-Headers"] == "*"
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
        for method in ("PUT", "PATCH", "DELETE"):
            assert "Access-Control-Allow-Methods" not in preflight(client, address, method).headers, address
    for address in asked:
        assert "POST" in preflight(client, address, "POST").headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_answer_to_a_write_is_for_no_other_host(client: FlaskClient, reads: Addresses, method: str) -> None:
    for address in reads.values():
        answer = client.open(address, method=method, headers={"Origin": "https://newsroom.example"})
        assert [name for name, _ in answer.headers if name.startswith("Access-Control-")] == [], address


def test_the_answer_to_a_question_is_for_every_host(client: FlaskClient, asked: list[str]) -> None:
    for address in [*asked, "/v1alpha1/claims:search"]:
        answer = client.post(address, json={}, headers={"Origin": "https://newsroom.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
