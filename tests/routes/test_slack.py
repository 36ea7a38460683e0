"""Slack's slash command: signed by Slack's own kit, answered as Slack takes it."""

import hmac
import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.protocols import slack
from api.store import db as store
from schemas.slack import Audience
from tests.intake.folders import entry, small, write

SECRET = "known to Slack and to us"  # noqa: S105 — known to this test alone
PATH = "/v1/integrations/slack"
FORM = "application/x-www-form-urlencoded"

Asking = Callable[[str], Any]


@pytest.fixture
def client(record: str) -> Iterator[FlaskClient]:
    config = Config(database_url=record, public_url="https://facts.example", slack_signing_secret=SECRET)
    yield create_app(config).test_client()
    store.db.close()


@pytest.fixture
def ask(client: FlaskClient) -> Asking:
    return lambda text: asked(client, text)


def proof(body: str | bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Slack's own kit signs a body."""
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def sent(client: FlaskClient, body: str, at: float | None = None, secret: str = SECRET, **headers: str) -> TestResponse:
    """Post a body as Slack does."""
    return client.post(PATH, data=body, content_type=FORM, headers={**proof(body, at, secret), **headers})


def posted(client: FlaskClient, body: bytes, **headers: str) -> TestResponse:
    """Post bytes that are signed, whatever they are; Slack's kit signs nothing but text."""
    timestamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, "sha256").hexdigest()
    signed = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
    return client.post(PATH, data=body, content_type=FORM, headers={**signed, **headers})


def asked(client: FlaskClient, text: str, **fields: str) -> Any:
    form = {"token": "t", "team_id": "T1", "command": "/facts", "text": text, "response_url": "https://slack.example/x"}
    answer = sent(client, urlencode(form | fields))
    assert answer.status_code == 200, answer.text
    return answer.json


def texts(message: Any) -> list[str]:
    """The mrkdwn of every block."""
    parts = [part for block in message["blocks"] for part in (block.get("text"), *block.get("elements", ())) if part]
    return [part["text"] for part in parts if part["type"] == "mrkdwn"]


def test_a_question_is_answered_with_values_status_whose_word_and_the_link(ask: Asking) -> None:
    message = ask("belgorod deaths")
    assert message["response_type"] == "ephemeral"
    assert message["blocks"][0]["text"]["text"] == "Deaths · Strike on Belgorod"
    sentence, *values = texts(message)
    assert sentence.startswith("24 people were killed as of 1 January 2024, according to Vyacheslav Gladkov")
    assert [line.splitlines()[0] for line in values if line.startswith("*") and " · as of " in line] == [
        "*24* · current · as of 2023-12-30–2024-01-01",
        "*at least 21* · current · as of 2023-12-30–2023-12-31",
        "*21* · superseded · as of 2023-12-30–2023-12-31",
        "*22* · superseded · as of 2023-12-30–2023-12-31",
    ]
    _, second, third = values[0].splitlines()
    titled = "<https://facts.example/v1/documents/000_d4aeb10cf1ef7939|Day 676 of the invasion of Ukraine. "
    assert second.startswith(f"• Vyacheslav Gladkov: “rose to 24” in {titled}")
    untitled = "<https://facts.example/v1/documents/002_ec6ad124609acde6|002_ec6ad124609acde6>"
    assert third == f"• Russian Health Ministry: “24 people” in {untitled}"
    whole = "<https://facts.example/v1/questions/belgorod-strike-2023-12-30.deaths|everything on record>"
    assert texts(message)[-1].endswith(whole)
    assert message["text"].endswith(whole)
    assert "*22* · superseded" in message["text"]


def test_a_conflict_says_why(ask: Asking) -> None:
    message = ask("kharkiv missile model")
    (conflict,) = [text for text in texts(message) if text.startswith("*Conflict*")]
    assert "Only one answer can be right" in conflict
    assert sum("* · contested · " in text for text in texts(message)) == 2


def test_explained_differences_are_said_to_be_no_conflict(ask: Asking) -> None:
    assert "No conflict: every difference is explained or only one of wording." in texts(ask("belgorod deaths"))


def test_what_is_stale_inside_a_document_is_told_with_its_link(ask: Asking) -> None:
    (inside,) = [text for text in texts(ask("belgorod deaths")) if text.startswith("*Inside documents*")]
    assert inside.count("\n• ") == 1
    assert "\n• <https://facts.example/v1/documents/000_d4aeb10cf1ef7939|Day 676" in inside
    assert "It still gives 22 people killed" in inside


def test_other_questions_that_the_words_could_mean_are_linked(ask: Asking) -> None:
    (also,) = [text for text in texts(ask("belgorod deaths")) if text.startswith("*Also on record*")]
    assert "<https://facts.example/v1/questions/belgorod-strike-2023-12-30.child_deaths|Children killed" in also


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("belgorod deaths", "ephemeral"),
        ("share belgorod deaths", "in_channel"),
        ("  SHARE   belgorod deaths ", "in_channel"),
        ("share\tbelgorod deaths", "in_channel"),
    ],
)
def test_the_word_share_shows_the_answer_to_the_channel(ask: Asking, text: str, audience: str) -> None:
    message = ask(text)
    assert (message["response_type"], message["blocks"][0]["text"]["text"]) == (audience, "Deaths · Strike on Belgorod")


@pytest.mark.parametrize("text", ["", "  ", "help", " Help ", "?", "share", "share help"])
def test_who_asks_how_to_ask_is_shown_each_way_with_what_is_on_record(ask: Asking, text: str) -> None:
    message = ask(text)
    told_alone(message)
    for way in ("`/facts Areas without power Air assault on Ukrainian cities`", "`/facts share ", "`/facts help`"):
        assert way in message["text"]
    assert "On record, for instance: Areas without power · Air assault on Ukrainian cities; " in message["text"]


def told_alone(message: Any) -> None:
    """Check that a message without an answer goes to nobody else, and says the same with blocks and without."""
    assert message["response_type"] == "ephemeral"
    assert texts(message) == [message["text"]]
    taken(message)


def test_an_example_of_how_to_ask_is_answered(ask: Asking) -> None:
    example = ask("help")["text"].split("`/facts ")[1].split("`")[0]
    assert ask(example)["blocks"][0]["text"]["text"] == "Areas without power · Air assault on Ukrainian cities"


def test_of_an_empty_record_is_told_how_to_ask_all_the_same(empty: str) -> None:
    client = create_app(Config(database_url=empty, slack_signing_secret=SECRET)).test_client()
    for text, says in (("", "Ask with a few words"), ("harbour deaths", "Nothing on record answers")):
        message = asked(client, text)
        assert message["text"].startswith(says)
        assert "`/facts harbour deaths`" in message["text"]
        assert "On record" not in message["text"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("share nothing like it", "Nothing on record answers “nothing like it”."),
        ("&lt;!channel&gt; &amp; *you*", "Nothing on record answers “&lt;!channel&gt; &amp; *you*”."),
        ("<!channel> zzz", "Nothing on record answers “&lt;!channel&gt; zzz”."),
        ("zzz\0\nzzz", "Nothing on record answers “zzz zzz”."),
        ("deaths of belgorodd horses", "Near it: "),
        ("zzz " * 100, "Nothing on record answers “zzz zzz"),
    ],
)
def test_what_finds_nothing_tells_only_the_one_who_asked_how_to_ask(ask: Asking, text: str, says: str) -> None:
    message = ask(text)
    told_alone(message)
    assert says in message["text"]
    assert "`/facts share " in message["text"]


def test_too_long_a_question_is_told_how_long_it_may_be(ask: Asking) -> None:
    message = ask("x" * 501)
    told_alone(message)
    assert message["text"] == "That is longer than 500 characters; ask with a few words."


def test_slack_may_see_whether_anybody_is_there(client: FlaskClient) -> None:
    answer = sent(client, "token=t&ssl_check=1")
    assert (answer.status_code, answer.json["response_type"]) == (200, "ephemeral")
    assert "`/crosscheck help`" in answer.json["text"]


def test_ampersands_that_slack_escaped_are_read(ask: Asking) -> None:
    assert ask("deaths &amp; belgorod")["text"] == ask("belgorod deaths")["text"]


def test_the_host_asked_begins_the_links_where_no_other_is_configured(record: str) -> None:
    client = create_app(Config(database_url=record, slack_signing_secret=SECRET)).test_client()
    assert "<http://localhost/v1/questions/" in asked(client, "belgorod deaths")["text"]
    store.db.close()


def test_an_answer_is_within_what_slack_takes_however_much_is_on_record(empty: str, tmp_path: Path) -> None:
    content = small()
    likeness = entry(content, "claims", "c1")
    for amount in range(60):
        value = {"kind": "quantity", "qualifier": "exact", "amount": 1_000 + amount, "unit": "people"}
        content["claims"].append({**likeness, "id": f"more-{amount}", "value": value, "statement": None})
    load(write(tmp_path / "many", content))
    message = asked(create_app(Config(database_url=empty, slack_signing_secret=SECRET)).test_client(), "fire deaths")
    taken(message)
    hidden = len([line for line in message["text"].splitlines() if " · " in line and line.startswith("*")]) - 8
    assert f"… and {hidden} more values" in texts(message)


LONG = "<&>_*`|" * 300


def test_texts_of_any_length_are_within_what_slack_takes() -> None:
    claims = [{"origin": f"o{n}", "document": f"d{n}", "exact": LONG} for n in range(40)]
    given = {
        "value": {"kind": "category", "term": LONG},
        "denied": True,
        "status": "contested",
        "as_of": {"earliest": "2020-01-01", "latest": None},
        "claims": claims,
    }
    question = {
        "values": [given] * 40,
        "relations": [{"left": 0, "right": n, "relation": "contradicts", "because": LONG} for n in range(1, 40)],
        "assessment": {"current": None, "grade": "contested"},
        "summary": LONG,
        "links": {"self": "/v1/questions/q"},
    }
    found = {
        "label": LONG,
        "sentence": LONG,
        "question": question,
        "findings": [{"document": "d1", "because": LONG}] * 40,
        "others": [{"question": "q", "label": LONG}] * 5,
    }
    names = {f"{letter}{n}": LONG for letter in "od" for n in range(40)}
    message = slack.answer(found, slack.Called(names, names, "https://facts.example"), Audience.CHANNEL)
    taken(message)
    assert "… and 32 more values" in texts(message)
    assert message["text"].endswith("<https://facts.example/v1/questions/q|everything on record>")


LARGEST_MESSAGE = 12_000
"""Characters that Slack takes in all blocks together, as those found who sent more."""


def taken(message: Any) -> None:
    """Check a message by Slack's own kit, which raises when a block breaks its limits."""
    assert 0 < len(message["blocks"]) <= 50
    assert 0 < len(message["text"]) <= 3_000
    for block in Block.parse_all(message["blocks"]):
        assert block is not None
        block.to_dict()
    assert all(0 < len(text) <= 3_000 for text in texts(message))
    assert sum(map(len, texts(message))) <= LARGEST_MESSAGE
    for part in (message["text"], *texts(message)):
        assert not set(re.sub(r"<https?://[^<>|\s]+\|[^<>|]+>|&(amp|lt|gt);", "", part)) & set("&<>")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(text=st.text(max_size=700) | st.sampled_from(["belgorod", "share kharkiv", "deaths", "&lt;", "<@U1>"]))
def test_any_text_is_answered(ask: Asking, text: str) -> None:
    taken(ask(text))


@given(text=st.text(alphabet="&<>a b|\n", max_size=400), longest=st.integers(2, 300))
def test_escaped_text_holds_no_control_character_and_no_half_an_escape(text: str, longest: int) -> None:
    shown = slack.escaped(text, longest)
    assert len(shown) <= longest
    rest = shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set(rest) & set("&<>\n")


@given(lines=st.lists(st.text(min_size=1, max_size=2_000), max_size=8), last=st.text(max_size=500))
def test_fitted_lines_are_whole_and_end_with_the_last(lines: list[str], last: str) -> None:
    text = slack.fitted(lines, last)
    assert len(text) <= 3_000
    assert text.endswith(last)
    assert "\n".join(lines) in text or "…" in text


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_signed_too_long_ago_is_refused(client: FlaskClient, minutes: int) -> None:
    refused(sent(client, "text=belgorod", at=time.time() - 60 * minutes), "within five minutes")


def test_a_request_that_is_sent_again_later_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = proof("text=belgorod")
    again = {"data": "text=belgorod", "content_type": FORM, "headers": kept}
    assert client.post(PATH, **again).status_code == 200
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + 301)
    refused(client.post(PATH, **again), "sent late or again")


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_may_be_a_few_minutes_off(client: FlaskClient, minutes: int) -> None:
    assert sent(client, "text=belgorod", at=time.time() - 60 * minutes).status_code == 200


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"X-Slack-Signature": ""}, "is missing"),
        ({"X-Slack-Request-Timestamp": ""}, "is missing"),
        ({"X-Slack-Signature": "v0=" + "0" * 64}, "does not fit"),
        ({"X-Slack-Signature": "v1=" + "0" * 64}, "does not fit"),
        ({"X-Slack-Signature": "é"}, "does not fit"),
        ({"X-Slack-Request-Timestamp": "now"}, "within five minutes"),
        ({"X-Slack-Request-Timestamp": "-1"}, "within five minutes"),
        ({"X-Slack-Request-Timestamp": "1e9"}, "within five minutes"),
        ({"X-Slack-Request-Timestamp": "9" * 5_000}, "within five minutes"),
        ({"X-Slack-Request-Timestamp": "٣"}, "within five minutes"),
    ],
)
def test_a_signature_or_time_that_is_none_is_refused(client: FlaskClient, headers: dict[str, str], says: str) -> None:
    refused(sent(client, "text=belgorod", **{name: as_sent(value) for name, value in headers.items()}), says)


def as_sent(value: str) -> str:
    """A header as WSGI hands it over."""
    return value.encode().decode("latin-1")


def test_another_secret_is_refused(client: FlaskClient) -> None:
    refused(sent(client, "text=belgorod", secret="another"), "signed with another key")  # noqa: S106 — the wrong one


def test_a_body_that_was_changed_is_refused(client: FlaskClient) -> None:
    for body in ("text=two", "text=one&", "text=%6Fne", ""):
        refused(client.post(PATH, data=body, content_type=FORM, headers=proof("text=one")), "changed on its way")


def test_a_time_that_was_changed_is_refused(client: FlaskClient) -> None:
    earlier = proof("text=one", at=time.time() - 60)["X-Slack-Request-Timestamp"]
    refused(sent(client, "text=one", **{"X-Slack-Request-Timestamp": earlier}), "does not fit")


def test_whatever_else_is_wrong_an_unsigned_request_is_told_only_that(client: FlaskClient) -> None:
    refused(client.post(f"{PATH}?colour=red", json={"text": "belgorod"}), "is missing")


def refused(answer: TestResponse, says: str) -> None:
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"]
    assert answer.json is not None
    assert answer.json["type"] == "/problems/not-signed"
    assert says in answer.json["detail"]
    assert SECRET not in answer.text


FORMS = (
    b"",
    b"=&&&=",
    b"text",
    b"text=",
    b"command=%00",
    "command=/füge&text=".encode(),
    b"text=a%00b&text2=a&text2=b",
)


@pytest.mark.parametrize("body", FORMS)
def test_any_form_that_is_signed_is_answered(client: FlaskClient, body: bytes) -> None:
    answer = posted(client, body)
    assert answer.status_code == 200, answer.text
    told_alone(answer.json)


@pytest.mark.parametrize("body", [b"text=%ff", b"text=\xff\xfe", b"text=%ED%A0%80", b"\xff=a", b"a=&" * 101])
def test_a_body_that_is_no_form_in_utf_8_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = posted(client, body)
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-request")
    assert answer.json["detail"] == "The body is not a form in UTF-8 of at most 100 fields."


def test_a_field_that_is_given_twice_is_refused_by_name(client: FlaskClient) -> None:
    answer = posted(client, b"text=a&command=c&text=b")
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid-request")
    assert answer.json["errors"] == [{"field": "text", "sent": "a and b", "expected": "to be given once"}]


def test_a_body_that_is_packed_is_refused(client: FlaskClient) -> None:
    answer = posted(client, b"text=a", **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "identity")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_for_that(client: FlaskClient, chunked: bool) -> None:
    body = b"text=" + b"a" * 1_000_000
    if chunked:
        endless = {"wsgi.input_terminated": True}
        answer = client.post(PATH, content_type=FORM, input_stream=io.BytesIO(body), environ_overrides=endless)
    else:
        answer = posted(client, body)
    assert (answer.status_code, answer.json["type"]) == (413, "/problems/body-too-large")


def test_a_parameter_in_the_address_is_refused(client: FlaskClient) -> None:
    answer = client.post(f"{PATH}?colour=red", data="text=", content_type=FORM, headers=proof("text="))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "colour"


def test_a_value_of_an_unknown_time_says_no_time() -> None:
    value = {"kind": "category", "term": "arson"}
    given = {"value": value, "denied": True, "status": "current", "as_of": {"earliest": None, "latest": None}}
    assert slack._headed(given) == "*not arson* · current"


def test_a_signed_request_that_is_no_form_is_refused(client: FlaskClient) -> None:
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", ""):
        answer = client.post(PATH, data="{}", content_type=kind, headers=proof("{}"))
        assert (answer.status_code, answer.json["type"]) == (415, "/problems/unsupported-media-type")
        assert answer.headers["Accept"] == FORM


def test_it_is_asked_with_a_post_from_no_page_and_its_answers_are_kept_nowhere(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 405
    assert set(client.options(PATH).headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    answer = sent(client, "text=belgorod", Origin="https://newsroom.example")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.post(f"{PATH}/", data="text=help", content_type=FORM, headers=proof("text=help")).status_code == 200


def test_without_a_secret_the_route_says_how_to_set_it_up(record: str) -> None:
    answer = sent(create_app(Config(database_url=record)).test_client(), "text=belgorod")
    store.db.close()
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json["type"] == "/problems/unknown-path"
    assert "set SLACK_SIGNING_SECRET" in answer.json["detail"]
