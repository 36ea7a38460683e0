"""The command line: migrate, load, verify, review, export, explain, mcp, serve.

Each command imports what it alone needs, so that a server does not wait for what only a load reads with.
"""

import logging
import os
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NoReturn

import click
from peewee import PeeweeException

from api.collecting import collect_seldom
from api.config import METRICS_FOLDER, OF_OURS, Config, ConfigError, from_environment
from api.lines import to_standard_error
from api.store import db as store
from api.store.db import DatabaseRefused

if TYPE_CHECKING:
    from api.review.drafting import Change

IN_MEMORY = Path("/dev/shm")  # noqa: S108 — where a worker's heartbeat costs no disk and needs no writable root

log = logging.getLogger("crosscheck")

FAILED, REFUSED = 1, 2
"""Exit statuses: the content is wrong; the command could not run."""


NEEDS_EXTRA = (
    "`crosscheck mcp` needs the extra `mcp`: run pip install --constraint constraints.txt --editable '.[mcp]' "
    "in the folder of Crosscheck's setup.cfg"
)


def refuse(message: str) -> NoReturn:
    """End with one clear line and the status of what could not run."""
    click.echo(f"crosscheck: {message}", err=True)
    sys.exit(REFUSED)


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its configuration; a wrong setting or database ends it with one clear line."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(from_environment(), *args, **kwargs)
        except (ConfigError, DatabaseRefused) as error:
            refuse(str(error))
        except PeeweeException as error:
            refuse(f"the database failed, nothing was changed: {error}")

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Crosscheck: which claims about an event conflict, why, and on whose word."""
    collect_seldom()


@main.command()
@configured
def migrate(config: Config) -> None:
    """Bring the database up to date with the code."""
    click.echo(_migrate(config))


def _migrate(config: Config) -> str:
    applied = store.migrate(store.bind(config.database_url, create=True))
    return f"applied {', '.join(applied)}" if applied else "the database is up to date"


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@configured
def load(config: Config, folder: Path) -> None:
    """Load a folder of fixtures: all of it, or nothing and every error."""
    click.echo(_load(config, folder))


def _load(config: Config, folder: Path) -> str:
    from tqdm import tqdm

    from api.intake.beside import MakerEndedError
    from api.intake.loading import FixturesRefused
    from api.intake.loading import load as load_folder

    store.check(store.bind(config.database_url))
    bar = tqdm(desc="loading", unit="rows", delay=1, leave=False, disable=None)

    def progress(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    try:
        outcome = load_folder(folder, progress)
    except FixturesRefused as error:
        bar.close()
        for problem in error.problems:
            click.echo(str(problem), err=True)
        refuse(f"nothing was loaded: {len(error.problems)} errors in {folder}")
    except MakerEndedError as error:
        bar.close()
        refuse(f"nothing was loaded: {error}")
    bar.close()
    return str(outcome)


@main.command()
@click.option("--documents", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@configured
def verify(config: Config, documents: Path) -> None:
    """Re-read the documents: their digests, and every locator's span."""
    from api.intake.verifying import verify as verify_documents

    store.check(store.bind(config.database_url))
    report = verify_documents(documents)
    for fault in report.faults:
        click.echo(fault, err=True)
    click.echo(str(report))
    if report.faults:
        sys.exit(FAILED)


@main.command()
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="How many processes work it out.",
)
@click.option("--restart", is_flag=True, help="Begin anew instead of going on where a review was stopped.")
@configured
def review(config: Config, processes: int, restart: bool) -> None:
    """Work every answer out anew and print which discrepancies changed, and why."""
    from tqdm import tqdm

    from api.review.processes import ProcessEnded
    from api.review.running import ReviewSuperseded, Watcher
    from api.review.running import review as review_record

    store.check(store.bind(config.database_url))
    bar = tqdm(desc="reviewing", unit="claims", delay=1, leave=False, disable=None)

    def going_on(begun_at: str, done: int) -> None:
        click.echo(f"going on with the review of {begun_at}: {done} events are done", err=True)

    def progress(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    def changed(change: "Change") -> None:
        with bar.external_write_mode(file=sys.stdout):
            click.echo(_change(change))

    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        outcome = review_record(config.database_url, now, processes, restart, Watcher(going_on, progress, changed))
    except (ProcessEnded, ReviewSuperseded, PeeweeException) as error:
        refuse(f"{error}; run `crosscheck review` again, and it goes on where it was")
    finally:
        bar.close()
    click.echo(str(outcome))


def _change(change: "Change") -> str:
    kinds = f"{change.before or 'none'} → {change.after or 'none'}"
    return f"{change.discrepancy} {change.event} {change.property}: {kinds}: {change.because}"


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@configured
def export(config: Config, folder: Path) -> None:
    """Write the record as a folder of fixtures that `load` reads back."""
    from api.intake.exporting import export as export_record

    store.check(store.bind(config.database_url))
    click.echo(f"{export_record(folder)} entries written to {folder}")


@main.command()
@click.argument("left", metavar="CLAIM")
@click.argument("right", metavar="CLAIM")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@configured
def explain(config: Config, left: str, right: str, as_json: bool) -> None:
    """Say how two claims on record stand to each other, by which rule, and why."""
    import orjson

    from api.forms.briefing import explanation
    from api.review.comparing import NotOnRecord, explained

    store.check(store.bind(config.database_url))
    try:
        found = explained(left, right)
    except NotOnRecord as error:
        refuse(str(error))
    click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if as_json else explanation(found), nl=as_json)


@main.command()
@configured
def mcp(config: Config) -> None:
    """Answer a language model's tools over standard input and output."""
    try:
        from api.protocols import assistant
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types", "anyio"):
            raise
        click.echo(f"crosscheck: {NEEDS_EXTRA}", err=True)
        sys.exit(FAILED)
    database = store.bind(config.database_url)
    store.check(database)
    store.read_only(database)
    database.close()
    assistant.serve(database.connection_context, config.public_url)


@main.command()
@click.option("--migrate", "migrated", is_flag=True, help="Bring the database up to date first.")
@click.option(
    "--load",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Load a folder of fixtures first.",
)
@configured
def serve(config: Config, migrated: bool, folder: Path | None) -> None:
    """Check the database and serve with gunicorn."""
    from api.review.upkeep import review_due

    to_standard_error()
    if migrated:
        log.info(_migrate(config))
    if folder is not None:
        log.info(_load(config, folder))
    database = store.bind(config.database_url)
    store.check(database)
    if review_due():
        log.warning("the record was not reviewed by the present rules: run `crosscheck review`")
    store.unbind()  # the workers are copies of this process, and have connections of their own
    _refuse_taken(config.host, config.port)
    os.environ["DATABASE_URL"] = config.database_url
    os.environ[METRICS_FOLDER] = _folder_of_metrics()
    log.info("Crosscheck answers on http://%s:%s (docs: /docs)", config.host, config.port)
    _become_the_server()


def _become_the_server() -> None:
    """Go on as gunicorn in this process, which has most of what it needs.

    To what gunicorn knows it was called as a module, and so it calls the server that takes its place at SIGUSR2. Called
    as a file, that would look for what it imports beside it, where `http` is another.
    """
    from gunicorn.app.wsgiapp import run

    sys.argv = ["-mgunicorn", "--config=python:api.web.gunicorn_conf"]
    run(prog="gunicorn")


def _folder_of_metrics() -> str:
    """Return an empty folder for what the server's processes count: the one that is set, or one of this run's own."""
    given = os.environ.get(METRICS_FOLDER)
    try:
        if not given:
            return mkdtemp(prefix=OF_OURS, dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None)
        Path(given).mkdir(parents=True, exist_ok=True)
        for left in Path(given).glob("*.db"):
            left.unlink()
    except OSError as error:
        place = given or "a temporary folder"
        refuse(f"metrics cannot be kept in {place}: {error.strerror}; set {METRICS_FOLDER} to another")
    return given


def _refuse_taken(host: str, port: int) -> None:
    """Say in one line that the address cannot be had, instead of letting the server try again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            refuse(f"cannot listen on {host}:{port}: {error.strerror}; set HOST or PORT to another address")


if __name__ == "__main__":
    main()
