"""Reconciliation over HTTP: what is matched and what is not, refusals, scripts, other hosts, pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.store import db as store
from api.store.models import Source
from tests.clients.reconciling import SPECIFICATION, faults

STRIKE = "belgorod-strike-2023-12-30"

Fields = dict[str, Any]


def asked(client: FlaskClient, **query: Any) -> list[Fields]:
    """The candidates of one query."""
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert answer.status_code == 200, answer.text
    assert faults(answer.json, "reconciliation-result-batch") == []
    candidates: list[Fields] = answer.json["q"]["result"]
    assert candidates == sorted(candidates, key=lambda one: -one["score"])
    assert all(0 <= one["score"] <= 100 for one in candidates)
    assert not any(one["match"] for one in candidates[1:])
    return candidates


def cells(client: FlaskClient, name: str, prop: str, **settings: Any) -> Any:
    """The cells of one property of one entity."""
    wanted = {"ids": [name], "properties": [{"id": prop, "settings": settings}]}
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)})
    assert answer.status_code == 200, answer.text
    assert faults(answer.json, "data-extension-response") == []
    return answer.json["rows"][name][prop]


MEANT = [
    ("Strike on Belgorod", "event", STRIKE),
    ("strike in BELGOROD", "event", STRIKE),
    ("Belgorod: strike", None, STRIKE),
    ("Blegorod strike", None, STRIKE),
    ("Strikes on Kharkov", "event", "kharkiv-strikes-2023-12-30"),
    (STRIKE, None, STRIKE),
    ("Vyacheslav Gladkov", None, "vyacheslav-gladkov"),
    ("Gladkov, Vyacheslav", "person", "vyacheslav-gladkov"),
    ("Вячеслав Гладков", None, "vyacheslav-gladkov"),
    ("Wjatscheslaw Gladkow", "person", "vyacheslav-gladkov"),
    ("Nebenzia", None, "vasily-nebenzya"),
    ("Небензя", "source", "vasily-nebenzya"),
    ("Russian Ministry of Defence", "office", "russia-defence-ministry"),
    ("Deaths", "property", "deaths"),
    ("death toll", None, "deaths"),
    ("Kiev", "organisation", "ukraine"),
]


@pytest.mark.parametrize(("query", "kind", "meant"), MEANT)
def test_a_name_is_matched_however_it_is_spelt(client: FlaskClient, query: str, kind: str | None, meant: str) -> None:
    first = asked(client, query=query, **({"type": kind} if kind else {}))[0]
    assert (first["id"], first["match"]) == (meant, True)


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("Belgorod", {}),
        ("Strike", {"type": "event"}),
        ("casualties", {"type": "property"}),
        ("Kherson", {"type": "event"}),
        ("Ministry", {}),
        ("Russian Culture Ministry", {"type": "office"}),
        ("Strike on Belgorod 2024-02-15", {"type": "event"}),
        ("Strike on Belgorod", {"properties": [{"pid": "event.place", "v": "Kharkiv"}]}),
        ("Strike on Belgorod", {"properties": [{"pid": "date", "v": "2024-02-15"}]}),
        ("Strike on Belgorod", {"properties": [{"pid": "deaths", "v": "21"}]}),
        ("Vyacheslav Gladkov", {"properties": [{"pid": "part_of", "v": "International Criminal Court"}]}),
    ],
)
def test_what_is_not_certain_is_no_match(client: FlaskClient, query: str, more: Fields) -> None:
    found = asked(client, query=query, **more)
    assert found
    assert not any(one["match"] for one in found)


def test_a_name_that_two_share_matches_neither(client: FlaskClient) -> None:
    scores = {one["id"]: one["score"] for one in asked(client, query="casualties", type="property")}
    assert scores["deaths"] == scores["injured"] > 90


@pytest.mark.parametrize(
    ("pid", "value"),
    [
        ("event.place", "Belgorod"),
        ("event.place", {"id": "belgorod", "name": "Белгород"}),
        ("place", "Bielgorod"),
        ("event.date", "2023-12-30"),
        ("date", "2023-12-30T10:00:00+03:00"),
        ("date", ["2023-12", "2023"]),
        ("deaths", 24),
        ("deaths", "24"),
        ("event.parent", {"id": "war-in-ukraine"}),
        ("event.documents", 5),
    ],
)
def test_a_property_that_agrees_says_so(client: FlaskClient, pid: str, value: Any) -> None:
    first = asked(client, query="Belgorod shelling", type="event", properties=[{"pid": pid, "v": value}])[0]
    features = {one["id"]: one["value"] for one in first["features"]}
    assert first["id"] == STRIKE
    assert features[f"property:{pid}"] > 85


def test_properties_raise_what_agrees_above_what_does_not(client: FlaskClient) -> None:
    plain = [one["id"] for one in asked(client, query="strikes", type="event")]
    placed = asked(client, query="strikes", type="event", properties=[{"pid": "place", "v": "Kherson"}])
    kharkiv = asked(client, query="strikes", type="event", properties=[{"pid": "place", "v": "Kharkiv"}])
    assert "kharkiv-strikes-2023-12-30" in plain
    assert kharkiv[0]["id"] == "kharkiv-strikes-2023-12-30"
    assert kharkiv[0]["score"] > {one["id"]: one["score"] for one in placed}["kharkiv-strikes-2023-12-30"]


def test_a_property_without_a_value_on_record_says_nothing(client: FlaskClient) -> None:
    for pid in ("event.latitude", "no-such-property", "source.kind"):
        first = asked(client, query="Strike on Belgorod", properties=[{"pid": pid, "v": "50"}])[0]
        assert (first["score"], first["match"]) == (100, True)
        assert not any(one["id"].startswith("property:") for one in first["features"])


def test_properties_alone_find_candidates_but_no_match(client: FlaskClient) -> None:
    given = [{"pid": "event.place", "v": "Belgorod"}, {"pid": "event.date", "v": "2023-12-30"}]
    found = asked(client, properties=given)
    assert (found[0]["id"], found[0]["score"]) == (STRIKE, 100)
    assert not found[0]["match"]


def test_only_the_types_that_are_asked_for_are_given(client: FlaskClient) -> None:
    for kind in ("event", "source", "office", ["event", "property"]):
        found = asked(client, query="Belgorod Ministry deaths", type=kind, limit=50)
        types = [{one["id"] for one in candidate["type"]} for candidate in found]
        assert found
        assert all(not of.isdisjoint([kind] if isinstance(kind, str) else kind) for of in types)
    assert asked(client, query="Belgorod", type="DifferentiatedPerson") == []


def test_a_limit_is_kept(client: FlaskClient) -> None:
    assert len(asked(client, query="Russian", limit=2)) == 2
    assert len(asked(client, query="Russian")) == 5
    assert len(asked(client, query="Russian", limit=1_000_000)) > 5


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "\x00", "\u202e", "a" * 100_000, "'; DROP TABLE event; --", "🔥", "of the"]
)
def test_any_cell_is_answered(client: FlaskClient, text: str) -> None:
    assert not any(one["match"] for one in asked(client, query=text))


@pytest.mark.parametrize("path", sorted((SPECIFICATION / "queries" / "valid").iterdir()), ids=lambda path: path.stem)
def test_what_the_specification_calls_valid_is_answered(client: FlaskClient, path: Path) -> None:
    batch = path.read_text(encoding="utf-8")
    for answer in (
        client.post("/reconcile", data={"queries": batch}),
        client.get("/reconcile", query_string={"queries": batch}),
    ):
        assert answer.status_code == 200
        assert set(answer.json) == set(json.loads(batch))
        assert faults(answer.json, "reconciliation-result-batch") == []


@pytest.mark.parametrize("path", sorted((SPECIFICATION / "queries" / "invalid").iterdir()), ids=lambda path: path.stem)
def test_what_the_specification_calls_invalid_is_refused(client: FlaskClient, path: Path) -> None:
    answer = client.post("/reconcile", data={"queries": path.read_text(encoding="utf-8")})
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"].startswith("queries.q")


REFUSED = [
    ({"queries": "{"}, 400, "queries"),
    ({"queries": "[]"}, 400, "queries"),
    ({"queries": '{"q": {"query": NaN}}'}, 400, "queries"),
    ({"queries": '{"q": {"query": "\\ud800"}}'}, 400, "queries"),
    ({"queries": '{"q": {"query": "a", "limit": 0}}'}, 400, "queries.q.limit"),
    ({"queries": '{"q": {"query": "a", "type": {"id": "event"}}}'}, 400, "queries.q.type"),
    ({"queries": '{"q": {"query": "a", "properties": [{"pid": "date"}]}}'}, 400, "queries.q.properties.0.v"),
    (
        {"queries": '{"q": {"query": "a", "properties": [{"pid": "date", "v": {}}]}}'},
        400,
        "queries.q.properties.0.v",
    ),
    (
        {"queries": json.dumps({"q": {"properties": [{"pid": "date", "v": ["2024"] * 21}]}})},
        400,
        "queries.q.properties.0.v",
    ),
    ({"queries": json.dumps({"q": {"properties": [{"pid": "date", "v": "2024"}] * 21}})}, 400, "queries.q.properties"),
    ({"extend": '{"ids": []}'}, 400, "extend.properties"),
    ({"extend": '{"ids": ["a"], "properties": [{"id": "deths"}]}'}, 404, None),
    ({"extend": '{"ids": [], "properties": [{"id": "deaths"}, {"id": "deaths"}]}'}, 400, "extend.properties"),
    (
        {"extend": '{"ids": [], "properties": [{"id": "deaths", "settings": {"show": "x"}}]}'},
        400,
        "extend.properties.0.settings.show",
    ),
    ({"other": "1"}, 400, "queries"),
    ({"queries": json.dumps({str(number): {"query": "a"} for number in range(51)})}, 413, None),
    ({"extend": json.dumps({"ids": ["a"] * 501, "properties": []})}, 400, "extend.ids"),
]


@pytest.mark.parametrize(("form", "status", "field"), REFUSED)
def test_a_refusal_names_what_was_wrong(client: FlaskClient, form: Fields, status: int, field: str | None) -> None:
    answer = client.post("/reconcile", data=form)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert [error["field"] for error in answer.json.get("errors", ())][:1] == ([field] if field else [])


def test_json_that_is_nested_without_end_is_refused(client: FlaskClient) -> None:
    answer = client.post("/reconcile", data={"queries": "[" * 100_000})
    assert answer.status_code == 400


def test_a_body_that_is_no_form_is_refused(client: FlaskClient) -> None:
    assert client.post("/reconcile", json={"queries": {}}).status_code == 415
    assert client.post("/reconcile").status_code == 400


def test_a_property_nobody_knows_is_refused_with_the_nearest(client: FlaskClient) -> None:
    answer = client.post("/reconcile", data={"extend": '{"ids": ["a"], "properties": [{"id": "deths"}]}'})
    assert "deaths" in answer.json["suggestions"]


def test_cells_are_of_the_type_their_value_is(client: FlaskClient) -> None:
    assert cells(client, STRIKE, "deaths") == [{"int": 24}]
    assert cells(client, STRIKE, "deaths", show="grade") == [{"str": "single_origin"}]
    assert cells(client, STRIKE, "deaths", show="documents") == [{"int": 5}]
    assert cells(client, STRIKE, "deaths", show="conflict") == [{"str": "no"}]
    assert cells(client, STRIKE, "injured", show="conflict") == [{"str": "yes"}]
    assert cells(client, STRIKE, "deaths", show="as_of") == [{"date": "2024-01-01T00:00:00Z"}]
    assert cells(client, STRIKE, "deaths", show="sentence")[0]["str"].startswith("24 people were killed")
    assert cells(client, STRIKE, "population", show="low") == [{"int": 335000}]
    assert cells(client, STRIKE, "distance_from_border", show="high") == [{"float": 19.5}]
    assert cells(client, STRIKE, "missiles_launched") == [{"str": "several missiles"}]
    assert cells(client, "putin-arrest-warrant-2023-03", "event.starts") == [{"str": "2023-03"}]
    assert cells(client, STRIKE, "event.latitude") == []
    assert cells(client, "vasily-nebenzya", "source.part_of") == [
        {"id": "russia-un-mission", "name": "Russian mission to the United Nations"}
    ]
    assert cells(client, "vasily-nebenzya", "source.aliases")[1:] == [{"str": "Nebenzia"}, {"str": "Nebenzya"}]
    assert cells(client, "child_deaths", "property.part_of") == [{"id": "deaths", "name": "Deaths"}]
    assert cells(client, "vasily-nebenzya", "deaths") == []


def test_settings_narrow_and_widen_what_is_given(client: FlaskClient) -> None:
    whole = cells(client, STRIKE, "weapon")
    assert len(whole) > 2
    assert cells(client, STRIKE, "weapon", limit="2") == whole[:2]
    parts = cells(client, STRIKE, "missiles_launched", scope="all")
    assert {"int": 2} in parts
    assert len(parts) > 1


def test_an_extension_is_had_by_an_address_too(client: FlaskClient) -> None:
    wanted = json.dumps({"ids": [STRIKE], "properties": [{"id": "deaths"}]})
    by_form = client.post("/reconcile", data={"extend": wanted})
    assert client.get("/reconcile", query_string={"extend": wanted}).json == by_form.json


SCRIPTS = [
    "/reconcile?_=1700000000",
    '/reconcile?queries={"q":{"query":"Belgorod"}}',
    "/reconcile/suggest/entity?prefix=belg",
    "/reconcile/suggest/property?prefix=d",
    "/reconcile/suggest/type?prefix=",
    "/reconcile/properties?type=event&limit=3",
    "/reconcile/flyout/entity?id=icc",
    "/reconcile/flyout/property?id=event.place",
    "/reconcile/flyout/type?id=person",
]


@pytest.mark.parametrize("path", SCRIPTS)
def test_an_answer_is_handed_to_a_function_where_one_is_named(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    mark = "&" if "?" in path else "?"
    script = client.get(f"{path}{mark}callback=jQuery123_45.done")
    assert script.content_type == "text/javascript; charset=utf-8"
    assert script.headers["X-Content-Type-Options"] == "nosniff"
    assert script.text == f"/**/jQuery123_45.done({plain.text});\n"
    assert client.get(f"{path}{mark}callback=alert(1)").status_code == 400


@pytest.mark.parametrize(
    "path", ["/reconcile", "/reconcile/suggest/entity", "/reconcile/entities/icc", "/reconcile/no"]
)
def test_pages_of_other_hosts_may_ask(client: FlaskClient, path: str) -> None:
    asked_before = {"Origin": "https://tool.example", "Access-Control-Request-Method": "GET"}
    for answer in (client.get(path), client.options(path, headers=asked_before)):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = client.options("/reconcile", headers={**asked_before, "Access-Control-Request-Method": "POST"})
    assert {"GET", "POST"} <= set(told.headers["Access-Control-Allow-Methods"].split(", "))


def test_suggestions_can_be_paged_and_narrowed(client: FlaskClient) -> None:
    def suggested(**query: Any) -> list[str]:
        answer = client.get("/reconcile/suggest/entity", query_string=query)
        assert faults(answer.json, "suggest-entities-response") == []
        return [one["id"] for one in answer.json["result"]]

    first, second = suggested(prefix=""), suggested(prefix="", cursor=20)
    assert len(first) == len(second) == 20
    assert not set(first) & set(second)
    assert suggested(prefix="belg", type="event")[0] == STRIKE
    assert "belgorod-residents" not in suggested(prefix="belg", type="event")
    assert suggested(prefix="belg", type="nothing") == []
    assert suggested(prefix="Blegorod sheling")[0] == STRIKE
    assert suggested(prefix="Харьк", type="event") == ["kharkiv-strikes-2023-12-30"]
    assert client.get("/reconcile/suggest/entity?cursor=-1").status_code == 400


def test_every_letter_typed_of_a_name_keeps_it_among_the_suggestions(client: FlaskClient) -> None:
    name = "Vyacheslav Gladkov"
    for end in range(1, len(name) + 1):
        answer = client.get("/reconcile/suggest/entity", query_string={"prefix": name[:end], "type": "person"})
        assert "vyacheslav-gladkov" in [one["id"] for one in answer.json["result"]], name[:end]


def test_proposals_are_those_of_the_type(client: FlaskClient) -> None:
    def proposed(**query: Any) -> Fields:
        fields: Fields = client.get("/reconcile/properties", query_string=query).json
        assert faults(fields, "data-extension-property-proposal") == []
        return fields

    assert {"event.place", "deaths"} <= {one["id"] for one in proposed(type="event")["properties"]}
    assert {one["id"].split(".")[0] for one in proposed(type="outlet")["properties"]} == {"source"}
    assert proposed(type="nothing")["properties"] == []
    assert len(proposed(type="event", limit=3)["properties"]) == proposed(type="event", limit=3)["limit"] == 3
    assert len(proposed(type="")["properties"]) > len(proposed(type="event")["properties"])


@pytest.mark.parametrize(
    "path", ["/reconcile/flyout/entity?id=icq", "/reconcile/flyout/property?id=deths", "/reconcile/entities/icq"]
)
def test_what_nobody_knows_is_answered_with_the_nearest(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["suggestions"]


def test_the_page_of_an_event_says_what_conflicts(client: FlaskClient) -> None:
    page = client.get(f"/reconcile/entities/{STRIKE}")
    assert "Reports conflict on" in page.text
    assert f'href="/v1/events/{STRIKE}"' in page.text
    assert "<script" not in page.text
    assert client.get(f"/v1/events/{STRIKE}").status_code == 200


HOSTILE = '<script>alert(1)</script> \u2028 & "Sons"'


@pytest.fixture
def hostile(empty: str) -> Iterator[FlaskClient]:
    """An API with a public address, and a source with a name that would break pages."""
    Source.create(id="sons", name=HOSTILE, kind="outlet", words="", recorded_at="2024-02-01T00:00:00+00:00")
    yield create_app(Config(database_url=empty, public_url="https://facts.example/api")).test_client()
    store.db.close()


def test_nothing_of_the_record_is_markup_or_script(hostile: FlaskClient) -> None:
    flyout = hostile.get("/reconcile/flyout/entity?id=sons").json["html"]
    page = hostile.get("/reconcile/entities/sons").text
    assert "&lt;script&gt;alert(1)" in flyout
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in flyout + page
    script = hostile.get("/reconcile/suggest/entity?prefix=&callback=f").text
    assert "\u2028" not in script
    assert json.loads(script.removeprefix("/**/f(").removesuffix(");\n"))["result"][0]["name"] == HOSTILE


def test_every_address_of_the_manifest_begins_with_the_public_one(hostile: FlaskClient) -> None:
    manifest = hostile.get("/reconcile").json
    assert faults(manifest, "manifest") == []
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    addresses = [manifest[name] for name in ("identifierSpace", "schemaSpace", "documentation")]
    addresses += [manifest["view"]["url"], manifest["preview"]["url"], *(one["service_url"] for one in services)]
    assert all(address.startswith("https://facts.example/api") for address in addresses)
    assert {setting["name"] for setting in manifest["extend"]["property_settings"]} == {"show", "scope", "limit"}
