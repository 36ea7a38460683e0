"""The workers, over a socket: what breaks HTTP itself is a problem too, and the server goes on."""

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidResponseHeader
from gunicorn.workers.gthread import ThreadWorker

from api.config import WORKER_KINDS
from api.web import cors, headlines, security, worker
from api.web.environ import CAME
from tests.conftest import serving

BROKEN = [
    ("no request line", b"hello\r\n\r\n", 400, "bad-request"),
    ("no host", b"GET /v1/events HTTP/1.1\r\n\r\n", 400, "bad-request"),
    ("two hosts", b"GET /v1/events HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "bad-request"),
    ("no HTTP version", b"GET / HTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-request"),
    ("a method that is none", b"G<T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-request"),
    ("a header without a name", b"GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400, "bad-request"),
    ("a header that is none", b"GET / HTTP/1.1\r\nHost a\r\n\r\n", 400, "bad-request"),
    ("a header on two lines", b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400, "bad-request"),
    ("two lengths", b"POST /v1/compare HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad-request"),
    ("a length without end", b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", 400, "bad-request"),
    ("a length that is none", b"POST /v1/compare HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "bad-request"),
    ("a long line", b"GET /?q=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "address-too-long"),
    ("a long header", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431, "headers-too-large"),
    ("many headers", b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431, "headers-too-large"),
    ("a coding nobody reads", b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n", 501, "not-implemented"),
    ("an expectation", b"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417, "expectation-failed"),
]

CHUNKED = (
    b"POST /v1/compare HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)

BROKEN_BODIES = [
    ("a chunk without a size", CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", 400, "bad-request"),
    ("a chunk of another size", CHUNKED + b"1\r\n{}}}}\r\n0\r\n\r\n", 400, "bad-request"),
    ("chunks beyond what a body holds", CHUNKED + (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 20, 413, "body-too-large"),
    (
        "a body beyond what one holds",
        b"POST /v1/compare HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n{",
        413,
        "body-too-large",
    ),
]

Logged = tuple[str, Path]
"""Where a server is, and its log."""


@pytest.fixture(scope="module", params=WORKER_KINDS)
def served(request: pytest.FixtureRequest, record: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    """A server with each kind of worker, and what it writes to standard error."""
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(record, log, WORKERS="1", WORKER=request.param) as running:
        yield running.url, log


@pytest.fixture(scope="module")
def server(served: Logged) -> str:
    return served[0]


@pytest.fixture(scope="module")
def server_log(served: Logged) -> Path:
    return served[1]


ALWAYS = {"x-content-type-options": "nosniff", "server": "Crosscheck", "cache-control": "no-store"}


def told(server: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes and read what comes back until the server closes, or one whole answer is there."""
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        with suppress(OSError):  # the server may have read enough
            connection.sendall(request)
        answer = b""
        while not whole(answer):
            more = connection.recv(65_536)
            if not more:
                break
            answer += more
    return parsed(answer)


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    return int(first.split()[1]) if first else 0, {name.lower(): value for name, value in headers.items()}, body


def whole(answer: bytes) -> bool:
    if b"\r\n\r\n" not in answer:
        return False
    _, headers, body = parsed(answer)
    return len(body) >= int(headers.get("content-length", "0"))


def test_letters_in_an_address_that_are_not_encoded_are_told_how_to_be(server: str) -> None:
    asked = "GET /v1/search?q=Київ HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    status, _, body = told(server, asked)
    assert (status, "percent-encoded" in orjson.loads(body)["detail"]) == (400, True)
    _, _, body = told(server, b"GET / HTTP/1.1\r\nHost a\r\n\r\n")
    assert "percent-encoded" not in orjson.loads(body)["detail"]


@pytest.mark.parametrize(
    ("request_", "status", "name"),
    [case[1:] for case in BROKEN + BROKEN_BODIES],
    ids=[c[0] for c in BROKEN + BROKEN_BODIES],
)
def test_what_breaks_http_is_a_problem(server: str, request_: bytes, status: int, name: str) -> None:
    got, headers, body = told(server, request_)
    assert (got, headers["content-type"]) == (status, "application/problem+json")
    problem = orjson.loads(body)
    assert (problem["type"], problem["status"]) == (f"/problems/{name}", status)
    assert problem["detail"]
    assert problem["request_id"] == headers["x-request-id"]
    assert {key: headers[key] for key in ALWAYS} == ALWAYS
    assert b"Traceback" not in body
    assert told(server, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")[0] == 200


SOUND = orjson.dumps(
    {
        side: {"property": "deaths", "value": {"kind": "quantity", "qualifier": "exact", "amount": amount}}
        for side, amount in {"left": 1, "right": 2}.items()
    }
)


def left_alone(server: str, request: bytes) -> bytes:
    """What comes back to who says with the request that nothing more is sent."""
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /v1/rules?limit=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/claims?format=csv HTTP/1.1\r\nHost: a\r\n\r\n",
        CHUNKED + b"%x\r\n%s\r\n0\r\nLast: trailer\r\n\r\n" % (len(SOUND), SOUND),
    ],
    ids=["a short answer", "a stream", "a body in chunks with a trailer"],
)
def test_who_sends_nothing_more_is_answered(served: Logged, request_: bytes) -> None:
    status, headers, body = parsed(left_alone(served[0], request_))
    assert status == 200
    assert body.endswith(b"0\r\n\r\n") or len(body) == int(headers["content-length"])


def test_all_that_was_asked_at_once_is_answered_before_the_end(served: Logged) -> None:
    asked = b"GET /v1/rules?limit=1 HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/claims?nope=1 HTTP/1.1\r\nHost: a\r\n\r\n" * 3
    answers = left_alone(served[0], asked).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"200", b"422"] * 3


def test_a_body_that_is_shorter_than_was_told_is_not_taken_for_a_whole_one(served: Logged) -> None:
    head = b"POST /v1/compare HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    status, headers, _ = parsed(left_alone(served[0], head % (len(SOUND) + 1) + SOUND))
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    status, _, _ = parsed(left_alone(served[0], head % len(SOUND) + SOUND))
    assert status == 200


NO_HOST = [b"HTTP/1.1\r\nHost: \r\n", b"HTTP/1.1\r\nHost: a b/<>\r\n"]


@pytest.mark.parametrize("rest", NO_HOST, ids=["empty", "none that can be one"])
@pytest.mark.parametrize("path", [b"/v1/claims?limit=1", b"/v1/claims?limit=1&fields=id"])
def test_where_no_host_is_named_addresses_are_relative(served: Logged, path: bytes, rest: bytes) -> None:
    status, _, body = told(served[0], b"GET " + path + b" " + rest + b"Connection: close\r\n\r\n")
    assert (status, orjson.loads(body)["next"].partition("?")[0]) == (200, "/v1/claims")


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since"])
def test_a_date_of_a_year_without_end_is_no_condition(served: Logged, name: str) -> None:
    year = f"{name}: Mon, 01 Jan 99999999999999 00:00:00 GMT\r\n"
    status, _, _ = told(served[0], f"GET /v1/claims?limit=1 HTTP/1.1\r\nHost: a\r\n{year}\r\n".encode())
    assert status == 200


def test_what_breaks_http_after_a_request_that_did_not_is_a_problem_too(server: str) -> None:
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = connection.recv(65_536)
        while not whole(answer):
            answer += connection.recv(65_536)
        connection.sendall(b"hello\r\n\r\n")
        refused = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert (parsed(answer)[0], parsed(refused)[0]) == (200, 400)
    assert orjson.loads(parsed(refused)[2])["type"] == "/problems/bad-request"


def test_the_server_names_neither_its_software_nor_its_version(server: str) -> None:
    _, headers, _ = told(server, b"GET /v1/rules HTTP/1.1\r\nHost: a\r\n\r\n")
    assert headers["server"] == "Crosscheck"
    assert not any("gunicorn" in value.lower() or "python" in value.lower() for value in headers.values())


def test_an_answer_says_once_when_it_was_given(server: str) -> None:
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(b"GET /v1/rules HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\ndate:") == 1
    assert head.count(b"\r\nserver:") == 1


def test_a_304_over_the_wire_has_no_body(server: str) -> None:
    ask = b"GET /v1/rules HTTP/1.1\r\nHost: a\r\n"
    _, headers, _ = told(server, ask + b"\r\n")
    status, again, body = told(server, ask + f"If-None-Match: {headers['etag']}\r\nConnection: close\r\n\r\n".encode())
    assert (status, body) == (304, b"")
    assert again["etag"] == headers["etag"]
    assert "content-length" not in again


def test_what_is_packed_arrives_packed(server: str) -> None:
    ask = b"GET /v1/claims HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    plain = told(server, ask + b"\r\n")[2]
    _, headers, body = told(server, ask + b"Accept-Encoding: gzip\r\n\r\n")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain


def test_head_over_the_wire_has_the_length_of_get_and_no_body(server: str) -> None:
    ask = b" /v1/rules HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(b"HEAD" + ask)
        head = b"".join(iter(lambda: connection.recv(65_536), b""))
    _, headers, body = parsed(head)
    assert body == b""
    assert int(headers["content-length"]) == len(told(server, b"GET" + ask)[2])


def test_every_request_leaves_one_line_of_json_those_that_break_http_too(server: str, server_log: Path) -> None:
    told(server, b"GET /v1/rules?limit=1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: logged-1\r\nConnection: close\r\n\r\n")
    refused = told(server, b"G<T / HTTP/1.1\r\n\r\n")[1]["x-request-id"]
    line = logged(server_log, "logged-1")
    assert line["bytes"] > 0
    assert {**line, "time": 0, "duration_ms": 0, "process": 0, "bytes": 0} == {
        **{"time": 0, "level": "info", "message": "request", "request_id": "logged-1", "duration_ms": 0, "process": 0},
        **{"method": "GET", "path": "/v1/rules", "route": "/v1/rules", "status": 200, "bytes": 0},
        "client": "127.0.0.1",
    }
    line = logged(server_log, refused)
    assert (line["status"], line["message"]) == (400, "refused")


def logged(log: Path, request_id: str) -> dict[str, Any]:
    """The one line on a request; it is written once the answer has been sent."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines = [orjson.loads(line) for line in log.read_bytes().splitlines() if line.startswith(b"{")]
        if found := [line for line in lines if line.get("request_id") == request_id]:
            assert len(found) == 1
            return found[0]
        time.sleep(0.02)
    raise AssertionError(f"no line on {request_id}")


PATIENCE = 20
"""Seconds; only a failing run waits that long."""


class Sent(list[bytes]):
    """A socket that keeps what is sent."""

    sendall = list.append


class Asked:
    """What a response has to know of a request."""

    version, method = (1, 1), "GET"

    def should_close(self) -> bool:
        return False


def sent(kind: type[Any], headers: list[tuple[str, str]]) -> tuple[list[bytes], list[tuple[str, str]], int | None]:
    """What is sent of an answer with these headers, in any order, and what is known of it afterwards."""
    socket_ = Sent()
    response = kind(Asked(), socket_, Config())
    response.start_response("200 OK", headers)
    response.write(b"abc")
    response.close()
    head, body = b"".join(socket_).split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Date: ")]
    return [*sorted(lines), body], sorted(response.headers), response.response_length


USUAL = [*security.headers("/", 0), *cors.OPEN, ("Vary", "Accept"), ("Cache-Control", "no-store ")]


@pytest.mark.parametrize("length", [[], [("Content-Length", "3")]])
def test_headers_are_sent_as_by_gunicorn_itself(length: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headlines, "LINES", {})
    headers = [*USUAL, *length, ("Connection", "close"), ("ETag", '"x" ')]
    for _ in range(2):
        assert sent(worker.Response, list(headers)) == sent(worker.Response.__base__, list(headers))
    assert set(headlines.LINES) == set(USUAL[:-1]), "what was sent as it is, and comes again"


def test_a_header_that_could_break_a_line_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headlines, "LINES", {})
    for _ in range(2):
        with pytest.raises(InvalidResponseHeader):
            sent(worker.Response, [("X-Frame-Options", "DENY\r\nSet-Cookie: a=b")])
    assert headlines.LINES == {}


def test_a_worker_leaves_the_next_connection_to_others_for_longer_the_more_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    monkeypatch.setattr(ThreadWorker, "accept", lambda self, _: setattr(self, "nr_conns", self.nr_conns + 4))
    one = object.__new__(worker.Worker)
    one.cfg, one.nr_conns = Config(), 0
    one.accept(None)
    assert naps == [], "there are no others"
    one.cfg.set("workers", 2)
    for _ in range(2):
        one.accept(None)
    assert naps == [8 * worker.NAP, worker.LONGEST_NAP]


def test_an_application_is_told_when_what_a_kept_connection_asks_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a new connection nobody knows; it may have been opened long before anything was asked."""
    told: list[float | None] = []
    one = object.__new__(worker.Worker)

    def app(environ: dict[str, float], _: Any) -> None:
        told.append(environ.get(CAME))

    monkeypatch.setattr(ThreadWorker, "load_wsgi", lambda self: setattr(self, "wsgi", app))
    monkeypatch.setattr(ThreadWorker, "on_client_socket_readable", lambda *_: None)
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, _: [self.wsgi({}, None), self.wsgi({}, None)])
    one.load_wsgi()
    connection = SimpleNamespace()
    one.handle(connection)
    before = time.perf_counter()
    one.on_client_socket_readable(connection, None)
    after = time.perf_counter()
    one.handle(connection)
    one.handle(connection)
    known = told[2]
    assert known is not None
    assert before <= known <= after
    assert told == [None, None, known, None, None, None], "once: what follows in the same stream came later"
