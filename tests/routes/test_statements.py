"""Statements over HTTP."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

FIELDS = {"id", "source", "channel", "said_at", "follows", "corrects", "note", "claims"}

Listing = Callable[..., list[dict[str, Any]]]


def test_every_statement_lists_the_claims_that_go_back_to_it(client: FlaskClient, listing: Listing) -> None:
    said: dict[str, list[str]] = {}
    for claim in listing("/v1/claims"):
        if claim["statement"]:
            said.setdefault(claim["statement"], []).append(claim["id"])
    assert said
    for name, claims in said.items():
        statement = client.get(f"/v1/statements/{name}").json
        assert set(statement) == FIELDS
        assert (statement["id"], statement["claims"]) == (name, claims)
        assert client.get(f"/v1/sources/{statement['source']}").status_code == 200


def test_the_governors_counts_follow_one_another(client: FlaskClient) -> None:
    third = client.get("/v1/statements/gladkov-belgorod-3").json
    second = client.get(f"/v1/statements/{third['follows']}").json
    first = client.get(f"/v1/statements/{second['follows']}").json
    assert first["follows"] is None
    assert {third["source"], second["source"], first["source"]} == {"vyacheslav-gladkov"}


def test_a_statement_shows_only_the_claims_that_were_out(client: FlaskClient, listing: Listing) -> None:
    out = {claim["id"] for claim in listing("/v1/claims", as_of="2023-12-31")}
    for name in {claim["statement"] for claim in listing("/v1/claims") if claim["statement"]}:
        everything = client.get(f"/v1/statements/{name}").json["claims"]
        then = client.get(f"/v1/statements/{name}?as_of=2023-12-31")
        expected = [claim for claim in everything if claim in out]
        assert then.status_code == (200 if expected else 404), name
        assert not expected or then.json["claims"] == expected


def test_a_misspelt_statement_is_not_found_and_the_nearest_is_suggested(client: FlaskClient) -> None:
    answer = client.get("/v1/statements/gladkov-belgrod-3")
    assert answer.status_code == 404
    assert "gladkov-belgorod-3" in answer.json["suggestions"]
