"""Claims put to the engine directly, over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from tests.intake.folders import small, write

GLADKOV, MAYOR = [{"source": "vyacheslav-gladkov"}], [{"source": "ihor-terekhov"}]
BELGOROD = "belgorod-strike-2023-12-30"


def put(amount: object, qualifier: str = "exact", **fields: Any) -> dict[str, Any]:
    value = {"kind": "quantity", "qualifier": qualifier, "amount": amount}
    return {"property": "deaths", "value": value, **fields}


def said(term: str, prop: str, **fields: Any) -> dict[str, Any]:
    return {"property": prop, "value": {"kind": "category", "term": term}, **fields}


FIRST, THIRD = {"statement": "gladkov-belgorod-1"}, {"statement": "gladkov-belgorod-3"}
PEOPLE = {"kind": "quantity", "unit": "people", "accumulates": True}
CROWD = {"kind": "quantity", "unit": "people"}

RELATIONS = [
    (put(21, attribution=GLADKOV, **FIRST), put(24, attribution=GLADKOV, **THIRD), "updates", "left_first"),
    (put(24, attribution=GLADKOV), put(21, attribution=GLADKOV), "updates", "right_first"),
    (put(21, "at_least"), put(24), "compatible", "unknown"),
    (put(21), put(24, attribution=MAYOR), "unresolved", "unknown"),
    (put(24, attribution=GLADKOV), put(24, attribution=GLADKOV), "echo", "unknown"),
    (put(24, attribution=GLADKOV), put(24, attribution=MAYOR), "corroborates", "unknown"),
    (put(24, attribution=GLADKOV), put(24, attribution=[{"source": "reuters"}]), "compatible", "unknown"),
    (put(24), put(24), "compatible", "unknown"),
    (put(24), put(24, property="injured"), "not_comparable", "unknown"),
    (put(24), put(24, property="drones_launched"), "not_comparable", "unknown"),
    (put(3, property="child_deaths"), put(24), "part_of_whole", "unknown"),
    (put(30, property="child_deaths"), put(24), "exceeds_whole", "unknown"),
    (put(16, scope={"place": "kyiv"}), put(39), "part_of_whole", "unknown"),
    (put(24, event=BELGOROD, scope={"place": "belgorod"}), put(24, event=BELGOROD), "compatible", "unknown"),
    (put(24, event=BELGOROD), put(25, event=BELGOROD, scope={"place": "belgorod-region"}), "part_of_whole", "unknown"),
    (put(5, property=PEOPLE), put(7, property=PEOPLE, as_of=None), "unresolved", "unknown"),
    (said("s_300", "missile_model"), said("iskander", "missile_model"), "contradicts", "unknown"),
    (said("olkha", "weapon"), said("vampire", "weapon"), "compatible", "unknown"),
    (put(24), put(24, stance="denies"), "contradicts", "unknown"),
    (put(900, "about", property=CROWD), put(870, property=CROWD), "compatible", "unknown"),
]


@pytest.mark.parametrize(("left", "right", "relation", "order"), RELATIONS)
def test_two_claims_stand_to_each_other_the_same_from_either_side(
    client: FlaskClient, left: dict[str, Any], right: dict[str, Any], relation: str, order: str
) -> None:
    left, right = ({name: part for name, part in side.items() if part is not None} for side in (left, right))
    here = client.post("/v1/compare", json={"left": left, "right": right}).json
    there = client.post("/v1/compare", json={"left": right, "right": left}).json
    assert (here["relation"], here["order"]) == (relation, order)
    assert {**here, "order": None} == {**there, "order": None}
    assert set(here) == {"relation", "rule", "because", "order", "independence", "causes", "sentence"}


def test_a_source_is_known_by_a_name_that_it_was_given_a_moment_ago(empty: str, tmp_path: Path) -> None:
    client = create_app(Config(database_url=empty)).test_client()
    sides = [put(24, attribution=[{"source": "mayor"}]), put(24, attribution=[{"source": "LORD  mayor"}])]

    def asked(name: str) -> Any:
        content = small()
        next(source for source in content["sources"] if source["id"] == "mayor")["name"] = name
        load(write(tmp_path / name, content))
        return client.post("/v1/compare", json={"left": sides[0], "right": sides[1]}).json["independence"]

    assert [asked(name) for name in ("Mayor", "Lord mayor", "Mayor")] == ["independent", "same_origin", "independent"]


def test_a_comparison_asks_for_each_name_once(client: FlaskClient) -> None:
    left, right = (put(amount, attribution=[{"source": "a harbour master"}]) for amount in (3, 4))
    with count_queries() as counted:
        assert client.post("/v1/compare", json={"left": left, "right": right}).status_code == 200
    texts = [str(query.msg) for query in counted.get_queries()]
    assert len(texts) == len(set(texts))


def test_two_answers_to_one_question_have_the_sentence_of_their_assessment(client: FlaskClient) -> None:
    left, right = put(21, attribution=GLADKOV, **FIRST), put(24, attribution=GLADKOV, **THIRD)
    compared = client.post("/v1/compare", json={"left": left, "right": right}).json
    assessed = client.post("/v1/assess", json={"claims": [left, right]}).json
    assert compared["sentence"] == assessed["assessment"]["sentence"]
    assert compared["sentence"] != compared["because"]


@pytest.mark.parametrize("other", [{"property": "injured"}, {"scope": {"place": "kyiv"}}, {"property": PEOPLE}])
def test_answers_to_two_questions_have_the_reason_for_a_sentence(client: FlaskClient, other: dict[str, Any]) -> None:
    compared = client.post("/v1/compare", json={"left": put(3), "right": put(24, **other)}).json
    assert compared["sentence"] == compared["because"]


def test_an_event_that_one_side_names_is_the_other_s_too(client: FlaskClient) -> None:
    compared = client.post("/v1/compare", json={"left": put(24), "right": put(24, event="another")}).json
    assert compared["relation"] == "compatible"
    apart = client.post("/v1/compare", json={"left": put(24, event="one"), "right": put(24, event="another")}).json
    assert apart["rule"] == "another_event"
    assert apart["sentence"] == apart["because"]


def test_properties_of_different_behaviour_are_different_questions(client: FlaskClient) -> None:
    left, right = put(3, property=PEOPLE), put(24, property=CROWD)
    compared = client.post("/v1/compare", json={"left": left, "right": right}).json
    assert compared["rule"] == "another_property"
    refused = client.post("/v1/assess", json={"claims": [left, right]})
    assert [error["field"] for error in refused.json["errors"]] == ["claims.1.property"]


def test_a_pragmatic_reader_takes_more_than_for_about(client: FlaskClient) -> None:
    body = {"left": put(4_500_000, "more_than", property=CROWD), "right": put(4_480_000, property=CROWD)}
    strict = client.post("/v1/compare", json={**body, "reading": "strict"}).json
    pragmatic = client.post("/v1/compare", json={**body, "reading": "pragmatic"}).json
    assert (strict["relation"], pragmatic["relation"]) == ("unresolved", "compatible")


BACKWARDS = {"earliest": "2024-01-02", "latest": "2024-01-01"}

WRONG = [
    ({"left": put(-3), "right": put(24)}, "left.value.amount"),
    ({"left": put(21), "right": put("many")}, "right.value.amount"),
    ({"left": put(21), "right": put(24, property="no-such")}, "right.property"),
    ({"left": put(21), "right": put(24, property=3)}, "right.property"),
    ({"left": put(21), "right": said("no-such", "weapon")}, "right.value.term"),
    ({"left": put(21), "right": {"property": "deaths", "value": {"kind": "quantity"}}}, "right.value.amount"),
    (
        {"left": put(21), "right": put(24, as_of={"earliest": "2024-01-02", "latest": "2024-01-01"})},
        "right.as_of.latest",
    ),
    ({"left": put(21), "right": put(24, scope={"period": "a/b"})}, "right.scope.period"),
    ({"left": put(21), "right": put(24, colour="red")}, "right.colour"),
    ({"left": put(21)}, "right"),
    ({"left": put(21), "right": put(24), "reading": "loose"}, "reading"),
    ([], "body"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_cannot_be_is_refused_by_its_field(client: FlaskClient, body: object, field: str) -> None:
    answer = client.post("/v1/compare", json=body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def described(name: str, **fields: Any) -> list[dict[str, Any]]:
    return [{"source": {"name": name, **fields}}]


def nested(depth: int, name: str = "office") -> dict[str, Any]:
    """A source that is a part of so many others, one within the other."""
    inner: dict[str, Any] = {"name": f"{name} 0"}
    for level in range(depth):
        inner = {"name": f"{name} {level + 1}", "part_of": inner}
    return inner


def links(*sources: object) -> list[dict[str, object]]:
    return [{"source": source} for source in sources]


def span(earliest: str | None, latest: str | None = None) -> dict[str, str | None]:
    return {"earliest": earliest, "latest": latest or earliest}


DECEMBER, JANUARY = span("2023-12-31"), span("2024-01-02")
NOON = span("2024-01-02T12:00+02:00")

ALONE = [
    ({"as_of": JANUARY, "said_at": DECEMBER}, "as_of", "held from 2024-01-02 on, but was said by 2023-12-31"),
    ({"said_at": JANUARY, "published": DECEMBER}, "said_at", "was said from 2024-01-02 on, but was published by 2023-"),
    ({"as_of": JANUARY, "published": DECEMBER}, "as_of", "held from 2024-01-02 on, but was published by 2023-12-31"),
    ({"as_of": NOON, "said_at": span("2024-01-02T09:59Z")}, "as_of", "held from 2024-01-02T12:00+02:00 on"),
    ({"as_of": JANUARY, **FIRST}, "as_of", "held from 2024-01-02 on, but was said by 2023-12-31"),
    ({"said_at": JANUARY, **FIRST}, "said_at", "the record has the statement gladkov-belgorod-1 at another time"),
    ({"said_at": span("2024-01-02", "2024-01-01")}, "said_at.latest", "lies before earliest"),
    ({"published": span("soon")}, "published.earliest", "expected a day"),
    ({"said_at": {"earliest": "2024"}}, "said_at.latest", "is required"),
    ({"said_at": 2024}, "said_at", 'expected a day or time, or an object such as {"earliest": null, "latest": "2023-'),
    ({"said_at": "noon"}, "said_at", "expected a day such as"),
    ({"published": "2024-01-01", "as_of": "2024-01-02"}, "as_of", "held from 2024-01-02 on, but was published by"),
    ({"value": "24"}, "value", 'expected an object such as {"qualifier": "at_least", "amount": 21}'),
    ({"value": {"amount": -3}}, "value.amount", "must not be negative"),
    ({"revision": 2.5}, "revision", "expected a whole number"),
    ({"locator": {"start": True, "end": 2, "exact": "24"}}, "locator.start", "expected a whole number"),
    ({"value": {"term": "many"}}, "value.term", "has no place in a quantity"),
    ({"attribution": "the mayor"}, "attribution", 'expected a list of links such as [{"source": "the mayor"}]'),
    ({"attribution": [3]}, "attribution.0", "expected the id or name of a source, or an object such as"),
    ({"attribution": ["mayor", "mayor"]}, "attribution.1.source", "comes back to 'mayor'"),
    ({"attribution": ["mayor"], "origin": "town"}, "origin", "is not the last source of the attribution"),
    ({"origin": {"name": "x", "part_of": "x"}}, "attribution.0.source.part_of", "runs in a circle"),
    ({"attribution": links("mayor", "town", "mayor")}, "attribution.2.source", "comes back to 'mayor'"),
    ({"attribution": links("The Mayor", "the  mayor")}, "attribution.1.source", "comes back to 'The Mayor'"),
    ({"attribution": links("ihor-terekhov", "Ihor Terekhov")}, "attribution.1.source", "comes back to 'ihor-terekhov'"),
    ({"attribution": links("x", {"name": "X"})}, "attribution.1.source", "comes back to 'X'"),
    ({"attribution": described("x", part_of="X")}, "attribution.0.source.part_of", "runs in a circle: x → x"),
    (
        {"attribution": described("x", part_of={"name": "y", "part_of": {"name": "z", "part_of": "x"}})},
        "attribution.0.source.part_of",
        "runs in a circle: x → y → z → x",
    ),
    ({"attribution": links(nested(9))}, "attribution.0.source", "part_of is nested more than 8 deep"),
    (
        {"attribution": links(nested(8, "a"), {"name": "a 0", "part_of": nested(2, "b")})},
        "attribution.0.source.part_of",
        "leads through more than 8 organisations",
    ),
    ({"attribution": described("x", kind="king")}, "attribution.0.source.kind", "expected one of person"),
    ({"attribution": described("x", side="The North")}, "attribution.0.source.side", "expected lower-case"),
    ({"attribution": described("x", colour="red")}, "attribution.0.source.colour", "no field of this name"),
    ({"attribution": links({"kind": "person"})}, "attribution.0.source.name", "is required"),
    ({"attribution": described("  ")}, "attribution.0.source.name", "must not be blank"),
    ({"attribution": links("  ")}, "attribution.0.source", "must not be blank"),
    ({"attribution": links(7)}, "attribution.0.source", "expected the id or name of a source, or an object"),
    ({"attribution": described("x", part_of=7)}, "attribution.0.source.part_of", "expected the id or name of a source"),
    ({"attribution": [{"source": "x", "role": "sings"}]}, "attribution.0.role", "expected one of reports"),
]


@pytest.mark.parametrize(("fields", "field", "says"), ALONE, ids=[f"{i} {wrong[1]}" for i, wrong in enumerate(ALONE)])
def test_clocks_and_chains_that_cannot_be_are_refused(
    client: FlaskClient, fields: dict[str, Any], field: str, says: str
) -> None:
    for path, body, where in (
        ("compare", {"left": put(21), "right": put(24, **fields)}, "right"),
        ("assess", {"claims": [put(21), put(24, **fields)]}, "claims.1"),
    ):
        answer = client.post(f"/v1/{path}", json=body)
        assert answer.status_code == 422, answer.json
        errors = {error["field"]: error["expected"] for error in answer.json["errors"]}
        assert next(iter(errors)) == f"{where}.{field}"
        assert says in errors[f"{where}.{field}"]


@pytest.mark.parametrize("depth", [9, 300, 500])
def test_a_chain_of_organisations_without_end_is_refused(client: FlaskClient, depth: int) -> None:
    body = json.dumps({"left": put(24), "right": put(24, attribution=links(nested(depth)))})
    answer = client.post("/v1/compare", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "right.attribution.0.source")


def test_a_source_described_in_two_ways_is_refused(client: FlaskClient) -> None:
    left = put(24, attribution=described("Harbour Office", kind="office", side="north"))
    right = put(24, attribution=described("harbour  office", kind="outlet", side="north"))
    (error,) = client.post("/v1/compare", json={"left": left, "right": right}).json["errors"]
    assert error["field"] == "right.attribution.0.source.kind"
    assert "'harbour office' before" in error["expected"]


def test_a_statement_given_two_times_is_refused(client: FlaskClient) -> None:
    left, right = (put(24, statement="a post", said_at=said_at) for said_at in (DECEMBER, JANUARY))
    (error,) = client.post("/v1/compare", json={"left": left, "right": right}).json["errors"]
    assert (error["field"], "'a post' another time" in error["expected"]) == ("right.said_at", True)


def test_everything_at_fault_is_named_at_once(client: FlaskClient) -> None:
    claims = [
        put(24, attribution=described("x", part_of="x")),
        put(-1, as_of=JANUARY, said_at=DECEMBER),
        put(24, property="nothing"),
    ]
    errors = client.post("/v1/assess", json={"claims": claims}).json["errors"]
    fields = ["0.attribution.0.source.part_of", "1.value.amount", "1.as_of", "2.property"]
    assert [error["field"] for error in errors] == [f"claims.{field}" for field in fields]


GOVERNOR = {"name": "the governor", "kind": "person", "part_of": "region-office", "side": "north"}
MINISTER = {"name": "the minister", "kind": "office", "part_of": {"name": "Capital", "side": "south"}, "side": "south"}

WITNESSES = [
    ("The Mayor", "the  mayor", "echo", "same_origin"),
    ("The Mayor", {"name": "the mayor"}, "echo", "same_origin"),
    ({"name": "The Mayor"}, {"name": "the mayor", "kind": "person"}, "echo", "same_origin"),
    ("The Mayor", "The Minister", "corroborates", "independent"),
    ("vyacheslav-gladkov", "Vyacheslav  GLADKOV", "echo", "same_origin"),
    (GOVERNOR, "Region-Office", "echo", "same_origin"),
    (GOVERNOR, {"name": "a clerk", "part_of": {"name": "region-office"}}, "echo", "same_origin"),
    (GOVERNOR, MINISTER, "corroborates", "independent"),
    (GOVERNOR, {"name": "people close to the talks", "kind": "unnamed"}, "compatible", "unknown"),
    (GOVERNOR, {"name": "Evening Paper", "kind": "outlet"}, "compatible", "unknown"),
    (GOVERNOR, {"name": "a spokesman", "part_of": "belgorod-regional-government"}, "corroborates", "independent"),
    ("vyacheslav-gladkov", {"name": "a spokesman", "part_of": "belgorod-regional-government"}, "echo", "same_origin"),
    ("vyacheslav-gladkov", {"name": "Vyacheslav Gladkov"}, "corroborates", "independent"),
    ("Vyacheslav Gladkov", {"name": "Vyacheslav Gladkov"}, "echo", "same_origin"),
    ("vyacheslav-gladkov", {"name": "vyacheslav-gladkov", "kind": "person"}, "corroborates", "independent"),
]


@pytest.mark.parametrize(("one", "other", "relation", "independence"), WITNESSES)
def test_a_source_is_known_by_its_id_its_name_or_its_description(
    client: FlaskClient, one: object, other: object, relation: str, independence: str
) -> None:
    for sources in ((one, other), (other, one)):
        left, right = (put(24, attribution=links(source)) for source in sources)
        found = client.post("/v1/compare", json={"left": left, "right": right}).json
        assert (found["relation"], found["independence"]) == (relation, independence)


def test_sides_that_a_request_describes_are_sides(client: FlaskClient) -> None:
    claims = [put(24, attribution=links(source)) for source in (GOVERNOR, MINISTER)]
    found = client.post("/v1/compare", json={"left": claims[0], "right": claims[1]}).json
    assert found["rule"] == "opposing_sides_agree"
    assert "the governor" in found["sentence"]


def test_a_source_called_by_an_alias_is_the_one_on_record(empty: str, tmp_path: Path) -> None:
    content = small()
    content["sources"] += [
        {"id": name, "name": name, "kind": "person", "aliases": ["Chief"]} for name in ("one", "two")
    ]
    load(write(tmp_path, content))
    client = create_app(Config(database_url=empty)).test_client()
    body = {"left": put(24, attribution=links("mayor"))}
    known, unclear = (
        client.post("/v1/compare", json={**body, "right": put(24, attribution=links(name))}).json["independence"]
        for name in ("THE mayor", "chief")
    )
    assert (known, unclear) == ("same_origin", "independent")


def same_source(**fields: Any) -> dict[str, Any]:
    return put(fields.pop("amount"), property=CROWD, attribution=links("Mayor"), **fields)


def test_a_source_that_spoke_at_two_times_made_two_statements(client: FlaskClient) -> None:
    one, other = (
        same_source(amount=amount, said_at=span(f"2024-01-02T{hour}:00Z")) for amount, hour in ((5, 10), (7, 12))
    )
    found = client.post("/v1/compare", json={"left": one, "right": other}).json
    assert found["independence"] == "same_origin"
    assert found["rule"] != "one_statement_two_values"


def test_a_source_that_spoke_at_one_instant_made_one_statement(client: FlaskClient) -> None:
    one, other = (same_source(amount=amount, said_at=span("2024-01-02T10:00Z")) for amount in (5, 7))
    found = client.post("/v1/compare", json={"left": one, "right": other}).json
    assert found["rule"] == "one_statement_two_values"


def test_two_figures_of_one_day_need_not_be_one_statement(client: FlaskClient) -> None:
    one, other = (same_source(amount=amount, said_at=JANUARY) for amount in (5, 7))
    found = client.post("/v1/compare", json={"left": one, "right": other}).json
    assert found["rule"] != "one_statement_two_values"


def test_a_labelled_statement_is_one_whether_or_not_both_claims_give_its_time(client: FlaskClient) -> None:
    one = same_source(amount=5, statement="a post", said_at=JANUARY)
    found = client.post("/v1/compare", json={"left": one, "right": same_source(amount=7, statement="a post")}).json
    assert found["rule"] == "one_statement_two_values"


def test_a_thousand_claims_are_assessed_and_one_more_is_refused(client: FlaskClient) -> None:
    claims = [put(24, attribution=links(f"witness {index}")) for index in range(1_001)]
    answer = client.post("/v1/assess", json={"claims": claims[:-1]}).json
    assert answer["assessment"]["origins"] == 1_000
    refused = client.post("/v1/assess", json={"claims": claims})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "claims")
    (error,) = client.post("/v1/assess", json={"claims": [{}] * 30_000}).json["errors"]
    assert error["field"] == "claims", "none of them was looked at"


def test_what_was_sent_is_said(client: FlaskClient) -> None:
    (error,) = client.post("/v1/compare", json={"left": put(-3), "right": put(24)}).json["errors"]
    assert error == {"field": "left.value.amount", "sent": "-3", "expected": "must not be negative"}


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_400(client: FlaskClient, body: bytes) -> None:
    assert client.post("/v1/compare", data=body, content_type="application/json").status_code == 400


def test_another_media_type_is_415(client: FlaskClient) -> None:
    assert client.post("/v1/compare", data=b"{}", content_type="text/plain").status_code == 415


def test_an_unknown_parameter_is_refused_here_too(client: FlaskClient) -> None:
    answer = client.post("/v1/compare?x=1", json={"left": put(21), "right": put(24)})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "x")


def test_a_large_body_is_413_and_says_how_large_it_may_be(client: FlaskClient) -> None:
    answer = client.post("/v1/assess", data=b" " * 1_000_001, content_type="application/json")
    assert answer.status_code == 413
    assert "1,000,000 bytes" in answer.json["detail"]


def test_claims_are_assessed_together_and_nothing_is_stored(client: FlaskClient) -> None:
    before = client.get("/v1/claims?limit=500").json
    claims = [put(21, attribution=GLADKOV, **FIRST), put(24, attribution=GLADKOV, **THIRD), put(21, "at_least")]
    answer = client.post("/v1/assess", json={"claims": claims}).json
    assert (answer["discrepancy"]["kind"], answer["discrepancy"]["conflict"]) == ("update", False)
    assert (answer["assessment"]["current"]["amount"], answer["assessment"]["grade"]) == (24, "single_origin")
    assert client.get("/v1/claims?limit=500").json == before


def test_an_assessment_does_not_depend_on_the_order_of_the_claims(client: FlaskClient) -> None:
    claims = [put(24, attribution=GLADKOV), put(24, attribution=MAYOR), put(24), put(26, attribution=MAYOR)]
    here, there = (client.post("/v1/assess", json={"claims": given}).json for given in (claims, claims[::-1]))
    assert here["assessment"] == there["assessment"]
    assert here["discrepancy"]["relations"] == there["discrepancy"]["relations"]


def test_what_fits_together_is_no_discrepancy(client: FlaskClient) -> None:
    answer = client.post("/v1/assess", json={"claims": [put(24, attribution=GLADKOV), put(24, attribution=MAYOR)]})
    assert answer.json["discrepancy"] is None
    assert answer.json["assessment"]["grade"] == "corroborated"
    assert "opposing sides" in answer.json["assessment"]["sentence"]


@pytest.mark.parametrize(
    ("other", "field", "asks"),
    [
        ({"property": "injured"}, "property", "injured, the same event"),
        ({"property": PEOPLE}, "property", "given as quantity, accumulates, additive, the same event"),
        ({"scope": {"counting": "bodies"}}, "scope", "deaths, the same event, bodies"),
    ],
)
def test_claims_on_different_questions_are_refused_and_both_questions_are_named(
    client: FlaskClient, other: dict[str, Any], field: str, asks: str
) -> None:
    answer = client.post("/v1/assess", json={"claims": [put(24), put(24), put(24, **other)]})
    (error,) = answer.json["errors"]
    assert error["field"] == f"claims.2.{field}"
    assert error["expected"] == f"answers another question ({asks}) than the first claim (deaths, the same event)"


def test_claims_of_two_events_are_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/assess", json={"claims": [put(24, event="one"), put(24, event="another")]})
    (error,) = answer.json["errors"]
    assert error["field"] == "claims.1.event"
    assert error["expected"] == "answers another question (deaths, another) than the first claim (deaths, one)"


def test_a_part_that_exceeds_the_whole_is_a_discrepancy_whichever_is_asked_first(client: FlaskClient) -> None:
    part, whole = put(5, property="child_deaths"), put(4)
    for claims in ([part, whole], [whole, part]):
        answer = client.post("/v1/assess", json={"claims": claims}).json
        assert answer["discrepancy"]["kind"] == "exceeds_whole"
    fits = client.post("/v1/assess", json={"claims": [put(3, property="child_deaths"), whole]}).json
    assert fits["discrepancy"] is None
    assert fits["assessment"]["current"]["amount"] == 3


@pytest.mark.parametrize(
    ("value", "amount", "qualifier", "low", "high"),
    [
        ({"amount": 24}, 24, "exact", 24, 24),
        ({"low": 3, "high": 5}, None, "between", 3, 5),
        ({"low": 3}, 3, "at_least", 3, None),
        ({"high": 5}, 5, "at_most", None, 5),
        ({"low": 5, "high": 5}, 5, "exact", 5, 5),
        ({"qualifier": "more_than", "low": 41}, 40, "more_than", 41, None),
        ({"qualifier": "fewer_than", "high": 29}, 30, "fewer_than", None, 29),
    ],
)
def test_a_value_may_be_told_by_its_bounds(
    client: FlaskClient, value: dict[str, Any], amount: int | None, qualifier: str, low: int | None, high: int | None
) -> None:
    claim = {"property": "deaths", "value": {"kind": "quantity", **value}}
    current = client.post("/v1/assess", json={"claims": [claim]}).json["assessment"]["current"]
    assert [current[name] for name in ("amount", "qualifier", "low", "high")] == [amount, qualifier, low, high]


def over(amount: float, qualifier: str = "more_than", **fields: Any) -> dict[str, Any]:
    return {
        "property": {"kind": "quantity"},
        "value": {"kind": "quantity", "qualifier": qualifier, "amount": amount, **fields},
    }


@pytest.mark.parametrize(
    ("left", "right", "strict", "pragmatic"),
    [
        (over(4_500_000), over(4_480_000, "exact"), "unresolved", "compatible"),
        (over(4_500_000), over(5_200_000, "exact"), "compatible", "unresolved"),
        (over(3_700), over(3_862, "exact"), "compatible", "compatible"),
        (over(3_700), over(4_100, "exact"), "compatible", "unresolved"),
        (over(250, "nearly"), over(243, "exact"), "unresolved", "compatible"),
        (over(3_000_000), over(9_000_000, "exact"), "compatible", "unresolved"),
        (over(4_500_000, "exact"), over(4_512_345, "exact"), "unresolved", "compatible"),
        (over(21, "at_least"), over(20, "exact"), "unresolved", "unresolved"),
        (over(0), over(0, "exact"), "unresolved", "unresolved"),
        (over(40, unit="percent"), over(40.3, "exact", unit="percent"), "compatible", "compatible"),
        (over(40, unit="percent"), over(40, "exact", unit="percent"), "unresolved", "compatible"),
        (over(5, "nearly", unit="percent"), over(3.1, "exact", unit="percent"), "unresolved", "unresolved"),
        (over(5, unit="usd"), over(5, unit="euros"), "not_comparable", "not_comparable"),
        (over(40), over(45, "exact"), "compatible", "compatible"),
        (over(40), over(400, "exact"), "compatible", "unresolved"),
        (over(50), over(45, "exact"), "unresolved", "unresolved"),
        (over(50, "nearly"), over(50, "exact"), "unresolved", "compatible"),
        (over(50, "nearly"), over(44.5, "exact"), "unresolved", "unresolved"),
        (over(4.5, unit="million"), over(4.48, "exact", unit="million"), "unresolved", "compatible"),
        (over(4.5, unit="million"), over(6.1, "exact", unit="million"), "compatible", "unresolved"),
        (over(4.5, "nearly", unit="million"), over(4.5, "exact", unit="million"), "unresolved", "compatible"),
        (over(0.7, unit="percent"), over(0.75, "exact", unit="percent"), "compatible", "compatible"),
        (over(0.7, unit="percent"), over(0.9, "exact", unit="percent"), "compatible", "unresolved"),
        (over(4_000, "fewer_than"), over(3_950, "exact"), "compatible", "compatible"),
        (over(4_000, "fewer_than"), over(4_010, "exact"), "unresolved", "compatible"),
        (over(4_000, "fewer_than"), over(1_200, "exact"), "compatible", "unresolved"),
        (over(4_000, "at_most"), over(1_200, "exact"), "compatible", "compatible"),
        (over(2.5, "fewer_than", unit="percent"), over(2.4, "exact", unit="percent"), "compatible", "compatible"),
        (over(2.5, "fewer_than", unit="percent"), over(1.1, "exact", unit="percent"), "compatible", "unresolved"),
        (over(3, unit="million"), over(3.2, "exact", unit="million"), "compatible", "compatible"),
        (over(3, unit="million"), over(3, "exact", unit="million"), "unresolved", "unresolved"),
        (over(40, unit="percent"), over(70.5, "exact", unit="percent"), "compatible", "unresolved"),
        (over(-2.5, "exact", unit="percent"), over(-2.4, "exact", unit="percent"), "unresolved", "unresolved"),
    ],
)
def test_hedged_numbers_are_read_strictly_or_as_a_reader_does(
    client: FlaskClient, left: dict[str, Any], right: dict[str, Any], strict: str, pragmatic: str
) -> None:
    for reading, relation in (("strict", strict), ("pragmatic", pragmatic)):
        answer = client.post("/v1/compare", json={"left": left, "right": right, "reading": reading})
        assert answer.json["relation"] == relation, reading


@pytest.mark.parametrize(
    ("label", "relation"),
    [
        ("a security source", "compatible"),
        ("unnamed officials", "compatible"),
        ("sources in the ministry", "compatible"),
        ("some residents", "compatible"),
        ("Sources close to the talks", "compatible"),
        ("source in the ministry", "compatible"),
        ("Anonymous official", "compatible"),
        ("source 3", "corroborates"),
        ("Source B", "corroborates"),
        ("Open Source Centre", "corroborates"),
        ("a", "corroborates"),
        ("the coroner", "corroborates"),
    ],
)
def test_a_label_that_keeps_the_name_back_confirms_nothing(client: FlaskClient, label: str, relation: str) -> None:
    left, right = put(24, attribution=[{"source": label}]), put(24, attribution=[{"source": "the mayor"}])
    assert client.post("/v1/compare", json={"left": left, "right": right}).json["relation"] == relation


@pytest.mark.parametrize(
    ("cause", "relation", "rule"),
    [
        ("widened_scope", "differs_in_scope", "scope_widened"),
        ("counting_rule", "differs_in_scope", "counting_rule_changed"),
        ("correction", "corrects", "stated_correction"),
        ("recount", "corrects", "recount_downwards"),
    ],
)
def test_a_cause_tells_what_a_later_figure_does_to_the_earlier(
    client: FlaskClient, cause: str, relation: str, rule: str
) -> None:
    left = put(50, attribution=GLADKOV, as_of={"earliest": "2024-01-02", "latest": "2024-01-02"})
    right = put(49, attribution=GLADKOV, as_of={"earliest": "2024-01-04", "latest": "2024-01-04"}, causes=[cause])
    answer = client.post("/v1/compare", json={"left": left, "right": right}).json
    assert (answer["relation"], answer["rule"], answer["causes"]) == (relation, rule, [cause])
    assessed = client.post("/v1/assess", json={"claims": [left, right]}).json
    assert assessed["assessment"]["current"]["amount"] == 49


@pytest.mark.parametrize(
    "scope",
    [
        {"population": "including the perpetrator"},
        {"population": "Dead and missing"},
        {"counting": "with the perpetrator"},
    ],
)
def test_another_rule_of_counting_is_no_contradiction(client: FlaskClient, scope: dict[str, Any]) -> None:
    for left, right in ((put(49), put(50, scope=scope)), (put(50), put(49, scope=scope))):
        answer = client.post("/v1/compare", json={"left": left, "right": right}).json
        assert answer["relation"] == "differs_in_scope"


def counted(amount: float, property_: dict[str, Any] | str, source: str = "the mayor") -> dict[str, Any]:
    return {
        "property": property_,
        "value": {"kind": "quantity", "amount": amount},
        "attribution": [{"source": source}],
    }


EVACUATED: dict[str, Any] = {"name": "evacuated", "kind": "quantity", "unit": "people"}
CHILDREN: dict[str, Any] = {"kind": "quantity", "unit": "children", "part_of": "evacuated"}
MISSING: dict[str, Any] = {"name": "missing", "kind": "quantity", "unit": "people", "moves_to": "deaths"}


@pytest.mark.parametrize(
    ("left", "right", "relation", "rule"),
    [
        (counted(3, CHILDREN), counted(20, EVACUATED), "part_of_whole", "part_fits"),
        (counted(30, CHILDREN), counted(20, EVACUATED), "exceeds_whole", "part_exceeds_whole"),
        (counted(3, {**CHILDREN, "part_of": "deaths"}), counted(24, "deaths"), "part_of_whole", "part_fits"),
        (counted(30, MISSING), counted(20, "deaths"), "not_comparable", "counts_people_move_between"),
        (counted(30, MISSING), counted(30, EVACUATED), "not_comparable", "another_property"),
        (counted(30, EVACUATED), counted(30, EVACUATED), "echo", "echo_of_one_origin"),
        (counted(24, {**EVACUATED, "name": "deaths"}), counted(24, "deaths"), "not_comparable", "another_property"),
        (
            counted(3, {**CHILDREN, "unit": "km", "additive": True}), counted(20, EVACUATED),
            "not_comparable", "another_unit",
        ),
    ],
)  # fmt: skip
def test_properties_told_on_the_spot_hang_together_by_name(
    client: FlaskClient, left: dict[str, Any], right: dict[str, Any], relation: str, rule: str
) -> None:
    answer = client.post("/v1/compare", json={"left": left, "right": right}).json
    assert (answer["relation"], answer["rule"]) == (relation, rule)


def test_people_leave_a_count_that_is_told_on_the_spot(client: FlaskClient) -> None:
    days = ({"earliest": day, "latest": day} for day in ("2024-01-01", "2024-01-02"))
    left, right = ({**counted(amount, MISSING), "as_of": day} for amount, day in zip((30, 20), days, strict=True))
    answer = client.post("/v1/compare", json={"left": left, "right": right}).json
    assert (answer["relation"], answer["rule"]) == ("updates", "people_left_the_count")
    assert answer["sentence"].startswith("Missing: 20 people as of 2 January 2024, according to the mayor;")


@pytest.mark.parametrize(
    ("left", "right", "field", "expected"),
    [
        ({**EVACUATED, "part_of": "evacuated"}, "deaths", "left.property.part_of", "runs in a circle"),
        ({**EVACUATED, "moves_to": "nobody"}, "deaths", "left.property.moves_to", "no property is called 'nobody'"),
        (EVACUATED, {**EVACUATED, "accumulates": True}, "right.property.accumulates", "contradicts what this request"),
        ({**EVACUATED, "name": " "}, "deaths", "left.property", "must not be blank"),
    ],
)
def test_a_property_told_on_the_spot_that_cannot_be_is_refused(
    client: FlaskClient, left: dict[str, Any], right: dict[str, Any] | str, field: str, expected: str
) -> None:
    response = client.post("/v1/compare", json={"left": counted(3, left), "right": counted(3, right)})
    assert response.status_code == 422
    found = {error["field"]: error["expected"] for error in response.json["errors"]}
    assert any(name.startswith(field) and reason.startswith(expected) for name, reason in found.items()), found


def test_a_property_tied_to_one_that_is_tied_to_none_that_is_known_is_refused(client: FlaskClient) -> None:
    lost = {"kind": "quantity", "name": "lost", "part_of": "nothing known"}
    tied = {"kind": "quantity", "name": "tied", "part_of": "lost"}
    response = client.post("/v1/compare", json={"left": counted(3, tied), "right": counted(3, lost)})
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["right.property.part_of"]


def test_a_claim_that_names_no_document_stands_in_one_of_its_own(client: FlaskClient) -> None:
    claims = [counted(21, EVACUATED), counted(21, EVACUATED), counted(24, EVACUATED, "the hospital")]
    answer = client.post("/v1/assess", json={"claims": claims}).json
    assert answer["discrepancy"]["summary"] == "3 documents, 2 values, 2 origins"
    held = [claim["document"] for value in answer["discrepancy"]["values"] for claim in value["claims"]]
    assert held == [None, None, None]


def test_claims_counted_in_two_units_are_not_assessed_together(client: FlaskClient) -> None:
    far = {**counted(21, {"kind": "quantity"}), "value": {"kind": "quantity", "amount": 21, "unit": "kilometres"}}
    miles = {**far, "value": {"kind": "quantity", "amount": 13, "unit": "miles"}}
    response = client.post("/v1/assess", json={"claims": [far, miles]})
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["claims.1.value.unit"]
    compared = client.post("/v1/compare", json={"left": far, "right": miles}).json
    assert compared["sentence"] == compared["because"]


DAY = {"earliest": "2024-01-02", "latest": "2024-01-02"}
SHORT = [
    ({"value": {"amount": 24.0}}, {"value": {"kind": "quantity", "qualifier": "exact", "amount": 24}}),
    ({"value": {"amount": 24, "kind": None}}, {"value": {"kind": "quantity", "amount": 24}}),
    (
        {"value": {"term": "new-york"}, "property": "venue"},
        {"value": {"kind": "category", "term": "new-york"}, "property": "venue"},
    ),
    (
        {"value": {"term": "denied"}, "property": {"kind": "polarity"}},
        {"value": {"kind": "polarity", "term": "denied"}, "property": {"kind": "polarity"}},
    ),
    (
        {"value": {"low": "2024-01-02", "high": "2024-01-02"}, "property": {"kind": "time"}},
        {"value": {"kind": "time", "low": "2024-01-02", "high": "2024-01-02"}, "property": {"kind": "time"}},
    ),
    ({"as_of": "2024-01-02", "published": None, "scope": None}, {"as_of": DAY}),
    ({"said_at": "2024-01-02", "origin": "mayor"}, {"said_at": DAY, "attribution": links("mayor")}),
    ({"attribution": ["reuters", "mayor"]}, {"attribution": links("reuters", "mayor")}),
    (
        {"origin": {"name": "mayor", "part_of": "town"}},
        {"attribution": [{"source": {"name": "mayor", "part_of": "town"}}]},
    ),
    ({"attribution": ["vyacheslav-gladkov"], "origin": "Gladkov"}, {"attribution": GLADKOV}),
    ({"note": "x", "revision": 3, "recorded_at": "2024-01-02T09:00Z"}, {}),
    ({"revision": 3.0, "locator": {"start": 0, "end": 2.0, "exact": "24"}}, {}),
]


@pytest.mark.parametrize(("short", "whole"), SHORT)
def test_what_a_claim_can_be_told_by_in_short_is_the_same_in_whole(
    client: FlaskClient, short: dict[str, Any], whole: dict[str, Any]
) -> None:
    one, other = ({"property": "deaths", "value": {"amount": 24}, **fields} for fields in (short, whole))
    beside = put(24, attribution=links("mayor"))
    answers = [client.post("/v1/compare", json={"left": claim, "right": beside}) for claim in (one, other)]
    assert answers[0].status_code == 200, answers[0].json
    assert answers[0].json == answers[1].json
    assessed = [client.post("/v1/assess", json={"claims": [claim]}).json for claim in (one, other)]
    assert assessed[0] == assessed[1]


def test_a_claim_is_put_as_it_was_had(client: FlaskClient) -> None:
    """Each stands to itself as a second mention of it would."""
    items = client.get(f"/v1/events/{BELGOROD}/claims?limit=100").json["items"]
    told_by_its_origin = [claim for claim in items if claim["attribution"] and claim["status"] == "active"]
    assert len(told_by_its_origin) > 10
    for claim in told_by_its_origin:
        answer = client.post("/v1/compare", json={"left": claim, "right": {**claim, "document": "another"}})
        assert answer.status_code == 200, answer.json
        assert answer.json["independence"] in ("same_origin", "unknown")


def test_a_document_s_own_arithmetic_is_not_compared_as_if_stated(client: FlaskClient) -> None:
    reckoned = {"how": "difference", "of": ["a", "b"], "stated": False}
    answer = client.post("/v1/compare", json={"left": put(21, reckoned=reckoned), "right": put(24)}).json
    assert answer["rule"] == "worked_out_not_stated"


def test_a_unit_is_the_same_in_any_spelling(client: FlaskClient) -> None:
    share = {"kind": "quantity"}
    sides = [
        {"property": share, "value": {"amount": 61.5, "unit": unit}, "attribution": [name]}
        for unit, name in (("%", "commission"), ("per cent", "observers"))
    ]
    here = client.post("/v1/compare", json=dict(zip(("left", "right"), sides, strict=True))).json
    there = client.post("/v1/compare", json=dict(zip(("right", "left"), sides, strict=True))).json
    assert here["relation"] == "corroborates"
    assert here == there
    assert client.post("/v1/assess", json={"claims": sides}).json["assessment"]["grade"] == "corroborated"


def test_one_of_what_is_counted_takes_the_singular(client: FlaskClient) -> None:
    claim = {"property": {"kind": "quantity", "unit": "people"}, "value": {"amount": 1}, "origin": "the mayor"}
    sentence = client.post("/v1/assess", json={"claims": [claim]}).json["assessment"]["sentence"]
    assert sentence.startswith("1 person, according to the mayor.")
