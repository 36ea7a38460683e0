"""./lookup against a real server: every option, and the same answer as over HTTP."""

import csv
import io
import json
import urllib.request
from urllib.parse import urlencode

import pytest

BELGOROD = "belgorod-strike-2023-12-30"


@pytest.mark.parametrize("words", ["belgorod deaths", "belgorod injured", "kharkiv hotel"])
def test_the_text_is_the_servers_and_fits_80_columns(ask, server, words):
    found = ask(*words.split())

    assert found.returncode == 0
    assert found.stdout == get(server, "/v1/lookup", q=words, format="text")
    assert too_wide(found.stdout) == []


def test_help_fits_80_columns_and_needs_no_server(ask):
    shown = ask("--help", "--url", "http://127.0.0.1:1")

    assert shown.returncode == 0
    assert too_wide(shown.stdout) == []
    for option in ("as-of", "event", "property", "conflicts", "json", "csv", "url", "curl"):
        assert f"--{option} " in shown.stdout


def test_json_is_the_servers_answer(ask, server):
    found = ask("--json", "belgorod", "deaths")

    assert json.loads(found.stdout) == json.loads(get(server, "/v1/lookup", q="belgorod deaths"))


def test_csv_is_the_servers_answer(ask, server):
    found = ask("belgorod", "deaths", "--csv")

    assert rows(found.stdout) == rows(get(server, "/v1/lookup", q="belgorod deaths", format="csv"))


@pytest.mark.parametrize("joined", [True, False])
def test_event_and_property_hold_the_question(ask, joined):
    given = {"--event": BELGOROD, "--property": "injured"}

    found = ask("--json", *options(given, joined))

    assert json.loads(found.stdout)["question"]["event"] == BELGOROD
    assert json.loads(found.stdout)["question"]["property"] == "injured"


@pytest.mark.parametrize("joined", [True, False])
def test_as_of_answers_from_what_was_published_by_then(ask, server, joined):
    moment = "2023-12-31T23:59+03:00"

    found = ask("belgorod", "deaths", *options({"--as-of": moment}, joined))

    assert found.returncode == 0
    assert found.stdout == get(server, "/v1/lookup", q="belgorod deaths", as_of=moment, format="text")
    assert found.stdout != ask("belgorod", "deaths").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["belgorod", "deaths"],
        ["--json", "belgorod", "deaths", "--as-of", "2023-12-31T23:59+03:00"],
        ["--csv", "--event", BELGOROD, "--property=injured"],
        ["--json", "--conflicts", "--event", BELGOROD],
    ],
)
def test_the_printed_command_gives_the_same_answer(ask, run, arguments):
    pasted = run("sh", "-c", ask("--curl", *arguments).stdout)

    assert pasted.stdout.rstrip() == ask(*arguments).stdout.rstrip()
    assert pasted.stdout


def test_the_time_a_request_may_take_is_bounded(ask):
    command = ask("--curl", "belgorod").stdout

    assert "--max-time 20 " in command
    assert "--connect-timeout " in command


def test_conflicts_are_listed_as_the_server_lists_them(ask, server):
    listed = ask("--conflicts")

    assert listed.returncode == 0
    assert listed.stdout == get(server, "/v1/discrepancies", conflict="true", limit="500", format="text")
    assert too_wide(listed.stdout) == []


def test_conflicts_show_each_value_with_its_status(ask):
    listed = ask("--conflicts", f"--event={BELGOROD}", "--property=injured")

    assert "  contested   108\n" in listed.stdout
    assert "  contested   111\n" in listed.stdout
    assert "  superseded  110\n" in listed.stdout


def test_words_leave_the_conflicts_of_the_questions_they_name(ask):
    chosen = json.loads(ask("--conflicts", "--json", "belgorod", "injured").stdout)["items"]

    assert {(item["event"], item["property"]) for item in chosen} >= {(BELGOROD, "injured")}
    assert all("injured" in item["property"] for item in chosen)


def test_words_of_conflicts_are_no_patterns(ask):
    assert ask("--conflicts", ".*").returncode == 1


def test_conflicts_as_csv_are_the_servers(ask, server):
    assert ask("--conflicts", "--csv").stdout == get(server, "/v1/discrepancies", conflict="true", format="csv")


def test_conflicts_as_json_are_the_servers(ask, server):
    assert json.loads(ask("--conflicts", "--json").stdout)["items"] == conflicts(server)


def test_the_url_of_the_option_outranks_that_of_the_environment(run, script, server):
    nowhere = {"CROSSCHECK_URL": "http://127.0.0.1:1"}

    assert run(script, "belgorod", "deaths", **nowhere).returncode == 3
    assert run(script, "belgorod", "deaths", f"--url={server}/", **nowhere).returncode == 0


def options(given: dict[str, str], joined: bool) -> list[str]:
    return [part for name, value in given.items() for part in ([f"{name}={value}"] if joined else [name, value])]


def get(server: str, path: str, **query: str) -> str:
    with urllib.request.urlopen(f"{server}{path}?{urlencode(query)}") as answer:  # noqa: S310 — an address of the server under test
        return answer.read().decode()


def conflicts(server: str) -> list[dict]:
    return json.loads(get(server, "/v1/discrepancies", conflict="true", limit="500"))["items"]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def too_wide(text: str) -> list[str]:
    return [line for line in text.splitlines() if len(line) > 80]
