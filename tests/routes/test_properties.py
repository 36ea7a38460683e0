"""Properties over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

FIELDS = {
    *("id", "label", "kind", "unit", "accumulates", "exclusive", "constant", "additive", "part_of", "moves_to"),
    *("also_part_of", "difference_of"),
    *("noun", "vocabulary", "terms", "aliases"),
}

Listing = Callable[..., list[dict[str, Any]]]


def test_every_property_has_the_fields_of_the_contract_and_is_served_as_listed(
    client: FlaskClient, listing: Listing
) -> None:
    for found in listing("/v1/properties"):
        assert set(found) == FIELDS
        assert client.get(f"/v1/properties/{found['id']}").json == found


def test_properties_know_how_they_behave(client: FlaskClient) -> None:
    deaths = client.get("/v1/properties/deaths").json
    injured = client.get("/v1/properties/injured").json
    assert (deaths["kind"], deaths["unit"], deaths["accumulates"]) == ("quantity", "people", True)
    assert (injured["accumulates"], injured["moves_to"]) == (False, "deaths")
    assert client.get("/v1/properties/child_deaths").json["part_of"] == "deaths"


@pytest.mark.parametrize("kind", ["quantity", "category", "time", "polarity"])
def test_properties_can_be_had_by_kind(listing: Listing, kind: str) -> None:
    found = listing("/v1/properties", kind=kind)
    assert found
    assert found == [item for item in listing("/v1/properties") if item["kind"] == kind]


def test_a_misspelt_property_is_not_found_and_the_nearest_is_suggested(client: FlaskClient) -> None:
    answer = client.get("/v1/properties/deths")
    assert answer.status_code == 404
    assert "deaths" in answer.json["suggestions"]
