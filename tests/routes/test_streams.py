"""Streams: the whole of a list, line by line, at constant memory, and never a part that passes for the whole."""

import csv
import http.client
import io
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest
from flask.testing import FlaskClient

from api.store import db as store
from tests.bench.generate import generate
from tests.conftest import PATIENCE, ROOT, _wait_for

BELGOROD = "belgorod-strike-2023-12-30"
CLAIMS = 100_000
MOST_GROWTH = 24_000
"""Kilobytes by which a server may grow when it streams a hundred megabytes."""

LISTS = [
    *(f"/v1/{noun}" for noun in ("events", "claims", "discrepancies", "questions", "documents", "sources", "rules")),
    *(f"/v1/events/{BELGOROD}/{noun}" for noun in ("claims", "questions", "discrepancies", "timeline")),
    "/v1/claims?sort=-published_at",
    "/v1/claims?property=deaths",
    "/v1/events?as_of=2024-01-02",
    "/v1/documents?as_of=2024-01-02&sort=-published_at",
    "/v1/questions?as_of=2024-01-02",
    "/v1/discrepancies?as_of=2024-01-02&sort=-question",
    "/v1/properties?sort=-kind",
]


@dataclass
class Server:
    """A server of its own process."""

    host: str
    process: "subprocess.Popen[bytes]"
    database: Path

    @contextmanager
    def get(self, path: str) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        connection.request("GET", path)
        with closing(connection), connection.getresponse() as answer:
            yield answer

    def peak(self) -> int:
        """The most memory, in kilobytes, that a worker has held."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = (Path(f"/proc/{pid}/status").read_text() for pid in children)
        return max(int(text.split("VmHWM:")[1].split()[0]) for text in status)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a made-up record of a hundred thousand claims."""
    file = tmp_path_factory.mktemp("large") / "large.db"
    database = store.bind(f"sqlite:///{file}", create=True)
    store.migrate(database)
    generate(CLAIMS)
    database.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = {"DATABASE_URL": f"sqlite:///{file}", "HOST": "127.0.0.1", "PORT": host.split(":")[1], "WORKERS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://{host}/readyz", process)
        yield Server(host, process, file)
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.mark.parametrize("path", LISTS)
def test_without_a_limit_lines_and_sheets_are_the_whole_list(client: FlaskClient, path: str) -> None:
    joined = f"{path}{'&' if '?' in path else '?'}"
    items, here = [], f"{joined}limit=7"
    while here:
        page = client.get(here).json
        items += page["items"]
        here = page["next"]
    answer = client.get(f"{joined}format=ndjson")
    assert (answer.status_code, answer.content_type) == (200, "application/x-ndjson")
    assert [orjson.loads(line) for line in answer.data.split(b"\n")[:-1]] == items
    if "timeline" not in path:
        found = list(csv.reader(io.StringIO(client.get(f"{joined}format=csv").text, newline="")))
        assert len(found) == len(items) + 1


def test_the_rest_of_a_list_can_be_had_from_a_cursor_on(client: FlaskClient) -> None:
    whole = client.get("/v1/claims?format=ndjson").text
    first = client.get("/v1/claims?limit=100").json
    cursor = urlsplit(first["next"]).query.split("cursor=")[1]
    rest = client.get(f"/v1/claims?format=ndjson&cursor={cursor}").text
    assert whole.splitlines()[100:] == rest.splitlines()


def test_what_fails_before_the_first_line_is_answered_as_a_failure(client: FlaskClient) -> None:
    for query in ("cursor=x", "sort=colour", "event=nowhere", "fields=colour", "limit=0"):
        answer = client.get(f"/v1/claims?format=ndjson&{query}")
        assert answer.status_code in (400, 404, 422)
        assert answer.content_type == "application/problem+json"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not tell what a process has held")
@pytest.mark.parametrize("form", ["ndjson", "csv", "ndjson&fields=id,value.amount&sort=-published_at"])
def test_a_hundred_thousand_claims_are_streamed_at_constant_memory(large: Server, form: str) -> None:
    for _ in range(3):
        with large.get(f"/v1/claims?limit=500&format={form}") as answer:
            answer.read()
    before = large.peak()
    with large.get(f"/v1/claims?format={form}") as answer:
        assert answer.getheader("Transfer-Encoding") == "chunked"
        lines = 0
        while block := answer.read(1 << 16):
            lines += block.count(b"\n")
    assert lines == CLAIMS + (form == "csv")
    assert large.peak() - before < MOST_GROWTH


def test_every_claim_is_streamed_once_and_in_order_while_others_come_and_go(large: Server) -> None:
    connection = sqlite3.connect(large.database, isolation_level=None, timeout=PATIENCE)
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(claim)")]
    first = connection.execute("SELECT * FROM claim ORDER BY place_in_list LIMIT 1").fetchone()
    seen: list[str] = []
    insert = f"INSERT INTO claim ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 — names of our own tables and columns
    with large.get("/v1/claims?format=ndjson") as answer:
        for number, line in enumerate(answer):
            seen.append(orjson.loads(line)["id"])
            for place in ("0000000 00000000 new", "9999999 00000000 new") if number % 20_000 == 5 else ():
                name = f"{place} {number}"
                new = {"id": name, "place_in_list": name, "representation": orjson.dumps({"id": name}).decode()}
                connection.execute(insert, tuple({**dict(zip(columns, first, strict=True)), **new}.values()))
    added = connection.execute("DELETE FROM claim WHERE id LIKE '%00000000 new%'").rowcount
    connection.close()
    assert added == 10
    old = [name for name in seen if "new" not in name]
    assert len(old) == len(set(old)) == CLAIMS
    assert len(seen) == len(set(seen)) <= CLAIMS + added
    assert [name for name in seen if "new" in name][-1].startswith("9999999")


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_stream_that_breaks_off_is_no_success(large: Server, form: str) -> None:
    connection = sqlite3.connect(large.database, isolation_level=None, timeout=PATIENCE)
    with large.get(f"/v1/claims?format={form}") as answer:
        assert answer.status == 200
        answer.read(100_000)
        connection.execute("ALTER TABLE claim RENAME TO hidden")
        try:
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                answer.read()
            with large.get(f"/v1/claims?format={form}") as failed:
                assert (failed.status, failed.getheader("Content-Type")) == (503, "application/problem+json")
        finally:
            connection.execute("ALTER TABLE hidden RENAME TO claim")
            connection.close()
    with large.get("/v1/claims?limit=1") as answer:
        assert answer.status == 200


def test_whoever_stops_reading_stops_the_stream(large: Server) -> None:
    for _ in range(8):  # more than there are threads
        with large.get("/v1/claims?format=ndjson") as answer:
            answer.read(1_000)
    with large.get("/v1/claims?limit=1") as answer:
        assert answer.status == 200
