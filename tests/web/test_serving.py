"""Serving: whatever some clients do, others are answered; and what is begun is finished."""

import hashlib
import http.client
import os
import re
import resource
import signal
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from api.config import WORKER_KINDS
from api.web import streaming
from tests.conftest import PATIENCE, Served, children, fill, serving
from tests.databases import Files
from tests.web.standin import PIECE
from tests.web.test_worker import parsed, told

CONFIG = ("-m", "gunicorn", "--config=python:api.web.gunicorn_conf")
STANDIN = (*CONFIG, "tests.web.standin:app")
SLOW = 1_000
GET = "GET {} HTTP/1.1\r\nHost: a\r\n\r\n"

both = pytest.mark.parametrize("kind", WORKER_KINDS)


Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a file lets go what waits for it."""
    return tmp_path_factory.mktemp("gates")


@pytest.fixture
def gate(gates: Path, request: pytest.FixtureRequest) -> Path:
    """A file that is not there yet."""
    return gates / re.sub(r"[^a-z]+", "-", request.node.name)


@pytest.fixture(scope="module")
def standin(record: str, gates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serves the application of tests, once for every kind of settings; `fresh` is for one test alone."""
    running: dict[object, Served] = {}
    with ExitStack() as stack:

        def serve(kind: str = "asgi", fresh: bool = False, **settings: str) -> Served:
            key = object() if fresh else (kind, *settings.items())
            if key not in running:
                log = tmp_path_factory.mktemp("log") / "log"
                settings = {"WORKERS": "1", "WORKER": kind, "GATES": str(gates), **settings}
                running[key] = stack.enter_context(serving(record, log, STANDIN, **settings))
            return running[key]

        yield serve


@pytest.fixture
def real(tmp_path: Path, record: str) -> Iterator[Serve]:
    """Serves Crosscheck, by gunicorn's own command."""
    with ExitStack() as stack:

        def serve(kind: str = "asgi", **settings: str) -> Served:
            settings = {"WORKERS": "1", "WORKER": kind, **settings}
            return stack.enter_context(serving(record, tmp_path / "log", CONFIG, **settings))

        yield serve


def connected(served: Served) -> socket.socket:
    where = urlsplit(served.url)
    return socket.create_connection((where.hostname, where.port), timeout=PATIENCE)


def asked(served: Served, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return told(served.url, f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}\r\n".encode())


def state(served: Served) -> dict[str, int]:
    pairs = (pair.split("=") for pair in asked(served, "/state")[2].decode().split())
    return {name: int(number) for name, number in pairs}


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_quick_is_answered_on_the_loop_and_all_else_in_threads(standin: Serve) -> None:
    served = standin()
    assert asked(served, "/quick")[2] == b"MainThread"
    assert asked(served, "/other")[2].startswith(b"crosscheck-")
    assert asked(served, "/quick", "POST")[2].startswith(b"crosscheck-")
    assert asked(served, "/quick/fault")[2].startswith(b"crosscheck-")


def test_what_is_quick_is_answered_as_http_has_it(standin: Serve) -> None:
    served = standin()
    status, headers, _ = asked(served, "/quick")
    assert (status, headers["server"], headers["content-length"]) == (200, "Crosscheck", "10")
    assert headers["date"]
    with connected(served) as connection:
        connection.sendall(b"HEAD /quick HTTP/1.1\r\nHost: a\r\n\r\n" + GET.format("/quick").encode())
        connection.sendall(b"GET /quick HTTP/1.1\r\nHost: a\r\nIf-None-Match: x\r\nConnection: close\r\n\r\n")
        answers = b"".join(iter(lambda: connection.recv(65_536), b"")).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"200", b"200", b"304"]
    assert [answer.partition(b"\r\n\r\n")[2] for answer in answers] == [b"", b"MainThread", b""]
    assert b"Content-Length: 10" in answers[0]
    status, headers, _ = asked(served, "/quick", Expect="tea")
    assert (status, headers["content-type"]) == (417, "application/problem+json")


def test_a_fault_of_the_application_is_a_problem(standin: Serve) -> None:
    status, headers, body = asked(standin(), "/fault")
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert b"as asked" not in body


TARGETS = ["/environ/a%20b%2Fc/ü?q=%C3%BC&x=1+2", "/environ", "/environ//x", "http://b.example/environ?x", "/environ?"]


OTHERWISE = ("REMOTE_PORT", "SERVER_PORT", "SERVER_SOFTWARE", "RAW_URI")
"""What differs by chance, or is nothing of WSGI's."""


@pytest.mark.parametrize("target", TARGETS)
def test_both_workers_tell_the_application_the_same(standin: Serve, target: str) -> None:
    sent = f"GET {target.replace('ü', '%C3%BC')} HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nContent-Type: text/x\r\n\r\n"
    told_of = []
    for kind in WORKER_KINDS:
        lines = told(standin(kind).url, sent.encode())[2].decode().split("\n")
        told_of.append([line for line in lines if not line.startswith(OTHERWISE)])
    assert told_of[0] == told_of[1]


@pytest.mark.parametrize("kind", WORKER_KINDS)
def test_a_status_has_the_phrase_that_http_has_for_it(real: Serve, kind: str) -> None:
    served = real(kind)
    with closing(connected(served)) as connection:
        connection.sendall(b'GET /v1/claims HTTP/1.1\r\nHost: a\r\nIf-Match: "other"\r\nConnection: close\r\n\r\n')
        assert connection.recv(65_536).splitlines()[0].upper() == b"HTTP/1.1 412 PRECONDITION FAILED"


def test_what_waits_keeps_nobody_from_a_quick_answer(standin: Serve, gate: Path) -> None:
    served = standin(THREADS="2")
    with ExitStack() as stack:
        waiting = [stack.enter_context(connected(served)) for _ in range(20)]
        for connection in waiting:
            connection.sendall(GET.format(f"/gate/{gate.name}").encode())
        for _ in range(50):
            assert asked(served, "/quick")[0] == 200
        gate.touch()
        for connection in waiting:
            assert connection.recv(15) == b"HTTP/1.1 200 OK"


@both
@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_arrives_as_it_was_sent(standin: Serve, kind: str, size: int, chunked: bool) -> None:
    served = standin(kind)
    body = os.urandom(size)
    with closing(http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=PATIENCE)) as connection:
        for _ in range(2):
            parts = (body[at : at + 50_000] for at in range(0, size, 50_000))
            connection.request("POST", "/body", parts if chunked else body, encode_chunked=chunked)
            assert connection.getresponse().read().decode() == f"{size} {hashlib.sha256(body).hexdigest()}"


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(standin: Serve) -> None:
    served = standin()
    before = state(served)["asked"]
    for framing in ("Content-Length: 10", "Transfer-Encoding: chunked"):
        with connected(served) as connection:
            connection.sendall(f"POST /body HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n2\r\n{{}}\r\n".encode())
    asked(served, "/body")
    assert state(served)["asked"] == before + 1


@both
def test_who_expects_to_be_told_to_go_on_is_told(standin: Serve, kind: str) -> None:
    with connected(standin(kind)) as connection:
        connection.sendall(b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ab")
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def test_a_stream_goes_no_faster_than_its_client_and_ends_with_it(standin: Serve) -> None:
    served = standin()
    first = state(served)
    with connected(served) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.sendall(GET.format("/stream/10000").encode())
        assert connection.recv(15) == b"HTTP/1.1 200 OK"
        before = -1
        while before != (now := state(served)["pieces"]):
            before = now
            time.sleep(0.2)
        assert (now - first["pieces"]) * len(PIECE) < 64 * streaming.MOST  # most of it in the system's own buffers
        assert state(served)["closed"] == first["closed"]
    until(lambda: state(served)["closed"] == first["closed"] + 1)
    assert state(served)["pieces"] <= now + 8


def test_a_stream_arrives_whole(standin: Serve) -> None:
    with closing(http.client.HTTPConnection(urlsplit(standin().url).netloc, timeout=PATIENCE)) as connection:
        for _ in range(2):
            connection.request("GET", "/stream/300")
            assert connection.getresponse().read() == PIECE * 300


def test_streams_that_nobody_reads_leave_threads_to_others(standin: Serve) -> None:
    served = standin(THREADS="2")
    before = state(served)["closed"]
    with ExitStack() as stack:
        statuses = []
        for _ in range(20):
            connection = stack.enter_context(connected(served))
            connection.sendall(GET.format("/stream/10000").encode())
            statuses.append(connection.recv(12)[9:])
            assert asked(served, "/other")[0] == 200
        assert statuses[0] == b"200"
        assert set(statuses) == {b"200", b"503"}
    until(lambda: state(served)["closed"] == before + statuses.count(b"200") + statuses.count(b"503"))
    assert asked(served, "/stream/1")[0] == 200


def test_headers_and_bodies_that_take_too_long_are_given_up(standin: Serve) -> None:
    served = standin(HASTY="1")
    begun = [
        b"GET / HTTP/1.1\r\nHost: a\r\nX: ",
        b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
        b"POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1",
    ]
    for beginning in begun:
        status, headers, body = told(served.url, beginning)
        assert (status, headers["content-type"]) == (408, "application/problem+json")
        assert orjson.loads(body)["type"] == "/problems/request-too-slow"
    with connected(served) as connection:
        assert connection.recv(1) == b""
    with connected(served) as connection:
        connection.sendall(GET.format("/quick").encode())
        assert connection.recv(65_536).endswith(b"MainThread")
        connection.sendall(begun[0])
        assert connection.recv(12) == b"HTTP/1.1 408"


def test_who_stays_after_the_last_answer_is_cut_off(standin: Serve) -> None:
    served = standin(HASTY="1")
    with connected(served) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        until(lambda: _is_cut_off(connection))


def _is_cut_off(connection: socket.socket) -> bool:
    try:
        connection.send(b" ")
    except OSError:
        return True
    return False


def test_a_connection_too_many_is_told_so(standin: Serve) -> None:
    served = standin(GUNICORN_CMD_ARGS="--worker-connections=5")
    with ExitStack() as stack:
        kept = [stack.enter_context(connected(served)) for _ in range(5)]
        for connection in kept:
            connection.sendall(GET.format("/quick").encode())
            assert connection.recv(12) == b"HTTP/1.1 200"
        status, headers, body = asked(served, "/quick")
        assert (status, headers["retry-after"]) == (503, "2")
        assert orjson.loads(body)["type"] == "/problems/busy"
    until(lambda: asked(served, "/quick")[0] == 200)


def test_a_client_that_reads_nothing_is_given_up(standin: Serve) -> None:
    served = standin(HASTY="1")
    before = state(served)["closed"]
    with connected(served) as connection:
        connection.sendall(GET.format("/stream/10000").encode())
        until(lambda: state(served)["closed"] == before + 1)
        with suppress(OSError):
            while connection.recv(1 << 20):
                pass


HEADERS_BEGUN = b"GET /v1/rules HTTP/1.1\r\nHost: a\r\nX: "
BODY_BEGUN = (
    b"POST /v1/compare HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{"
)
READ_SLOWLY = b"GET /v1/claims?limit=500 HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize("beginning", [HEADERS_BEGUN, BODY_BEGUN, READ_SLOWLY], ids=["headers", "bodies", "readers"])
def test_a_thousand_slow_clients_keep_nobody_waiting(real: Serve, beginning: bytes) -> None:
    served = real(WORKERS="2")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4_096), hard))
    try:
        with ExitStack() as stack:
            slow = [stack.enter_context(connected(served)) for _ in range(SLOW)]
            for connection in slow:
                connection.sendall(beginning)
            times = []
            for number in range(300):
                for connection in slow[number::300]:
                    with suppress(OSError):
                        connection.send(b" ")
                before = time.perf_counter()
                assert asked(served, "/v1/rules?limit=1")[0] == 200
                times.append(time.perf_counter() - before)
        assert statistics.quantiles(times, n=100)[98] < 0.5
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert asked(served, "/v1/rules?limit=1")[0] == 200


@both
def test_a_body_of_a_gigabyte_is_refused_unread(real: Serve, kind: str) -> None:
    served = real(kind)
    head = (
        b"POST /v1/compare HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n"
    )
    block, sent = b" " * 1_048_576, 0
    with connected(served) as connection:
        connection.sendall(head)
        with suppress(OSError):
            while sent < 1 << 30:
                sent += connection.send(block)
        answer = connection.recv(65_536)
    assert sent < 64 << 20
    status, headers, _ = parsed(answer)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert asked(served, "/v1/rules")[0] == 200


@both
def test_headers_of_two_megabytes_are_refused(real: Serve, kind: str) -> None:
    served = real(kind)
    status, _, body = told(served.url, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 2_000_000 + b"\r\n\r\n")
    assert (status, orjson.loads(body)["type"]) == (431, "/problems/headers-too-large")
    assert asked(served, "/v1/rules")[0] == 200


@both
def test_who_ends_the_server_lets_it_finish_what_it_serves(standin: Serve, gate: Path, kind: str) -> None:
    served = standin(kind, fresh=True)
    with connected(served) as answered, connected(served) as streamed:
        answered.sendall(GET.format(f"/gate/{gate.name}").encode())
        streamed.sendall(GET.format(f"/gated/{gate.name}").encode())
        begun = streamed.recv(65_536)
        while b"before" not in begun:
            begun += streamed.recv(65_536)
        served.process.send_signal(signal.SIGTERM)
        until(lambda: _refuses(served))
        gate.touch()
        status, headers, body = parsed(b"".join(iter(lambda: answered.recv(65_536), b"")))
        assert (status, len(body)) == (200, int(headers["content-length"]))
        rest = b"".join(iter(lambda: streamed.recv(65_536), b""))
        assert b"after" in rest
        assert rest.endswith(b"0\r\n\r\n")
    assert served.process.wait(PATIENCE) == 0


@both
def test_who_ends_the_server_lets_what_was_answered_be_noted(standin: Serve, gate: Path, kind: str) -> None:
    served = standin(kind, fresh=True)
    status, headers, body = first_answer(served, f"/late/{gate.name}")
    assert (status, len(body)) == (200, int(headers["content-length"]))
    served.process.send_signal(signal.SIGTERM)
    until(lambda: _refuses(served))
    gate.touch()
    assert served.process.wait(PATIENCE) == 0
    assert gate.with_name(f"{gate.name}-noted").exists()


def first_answer(served: Served, path: str) -> tuple[int, dict[str, str], bytes]:
    """What is sent before anything is done after it."""
    with connected(served) as connection:
        connection.sendall(GET.format(path).encode())
        answer = connection.recv(65_536)
        while not (head := answer.partition(b"\r\n\r\n"))[2]:
            answer += connection.recv(65_536)
    return parsed(b"".join(head))


def _refuses(served: Served) -> bool:
    try:
        connected(served).close()
    except OSError:
        return True
    return False


class Client(threading.Thread):
    """Asks again and again over connections that are kept, and notes what fails."""

    def __init__(self, served: Served, path: str) -> None:
        super().__init__(daemon=True)
        self._where = urlsplit(served.url).netloc
        self._path = path
        self.over = threading.Event()
        self.answers = 0
        self.failures: list[str] = []

    def goes_on(self) -> None:
        before = self.answers
        until(lambda: self.answers > before + 5)

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._where, timeout=PATIENCE)
        while not self.over.is_set():
            try:
                connection.request("GET", self._path)
                answer = connection.getresponse()
                answer.read()
                self.answers += 1
                if answer.status != 200:
                    self.failures.append(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
        connection.close()


def _reload(served: Served) -> None:
    before = set(served.workers())
    served.process.send_signal(signal.SIGHUP)
    until(lambda: len(served.workers()) == 2 and not before & set(served.workers()))


@both
def test_a_reload_under_load_drops_nothing(real: Serve, kind: str) -> None:
    served = real(kind, WORKERS="2")
    clients = [
        Client(served, path) for path in ("/v1/rules", "/v1/rules?limit=1", "/v1/claims?limit=50", "/healthz") * 2
    ]
    for client in clients:
        client.start()
    for _ in range(2):
        _reload(served)
        for client in clients:
            client.goes_on()
    for client in clients:
        client.over.set()
    for client in clients:
        client.join(PATIENCE)
    assert [failure for client in clients for failure in client.failures] == []


@both
def test_a_worker_that_is_killed_is_replaced_and_others_go_on(standin: Serve, gate: Path, kind: str) -> None:
    served = standin(kind, fresh=True, WORKERS="2")
    until(lambda: len(served.workers()) == 2)
    first, second = served.workers()
    with connected(served) as connection:
        connection.sendall(GET.format(f"/gate/{gate.name}").encode())
        gate.touch()
        os.kill(first, signal.SIGKILL)
        with suppress(OSError):
            assert connection.recv(15) in (b"HTTP/1.1 200 OK", b"")
    until(lambda: len(served.workers()) == 2 and first not in served.workers())
    assert second in served.workers()
    assert all(asked(served, "/other")[0] == 200 for _ in range(20))


def test_each_thread_keeps_one_connection_to_a_file(real: Serve) -> None:
    record = Files().shared("record", fill)
    served = real(THREADS="3", DATABASE_URL=record)
    file = record.removeprefix("sqlite:///")
    clients = [Client(served, "/v1/claims?limit=500") for _ in range(12)]
    for client in clients:
        client.start()
    until(lambda: all(client.answers > 20 for client in clients))
    for client in clients:
        client.over.set()
    (worker,) = served.workers()
    opened = [link for link in Path(f"/proc/{worker}/fd").iterdir() if _leads_to(link, file)]
    assert 3 <= len(opened) <= 4  # a thread each, and the loop, which checked the database at the start
    for client in clients:
        client.join(PATIENCE)


def _leads_to(link: Path, file: str) -> bool:
    with suppress(OSError):
        return str(link.readlink()) == file
    return False


def metrics(served: Served, token: str) -> int:
    return asked(served, "/metrics", Authorization=f"Bearer {token}")[0]


@both
def test_a_reload_reads_settings_in_files_anew(real: Serve, tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "token"
    secret.write_text("the first of two tokens")
    served = real(kind, METRICS_TOKEN_FILE=str(secret))
    assert metrics(served, "the first of two tokens") == 200
    secret.write_text("the second of two tokens")
    assert metrics(served, "the second of two tokens") == 401
    before = served.workers()
    served.process.send_signal(signal.SIGHUP)
    until(lambda: len(served.workers()) == 1 and served.workers() != before)
    until(lambda: metrics(served, "the second of two tokens") == 200)
    assert metrics(served, "the first of two tokens") == 401


@both
def test_a_server_that_takes_the_place_of_another_drops_nothing(record: str, tmp_path: Path, kind: str) -> None:
    with serving(record, tmp_path / "log", WORKERS="1", WORKER=kind) as served:
        _replace(served)
    until(lambda: _refuses(served))


def _replace(served: Served) -> None:
    (first,) = served.workers()
    clients = [Client(served, path) for path in ("/v1/rules?limit=1", "/v1/claims?limit=50", "/healthz") * 2]
    for client in clients:
        client.start()
    served.process.send_signal(signal.SIGUSR2)
    until(lambda: len(served.workers()) == 2)  # one of them is the new server
    (second,) = set(served.workers()) - {first}
    until(lambda: children(second) != [])
    try:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0
        for client in clients:
            client.goes_on()
            client.over.set()
        for client in clients:
            client.join(PATIENCE)
        assert [failure for client in clients for failure in client.failures] == []
    finally:
        os.kill(second, signal.SIGTERM)
