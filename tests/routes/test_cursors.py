"""Cursors: signed, bound to their list, and right while rows come and go."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator

import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from api import cursors
from api.app import create_app
from api.config import Config
from api.store import db as store
from api.store.models import Document, Event
from tests.databases import Databases

KEY = "a key that nobody else knows"
OTHER = "another key, just as unknown"


def following(client: FlaskClient, path: str = "/v1/claims?limit=1") -> str:
    return str(client.get(path).json["next"])


def refusal(client: FlaskClient, url: str) -> tuple[int, str]:
    answer = client.get(url)
    return answer.status_code, answer.json["errors"][0]["field"]


def client_of(url: str, key: str | None = None) -> FlaskClient:
    return create_app(Config(database_url=url, secret_key=key)).test_client()


def test_servers_of_one_database_or_one_key_read_each_others_cursors(record: str) -> None:
    assert client_of(record).get(following(client_of(record))).status_code == 200
    assert client_of(record, KEY).get(following(client_of(record, KEY))).status_code == 200
    store.db.close()


def test_a_cursor_that_another_key_signed_is_refused(record: str) -> None:
    for signed_by, read_by in ((KEY, OTHER), (KEY, None), (None, KEY)):
        url = following(client_of(record, signed_by))
        assert refusal(client_of(record, read_by), url) == (404, "cursor")
    store.db.close()


@settings(max_examples=50)
@given(st.lists(st.none() | st.text(), max_size=3), st.text(min_size=1))
def test_a_cursor_is_one_as_itsdangerous_signs_them(content: list[str | None], key: str) -> None:
    signing = URLSafeSerializer(key, salt="cursor", signer_kwargs={"digest_method": hashlib.sha256})
    assert signing.loads(cursors.sealed(content, key)) == content


def test_a_cursor_that_was_packed_when_it_was_given_out_leads_on(record: str) -> None:
    client = client_of(record, KEY)
    url, cursor = following(client).split("cursor=")
    signing = URLSafeSerializer(KEY, salt="cursor", signer_kwargs={"digest_method": hashlib.sha256})
    packed = signing.dumps(signing.loads(cursor))
    assert str(packed).startswith(".")
    assert client.get(f"{url}cursor={packed}").json == client.get(f"{url}cursor={cursor}").json
    store.db.close()


@pytest.mark.parametrize("path", ["/v1/claims?limit=1", "/v1/changes?limit=1"])
def test_the_next_address_is_the_one_the_outside_knows(record: str, path: str) -> None:
    public = "https://facts.example/check"
    client = create_app(Config(database_url=record, public_url=public)).test_client()
    answer = client.get(path)
    assert str(answer.json["next"]).startswith(f"{public}{path.split('?')[0]}?")
    assert f"<{answer.json['next']}>" in answer.headers["Link"]
    assert client.get(answer.json["next"].removeprefix(public)).status_code == 200
    store.db.close()


def test_each_database_has_a_key_of_its_own(record: str, fresh: Callable[[], str]) -> None:
    url = fresh()
    store.migrate(store.bind(url, create=True))
    cursor = following(client_of(record))
    assert refusal(client_of(url), cursor) == (404, "cursor")
    store.db.close()


def test_no_character_of_a_cursor_can_be_changed(client: FlaskClient) -> None:
    url, cursor = following(client).split("cursor=")
    for place, character in enumerate(cursor):
        changed = f"{cursor[:place]}{'A' if character != 'A' else 'B'}{cursor[place + 1 :]}"
        decoded = [base64.urlsafe_b64decode(f"{part}==") for part in (cursor.split(".")[-1], changed.split(".")[-1])]
        if "." in changed and decoded[0] == decoded[1] and place > cursor.rindex("."):
            continue  # the last character of a signature has bits that mean nothing
        status = 400 if place == cursor.rindex(".") else 404
        assert refusal(client, f"{url}cursor={changed}") == (status, "cursor"), place


def test_what_a_cursor_holds_is_of_no_use_without_the_signature(client: FlaskClient) -> None:
    url, cursor = following(client).split("cursor=")
    content = cursor.rpartition(".")[0]
    forged = base64.urlsafe_b64encode(json.dumps(["a", "b", "c"]).encode()).decode().rstrip("=")
    for tried in (content, f"{content}.", forged):
        assert refusal(client, f"{url}cursor={tried}") == (400, "cursor")
    assert refusal(client, f"{url}cursor={forged}.{cursor.rsplit('.', 1)[1]}") == (404, "cursor")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/v1/claims?limit=1&as_of=2024-01-02", "/v1/claims?limit=1&as_of=2024-01-03"),
        ("/v1/claims?limit=1&sort=id", "/v1/claims?limit=1&sort=-id"),
        (
            "/v1/events/belgorod-strike-2023-12-30/claims?limit=1",
            "/v1/events/kharkiv-strikes-2023-12-30/claims?limit=1",
        ),
        ("/v1/documents?limit=1", "/v1/documents?limit=1&published_since=2023"),
    ],
)
def test_a_cursor_belongs_to_its_filter_its_order_and_its_moment(client: FlaskClient, one: str, other: str) -> None:
    cursor = following(client, one).split("cursor=")[1]
    answer = client.get(f"{other}&cursor={cursor}")
    assert answer.status_code in (400, 404)
    assert client.get(f"{one}&cursor={cursor}").status_code == 200


def test_a_cursor_does_not_mind_how_the_page_is_written(client: FlaskClient) -> None:
    url = following(client, "/v1/claims?limit=1&count=exact")
    for other in ("limit=3", "limit=1&fields=id", "limit=1&format=csv", "limit=1&include=document"):
        assert client.get(f"/v1/claims?{other}&cursor={url.split('cursor=')[1]}").status_code == 200


DAYS = (None, "2024-01-01", "2024-01-02", "2024-01-03")

Change = tuple[str, int, str | None]
CHANGES = st.lists(
    st.tuples(st.sampled_from(("insert", "delete")), st.integers(0, 30), st.sampled_from(DAYS)), max_size=6
)


@pytest.fixture(scope="module")
def shelf(databases: Databases) -> Iterator[FlaskClient]:
    """A client of a record whose documents and events a test puts in and takes out."""
    url = databases.new()
    store.migrate(store.bind(url, create=True))
    yield client_of(url)
    store.unbind()
    databases.drop(url)


def put(noun: str, number: int, day: str | None) -> None:
    name = f"n{number:02}"
    text = orjson.dumps({"id": name, "day": day}).decode()
    common = {"id": name, "recorded_at": "2024-02-01", "representation": text}
    if noun == "documents":
        dated = {"published_latest": day, "public_day": day}
        Document.insert(**common, **dated, sha256=f"{number:064}", length=1).on_conflict_ignore().execute()
    else:
        Event.insert(**common, title=name, words=name, starts=day).on_conflict_ignore().execute()


def change(noun: str, what: str, number: int, day: str | None) -> None:
    with store.writing():
        if what == "insert":
            put(noun, number, day)
        else:
            model = Document if noun == "documents" else Event
            model.delete().where(model.id == f"n{number:02}").execute()


@pytest.mark.parametrize(("noun", "dated"), [("documents", "published_at"), ("events", "starts")])
@given(
    first=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(DAYS)), max_size=20),
    meanwhile=st.lists(CHANGES, max_size=12),
    limit=st.integers(1, 5),
    by=st.sampled_from(("id", "-id", "day", "-day")),
)
@settings(max_examples=150, deadline=None)
def test_nothing_is_skipped_and_nothing_repeated_while_rows_come_and_go(
    shelf: FlaskClient,
    noun: str,
    dated: str,
    first: list[tuple[int, str | None]],
    meanwhile: list[list[Change]],
    limit: int,
    by: str,
) -> None:
    with store.writing():
        Document.delete().execute()
        Event.delete().execute()
        for number, day in first:
            put(noun, number, day)
    there_all_the_while = {f"n{number:02}" for number, _ in first}
    ever, seen, changes = set(there_all_the_while), [], list(meanwhile)
    here = f"/v1/{noun}?limit={limit}&sort={by.replace('day', dated)}"
    while here:
        page = shelf.get(here).json
        assert len(page["items"]) <= limit
        seen += page["items"]
        for what, number, day in changes.pop() if changes else ():
            change(noun, what, number, day)
            ever.add(f"n{number:02}")
            there_all_the_while -= {f"n{number:02}"} if what == "delete" else set()
        here = page["next"]
    names = [item["id"] for item in seen]
    assert there_all_the_while <= set(names) <= ever
    redone = {f"n{number:02}" for some in meanwhile for what, number, _ in some if what == "delete"}
    repeated = {name for name in names if names.count(name) > 1}
    assert repeated <= (redone if "day" in by else set())  # taken out and put in again behind, under another day
    backwards = by.startswith("-")
    for part in ([item for item in seen if item["day"] is not None], [item for item in seen if item["day"] is None]):
        placed = [(item["day"] or "", item["id"]) if "day" in by else item["id"] for item in part]
        assert placed == sorted(placed, reverse=backwards)
    if "day" in by:
        assert [item["day"] is None for item in seen] == sorted(item["day"] is None for item in seen)
