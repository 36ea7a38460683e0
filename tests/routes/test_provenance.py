"""Provenance over HTTP: from a value down to the characters and up to the organisation."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

BELGOROD = "belgorod-strike-2023-12-30"
LONGEST_SPAN = 12

Item = dict[str, Any]
Listing = Callable[..., list[Item]]
Picking = Callable[..., list[Item]]


def test_every_claim_is_traced_to_characters_that_its_document_has(client: FlaskClient, listing: Listing) -> None:
    documents = {document["id"]: document for document in listing("/v1/documents")}
    for claim in listing("/v1/claims"):
        found = client.get(f"/v1/claims/{claim['id']}/provenance").json
        document, locator = documents[claim["document"]], found["locator"]
        assert found["claim"] == claim["id"]
        assert (found["value"], locator) == (claim["value"], claim["locator"])
        assert (found["document"]["id"], found["document"]["sha256"]) == (document["id"], document["sha256"])
        assert 0 <= locator["start"] < locator["end"] <= document["length"]
        assert len(locator["exact"]) == locator["end"] - locator["start"]
        assert len(locator["exact"].split()) <= LONGEST_SPAN


def test_the_chain_names_each_source_in_full_and_the_organisations_it_is_part_of(
    client: FlaskClient, picking: Picking
) -> None:
    claim = picking(BELGOROD, "deaths", amount=24, qualifier="exact")[0]
    found = client.get(f"/v1/claims/{claim['id']}/provenance").json
    assert set(found) == {
        *("claim", "value", "document", "locator", "statement", "attribution", "origin", "independence_root"),
    }
    last = found["attribution"][-1]
    assert set(last) == {"source", "role", "channel", "inferred", "part_of"}
    assert last["source"] == found["origin"] == client.get("/v1/sources/vyacheslav-gladkov").json
    assert "russia" in last["part_of"]
    assert found["independence_root"] == "russia"


def test_the_statement_of_a_figure_stands_in_its_provenance(client: FlaskClient, picking: Picking) -> None:
    claim = picking(BELGOROD, "deaths", amount=22)[0]
    found = client.get(f"/v1/claims/{claim['id']}/provenance").json
    statement = client.get(f"/v1/statements/{claim['statement']}").json
    del statement["claims"]
    assert found["statement"] == statement
    assert found["statement"]["follows"] == "gladkov-belgorod-1"


def test_a_claim_on_nobodys_word_has_no_origin(client: FlaskClient, listing: Listing) -> None:
    claim = next(claim for claim in listing("/v1/claims") if not claim["attribution"] and claim["statement"] is None)
    found = client.get(f"/v1/claims/{claim['id']}/provenance").json
    assert (found["attribution"], found["origin"], found["independence_root"]) == ([], None, None)


def test_the_provenance_of_a_discrepancy_is_that_of_its_claims_in_the_order_of_its_values(
    client: FlaskClient, listing: Listing
) -> None:
    for discrepancy in listing("/v1/discrepancies"):
        found = client.get(discrepancy["links"]["provenance"]).json
        named = [held["id"] for given in discrepancy["values"] for held in given["claims"]]
        assert found["discrepancy"] == discrepancy["id"]
        assert [item["claim"] for item in found["items"]] == named
        assert found["items"][0] == client.get(f"/v1/claims/{named[0]}/provenance").json
