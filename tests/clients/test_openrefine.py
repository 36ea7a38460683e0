"""OpenRefine's way through a column, from the address of the service to new columns, against a running server."""

import urllib.request
from typing import Any

import pytest

from tests.clients.reconciling import Client, faults

STRIKE = "belgorod-strike-2023-12-30"

Fields = dict[str, Any]


@pytest.fixture
def refine(server: str) -> Client:
    return Client(f"{server}/reconcile")


def test_the_manifest_is_as_the_specification_wants_it(refine: Client, server: str) -> None:
    assert faults(refine.manifest, "manifest") == []
    assert "0.2" in refine.manifest["versions"]
    assert refine.manifest["identifierSpace"].startswith(server)


def test_a_column_is_matched_in_batches_of_ten_at_once(refine: Client) -> None:
    cells = ["Strike on Belgorod", "Blegorod strike", "strikes on Kharkov", "nothing of the kind"] * 12
    found = refine.reconcile(cells, "event")
    matched = [[one["id"] for one in candidates if one["match"]] for candidates in found]
    assert matched == [[STRIKE], [STRIKE], ["kharkiv-strikes-2023-12-30"], []] * 12


def test_further_columns_are_held_against_what_is_known(refine: Client) -> None:
    [agreed, other] = refine.reconcile(
        ["Strike on Belgorod"] * 2,
        "event",
        event__place=["Белгород", "Kharkiv"],
        event__date=["2023-12-30T00:00:00Z", "2023-12-30T00:00:00Z"],
    )
    assert (agreed[0]["id"], agreed[0]["match"], agreed[0]["score"]) == (STRIKE, True, 100)
    assert not any(one["match"] for one in other)


def test_a_matched_column_is_extended_with_typed_cells(refine: Client) -> None:
    names = ["deaths", "injured", "population", "weapon", "event.date", "event.parent", "event.documents"]
    settings: Fields = {"show": "figure", "scope": "whole", "limit": "0"}
    wanted = [{"id": name, "settings": settings} for name in names]
    answer = refine.extend([STRIKE, "no-such-event"], wanted)
    assert [column["id"] for column in answer["meta"]] == names
    row = answer["rows"][STRIKE]
    assert row["deaths"] == [{"int": 24}]
    assert row["injured"] == [{"int": 108}, {"int": 111}]
    assert row["population"] == [{"str": "about 340,000 inhabitants"}]
    assert {"str": "cluster munitions"} in row["weapon"]
    assert row["event.date"] == [{"date": "2023-12-30T00:00:00Z"}]
    assert row["event.parent"] == [{"id": "war-in-ukraine", "name": "Russia's invasion of Ukraine"}]
    assert row["event.documents"] == [{"int": 5}]
    assert answer["rows"]["no-such-event"] == {name: [] for name in names}


def test_what_is_proposed_can_be_fetched(refine: Client) -> None:
    for kind, name in (("event", STRIKE), ("person", "vyacheslav-gladkov"), ("property", "deaths")):
        proposed = refine.propose(kind)
        assert faults(proposed, "data-extension-property-proposal") == []
        properties = [{"id": one["id"]} for one in proposed["properties"]][:50]
        answer = refine.extend([name], properties)
        assert any(answer["rows"][name].values())
        assert [column["name"] for column in answer["meta"]] == [one["name"] for one in proposed["properties"]][:50]


@pytest.mark.parametrize(
    ("noun", "schema", "prefix", "first"),
    [
        ("entity", "suggest-entities-response", "glad", "vyacheslav-gladkov"),
        ("entity", "suggest-entities-response", STRIKE, STRIKE),
        ("property", "suggest-properties-response", "deat", "deaths"),
        ("property", "suggest-properties-response", "event.pl", "event.place"),
        ("type", "suggest-types-response", "org", "organisation"),
    ],
)
def test_typing_is_met_with_suggestions_and_their_previews(
    refine: Client, noun: str, schema: str, prefix: str, first: str
) -> None:
    widget = {"spell": "always", "exact": "false", "type_strict": "any", "key": "null", "filter": "x", "_": 1700000000}
    suggested = refine.suggest(noun, prefix, **widget)
    assert faults(suggested, schema) == []
    assert suggested["result"][0]["id"] == first
    flyout = refine.fly_out(noun, first)
    assert set(flyout) == {"id", "html"}
    assert flyout["id"] == first
    assert suggested["result"][0]["name"] in flyout["html"]


def test_the_manifest_leads_to_a_page_of_every_kind_of_entity(refine: Client) -> None:
    for name in (STRIKE, "vyacheslav-gladkov", "deaths"):
        for pattern in (refine.manifest["view"]["url"], refine.manifest["preview"]["url"]):
            with urllib.request.urlopen(pattern.replace("{{id}}", name)) as page:  # noqa: S310 — an address of the server under test
                assert page.headers["Content-Type"] == "text/html; charset=utf-8"
                assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
                assert page.headers.get("X-Frame-Options", "") in ("", None)
    assert refine.manifest["view"]["url"].startswith(refine.manifest["identifierSpace"])
