"""The command line: what each command says, where it says it, and the status it ends with."""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from api.app import create_app
from api.cli import main
from api.config import METRICS_FOLDER, Config
from api.engine.rules.table import RULE_SET_VERSION
from api.intake import loading
from api.intake.beside import MakerEndedError
from api.lines import OURS
from api.store import db as store
from api.store.models import Claim, Discrepancy, Upkeep
from api.store.timing import connections
from tests.conftest import Elsewhere
from tests.intake.folders import TEXTS, dump, entry, small, without, write

ROOT = Path(__file__).parent.parent
COMMANDS = ("migrate", "load", "verify", "review", "export", "explain", "mcp", "serve")


def run(url: str, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"DATABASE_URL": url})


@pytest.fixture
def fixtures(tmp_path: Path) -> Path:
    return write(tmp_path / "fixtures", small())


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return folder


def test_help_lists_every_command() -> None:
    result = CliRunner().invoke(main, ["-h"])
    assert result.exit_code == 0
    assert set(main.commands) == set(COMMANDS)
    assert all(name in result.stdout for name in COMMANDS)


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, option: str) -> None:
    result = CliRunner().invoke(main, [command, option], env={"DATABASE_URL": "nonsense"})
    assert result.exit_code == 0
    assert main.commands[command].help
    assert main.commands[command].help in result.stdout


@pytest.mark.parametrize(
    "arguments", [["fly"], ["load"], ["verify"], ["export"], ["explain", "c1"], ["load", "nowhere"], ["serve", "x"]]
)
def test_a_command_that_is_used_wrongly_ends_with_status_2_and_says_so_on_stderr(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize("setting", [{"PORT": "0"}, {"DATABASE_URL": "mysql://x"}, {"WORKERS": "many"}])
@pytest.mark.parametrize("arguments", [["migrate"], ["serve"], ["load", "."], ["review"], ["export", "x"]])
def test_a_wrong_setting_ends_every_command_with_one_line(setting: dict[str, str], arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments, env=setting)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"crosscheck: {next(iter(setting))} is ")


def test_migrate_says_what_it_applied_and_then_that_nothing_is_left(fresh: Callable[[], str]) -> None:
    url = fresh()
    assert run(url, "migrate").stdout.startswith("applied 0001_")
    again = run(url, "migrate")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "the database is up to date\n", "")
    store.db.close()


def test_load_says_what_changed_and_then_that_nothing_did(empty: str, fixtures: Path) -> None:
    first, second = run(empty, "load", fixtures), run(empty, "load", fixtures)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.endswith(" added, 0 changed, 0 as they were\n")
    assert second.stdout == "nothing changed since the last load\n"
    assert Claim.select().count() == 7


def test_a_broken_folder_ends_with_every_error_on_stderr_and_status_2(empty: str, tmp_path: Path) -> None:
    content = small()
    entry(content, "claims", "c1")["value"]["amount"] = -1
    entry(content, "claims", "c7")["document"] = "nothing"
    before = dump()
    result = run(empty, "load", write(tmp_path / "broken", content))
    assert (result.exit_code, result.stdout) == (2, "")
    one, other, summary = result.stderr.splitlines()
    assert one.startswith("record.yaml:")
    assert one.endswith("claims c1: value.amount: must not be negative")
    assert other.endswith("claims c7: document: no entry of documents is called 'nothing'")
    assert summary.startswith("crosscheck: nothing was loaded: 2 errors in ")
    assert dump() == before


@pytest.mark.parametrize(
    "arguments", [["load", "."], ["verify", "--documents", "."], ["review"], ["export", "x"], ["explain", "c1", "c2"]]
)
def test_a_command_on_an_unmigrated_database_says_what_to_do(fresh: Callable[[], str], arguments: list[str]) -> None:
    result = run(fresh(), *arguments)
    assert result.exit_code == 2
    assert "run `crosscheck migrate`" in result.stderr
    store.db.close()


def test_a_load_that_meets_another_writer_is_refused_with_one_line(
    empty: str, fixtures: Path, elsewhere: Elsewhere
) -> None:
    with elsewhere(empty):
        result = run(empty, "load", fixtures)
    assert result.exit_code == 2
    assert "locked" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_load_whose_other_process_is_gone_is_refused_with_one_line(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise MakerEndedError("a process ended")

    monkeypatch.setattr(loading, "load_lines", gone)
    result = run(empty, "load", write(tmp_path, small()))
    assert (result.exit_code, result.stderr) == (2, "crosscheck: nothing was loaded: a process ended\n")


def test_verify_finds_sound_documents_sound(empty: str, fixtures: Path, documents: Path) -> None:
    run(empty, "load", fixtures)
    result = run(empty, "verify", "--documents", documents)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "3 documents and 7 locators checked: no faults\n"


def test_verify_ends_with_status_1_and_the_faults_on_stderr(empty: str, fixtures: Path, documents: Path) -> None:
    run(empty, "load", fixtures)
    (documents / "one.txt").unlink()
    (documents / "three.txt").write_text("another text", encoding="utf-8")
    result = run(empty, "verify", "--documents", documents)
    assert result.exit_code == 1
    assert {line.split(":")[0] for line in result.stderr.splitlines()} == {"one", "three"}
    assert result.stdout.endswith(f"{len(result.stderr.splitlines())} faults\n")


def test_review_says_that_nothing_changed(empty: str, fixtures: Path) -> None:
    run(empty, "load", fixtures)
    result = run(empty, "review")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"2 events and 6 questions reviewed by rules {RULE_SET_VERSION}: 0 discrepancies changed\n"


def test_review_prints_each_discrepancy_that_changed_and_why(empty: str, fixtures: Path) -> None:
    run(empty, "load", fixtures)
    Claim.update(amount=21).where(Claim.id == "c4").execute()
    ending, summary = run(empty, "review", "--processes", "1").stdout.splitlines()
    name = Discrepancy.get().id
    because = "It ended, as every value can hold; a value was removed: 24; 21 is now current; a claim was added to 21."
    assert ending == f"{name} fire deaths: update → none: {because}"
    assert summary == f"2 events and 6 questions reviewed by rules {RULE_SET_VERSION}: 1 discrepancy changed"
    Claim.update(amount=24).where(Claim.id == "c4").execute()
    assert run(empty, "review").stdout.startswith(f"{name} fire deaths: none → update: It came back, an update; ")


def test_a_review_that_meets_another_writer_ends_with_one_line(
    empty: str, fixtures: Path, elsewhere: Elsewhere
) -> None:
    run(empty, "load", fixtures)
    with elsewhere(empty):
        result = run(empty, "review")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert "locked" in line
    assert line.endswith("run `crosscheck review` again, and it goes on where it was")


@pytest.mark.parametrize("count", ["0", "two", "1000"])
def test_review_refuses_a_number_of_processes_that_cannot_be(empty: str, count: str) -> None:
    result = run(empty, "review", "--processes", count)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--processes" in result.stderr


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What `serve` does to its process before the server takes it over is undone."""
    for name in (None, *OURS):
        log = logging.getLogger(name)
        for what in ("handlers", "level", "propagate"):
            monkeypatch.setattr(log, what, getattr(log, what))
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setenv(METRICS_FOLDER, str(tmp_path / "metrics"))
    monkeypatch.setattr("api.cli._become_the_server", lambda: None)
    monkeypatch.setattr("api.cli._refuse_taken", lambda *_: None)
    yield
    logging.captureWarnings(False)


@pytest.mark.usefixtures("unserved")
@pytest.mark.parametrize("rules", [None, "another", RULE_SET_VERSION])
def test_serve_says_in_one_line_that_a_review_is_due(empty: str, fixtures: Path, rules: str | None) -> None:
    run(empty, "load", fixtures)
    Upkeep.update(rules=rules).execute()
    lines = run(empty, "serve").stderr.splitlines()
    assert len(lines) == (1 if rules == RULE_SET_VERSION else 2)
    assert ("run `crosscheck review`" in lines[0]) == (rules != RULE_SET_VERSION)


def test_serve_has_gunicorn_read_the_settings_of_the_server(
    empty: str, fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(empty, "load", fixtures)
    asked: list[str] = []
    monkeypatch.setattr("gunicorn.app.wsgiapp.run", lambda prog: asked.extend([prog, *sys.argv]))
    monkeypatch.setattr("api.cli._refuse_taken", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["crosscheck", "serve"])
    run(empty, "serve")
    assert (asked[0], asked[-1]) == ("gunicorn", "--config=python:api.web.gunicorn_conf")
    assert store.is_sqlite() or not connections(store.db.obj).free, "a worker would share it"


def test_a_load_by_other_rules_reviews_what_is_on_record_itself(empty: str, fixtures: Path) -> None:
    run(empty, "load", fixtures)
    Upkeep.update(rules="another").execute()
    assert run(empty, "load", fixtures).exit_code == 0
    assert Upkeep.get().rules == RULE_SET_VERSION


def test_export_says_how_much_it_wrote_and_where(empty: str, fixtures: Path, tmp_path: Path) -> None:
    run(empty, "load", fixtures)
    result = run(empty, "export", tmp_path / "out" / "deep")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{sum(map(len, small().values()))} entries written to {tmp_path / 'out' / 'deep'}\n"
    assert (tmp_path / "out" / "deep" / "events" / "fire.yaml").is_file()


VERDICT = """\
updates by count_grew
  A later, higher figure of a count that only grows replaces the earlier one.

  because       The count grew: first 21 people (Mayor), then 24 people (Mayor);
                the order is taken from the chain of statements.
  order         left is the earlier one
  independence  both go back to one origin
"""
CLAIMS = """
LEFT c1
  value         21 people
  of            fire · deaths
  word of       mayor (statement said-1)
  document      one, characters 32–34
  as of         2023-12-30
  exact         “21”

RIGHT c4
  value         24 people
  of            fire · deaths
  word of       mayor (statement said-2)
  document      two, characters 13–15
  as of         2023-12-31
  exact         “24”
"""


def test_explain_says_how_two_claims_stand_to_each_other(empty: str, fixtures: Path) -> None:
    run(empty, "load", fixtures)
    result = run(empty, "explain", "c1", "c4")
    sentence = orjson.loads(run(empty, "explain", "c1", "c4", "--json").stdout)["sentence"]
    assert (result.exit_code, result.stderr) == (0, "")
    told = result.stdout.removeprefix(VERDICT).removesuffix(CLAIMS)
    assert " ".join(told.split()) == f"sentence {sentence}"
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_explain_writes_json_that_says_what_the_api_says_of_the_two(empty: str, fixtures: Path) -> None:
    run(empty, "load", fixtures)
    found = orjson.loads(run(empty, "explain", "c4", "c1", "--json").stdout)
    client = create_app(Config(database_url=empty)).test_client()
    (related,) = [item for item in client.get("/v1/claims/c4/relations").json["items"] if item["claim"] == "c1"]
    assert {**related, **found} == {**found, "claim": "c1"}
    assert (found["left"], found["right"]) == (client.get("/v1/claims/c4").json, client.get("/v1/claims/c1").json)


def test_explain_reads_both_claims_in_their_context(empty: str, tmp_path: Path) -> None:
    content = small()
    entry(content, "claims", "c1").update(value={"kind": "quantity", "qualifier": "exact", "amount": 50})
    entry(content, "claims", "c2").update(
        property="deaths", value={"kind": "quantity", "qualifier": "nearly", "amount": 50}
    )
    entry(content, "claims", "c4")["value"]["amount"] = 49
    run(empty, "load", write(tmp_path / "fixtures", content))
    assert run(empty, "explain", "c1", "c4").stdout.startswith("compatible by hedged_in_its_document\n")


def test_explain_tells_a_retracted_claim_too(empty: str, fixtures: Path, tmp_path: Path) -> None:
    run(empty, "load", fixtures)
    run(empty, "load", write(tmp_path / "less", without(small(), "claims", "c1")))
    result = run(empty, "explain", "c1", "c4")
    assert result.exit_code == 0
    assert "21 people · retracted" in result.stdout


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("c1", "c99"), "no claim on record is called 'c99'"),
        (("zero", "c99"), "no claim on record is called 'zero' or 'c99'"),
        (("", "c1"), "no claim on record is called ''"),
        (("x\n" * 1_000, "c1"), "no claim on record is called 'x\\nx"),
    ],
)
def test_explain_of_an_unknown_claim_ends_with_one_line_and_status_2(
    empty: str, fixtures: Path, names: tuple[str, str], says: str
) -> None:
    run(empty, "load", fixtures)
    result = run(empty, "explain", *names)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"crosscheck: {says}")


def test_a_refused_start_prints_no_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "api.cli", "serve"],
        cwd=ROOT,
        env={"DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    missing = f"the database {tmp_path / 'a.db'} does not exist"
    assert result.stderr == f"crosscheck: {missing}; run `crosscheck migrate`\n"
    assert not (tmp_path / "a.db").exists()
