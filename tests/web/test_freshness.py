"""Freshness over HTTP: what is unchanged is told so, cheaply; what changed is never taken for unchanged."""

import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from api.web import freshness
from tests.conftest import forget
from tests.intake.folders import entry, small, write

Addresses = dict[str, str]

FORMS = ("json", "text", "csv", "ndjson")

LOCAL = {"/healthz", "/readyz", "/metrics"}


def kept(addresses: Addresses) -> list[str]:
    """The addresses whose answers may be kept: all but how the service is, and what only leads elsewhere."""
    return [address for address in addresses.values() if address not in {*LOCAL, "/"}]


def later(moment: str, seconds: int) -> str:
    """An HTTP date so many seconds after another one."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(parsedate_to_datetime(moment).timestamp() + seconds))


def test_every_read_has_a_strong_etag_and_a_time(client: FlaskClient, addresses: Addresses) -> None:
    for address in kept(addresses):
        answer = client.get(address)
        etag, weak = answer.get_etag()
        assert etag, address
        assert not weak, address
        assert parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp() <= time.time(), address


CONDITIONS: dict[str, Callable[[str, str], dict[str, str]]] = {
    "the etag": lambda etag, at: {"If-None-Match": etag},
    "the etag, weakly": lambda etag, at: {"If-None-Match": f"W/{etag}"},
    "one of several": lambda etag, at: {"If-None-Match": f'"a", W/"b,c", {etag}'},
    "anything": lambda etag, at: {"If-None-Match": "*"},
    "the time": lambda etag, at: {"If-Modified-Since": at},
    "a later time": lambda etag, at: {"If-Modified-Since": later(at, 60)},
    "the etag, though not the time": lambda etag, at: {"If-None-Match": etag, "If-Modified-Since": later(at, -60)},
}

UNMET: dict[str, Callable[[str, str], dict[str, str]]] = {
    "another etag": lambda etag, at: {"If-None-Match": '"a"'},
    "the etag without its quotes inside another": lambda etag, at: {"If-None-Match": f'"x{etag[1:]}'},
    "another etag, though the time": lambda etag, at: {"If-None-Match": '"a"', "If-Modified-Since": at},
    "an earlier time": lambda etag, at: {"If-Modified-Since": later(at, -1)},
    "no time": lambda etag, at: {"If-Modified-Since": "yesterday"},
    "an empty list": lambda etag, at: {"If-None-Match": ""},
}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("asked_before", [True, False], ids=["known", "not known"])
def test_what_the_client_has_is_not_sent_again(
    client: FlaskClient, addresses: Addresses, condition: Any, asked_before: bool
) -> None:
    for address in kept(addresses):
        whole = client.get(address)
        if not asked_before:
            forget(client.application)
        answer = client.get(address, headers=condition(whole.headers["ETag"], whole.headers["Last-Modified"]))
        assert (answer.status_code, answer.data) == (304, b""), address
        for name in ("ETag", "Cache-Control", "Vary"):
            assert answer.headers.get(name) == whole.headers.get(name), (address, name)
        assert "Content-Length" not in answer.headers
        assert "Access-Control-Allow-Origin" in answer.headers


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("condition", UNMET.values(), ids=UNMET)
def test_what_the_client_has_not_is_sent(client: FlaskClient, addresses: Addresses, condition: Any) -> None:
    for address in kept(addresses):
        whole = client.get(address)
        answer = client.get(address, headers=condition(whole.headers["ETag"], whole.headers["Last-Modified"]))
        assert (answer.status_code, answer.data) == (200, whole.data), address


def test_what_is_known_to_be_unchanged_costs_one_look_at_the_edition(client: FlaskClient, reads: Addresses) -> None:
    for address in reads.values():
        etag = client.get(address).headers["ETag"]
        with count_queries() as counted:
            assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
        assert counted.count == 1, address


def told(answer: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    """An answer but for what names the one request."""
    return answer.status_code, sorted(pair for pair in answer.headers if pair[0] != "X-Request-Id"), answer.data


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_was_answered_before_is_answered_again_for_one_look_at_the_edition(
    client: FlaskClient, reads: Addresses, method: str
) -> None:
    for address in reads.values():
        forget(client.application)
        first = told(client.open(address, method=method))
        with count_queries() as counted:
            again = told(client.open(address, method=method))
        assert again == first, address
        assert counted.count == 1, address
        forget(client.application)
        client.open(address, method={"GET": "HEAD", "HEAD": "GET"}[method])
        assert told(client.open(address, method=method)) == first, address


def test_a_long_answer_is_not_kept(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "LONGEST", 100)
    path = "/v1/lookup?q=belgorod+deaths"
    forget(client.application)
    first = client.get(path)
    with count_queries() as counted:
        assert client.get(path).data == first.data
    assert counted.count > 1
    with count_queries() as counted:
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert counted.count == 1


def test_what_is_of_the_code_asks_the_database_nothing(client: FlaskClient, addresses: Addresses) -> None:
    for address in (address for rule, address in addresses.items() if rule.startswith(freshness.OF_CODE)):
        with count_queries() as counted:
            client.get(address)
        assert counted.count == 0, address


def test_what_changes_with_the_clock_is_told_unchanged_by_what_it_says_alone(client: FlaskClient) -> None:
    path = "/v1alpha1/claims:search?query=belgorod&maxAgeDays=9000"
    whole = client.get(path)
    assert "Last-Modified" not in whole.headers
    same = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    with count_queries() as counted:
        client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert counted.count > 1, "it was told without being worked out"
    masked = {"X-Goog-FieldMask": "claims.text", "If-None-Match": whole.headers["ETag"]}
    assert client.get(path, headers=masked).status_code == 200


def test_what_a_header_leaves_out_is_not_told_unchanged_by_what_holds_it(client: FlaskClient) -> None:
    path = "/v1alpha1/claims:search?query=belgorod"
    whole = client.get(path)
    masked = client.get(path, headers={"X-Goog-FieldMask": "claims.text"})
    assert masked.headers["ETag"] != whole.headers["ETag"]
    for _ in range(2):
        since = {"X-Goog-FieldMask": "claims.text", "If-None-Match": whole.headers["ETag"]}
        assert client.get(path, headers=since).data == masked.data


def test_every_form_of_an_answer_has_an_etag_of_its_own(client: FlaskClient, negotiated: Addresses) -> None:
    for address in negotiated.values():
        joint = "&" if "?" in address else "?"
        by_format = {client.get(f"{address}{joint}format={form}").headers["ETag"] for form in FORMS}
        assert len(by_format) == len(FORMS), address
        kinds = ("application/json", "text/plain", "text/csv", "application/x-ndjson")
        assert len({client.get(address, headers={"Accept": kind}).headers["ETag"] for kind in kinds}) == 4, address


def test_what_an_answer_varies_by_is_what_it_is_remembered_by(client: FlaskClient, addresses: Addresses) -> None:
    remembered = {name.removeprefix("HTTP_").replace("_", "-").lower() for name in freshness.ASKED_BY}
    for address in kept(addresses):
        varies = {name.strip().lower() for name in client.get(address).headers.get("Vary", "").split(",") if name}
        assert varies <= remembered, address


def test_every_read_of_the_record_varies_by_what_it_is_asked_as(client: FlaskClient, negotiated: Addresses) -> None:
    for rule, address in negotiated.items():
        wanted = "Accept" if rule.endswith(">") else "Accept, Accept-Encoding"
        assert client.get(address).headers["Vary"] == wanted, address


def test_an_answer_that_names_the_host_is_not_taken_for_that_of_another(client: FlaskClient) -> None:
    here, there = (client.get("/v1/claims?limit=1", headers={"Host": host}) for host in ("a.example", "b.example"))
    assert here.headers["ETag"] != there.headers["ETag"]
    again = client.get("/v1/claims?limit=1", headers={"Host": "b.example", "If-None-Match": here.headers["ETag"]})
    assert again.status_code == 200


def test_an_etag_that_must_match_and_does_not_is_a_failed_precondition(client: FlaskClient, reads: Addresses) -> None:
    for address in reads.values():
        answer = client.get(address, headers={"If-Match": '"a"'})
        assert (answer.status_code, answer.json["type"]) == (412, "/problems/precondition-failed"), address
        assert answer.headers["Cache-Control"] == "no-store"
        etag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-Match": etag}).status_code == 200
        assert client.get(address, headers={"If-Match": "*"}).status_code == 200
        assert client.get(address, headers={"If-Match": etag, "If-None-Match": etag}).status_code == 304
        at = client.get(address).headers["Last-Modified"]
        assert client.get(address, headers={"If-Unmodified-Since": at}).status_code == 200
        earlier = client.get(address, headers={"If-Unmodified-Since": later(at, -60)})
        assert (earlier.status_code, earlier.headers["Cache-Control"]) == (412, "no-store")
        outranked = {"If-Match": etag, "If-Unmodified-Since": later(at, -60)}
        assert client.get(address, headers=outranked).status_code == 200


def test_what_is_asked_with_a_key_is_kept_by_nobody(client: FlaskClient, reads: Addresses) -> None:
    for address in reads.values():
        answer = client.get(address, headers={"Authorization": "Bearer x"})
        assert answer.headers["Cache-Control"] == "no-store", address


@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/readyz", "/readyz/", "/metrics", "/metrics/"])
def test_how_the_service_is_is_never_kept(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.fixture
def changing(empty: str, tmp_path: Path) -> tuple[FlaskClient, Callable[[int], None]]:
    """A client of the small record, and what gives the first toll another value."""

    def change(amount: int) -> None:
        content = small()
        claim = entry(content, "claims", "c1")
        claim["value"] = {**claim["value"], "amount": amount}
        load(write(tmp_path / str(amount), content))

    change(21)
    return create_app(Config(database_url=empty)).test_client(), change


def test_a_change_ends_what_it_bears_on_and_nothing_else(changing: Any) -> None:
    client, change = changing
    paths = [
        "/v1/claims/c1",
        "/v1/claims",
        "/v1/events/fire/claims",
        "/v1/claims/c3",
        "/v1/sources",
        "/v1/sources/mayor",
    ]
    before = {path: client.get(path).headers["ETag"] for path in paths}
    looked_up = client.get("/v1/lookup?q=fire+deaths").data
    change(20)
    answers = {path: client.get(path, headers={"If-None-Match": before[path]}) for path in paths}
    assert [answer.status_code for answer in answers.values()] == [200, 200, 200, 304, 304, 304]
    assert answers["/v1/claims/c1"].json["value"]["amount"] == 20
    assert client.get("/v1/lookup?q=fire+deaths").data != looked_up
    assert answers["/v1/claims/c3"].headers["ETag"] == before["/v1/claims/c3"]


def test_what_was_out_by_a_moment_may_yet_change(changing: Any) -> None:
    client, change = changing
    path = "/v1/questions/fire.deaths?as_of=2023-12-31"
    before = client.get(path)
    assert "immutable" not in before.headers["Cache-Control"]
    change(20)
    assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 200


def test_what_changes_twice_in_a_second_is_never_taken_for_unchanged(
    changing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, change = changing
    clock = [time.time() // 1 + 100.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    change(19)
    at_once = client.get("/v1/claims/c1").headers["Last-Modified"]
    clock[0] += 0.5
    change(18)
    clock[0] += 10
    for sent in (at_once, later(at_once, 0)):
        assert client.get("/v1/claims/c1", headers={"If-Modified-Since": sent}).json["value"]["amount"] == 18
    now = client.get("/v1/claims/c1").headers["Last-Modified"]
    assert client.get("/v1/claims/c1", headers={"If-Modified-Since": now}).status_code == 304


def test_a_clock_that_was_set_back_hides_no_change(changing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, change = changing
    began = time.time()
    clock = [began + 1_000]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    change(19)
    clock[0] += 10
    seen = client.get("/v1/claims/c1").headers["Last-Modified"]
    clock[0] -= 500
    change(18)
    clock[0] += 1_000
    assert client.get("/v1/claims/c1", headers={"If-Modified-Since": seen}).status_code == 200


def test_a_change_by_another_process_is_seen(record: str, changing: Any) -> None:
    client, _ = changing
    address = "/v1/claims/c1?format=json"  # Flask remembers what it answered
    etag = client.get(address).headers["ETag"]
    store.db.execute_sql("UPDATE claim SET representation = '{\"id\":\"c1\"}' WHERE id = 'c1'")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304, "nobody said it changed"
    with store.writing():
        pass
    assert client.get(address, headers={"If-None-Match": etag}).json == {"id": "c1"}


def test_a_stream_has_an_etag_before_it_is_read(changing: Any) -> None:
    client, change = changing
    read: list[int] = []

    def stream() -> Iterator[bytes]:
        for number in range(3):
            read.append(number)
            yield b"%d\n" % number

    client.application.add_url_rule("/stream", view_func=lambda: Response(stream(), mimetype="application/x-ndjson"))
    whole = client.get("/stream")
    assert len(read) < 2
    assert whole.data == b"0\n1\n2\n"
    for _ in range(2):
        forget(client.application)
        assert client.get("/stream", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert read == [0, 1, 2]
    change(20)
    assert client.get("/stream", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 200
