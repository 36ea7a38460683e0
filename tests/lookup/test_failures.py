"""Every failure of ./lookup: its exit status and its one clear line."""

import json
import socket
import subprocess

import pytest

BELGOROD = "belgorod-strike-2023-12-30"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["belgorod", "weather"], "near it are: "),
        (["belgorod", "deaths", "--as-of", "2020-01-01"], "by 2020-01-01"),
        (["--event", "belgorod-strike"], f"did you mean {BELGOROD}"),
        (["it's", '"so"'], """'it\\'s "so"'"""),
        (["😀"], "😀"),
        (["--conflicts", "--as-of", "2020-01-01"], "nothing conflicts"),
        (["--conflicts", "--as-of", "2020-01-01", "--json"], "nothing conflicts"),
        (["--conflicts", "--as-of", "2020-01-01", "--csv"], "nothing conflicts"),
        (["--conflicts", "zebra"], "that answers: zebra"),
    ],
)
def test_nothing_found_is_1_and_says_what_is_near(ask, arguments, said):
    assert_failed(ask(*arguments), 1, said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected a few words"),
        ([""], "expected a few words"),
        ([" "], "WORDS: "),
        (["x" * 501], "WORDS: "),
        (["😀" * 500], "at most"),
        (["--frobnicate"], "no option --frobnicate"),
        (["-5", "deaths"], "put -- before words"),
        (["--event"], "--event needs a value"),
        (["--event="], "--event needs a value"),
        (["--as-of", "--json", "x"], "--as-of needs a value"),
        (["--json", "--csv", "x"], "--json and --csv"),
        (["x", "--as-of", "yesterday"], "--as-of: expected a day"),
        (["x", "--event", "Not A Slug"], "--event: expected lower-case letters"),
        (["--conflicts", "--property=A B"], "--property: expected lower-case letters"),
        (["x", "--url", "file:///etc/passwd"], "begins with http://"),
        (["x", "--url", "http://not a host"], "no URL"),
    ],
)
def test_wrong_use_is_2_and_names_what_is_wrong(ask, arguments, said):
    assert_failed(ask(*arguments), 2, said)


@pytest.mark.parametrize("conflicting", [[], ["--conflicts"]])
def test_a_dead_port_is_3(ask, conflicting):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"

        assert_failed(ask("x", *conflicting, "--url", url), 3, f"no answer from {url}: Failed to connect")


@pytest.mark.parametrize("option", ["--json", "--csv", "--conflicts", "--"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "text/html"), (500, "text/html"), (404, "text/html"), (404, "application/json"), (302, "text/plain")],
)
def test_a_server_that_is_not_crosscheck_is_3(ask, other, option, status, kind):
    other.answer = (status, kind, '{"detail": "Nothing on record"}')

    assert_failed(ask("x", "--url", other.url, option), 3, f"answered {status} with {kind}")


def test_a_failing_server_is_3_in_its_own_words(ask, other):
    other.answer = (503, "application/problem+json", json.dumps({"status": 503, "detail": 'Say "please"\n\\o/'}))

    assert_failed(ask("x", "--url", other.url), 3, 'answered 503: Say "please" \\o/')


def test_a_wrong_prefix_is_not_taken_for_nothing_found(ask, server):
    assert_failed(ask("belgorod", "--url", f"{server}/old"), 3, "is the URL right?")


@pytest.mark.parametrize("arguments", [["belgorod"], ["--conflicts"], ["--conflicts", "--json"]])
def test_an_answer_that_cannot_be_written_is_not_found_and_not_missing(script, surroundings, server, arguments):
    with open("/dev/full", "w") as full:
        ended = subprocess.run(  # noqa: S603 — a command of our own
            [script, *arguments, "--url", server],
            stdout=full,
            stderr=subprocess.PIPE,
            env=surroundings,
            text=True,
            check=False,
        )

    assert (ended.returncode, ended.stderr) == (3, "lookup: the answer could not be written\n")


def assert_failed(ended: subprocess.CompletedProcess[str], status: int, said: str) -> None:
    assert ended.returncode == status
    assert ended.stderr.startswith("lookup: ")
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1
