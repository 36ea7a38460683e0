"""What is typed reaches the server as it is, and nothing of it is executed."""

import json

import pytest

HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "| touch pwned",
    "&& touch pwned &",
    "> pwned",
    "it's",
    "';touch pwned;'",
    'say "when"',
    "$HOME ${PATH} ~ * ? [a-z] {a,b}",
    "Белгород погибшие",
    "😀 👩‍👩‍👧",
    "%20 100%",
    "a&event=x#y",
    "a+b",
    "two\nlines\n",
    "@/etc/passwd",
    "=",
    "back\\slash \\n",
    "two  spaces\tand a tab",
    "--json",
    "-q",
    "",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_reach_the_server_as_they_are_and_nothing_else_happens(ask, other, tmp_path, words):
    found = ask("--url", other.url, "--", "x", words)

    assert found.returncode == 0
    assert other.asked == [("/v1/lookup", {"q": [f"x {words}"], "format": ["text"]})]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_the_printed_command_asks_the_same_when_pasted(ask, run, other, tmp_path, words):
    printed = ask("--curl", "--url", other.url, "--", "x", words)
    assert other.asked == []

    pasted = run("sh", "-c", printed.stdout)

    assert pasted.returncode == 0
    assert other.asked == [("/v1/lookup", {"q": [f"x {words}"], "format": ["text"]})]
    assert list(tmp_path.iterdir()) == []


def test_braces_in_the_url_are_no_patterns(ask, other):
    ask("x", "--url", f"{other.url}/{{a,b}}")

    assert [path for path, _ in other.asked] == ["/{a,b}/v1/lookup"]


def test_the_real_server_reads_what_was_typed(ask):
    words = "belgorod deaths ' \" $ & % %% + ; | \\ \n 😀 -"

    assert json.loads(ask("--json", words).stdout)["q"] == words
