"""Lists over HTTP: sorted, sparse, counted, and with their neighbours, at a number of queries that does not grow."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries
from yaml import safe_dump

from api.app import create_app
from api.config import Config
from api.store import db as store
from schemas.neighbours import NEIGHBOURS
from tests.conftest import fill
from tests.databases import Databases
from tests.routes.wide import wide

BELGOROD = "belgorod-strike-2023-12-30"
MOMENT = "2024-01-02T09:00+03:00"
MANY = 200

PATHS = {
    "events": "/v1/events",
    "claims": "/v1/claims",
    "discrepancies": "/v1/discrepancies",
    "questions": "/v1/questions",
    "documents": "/v1/documents",
    "sources": "/v1/sources",
    "properties": "/v1/properties",
    "timelines": f"/v1/events/{BELGOROD}/timeline",
}
"""The list of each noun."""

LISTS = [*PATHS.values(), "/v1/rules", *(f"/v1/events/{BELGOROD}/{noun}" for noun in ("claims", "discrepancies"))]

Item = dict[str, Any]
Listing = Callable[..., list[Item]]


@pytest.fixture(scope="module")
def broad(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with two hundred of everything."""
    folder = tmp_path_factory.mktemp("wide")
    (folder / "wide.yaml").write_text(safe_dump(wide(MANY)), encoding="utf-8")
    return databases.shared("wide", lambda url: fill(url, folder))


@pytest.fixture
def crowd(broad: str) -> Iterator[FlaskClient]:
    """A client of the record with two hundred of everything."""
    yield create_app(Config(database_url=broad)).test_client()
    store.db.close()


def keys(client: FlaskClient, path: str) -> list[str]:
    """What a list can be sorted by, as its description says."""
    described = client.get("/openapi.json").json["paths"]
    operation = described[path if path in described else path.replace(BELGOROD, "{event_id}")]["get"]
    found = (item["schema"]["enum"] for item in operation["parameters"] if item["name"] == "sort")
    return next(found, [])


def by(noun: str, key: str, item: Item, client: FlaskClient) -> Any:
    """What an item is sorted by, and what no two share."""
    if noun == "claims":
        tie = (item["document"], item["locator"]["start"], item["id"])
        published = client.get(f"/v1/documents/{item['document']}").json["published"]["latest"]
        told = {"document": tie, "published_at": published, "recorded_at": item["recorded_at"], "id": item["id"]}
        return told[key], tie if key == "published_at" else item["id"]
    told = {
        **{"id": item.get("id"), "name": item.get("name"), "place": item.get("place"), "kind": item.get("kind")},
        **{"starts": item.get("starts"), "published_at": item.get("published", {}).get("latest")},
        **{"changed_at": item.get("changed_at"), "question": item.get("links", {}).get("question")},
    }
    return told[key], item["id"] if "id" in item else item["name"]


@pytest.mark.parametrize("noun", ["events", "claims", "discrepancies", "questions", "documents", "sources", "rules"])
def test_a_list_is_sorted_either_way_with_what_has_no_value_last(client: FlaskClient, noun: str) -> None:
    path = f"/v1/{noun}"
    usual = client.get(path, query_string={"limit": 500}).json["items"]
    offered = keys(client, path)
    assert len(offered) >= 4
    assert client.get(path, query_string={"limit": 500, "sort": offered[0]}).json["items"] == usual
    for sort in offered:
        found = client.get(path, query_string={"limit": 500, "sort": sort}).json["items"]
        assert sorted(map(repr, found)) == sorted(map(repr, usual))
        placed = [by(noun, sort.removeprefix("-"), item, client) for item in found]
        valued = [place for place in placed if place[0] is not None]
        assert valued == sorted(valued, reverse=sort.startswith("-")), sort
        assert all(value is None for value, _ in placed[len(valued) :])


@pytest.mark.parametrize("noun", ["documents", "events", "claims"])
def test_what_has_no_date_stands_last_on_pages_too(crowd: FlaskClient, noun: str) -> None:
    dated = {"documents": "published_at", "events": "starts", "claims": "published_at"}[noun]
    for sort in (dated, f"-{dated}"):
        whole = crowd.get(f"/v1/{noun}?limit=500&sort={sort}").json["items"]
        walked: list[Item] = []
        here = f"/v1/{noun}?limit=37&sort={sort}"
        while here:
            page = crowd.get(here).json
            walked += page["items"]
            here = page["next"]
        assert walked == whole
        assert len(whole) == (2 * MANY if noun == "claims" else MANY)


def test_the_newest_documents_come_first_whatever_the_precision_of_their_dates(crowd: FlaskClient) -> None:
    items = crowd.get("/v1/documents?sort=-published_at&limit=500").json["items"]
    days = list(dict.fromkeys(item["published"]["latest"] for item in items))
    assert days == ["2024-01", "2024-01-05", "2024-01-03", "2024-01-03T09:30:00+03:00", None]


@pytest.mark.parametrize("path", [path for path in LISTS if "timeline" not in path])
def test_a_plus_before_a_sort_key_says_nothing(client: FlaskClient, path: str) -> None:
    key = keys(client, path)[0]
    plain = client.get(f"{path}?sort={key}").json["items"]
    assert [client.get(f"{path}?sort={plus}{key}").json["items"] for plus in ("%2B", "+")] == [plain, plain]
    for nothing in ("++id", "+-id", "+", "%20%20id"):
        assert client.get(f"{path}?sort={nothing}").status_code == 422


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_sort_key_is_refused_with_what_is_possible(client: FlaskClient, path: str) -> None:
    answer = client.get(path, query_string={"sort": "colour"})
    error = answer.json["errors"][0]
    assert (answer.status_code, error["field"]) == (422, "sort")
    assert all(key in error["expected"] for key in keys(client, path))
    assert keys(client, path) or "no field of this name" in error["expected"]


@pytest.mark.parametrize("path", [path for path in LISTS if "timeline" not in path])
def test_a_cursor_of_another_order_is_refused(client: FlaskClient, path: str) -> None:
    one, other = keys(client, path)[:2]
    following = client.get(path, query_string={"sort": one, "limit": 1}).json["next"]
    answer = client.get(following.replace(f"sort={one}", f"sort={other}"))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "cursor")


@pytest.mark.parametrize("as_of", [None, MOMENT])
@pytest.mark.parametrize("path", LISTS)
def test_a_count_is_the_number_of_items_on_all_pages(
    client: FlaskClient, listing: Listing, path: str, as_of: str | None
) -> None:
    filters = {"as_of": as_of} if as_of else {}
    answer = client.get(path, query_string={**filters, "count": "exact", "limit": 2}).json
    assert set(answer) == {"items", "next", "total"}
    assert answer["total"] == len(listing(path, **filters)) >= 2
    second = client.get(answer["next"]).json
    assert second["total"] == answer["total"]


def test_a_filtered_list_counts_what_the_filters_leave(client: FlaskClient, listing: Listing) -> None:
    filters = {"event": BELGOROD, "property": "deaths", "sort": "-published_at"}
    found = client.get("/v1/claims", query_string={**filters, "count": "exact", "limit": 1}).json
    assert found["total"] == len(listing("/v1/claims", **filters)) > 1
    assert client.get("/v1/claims?q=nobody-says-this&count=exact").json["total"] == 0


def reached(content: Any, steps: list[str]) -> Any:
    if not steps or content is None:
        return content
    if isinstance(content, list):
        return [reached(item, steps) for item in content]
    return reached(content[steps[0]], steps[1:])


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v1/claims", ["value", "origin"]),
        ("/v1/claims", ["value.amount", "locator.exact", "attribution.source", "scope.place"]),
        ("/v1/claims?as_of=2024-01-02", ["id"]),
        ("/v1/events", ["place.name", "counts"]),
        ("/v1/documents", ["published.latest", "findings.kind"]),
        ("/v1/documents?as_of=2024-01-02", ["published.latest", "findings.kind"]),
        ("/v1/discrepancies", ["id", "values.claims.id", "assessment.sentence"]),
        ("/v1/discrepancies?as_of=2024-01-02", ["values.value.amount", "relations.because"]),
        ("/v1/questions", ["links.self", "conflict"]),
        ("/v1/sources", ["name"]),
        ("/v1/properties", ["label", "terms.id"]),
        ("/v1/rules", ["name", "examples.for.left"]),
        (f"/v1/events/{BELGOROD}/timeline", ["entries.value.text", "label"]),
    ],
)
def test_only_the_wanted_fields_are_given(client: FlaskClient, path: str, names: list[str]) -> None:
    whole = client.get(path).json["items"]
    sparse = client.get(f"{path}{'&' if '?' in path else '?'}fields={','.join(names)}").json["items"]
    assert len(sparse) == len(whole)
    for item, full in zip(sparse, whole, strict=True):
        assert set(item) == {name.split(".")[0] for name in names}
        for name in names:
            assert reached(item, name.split(".")) == reached(full, name.split("."))


def test_a_field_within_one_that_is_wanted_whole_takes_nothing_away(client: FlaskClient) -> None:
    whole = client.get("/v1/claims?fields=value").json["items"]
    for names in ("value,value.amount", "value.amount,value", "value,value"):
        assert client.get(f"/v1/claims?fields={names}").json["items"] == whole


def test_fields_may_change_from_page_to_page(client: FlaskClient) -> None:
    following = client.get("/v1/claims?limit=2&fields=id").json["next"]
    assert set(client.get(following.replace("fields=id", "fields=event")).json["items"][0]) == {"event"}


@pytest.mark.parametrize(
    ("names", "unknown", "known"),
    [("colour", "'colour'", "attribution"), ("id,value.colour", "'value.colour'", "value.amount")]
    + [(names, "''", "attribution") for names in ("", "id,", ",id")]
    + [("id.amount", "'id.amount'", "attribution"), ("ID", "'ID'", "attribution"), ("id, event", "' event'", "event")],
)
def test_an_unknown_field_is_refused_and_named(client: FlaskClient, names: str, unknown: str, known: str) -> None:
    answer = client.get("/v1/claims", query_string={"fields": names})
    error = answer.json["errors"][0]
    assert (answer.status_code, error["field"]) == (422, "fields")
    assert error["expected"].startswith(f"{unknown} is not known here; known are ")
    assert known in error["expected"]


def test_lines_and_sheets_are_sparse_too(client: FlaskClient) -> None:
    query = {"fields": "value.amount,attribution.source", "limit": 5}
    items = client.get("/v1/claims", query_string=query).json["items"]
    lines = client.get("/v1/claims", query_string={**query, "format": "ndjson"})
    assert [client.application.json.loads(line) for line in lines.text.splitlines()] == items
    sheet = client.get("/v1/claims", query_string={**query, "format": "csv"}).text.split("\r\n")
    assert sheet[0] == "value.amount,attribution.source"
    assert len(sheet) == 7
    assert client.get("/v1/claims", query_string={**query, "format": "text"}).text.split()[0] == "VALUE.AMOUNT"


def routes_answer(client: FlaskClient, kind: str, name: str, as_of: str | None) -> Any:
    answer = client.get(f"/v1/{kind}/{name}", query_string={"as_of": as_of} if as_of else {})
    return answer.json if answer.status_code == 200 else None


@pytest.mark.parametrize("as_of", [None, "2023-12-31", MOMENT])
@pytest.mark.parametrize(("noun", "name"), [(noun, name) for noun, names in NEIGHBOURS.items() for name in names])
def test_what_is_included_is_what_its_own_route_answers(
    client: FlaskClient, noun: str, name: str, as_of: str | None
) -> None:
    neighbour = NEIGHBOURS[noun][name]
    query = {"include": name, "limit": 20, **({"as_of": as_of} if as_of else {})}
    answer = client.get(PATHS[noun], query_string=query)
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == {"items", "next", "included"}
    assert set(answer.json["included"]) == {neighbour.kind}
    found = answer.json["included"][neighbour.kind]
    if neighbour.path:
        ids = set(flat(reached(answer.json["items"], neighbour.path.split("."))))
        assert set(found) == {each for each in ids if routes_answer(client, neighbour.kind, each, as_of)}
    for each, included in list(found.items())[:12]:
        assert routes_answer(client, neighbour.kind, each, as_of) == included


def flat(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for item in content:
            yield from flat(item)
    elif content is not None:
        yield content


def test_what_the_record_leads_to_is_all_of_it(client: FlaskClient, listing: Listing) -> None:
    answer = client.get("/v1/events?limit=500&include=questions,discrepancies,documents,sources").json["included"]
    assert set(answer["questions"]) == {item["id"] for item in listing("/v1/questions")}
    assert set(answer["discrepancies"]) == {item["id"] for item in listing("/v1/discrepancies")}
    claims = listing("/v1/claims")
    assert set(answer["documents"]) == {claim["document"] for claim in claims}
    assert set(answer["sources"]) == {link["source"] for claim in claims for link in claim["attribution"]}
    answer = client.get("/v1/documents?limit=500&include=claims,events").json["included"]
    assert set(answer["claims"]) == {claim["id"] for claim in claims}
    assert set(answer["events"]) == {claim["event"] for claim in claims}


def test_two_names_of_one_kind_share_a_place_and_each_neighbour_comes_once(client: FlaskClient) -> None:
    query = {"event": BELGOROD, "property": "deaths", "include": "origin,source,document"}
    answer = client.get("/v1/claims", query_string=query)
    assert set(answer.json["included"]) == {"documents", "sources"}
    assert answer.text.count('"name":"Vyacheslav Gladkov"') == 1


def test_an_unknown_neighbour_is_refused_with_those_there_are(client: FlaskClient) -> None:
    answer = client.get("/v1/claims?include=document,author")
    error = answer.json["errors"][0]
    assert (answer.status_code, error["field"]) == (422, "include")
    assert error["expected"] == (
        "'author' is not known here; known are document, event, origin, property, source, statement"
    )


def test_more_neighbours_than_an_answer_holds_are_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.review.neighbours.MOST", 3)
    answer = client.get("/v1/events?include=questions")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "include")
    assert client.get("/v1/claims?include=event&limit=1").status_code == 200


@pytest.mark.parametrize("form", ["text", "csv", "ndjson", "jsonld"])
def test_neighbours_come_along_where_there_is_a_place_for_them_and_items_alone_elsewhere(
    client: FlaskClient, form: str
) -> None:
    alone = client.get("/v1/claims", query_string={"format": form, "limit": 3})
    asked = client.get("/v1/claims", query_string={"format": form, "limit": 3, "include": "document"})
    told = asked.text.replace("&include=document", "")
    assert (asked.status_code, told) == (200, alone.text)


@pytest.mark.parametrize("form", ["json", "text", "csv", "ndjson", "jsonld"])
@pytest.mark.parametrize("limit", [{}, {"limit": "2"}])
def test_the_number_of_items_is_told_in_every_format(client: FlaskClient, form: str, limit: dict[str, str]) -> None:
    counted = client.get("/v1/claims", query_string={"format": form, "count": "exact", **limit})
    assert counted.headers["Total-Count"] == str(client.get("/v1/claims?count=exact").json["total"])
    assert "Total-Count" not in client.get("/v1/claims", query_string={"format": form, **limit}).headers


def queries(client: FlaskClient, path: str, **query: Any) -> tuple[int, int]:
    """How many queries a list runs, beside the look at the edition that most begin with, and how many items."""
    with count_queries() as counted:
        answer = client.get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    own = [query for query in counted.get_queries() if not query.msg[0].startswith("SELECT number")]
    return len(own), len(answer.json["items"])


STORED = [*(f"/v1/{noun}" for noun in PATHS if noun != "timelines"), "/v1/rules"]


@pytest.mark.parametrize("path", STORED)
def test_a_list_runs_one_query_for_two_items_and_for_two_hundred(crowd: FlaskClient, path: str) -> None:
    few, many = queries(crowd, path, limit=2), queries(crowd, path, limit=MANY)
    assert few == (1, 2)
    assert many == (1, min(MANY, many[1]))
    assert many[1] == MANY or path == "/v1/rules"


@pytest.mark.parametrize("path", STORED)
def test_every_order_runs_at_most_two(crowd: FlaskClient, path: str) -> None:
    for sort in keys(crowd, path):
        assert queries(crowd, path, limit=2, sort=sort)[0] == 1
        assert queries(crowd, path, limit=MANY, sort=sort)[0] <= 2


@pytest.mark.parametrize("as_of", [None, "2024-03-01"])
@pytest.mark.parametrize("noun", [noun for noun in PATHS if noun != "timelines"])
def test_neighbours_and_a_count_take_as_many_queries_for_two_items_as_for_two_hundred(
    crowd: FlaskClient, noun: str, as_of: str | None
) -> None:
    query = {"include": ",".join(NEIGHBOURS[noun]), "count": "exact", **({"as_of": as_of} if as_of else {})}
    few, many = (queries(crowd, f"/v1/{noun}", limit=limit, **query) for limit in (2, MANY))
    assert few[1] == 2
    assert many[1] > 50
    assert few[0] == many[0]
    kinds = {neighbour.kind for neighbour in NEIGHBOURS[noun].values()}
    led_to = [name for name, neighbour in NEIGHBOURS[noun].items() if not neighbour.path]
    assert as_of or many[0] == 2 + len(kinds) + len(led_to)  # the page, the count; each kind; what leads to it


def test_the_words_of_the_contract_are_the_orders_of_the_store(client: FlaskClient) -> None:
    for path in STORED:
        for sort in keys(client, path):
            assert client.get(path, query_string={"sort": sort, "as_of": MOMENT, "limit": 3}).status_code == 200


def test_every_list_is_described_with_what_it_takes_and_how_it_can_be_had(client: FlaskClient) -> None:
    described = client.get("/openapi.json").json
    for path in LISTS:
        operation = described["paths"][path.replace(BELGOROD, "{event_id}")]["get"]
        answer = operation["responses"]["200"]
        assert set(answer["content"]) >= {"application/json", "text/plain", "text/csv", "application/x-ndjson"}
        assert set(answer["headers"]) >= {"Link"}
        taken = {item["name"]: item for item in operation["parameters"]}
        assert {"limit", "cursor", "fields", "count", "as_of", "format"} <= set(taken)
        for name in ("fields", "include"):
            joined = taken.get(name, taken["fields"])
            assert (joined["style"], joined["explode"]) == ("form", False)
            one = joined["schema"]["items"]["enum"][0]
            assert client.get(path, query_string={joined["name"]: one}).status_code == 200
