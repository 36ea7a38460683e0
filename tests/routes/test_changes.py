"""Changes: in order, with the reason, nothing missed, and a cursor that tells when it is of no use any more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from tests.intake.folders import LATER, NOW, Content, entry, small, without, write
from tests.mirror import Mirror, served

Item = dict[str, Any]
EVENTS = ("fire", "flood")


class Record:
    """A record that a test loads, and what is asked of it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.client: FlaskClient = create_app(Config(database_url=url)).test_client()
        self.content = small()

    def load(self, content: Content | None = None, now: str = NOW) -> None:
        load(write(self.folder / "fixtures", content or self.content), now=now)

    def changes(self, **asked: Any) -> list[Item]:
        answer = self.client.get("/v1/changes", query_string={"limit": 500, **asked})
        assert answer.status_code == 200, answer.text
        items: list[Item] = answer.json["items"]
        return items


@pytest.fixture
def record(empty: str, tmp_path: Path) -> Iterator[Record]:
    found = Record(empty, tmp_path)
    found.load()
    yield found
    store.db.close()


def test_a_record_that_was_loaded_is_told_claims_first(record: Record) -> None:
    items = record.changes()
    assert [item["sequence"] for item in items] == list(range(1, len(items) + 1))
    assert [item["kind"] for item in items] == sorted(item["kind"] for item in items)
    assert {(item["change"], item["at"]) for item in items} == {("created", NOW)}
    assert items[0] == {
        "sequence": 1,
        "kind": "claim",
        "id": "c1",
        "event": "fire",
        "change": "created",
        "revision": 1,
        "at": NOW,
        "because": "It was recorded.",
        "links": {"self": "/v1/claims/c1", "revisions": "/v1/claims/c1/revisions", "event": "/v1/events/fire"},
        "claim": record.client.get("/v1/claims/c1").json,
    }
    last = items[-1]
    assert last["discrepancy"] == record.client.get(last["links"]["self"]).json
    assert "claim" not in last


@pytest.mark.parametrize(
    ("alter", "change", "because"),
    [
        ({"value": {"amount": 25, "text": "25"}}, "changed", "Its value is now 25, no longer 24."),
        ({"stance": "reports_unverified"}, "changed", "Its stance changed."),
        (
            {"statement": None, "as_of": {"earliest": None, "latest": None}},
            "changed",
            "Its as of and statement changed.",
        ),
        (
            {"status": "corrected", "note": "Now 23."},
            "corrected",
            "It was corrected. Now 23.",
        ),
        ({"status": "retracted", "note": "Withdrawn"}, "retracted", "It was retracted. Withdrawn."),
        ({"note": "Read again."}, "changed", "Its note changed. Read again."),
        ({"event": "flood"}, "changed", "It is now a claim on the event flood, no longer on fire."),
    ],
)
def test_what_became_of_a_claim_is_told_with_its_reason(record: Record, alter: Item, change: str, because: str) -> None:
    before = record.changes()[-1]["sequence"]
    claim = entry(record.content, "claims", "c4")
    for name, value in alter.items():
        claim[name] = {**claim["value"], **value} if name == "value" else value
    record.load(now=LATER)
    told = [item for item in record.changes() if item["sequence"] > before and item["id"] == "c4"]
    assert (told[-1]["change"], told[-1]["because"], told[-1]["at"], told[-1]["revision"]) == (
        *(change, because, LATER, 2),
    )
    assert (told[-1]["claim"] is None) == (change == "retracted")


def test_a_claim_that_is_gone_from_its_document_is_a_tombstone_and_its_discrepancy_ends(record: Record) -> None:
    since = record.client.get("/v1/changes?since=now").json["next"]
    record.load(without(record.content, "claims", "c4"), now=LATER)
    answer = record.client.get(since).json
    items = answer["items"]
    assert [(item["kind"], item["change"]) for item in items] == [("claim", "retracted"), ("discrepancy", "ended")]
    assert items[0]["because"] == "It was retracted: it is no longer among what is recorded of its document."
    assert items[1]["because"].startswith("It ended, as every value can hold; a value was removed: 24")
    assert [item[item["kind"]] for item in items] == [None, None]
    assert record.client.get(items[0]["links"]["self"]).json["status"] == "retracted"
    record.load(now=LATER)
    again = record.client.get(answer["next"]).json["items"]
    assert [(item["kind"], item["change"]) for item in again] == [("claim", "restored"), ("discrepancy", "restored")]
    assert again[0]["because"] == "It stands again."
    assert again[1]["discrepancy"]["kind"] == "update"


def test_the_reason_of_a_discrepancy_is_that_of_its_revision(record: Record) -> None:
    entry(record.content, "claims", "c4")["value"].update(amount=25, text="25")
    record.load(now=LATER)
    told = record.changes(kind="discrepancy")[-1]
    states = record.client.get(told["links"]["revisions"]).json["items"]
    assert (told["change"], told["because"]) == ("changed", states[-1]["changed_because"])
    assert told["discrepancy"] == states[-1]["discrepancy"]


def test_each_change_shows_the_state_it_left(record: Record) -> None:
    for amount in (25, 26):
        entry(record.content, "claims", "c4")["value"].update(amount=amount, text=str(amount))
        record.load()
    told = [item for item in record.changes() if item["id"] == "c4"]
    assert [(item["revision"], item["claim"]["value"]["amount"]) for item in told] == [(1, 24), (2, 25), (3, 26)]


def test_a_claim_that_moves_is_a_tombstone_to_whoever_follows_the_event_it_left(record: Record) -> None:
    followed = {event: record.client.get(f"/v1/changes?since=now&event={event}").json["next"] for event in EVENTS}
    entry(record.content, "claims", "c6")["event"] = "flood"
    record.load(now=LATER)
    told = {event: record.client.get(since).json["items"] for event, since in followed.items()}
    left, entered = (next(item for item in told[event] if item["id"] == "c6") for event in EVENTS)
    assert (left["change"], left["because"], left["claim"]) == (
        "removed",
        "It is now a claim on the event flood.",
        None,
    )
    assert (entered["change"], entered["claim"]["event"]) == ("changed", "flood")
    assert left["sequence"] < entered["sequence"]


def test_a_claim_that_shows_another_unit_of_its_property_has_changed(record: Record) -> None:
    entry(record.content, "properties", "deaths")["unit"] = "persons"
    record.load(now=LATER)
    told = [item for item in record.changes(kind="claim") if item["at"] == LATER]
    assert [(item["id"], item["change"], item["revision"]) for item in told] == [
        *(("c1", "changed", 2), ("c7", "changed", 2), ("c4", "changed", 2)),
    ]
    assert {item["because"] for item in told} == {"Its value changed."}
    assert {item["claim"]["value"]["unit"] for item in told} == {"persons"}
    assert [state["revision"] for state in record.client.get("/v1/claims/c4/revisions").json["items"]] == [1, 2]


def test_a_claim_in_another_form_says_so_and_keeps_its_revision(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = record.client.get("/v1/changes?since=now").json["next"]
    store.db.execute_sql("UPDATE claim SET representation = replace(representation, '\"stance\":', '\"older\":')")
    monkeypatch.setattr("api.intake.loading.CODE", "another")
    record.load(now=LATER)
    items = record.client.get(since).json["items"]
    assert {(item["kind"], item["change"], item["revision"], item["at"]) for item in items} == {
        ("claim", "reformatted", 1, LATER)
    }
    assert items[0]["claim"] == record.client.get(items[0]["links"]["self"]).json
    assert items[0]["claim"]["stance"] == "asserts"


def test_a_load_that_changes_nothing_is_no_change(record: Record) -> None:
    since = record.client.get("/v1/changes?since=now").json["next"]
    record.content["sources"][0]["aliases"] = ["the town"]
    record.load(now=LATER)
    assert record.client.get(since).json == {"items": [], "next": since}


def test_a_load_that_fails_leaves_no_trace(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    before = record.changes()
    entry(record.content, "claims", "c4")["value"].update(amount=25, text="25")
    monkeypatch.setattr("api.intake.loading.store_examples", fail)
    with pytest.raises(RuntimeError):
        record.load(now=LATER)
    assert record.changes() == before


def test_pages_follow_each_other_and_the_last_one_is_asked_again(record: Record) -> None:
    everything = record.changes()
    mirror = Mirror(record.client)
    assert mirror.follow(limit=2) == everything
    assert mirror.next is not None
    answer = record.client.get(mirror.next)
    assert answer.json == {"items": [], "next": mirror.next}
    assert answer.headers["Link"] == f'<{mirror.next}>; rel="next"'
    record.load(without(record.content, "claims", "c7"), now=LATER)
    assert [item["id"] for item in record.client.get(mirror.next).json["items"]] == ["c7"]


def test_a_filter_leaves_what_it_asks_for_and_reads_on_behind_the_rest(record: Record) -> None:
    everything = record.changes()
    for asked in ({"event": "flood"}, {"kind": "discrepancy"}, {"kind": "claim", "event": "fire"}):
        wanted = [item for item in everything if all(item[name] == value for name, value in asked.items())]
        assert wanted
        assert Mirror(record.client, **asked).follow(limit=1) == wanted
    assert record.client.get("/v1/changes?event=flood").json["next"] != record.changes(event="flood")
    answer = record.client.get("/v1/changes?event=flood").json
    assert record.client.get(answer["next"]).json["items"] == []


def test_representations_can_be_left_out(record: Record) -> None:
    for item, whole in zip(record.changes(include="none"), record.changes(), strict=True):
        assert item == {name: value for name, value in whole.items() if name not in ("claim", "discrepancy")}


def test_whoever_begins_with_the_lists_follows_from_the_cursor_taken_before(record: Record) -> None:
    mirror = Mirror(record.client)
    mirror.next = record.client.get("/v1/changes?since=now&limit=500").json["next"]
    entry(record.content, "claims", "c4")["value"].update(amount=25, text="25")
    record.load(now=LATER)
    mirror.held = served(record.client)
    entry(record.content, "claims", "c1")["value"].update(amount=25, text="25")
    record.load(now=LATER)
    mirror.follow()
    assert mirror.held == served(record.client)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("DELETE FROM logged_change WHERE sequence > 3", id="a backup was put back"),
        pytest.param("DELETE FROM logged_change WHERE sequence < 20", id="old changes are no longer kept"),
        pytest.param("UPDATE logged_change SET at = 'another time'", id="the record was made anew"),
    ],
)
def test_a_cursor_of_another_log_is_told_to_begin_anew(record: Record, harm: str) -> None:
    since = record.client.get("/v1/changes?limit=5").json["next"]
    store.db.execute_sql(harm)
    answer = record.client.get(since)
    assert answer.status_code == 410
    assert answer.content_type == "application/problem+json"
    assert "since=now" in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("since=nonsense", 400, "since"),
        ("since=WyJhIl0", 400, "since"),
        ("since=%F0%9F%94%A5", 400, "since"),
        ("since=", 422, "since"),
        ("limit=501", 422, "limit"),
        ("kind=event", 422, "kind"),
        ("include=all", 422, "include"),
        ("as_of=2024-01-01", 422, "as_of"),
        ("cursor=abc", 422, "cursor"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(record: Record, query: str, status: int, field: str) -> None:
    answer = record.client.get(f"/v1/changes?{query}")
    assert answer.status_code == status
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_cursor_belongs_to_its_filters_and_not_to_its_size(record: Record) -> None:
    since = record.client.get("/v1/changes?limit=1").json["next"]
    assert record.client.get(since.replace("limit=1", "limit=2&include=none")).status_code == 200
    assert record.client.get(f"{since}&event=fire").status_code == 400


def test_an_unknown_event_is_refused_with_the_nearest(record: Record) -> None:
    answer = record.client.get("/v1/changes?event=fires")
    assert (answer.status_code, answer.json["suggestions"]) == (404, ["fire"])


def test_an_empty_log_has_a_cursor_too(empty: str) -> None:
    client = create_app(Config(database_url=empty)).test_client()
    first, now = (client.get(f"/v1/changes{query}").json for query in ("", "?since=now"))
    assert (first["items"], now["items"]) == ([], [])
    assert client.get(first["next"]).json == first
    assert client.get(now["next"]).status_code == 200


@pytest.mark.parametrize(("form", "first"), [("csv", "sequence,at,kind,change"), ("text", "SEQUENCE  AT")])
def test_changes_are_had_as_a_table_too(record: Record, form: str, first: str) -> None:
    answer = record.client.get(f"/v1/changes?format={form}&limit=2")
    lines = answer.text.splitlines()
    assert lines[0].startswith(first)
    assert len(lines) == 3
    assert 'rel="next"' in answer.headers["Link"]


def test_changes_are_had_as_lines(record: Record) -> None:
    answer = record.client.get("/v1/changes?format=ndjson&limit=2")
    assert len(answer.text.splitlines()) == 2
