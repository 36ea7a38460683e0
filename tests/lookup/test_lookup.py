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


def test_conflicts_are_listed_in_80_columns(ask, server):
    listed = ask("--conflicts")

    assert listed.returncode == 0
    assert too_wide(listed.stdout) == []
    flat = " ".join(listed.stdout.split())
    expected = conflicts(server)
    assert len(expected) > 1
    assert f"{len(expected)} conflicts. " in flat
    for item in expected:
        assert f"{item['event']} · {item['property']} · " in flat
        assert item["assessment"]["sentence"] in flat
        assert f"{item['summary']} · {item['links']['self']}" in flat


def test_conflicts_show_each_value_with_its_status(ask):
    listed = ask("--conflicts", f"--event={BELGOROD}", "--property=injured")

    assert "  contested   108\n" in listed.stdout
    assert "  contested   111\n" in listed.stdout
    assert "  superseded  110\n" in listed.stdout
    assert "1 conflict. " in listed.stdout


@pytest.mark.parametrize("form", ["text", "csv"])
def test_conflicts_with_words_hold_every_word(ask, server, form):
    chosen = ask("--conflicts", *(["--csv"] if form == "csv" else []), "INJURED", "gladkov")

    expected = {
        item["id"]
        for item in conflicts(server)
        if "injured" in item["assessment"]["sentence"] and "Gladkov" in item["assessment"]["sentence"]
    }
    everything = {item["id"] for item in conflicts(server)}
    assert expected
    assert {name for name in everything if name in chosen.stdout} == expected < everything


def test_words_of_conflicts_are_no_patterns(ask):
    assert ask("--conflicts", ".*").returncode == 1


def test_conflicts_as_csv_are_the_servers(ask, server):
    assert ask("--conflicts", "--csv").stdout == get(server, "/v1/discrepancies", conflict="true", format="csv")


def test_conflicts_as_json_are_the_servers(ask, server):
    assert json.loads(ask("--conflicts", "--json").stdout)["items"] == conflicts(server)


def test_more_conflicts_than_a_page_holds_are_told(ask, other):
    line = 'd{},event,deaths,,unresolved,yes,"1 (contested) | 2 (contested)",two,"Said ""so"",\nthey say."\r\n'
    head = "id,event,property,scope,kind,conflict,values,summary,sentence\r\n"
    other.answer = (200, "text/csv; charset=utf-8", head + "".join(map(line.format, range(500))))

    listed = ask("--conflicts", "--url", other.url)

    assert listed.stderr.startswith("lookup: only the first 500 conflicts were read")
    assert "500 conflicts. " in listed.stdout
    assert '  Said "so", they say.\n' in listed.stdout


def test_the_url_of_the_option_outranks_that_of_the_environment(run, script, server):
    nowhere = {"CROSSCHECK_URL": "http://127.0.0.1:1"}

    assert run(script, "belgorod", "deaths", **nowhere).returncode == 3
    assert run(script, "belgorod", "deaths", f"--url={server}/", **nowhere).returncode == 0


def options(given: dict[str, str], joined: bool) -> list[str]:
    return [part for name, value in given.items() for part in ([f"{name}={value}"] if joined else [name, value])]


def get(server: str, path: str, **query: str) -> str:
    with urllib.request.urlopen(f"{server}{path}?{urlencode(query)}") as answer:
        return answer.read().decode()


def conflicts(server: str) -> list[dict]:
    return json.loads(get(server, "/v1/discrepancies", conflict="true", limit="500"))["items"]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def too_wide(text: str) -> list[str]:
    return [line for line in text.splitlines() if len(line) > 80]
