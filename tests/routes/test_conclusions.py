"""What the record must conclude about the five documents of the worked case."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

BELGOROD = "belgorod-strike-2023-12-30"
ASSAULT = "air-assault-2023-12-29"
DRONES = "drone-attack-2023-12-31"
OVER_RUSSIA = "drones-over-russia-2023-12-30"
KHARKIV = "kharkiv-strikes-2023-12-30"
DIGEST = "000_d4aeb10cf1ef7939"

CONFLICTS = ("contradicts", "exceeds_whole", "unresolved")

Item = dict[str, Any]
Listing = Callable[..., list[Item]]
Picking = Callable[..., list[Item]]


def question(client: FlaskClient, name: str) -> Item:
    answer = client.get(f"/v1/questions/{name}")
    assert answer.status_code == 200, answer.text
    body: Item = answer.json
    return body


def given(asked: Item, **value: Any) -> Item:
    """The one value of a question with these fields."""
    found = [item for item in asked["values"] if all(item["value"][name] == wanted for name, wanted in value.items())]
    assert len(found) == 1, value
    return found[0]


def tie(asked: Item, one: Item, other: Item) -> Item:
    """The relation between two values of a question, seen from the first."""
    left, right = asked["values"].index(one), asked["values"].index(other)
    found = next(tie for tie in asked["relations"] if {tie["left"], tie["right"]} == {left, right})
    turned = {"left_first": "right_first", "right_first": "left_first"}
    order = found["order"] if found["left"] == left else turned.get(found["order"], found["order"])
    return {**found, "order": order}


@pytest.mark.parametrize(("early", "late"), [(21, 22), (22, 24), (21, 24)])
def test_one_officials_count_of_the_dead_moved_from_21_over_22_to_24(
    client: FlaskClient, early: int, late: int
) -> None:
    asked = question(client, f"{BELGOROD}.deaths")
    found = tie(asked, given(asked, qualifier="exact", amount=early), given(asked, qualifier="exact", amount=late))
    assert (found["relation"], found["order"]) == ("updates", "left_first")


def test_the_dead_of_belgorod_are_24_on_one_word_without_conflict(client: FlaskClient) -> None:
    asked = question(client, f"{BELGOROD}.deaths")
    assert not asked["conflict"]
    assert client.get(f"/v1/discrepancies/{asked['discrepancy']}").json["kind"] == "update"
    assessment = asked["assessment"]
    assert (assessment["current"]["amount"], assessment["current"]["qualifier"]) == (24, "exact")
    assert (assessment["documents"], assessment["origins"], assessment["independent_origins"]) == (5, 1, 1)
    assert assessment["grade"] == "single_origin"
    assert {given(asked, qualifier="exact", amount=old)["status"] for old in (21, 22)} == {"superseded"}


def test_the_sentence_on_the_dead_may_be_printed(client: FlaskClient) -> None:
    sentence = question(client, f"{BELGOROD}.deaths")["assessment"]["sentence"]
    assert sentence.startswith("24 people were killed")
    for part in ("Gladkov", "21", "22", "nobody has confirmed it independently"):
        assert part in sentence


def test_at_least_21_goes_with_24(client: FlaskClient) -> None:
    asked = question(client, f"{BELGOROD}.deaths")
    found = tie(asked, given(asked, qualifier="at_least", amount=21), given(asked, qualifier="exact", amount=24))
    assert found["relation"] == "compatible"


def test_108_and_111_injured_in_one_text_conflict(client: FlaskClient, picking: Picking) -> None:
    asked = question(client, f"{BELGOROD}.injured")
    assert asked["conflict"]
    one, other = given(asked, amount=108), given(asked, amount=111)
    assert tie(asked, one, other)["relation"] in CONFLICTS
    assert (one["status"], other["status"]) == ("contested", "contested")
    assert asked["assessment"]["current"] is None
    assert DIGEST in {claim["document"] for claim in picking(BELGOROD, "injured", amount=111)}


def test_120_and_160_injured_on_friday_are_unresolved(client: FlaskClient) -> None:
    asked = question(client, f"{ASSAULT}.injured")
    found = tie(asked, given(asked, amount=120), given(asked, amount=160))
    assert (found["relation"], found["order"]) == ("unresolved", "unknown")
    assert client.get(f"/v1/discrepancies/{asked['discrepancy']}").json["kind"] == "unresolved"
    assert (asked["assessment"]["low"], asked["assessment"]["high"]) == (120, 160)


def test_49_nearly_50_and_50_drones_fit_together(client: FlaskClient, listing: Listing) -> None:
    asked = question(client, f"{DRONES}.drones_launched")
    said = {(item["value"]["qualifier"], item["value"]["amount"]) for item in asked["values"]}
    assert {("exact", 49), ("nearly", 50)} <= said
    assert {amount for _, amount in said} == {49, 50}
    assert {found["relation"] for found in asked["relations"]} == {"compatible"}
    assert asked["discrepancy"] is None
    assert listing("/v1/discrepancies", event=DRONES, property="drones_launched") == []


def test_the_dead_of_kyiv_rose_from_16_to_23(client: FlaskClient) -> None:
    asked = question(client, f"{ASSAULT}.deaths.kyiv")
    found = tie(asked, given(asked, amount=16), given(asked, amount=23))
    assert (found["relation"], found["order"]) == ("updates", "left_first")
    assert asked["assessment"]["current"]["amount"] == 23
    assert not asked["conflict"]


def test_the_dead_of_kyiv_are_a_part_of_the_countrys(client: FlaskClient, picking: Picking) -> None:
    country = {claim["id"] for claim in picking(ASSAULT, "deaths")}
    for amount in (16, 23):
        for claim in picking(ASSAULT, "deaths", place="kyiv", amount=amount):
            ties = client.get(f"/v1/claims/{claim['id']}/relations").json["items"]
            found = {item["claim"]: item["relation"] for item in ties}
            assert country <= set(found)
            assert {found[name] for name in country} == {"part_of_whole"}


def test_drones_shot_down_and_drones_launched_are_never_compared(client: FlaskClient, picking: Picking) -> None:
    launched = {claim["id"] for claim in picking(OVER_RUSSIA, "drones_launched", amount=70)}
    for claim in picking(OVER_RUSSIA, "drones_shot_down", amount=32):
        for found in client.get(f"/v1/claims/{claim['id']}/relations").json["items"]:
            assert found["claim"] not in launched or found["relation"] == "not_comparable"


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        (f"{KHARKIV}.missile_model", "s_300", "iskander"),
        (f"{KHARKIV}.building_status.kharkiv-palace-hotel", "former", "in_use"),
        (f"{KHARKIV}.target", "civilian", "military_facilities"),
        (f"{BELGOROD}.target", "civilians", "military_facilities"),
    ],
)
def test_two_answers_that_cannot_both_hold_contradict_each_other(
    client: FlaskClient, name: str, one: str, other: str
) -> None:
    asked = question(client, name)
    assert tie(asked, given(asked, term=one), given(asked, term=other))["relation"] == "contradicts"
    found = client.get(f"/v1/discrepancies/{asked['discrepancy']}").json
    assert (found["kind"], found["conflict"]) == ("contradiction", True)


def test_a_headline_that_still_says_22_is_stale_within_its_document(client: FlaskClient) -> None:
    found = client.get(f"/v1/documents/{DIGEST}/findings?kind=stale_within_document").json["items"]
    stale = next(item for item in found if (item["event"], item["property"]) == (BELGOROD, "deaths"))
    first, *replaced_by = stale["claims"]
    assert (first["value"]["amount"], first["exact"]) == (22, "reached 22")
    assert {claim["value"]["amount"] for claim in replaced_by} == {24}
    assert all(first["end"] <= claim["start"] for claim in replaced_by)


def test_the_new_toll_beside_injured_of_no_statement_is_a_mixed_snapshot(client: FlaskClient) -> None:
    found = client.get(f"/v1/documents/{DIGEST}/findings?kind=mixed_snapshot").json["items"]
    mixed = next(item for item in found if (item["event"], item["property"]) == (BELGOROD, "injured"))
    assert [claim["value"]["amount"] for claim in mixed["claims"]] == [111, 24]


@pytest.mark.parametrize("amount", [3, 10, 21, 22, 24, 25, 26, 28, 30])
def test_the_same_digits_of_another_unit_or_event_are_never_related(
    client: FlaskClient, listing: Listing, amount: int
) -> None:
    everything = listing("/v1/claims", kind="quantity")
    same_digits = [claim for claim in everything if claim["value"]["amount"] == amount]
    assert same_digits
    for claim in same_digits:
        related = {item["claim"] for item in client.get(f"/v1/claims/{claim['id']}/relations").json["items"]}
        for other in same_digits:
            if (other["event"], other["value"]["unit"]) != (claim["event"], claim["value"]["unit"]):
                assert other["id"] not in related, (claim["id"], other["id"])


def test_deaths_drones_and_injured_of_21_are_three_things(client: FlaskClient, listing: Listing) -> None:
    by_property: dict[str, set[str]] = {}
    for claim in listing("/v1/claims", kind="quantity"):
        if claim["value"]["amount"] == 21:
            by_property.setdefault(claim["property"], set()).add(claim["id"])
    assert {"deaths", "drones_shot_down", "injured"} <= set(by_property)
    for prop in ("deaths", "drones_shot_down", "injured"):
        others = set().union(*(ids for name, ids in by_property.items() if name != prop))
        for name in by_property[prop]:
            related = {item["claim"] for item in client.get(f"/v1/claims/{name}/relations").json["items"]}
            assert related.isdisjoint(others)


def test_five_texts_that_go_back_to_one_official_are_one_origin(client: FlaskClient) -> None:
    asked = question(client, f"{BELGOROD}.deaths")
    assert all(item["independent_origins"] <= 1 for item in asked["values"])
    assert "corroborates" not in {found["relation"] for found in asked["relations"]}
