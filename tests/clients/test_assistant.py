"""The assistant's tools, asked by the protocol's own client from a process of their own."""

import io
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import anyio
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from mcp import Client, StdioServerParameters
from mcp.server import Server

from api import protocols
from api.cli import main
from api.protocols import assistant
from api.store import db as store
from api.store.models import Statement

ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds a process may take to end; only a failing run waits that long."""

Fields = dict[str, Any]


def here(url: str, public_url: str = "") -> Server:
    """The server in this process."""
    database = store.bind(url)
    store.read_only(database)
    database.close()
    return assistant.server(database.connection_context, public_url)


def apart(url: str) -> StdioServerParameters:
    """The command in a process of its own, over standard input and output."""
    return StdioServerParameters(
        command=sys.executable, args=["-m", "api.cli", "mcp"], cwd=ROOT, env={"DATABASE_URL": url}
    )


def used(server: Server | StdioServerParameters, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """Run what needs the protocol's own client, and give back what it returns."""

    async def run() -> Any:
        async with Client(server) as client:
            return await work(client)

    return anyio.run(run)


def asked(server: Server | StdioServerParameters, *calls: tuple[str, Fields]) -> list[Any]:
    async def work(client: Client) -> list[Any]:
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    found: list[Any] = used(server, work)
    return found


def put(amount: int) -> Fields:
    return {"property": "deaths", "value": {"kind": "quantity", "amount": amount}}


def test_the_tools_tell_what_they_return_and_how_figures_are_quoted(record: str) -> None:
    async def work(client: Client) -> Any:
        return await client.list_tools(), client.instructions

    listed, instructions = used(here(record, "https://facts.example"), work)
    assert [tool.name for tool in listed.tools] == ["lookup", "discrepancies", "compare"]
    for tool in listed.tools:
        assert tool.title
        assert "\n\nReturns `" in tool.description
        assert "\n " not in tool.description
        assert "without its status" in tool.description
        assert "on whose word" in tool.description
        assert tool.annotations.read_only_hint
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert "#/components" not in str(tool.input_schema) + str(tool.output_schema)
        for name, asked in tool.input_schema["properties"].items():
            assert asked.get("description") or "$ref" in asked, (tool.name, name)
    assert "without its status" in instructions
    assert "https://facts.example" in instructions


COMPARED = {"left": put(21), "right": put(24), "reading": "strict"}


def test_over_standard_input_and_output_they_are_the_same(record: str) -> None:
    async def work(client: Client) -> Any:
        answers = [await client.call_tool(name, arguments) for name, arguments in calls]
        return [part.model_dump() for part in (await client.list_tools(), *answers)]

    calls: list[tuple[str, Fields]] = [("lookup", {"q": "belgorod deaths"}), ("discrepancies", {}), ("lookup", {})]
    assert used(apart(record), work) == used(here(record), work)


def test_the_tools_answer_what_the_routes_answer(record: str, client: FlaskClient) -> None:
    lookup, then, listed, compared = asked(
        here(record),
        ("lookup", {"q": "belgorod deaths"}),
        ("lookup", {"q": "belgorod deaths", "as_of": "2023-12-31"}),
        ("discrepancies", {"conflict": True, "limit": 3}),
        ("compare", COMPARED),
    )
    assert lookup.structured_content == client.get("/v1/lookup?q=belgorod+deaths").json
    assert lookup.content[0].text == client.get("/v1/lookup?q=belgorod+deaths&format=text").text
    assert then.structured_content == client.get("/v1/lookup?q=belgorod+deaths&as_of=2023-12-31").json
    page = client.get("/v1/discrepancies?conflict=true&limit=3").json
    assert listed.structured_content == {"items": page["items"], "more": True}
    assert "There are more" in listed.content[0].text
    assert compared.structured_content == client.post("/v1/compare", json=COMPARED).json
    assert compared.content[0].text.startswith("unresolved by nothing_orders: ")


def test_discrepancies_are_had_in_the_order_asked_for(record: str, client: FlaskClient) -> None:
    sorts = ("question", "-question", "-changed_at", "id")
    answers = asked(here(record), *(("discrepancies", {"sort": sort, "limit": 4}) for sort in sorts))
    for sort, listed in zip(sorts, answers, strict=True):
        assert listed.structured_content["items"] == client.get(f"/v1/discrepancies?limit=4&sort={sort}").json["items"]
        assert listed.structured_content["more"]


def test_discrepancies_of_another_moment_and_none_at_all(record: str, client: FlaskClient) -> None:
    then, none = asked(
        here(record),
        ("discrepancies", {"as_of": "2023-12-31", "limit": 50}),
        ("discrepancies", {"event": "belgorod-strike-2023-12-30", "conflict": True, "property": "deaths"}),
    )
    page = client.get("/v1/discrepancies?as_of=2023-12-31&limit=50").json
    assert then.structured_content == {"items": page["items"], "more": False}
    assert none.structured_content == {"items": [], "more": False}
    assert not none.is_error
    assert "No discrepancy" in none.content[0].text


REFUSED = [
    ("lookup", {}, "q: expected a few words such as: harbour deaths; or an event or a property"),
    ("lookup", {"q": "zzz"}, "Nothing on record answers 'zzz'"),
    ("lookup", {"q": "belgorod deaths", "as_of": "1999-01-01"}, "had not certainly been published by 1999-01-01"),
    ("lookup", {"q": "zzz", "as_of": "2023-12-31"}, "Nothing on record answers 'zzz'"),
    ("lookup", {"q": "belgord zebras zzz"}, "near it are: Deaths · Strike on Belgorod"),
    ("lookup", {"as_of": "yesterday"}, "as_of: "),
    ("lookup", {"q": "x" * 501}, "q: "),
    ("lookup", {"query": "deaths"}, "query: no field of this name"),
    (
        "lookup",
        {"event": "belgorod-strike"},
        "event: no event is called 'belgorod-strike'; did you mean belgorod-strike-2023-12-30",
    ),
    ("discrepancies", {"limit": 51}, "limit: "),
    ("discrepancies", {"kind": "war"}, "kind: expected one of contradiction, "),
    ("discrepancies", {"sort": "size"}, "sort: expected "),
    ("discrepancies", {"cursor": "x"}, "cursor: no field of this name"),
    ("discrepancies", {"include": ["event"]}, "include: no field of this name"),
    ("discrepancies", {"origin": "vyacheslav"}, "origin: no source is called 'vyacheslav'"),
    ("compare", {}, "left: is required; right: is required"),
    ("compare", {"left": put(1), "right": {**put(2), "colour": 1}}, "right.colour: no field of this name"),
    ("compare", {"left": put(-1), "right": put(2)}, "left.value"),
    ("fly", {}, "There is no tool 'fly'; known are lookup, discrepancies, compare"),
]


def test_what_cannot_be_answered_is_an_error_of_the_tool_in_our_words(record: str) -> None:
    answers = asked(here(record), *((name, arguments) for name, arguments, _ in REFUSED))
    for (name, arguments, says), answer in zip(REFUSED, answers, strict=True):
        assert answer.is_error, (name, arguments)
        text = answer.content[0].text
        assert says in text, (name, arguments, text)
        assert "Traceback" not in text


def test_a_fault_of_ours_is_logged_and_told_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(assistant.comparing, "compare", fail)
    answer = assistant.call("compare", COMPARED, nullcontext)
    assert answer.is_error
    assert answer.content[0].text == "Something broke on our side; it has been logged."
    assert "a secret" in caplog.text


def test_a_database_that_fails_is_an_error_of_the_tool(empty: str, tmp_path: Path) -> None:
    async def work(client: Client) -> Any:
        before = await client.call_tool("discrepancies", {})
        for file in tmp_path.glob("empty.db*"):
            file.write_bytes(b"no database at all " * 400)
        return before, await client.call_tool("discrepancies", {})

    before, after = used(here(empty), work)
    assert not before.is_error
    assert after.is_error
    assert after.content[0].text == "The database does not answer; try again in a moment."


def test_a_database_opened_for_reading_refuses_writes_on_every_connection(empty: str) -> None:
    database = store.bind(empty)
    store.read_only(database)
    for _ in range(2):
        with pytest.raises(store.PeeweeException, match="readonly"):
            Statement.create(id="s", source_id="x", said_earliest=None)
        database.close()
        database.connect()
    database.close()


def spoken(url: str) -> "subprocess.Popen[str]":
    """The command itself, after whoever asks has said hello by hand."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "mcp"],
        cwd=ROOT,
        env={"DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    say(process, HELLO)
    assert heard(process)["result"]["serverInfo"]["name"] == "crosscheck"
    return process


def say(process: "subprocess.Popen[str]", message: Fields) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{json.dumps(message)}\n")
    process.stdin.flush()


def heard(process: "subprocess.Popen[str]") -> Fields:
    assert process.stdout is not None
    told: Fields = json.loads(process.stdout.readline())
    return told


def test_standard_output_holds_the_protocol_alone(record: str) -> None:
    process = spoken(record)
    calls: list[tuple[str, Any]] = [("lookup", {"q": "belgorod deaths"}), ("lookup", {}), ("fly", {}), ("lookup", [1])]
    for number, (name, arguments) in enumerate(calls, 2):
        params = {"name": name, "arguments": arguments}
        say(process, {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params})
    answers = {told["id"]: told for told in (heard(process) for _ in calls)}
    rest, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert [answers[number]["result"].get("isError", False) for number in (2, 3, 4)] == [False, True, True]
    assert answers[5]["error"]["code"] == -32_602


def test_it_ends_without_a_traceback_when_it_is_interrupted(record: str) -> None:
    process = spoken(record)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == -signal.SIGINT
    _, errors = process.communicate()
    assert errors == ""


def test_it_ends_without_a_traceback_when_whoever_asked_is_gone(record: str) -> None:
    process = spoken(record)
    assert process.stdout is not None
    process.stdout.close()
    say(process, {"jsonrpc": "2.0", "id": 2, "method": "ping"})
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()


def started(code: str, url: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 — a command of our own
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_part_of_ours_that_is_missing_is_no_missing_extra(record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(protocols, "assistant")
    monkeypatch.delitem(sys.modules, "api.protocols.assistant")
    monkeypatch.setitem(sys.modules, "apispec", None)
    result = CliRunner().invoke(main, ["mcp"], env={"DATABASE_URL": record})
    assert isinstance(result.exception, ModuleNotFoundError)
    assert "needs the extra" not in result.stderr


@pytest.mark.parametrize("part", ["mcp", "mcp.server.stdio", "mcp_types", "anyio"])
def test_without_the_extra_the_command_says_how_to_install_it(record: str, part: str) -> None:
    result = started(f"import sys; sys.modules['{part}'] = None; from api.cli import main; main(['mcp'])", record)
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "pip install --constraint constraints.txt --editable '.[mcp]'" in line


def test_the_command_opens_the_database_for_reading(record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(connected: assistant.Connected, public_url: str) -> None:
        served.append(public_url)
        with connected(), pytest.raises(store.PeeweeException, match="readonly"):
            Statement.create(id="s", source_id="x", said_earliest=None)

    served: list[str] = []
    monkeypatch.setattr(assistant, "serve", serve)
    result = CliRunner().invoke(main, ["mcp"], env={"DATABASE_URL": record, "PUBLIC_URL": "https://facts.example"})
    assert (result.exit_code, result.output, served) == (0, "", ["https://facts.example"])


class Gone(io.BytesIO):
    """An output that nobody reads any more."""

    def write(self, _: Any) -> int:
        raise BrokenPipeError


HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


@pytest.mark.parametrize(("output", "answers"), [(io.BytesIO(), 1), (Gone(), 0)])
def test_it_serves_until_the_input_ends_or_the_output_does(
    record: str, monkeypatch: pytest.MonkeyPatch, output: io.BytesIO, answers: int
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(HELLO).encode() + b"\n")))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output))
    assistant.serve(store.bind(record).connection_context, "")
    assert len(output.getvalue().splitlines()) == answers


def test_without_the_extra_its_absence_is_all_that_is_told(record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(protocols, "assistant")
    monkeypatch.delitem(sys.modules, "api.protocols.assistant")
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    result = CliRunner().invoke(main, ["mcp"], env={"DATABASE_URL": record})
    assert (result.exit_code, result.stdout) == (1, "")
    assert "needs the extra `mcp`" in result.stderr


def test_a_database_that_is_missing_is_refused_in_one_line(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "api.cli", "mcp"],
        cwd=ROOT,
        env={"DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("does not exist; run `crosscheck migrate`\n")
