"""Sources over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

FIELDS = {"id", "name", "aliases", "kind", "part_of", "side"}

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


def test_every_source_has_the_fields_of_the_contract_and_is_served_as_listed(
    client: FlaskClient, listing: Listing
) -> None:
    for source in listing("/v1/sources"):
        assert set(source) == FIELDS
        assert client.get(f"/v1/sources/{source['id']}").json == source


def test_the_governor_is_a_person_of_an_organisation_that_leads_to_the_state(client: FlaskClient) -> None:
    source = client.get("/v1/sources/vyacheslav-gladkov").json
    assert (source["kind"], source["side"]) == ("person", "russia")
    while source["part_of"]:
        source = client.get(f"/v1/sources/{source['part_of']}").json
    assert source["id"] == "russia"


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"kind": "person"}, lambda s: s["kind"] == "person"),
        ({"kind": "unnamed"}, lambda s: s["kind"] == "unnamed"),
        ({"side": "ukraine"}, lambda s: s["side"] == "ukraine"),
        ({"part_of": "ukraine"}, lambda s: s["part_of"] == "ukraine"),
        ({"q": "kyiv MAYOR"}, lambda s: s["id"] == "vitaliy-klitschko"),
        ({"q": "%"}, lambda s: False),
        ({"kind": "person", "side": "russia"}, lambda s: (s["kind"], s["side"]) == ("person", "russia")),
    ],
)
def test_a_filter_leaves_exactly_the_sources_it_describes(
    listing: Listing, filters: Item, keeps: Callable[[Item], bool]
) -> None:
    assert listing("/v1/sources", **filters) == [source for source in listing("/v1/sources") if keeps(source)]


def test_a_source_nobody_had_cited_yet_is_not_known_then(client: FlaskClient, listing: Listing) -> None:
    early = {link["source"] for claim in listing("/v1/claims", as_of="2023-12-31") for link in claim["attribution"]}
    late = {link["source"] for claim in listing("/v1/claims") for link in claim["attribution"]} - early
    assert late
    for name in late:
        assert client.get(f"/v1/sources/{name}").status_code == 200
        assert client.get(f"/v1/sources/{name}?as_of=2023-12-31").status_code == 404


def test_a_misspelt_source_is_not_found_and_the_nearest_is_suggested(client: FlaskClient) -> None:
    answer = client.get("/v1/sources/viacheslav-gladkov")
    assert answer.status_code == 404
    assert answer.json["suggestions"][0] == "vyacheslav-gladkov"
