"""Pages: every list walked by its cursors."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

BELGOROD = "belgorod-strike-2023-12-30"
LISTS = [
    "/v1/events",
    f"/v1/events/{BELGOROD}/claims",
    f"/v1/events/{BELGOROD}/questions",
    f"/v1/events/{BELGOROD}/discrepancies",
    "/v1/claims",
    "/v1/claims?property=deaths&min=21",
    "/v1/sources",
    "/v1/documents",
    "/v1/properties",
    "/v1/rules",
    "/v1/questions",
    "/v1/questions?grade=contested",
    "/v1/discrepancies",
    "/v1/events?as_of=2024-01-02T09:00%2B03:00",
    "/v1/documents?as_of=2024-01-02",
    "/v1/questions?as_of=2024-01-02&event=belgorod-strike-2023-12-30",
    "/v1/discrepancies?as_of=2024-01-02",
    "/v1/claims?sort=-published_at",
    "/v1/events?sort=-starts",
    "/v1/rules?sort=-name",
    "/v1/discrepancies?sort=-changed_at",
    "/v1/events?as_of=2024-01-02T09:00%2B03:00&sort=-starts",
    "/v1/questions?as_of=2024-01-02&sort=-id",
    "/v1/discrepancies?as_of=2024-01-02&sort=id",
    "/v1/discrepancies?as_of=2024-01-02&sort=-changed_at",
    f"/v1/events/{BELGOROD}/timeline",
    f"/v1/events/{BELGOROD}/timeline?as_of=2024-01-02",
]
WORKED_OUT = [path for path in LISTS if "as_of" in path or path.endswith("/timeline")]
"""Lists that the engine works out for the request."""
A_FEW = 6
"""Queries a list of stored representations may run, whatever it holds."""
A_PROPERTY_OF_PLACES = 1
"""A query for the places on record, run once by the page that first has a claim whose terms these are."""

Listing = Callable[..., list[dict[str, Any]]]


def dated(path: str) -> bool:
    """Whether some items have nothing that the list is sorted by: a page that reaches them runs a query for them."""
    return path.endswith(("published_at", "starts"))


def named(item: dict[str, Any]) -> str:
    """The id of an item; a rule has a name, a timeline its question."""
    return str(item.get("id") or item.get("question") or item["name"])


def links_of(header: str) -> dict[str, str]:
    """The addresses of a Link header by their relation."""
    return {relation: address for address, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', header)}


def walk(client: FlaskClient, path: str, limit: int) -> list[list[dict[str, Any]]]:
    """Every page of a list."""
    pages, here = [], f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while here:
        answer = client.get(here)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json["items"])
        here = answer.json["next"]
    return pages


@pytest.mark.parametrize("path", LISTS)
def test_walking_pages_of_seven_gives_everything_once_and_in_order(client: FlaskClient, path: str) -> None:
    pages = walk(client, path, 7)
    walked = [item for page in pages for item in page]
    assert [len(page) for page in pages[:-1]] == [7] * (len(pages) - 1)
    assert 0 < len(pages[-1]) <= 7
    assert len({named(item) for item in walked}) == len(walked)
    assert walked == [item for page in walk(client, path, 500) for item in page]


@pytest.mark.parametrize("path", LISTS)
def test_a_page_has_items_and_next_alone_and_next_and_first_stand_in_the_link_header(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}limit=1")
    assert set(answer.json) == {"items", "next"}
    links = links_of(answer.headers["Link"])
    assert links["next"] == answer.json["next"]
    second = client.get(links["next"])
    assert client.get(links["first"]).json == answer.json != second.json
    assert links_of(second.headers["Link"])["first"] == links["first"]


def test_the_last_page_has_no_next(client: FlaskClient) -> None:
    answer = client.get("/v1/documents?limit=5")
    assert len(answer.json["items"]) == 5
    assert answer.json["next"] is None
    assert set(links_of(answer.headers["Link"])) == {"first"}


def test_next_keeps_filters_and_format(client: FlaskClient) -> None:
    first = client.get("/v1/claims?property=deaths&limit=2&format=csv")
    following = first.headers["Link"].split(">")[0].removeprefix("<")
    assert {"property=deaths", "limit=2", "format=csv"} <= set(following.split("?")[1].split("&"))
    second = client.get(following)
    assert second.content_type.startswith("text/csv")
    assert first.text.splitlines()[0] == second.text.splitlines()[0]
    assert first.text.splitlines()[1:] != second.text.splitlines()[1:]


def test_a_page_may_change_its_size_on_the_way(client: FlaskClient, listing: Listing) -> None:
    first = client.get("/v1/claims?limit=3").json
    rest = client.get(first["next"].replace("limit=3", "limit=500")).json
    assert [*first["items"], *rest["items"]][:400] == listing("/v1/claims")[:400]


@pytest.mark.parametrize(
    "other",
    ["/v1/claims", "/v1/claims?property=injured", "/v1/claims?property=deaths&as_of=2024-01-02", "/v1/questions"],
)
def test_a_cursor_of_another_list_or_filter_is_refused(client: FlaskClient, other: str) -> None:
    cursor = client.get("/v1/claims?property=deaths&limit=1").json["next"].split("cursor=")[1]
    answer = client.get(f"{other}{'&' if '?' in other else '?'}cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    "cursor",
    ["xx", "%00", "%C3%A9", "....", "bnVsbA", "WzEsMl0", "e30", "W10", "WyJhIiwiYiIsImMiXQ", "MQ==", "a" * 1_000],
)
def test_a_cursor_that_is_not_ours_is_refused(client: FlaskClient, cursor: str) -> None:
    answer = client.get(f"/v1/claims?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["errors"][0]["field"] == "cursor"


def test_a_cursor_that_was_tampered_with_is_refused(client: FlaskClient) -> None:
    following = client.get("/v1/claims?limit=1").json["next"]
    assert client.get(f"{following}A").status_code == 400


@pytest.mark.parametrize("limit", ["0", "501", "-1", "abc", "", "1.5", "99999999999999999999"])
@pytest.mark.parametrize("path", ["/v1/claims", "/v1/events", "/v1/rules"])
def test_a_limit_that_cannot_be_is_refused(client: FlaskClient, path: str, limit: str) -> None:
    answer = client.get(path, query_string={"limit": limit})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "limit"


@pytest.mark.parametrize("path", [path for path in LISTS if path not in WORKED_OUT])
def test_a_list_runs_a_few_queries_whatever_the_limit(client: FlaskClient, path: str) -> None:
    ran = []
    for limit in (1, 500):
        with count_queries() as counted:
            client.get(f"{path}{'&' if '?' in path else '?'}limit={limit}")
        ran.append(counted.count)
    assert ran[0] <= ran[1] <= ran[0] + dated(path) + A_PROPERTY_OF_PLACES
    assert ran[1] <= A_FEW


@pytest.mark.parametrize("path", WORKED_OUT)
def test_a_list_that_is_worked_out_runs_no_more_queries_for_a_larger_page(client: FlaskClient, path: str) -> None:
    ran = []
    for limit in (1, 500):
        with count_queries() as counted:
            client.get(f"{path}{'&' if '?' in path else '?'}limit={limit}")
        ran.append(counted.count)
    assert ran[0] <= ran[1] <= ran[0] + dated(path) + A_PROPERTY_OF_PLACES
