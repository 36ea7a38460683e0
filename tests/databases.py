"""The databases that tests run on: files of SQLite, and a real PostgreSQL server.

The server is the one that DATABASE_URL names, where that is PostgreSQL's: only databases of the tests' own are made
on it, and dropped again. Else one is started from the binaries of `pgserver`, for all processes of a session, on a
socket in a folder of its own. Where neither can be had, every test that needs it fails.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from peewee import Database, SqliteDatabase
from psycopg import sql

from api.store import postgresql
from api.store.db import ONE_WRITER
from api.store.postgresql import PostgreSQL

FOLDER = "CROSSCHECK_TEST_FOLDER"
"""The variable that tells every process of a session where its server, its locks and its names are."""

ROOT = Path(__file__).parent.parent

OWNER = "nobody"
"""Who runs the server where the tests are root's, as whom PostgreSQL does not start."""

USER = "crosscheck"

SETTINGS = (
    *("listen_addresses=", "max_connections=200", "shared_buffers=64MB"),
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off"),
)
"""Reached on a socket alone; what is lost when the machine fails does not matter here."""

Fill = Callable[[str], None]
"""What fills the database at a URL."""


class Databases(Protocol):
    """One kind of database, of which tests have as many as they want."""

    name: str

    def new(self) -> str:
        """Return the URL of a database with nothing in it; SQLite makes its file when it is bound."""

    def copy(self, of: str, fill: Fill) -> str:
        """Return the URL of a database of the test's own that is as `fill` leaves one; it is filled once a session."""

    def shared(self, of: str, fill: Fill) -> str:
        """Return the URL of the one that `fill` has filled, which nobody may write to."""

    def drop(self, url: str) -> None:
        """Remove a database."""

    def written_to(self, url: str) -> AbstractContextManager[None]:
        """Be the one who writes to a database."""


class Files:
    """SQLite's, each in a folder of its own."""

    name = "sqlite"

    def __init__(self) -> None:
        self.folder = folder() / "sqlite"
        self.folder.mkdir(exist_ok=True)

    def new(self) -> str:
        return f"sqlite:///{Path(tempfile.mkdtemp(dir=self.folder)) / 'record.db'}"

    def shared(self, of: str, fill: Fill) -> str:
        url = f"sqlite:///{self.folder / of}.db"
        with _locked(f"sqlite-{of}"):
            if not _made(f"sqlite-{of}").exists():
                fill(url)
                _made(f"sqlite-{of}").touch()
        return url

    def copy(self, of: str, fill: Fill) -> str:
        url = self.new()
        shutil.copyfile(_file(self.shared(of, fill)), _file(url))
        return url

    def drop(self, url: str) -> None:
        shutil.rmtree(_file(url).parent)

    @contextmanager
    def written_to(self, url: str) -> Iterator[None]:
        other = SqliteDatabase(_file(url))
        with other.connection_context(), other.atomic("IMMEDIATE"):
            yield


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


class Served:
    """A server's; a template that was filled once is copied by the server."""

    name = "postgresql"

    def __init__(self, url: str, prefix: str) -> None:
        self.url, self.prefix = url, prefix

    def new(self) -> str:
        return self._copied("template0")

    def shared(self, of: str, fill: Fill) -> str:
        return self._url(self._template(of, fill))

    def copy(self, of: str, fill: Fill) -> str:
        return self._copied(self._template(of, fill))

    def drop(self, url: str) -> None:
        self._drop(urlsplit(url).path.removeprefix("/"))

    @contextmanager
    def written_to(self, url: str) -> Iterator[None]:
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", (ONE_WRITER,))
            yield

    def drop_all(self) -> None:
        """Remove every database of this session."""
        with _administering(self.url) as server:
            names = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{self.prefix}%",))
            mine = [name for (name,) in names]
        for name in mine:
            self._drop(name)

    def _template(self, of: str, fill: Fill) -> str:
        name = f"{self.prefix}{of}"
        with _locked(of):
            if not _made(of).exists():
                self._create(name, "template0")
                fill(self._url(name))
                _made(of).touch()
        return name

    def _copied(self, template: str) -> str:
        name = f"{self.prefix}{uuid.uuid4().hex[:12]}"
        self._create(name, template)
        return self._url(name)

    def _create(self, name: str, template: str) -> None:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with _administering(self.url) as server:
            server.execute(command)

    def _drop(self, name: str) -> None:
        with _administering(self.url) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))


@contextmanager
def beside(url: str) -> Iterator[Database]:
    """Open a database beside the one that is bound."""
    other = SqliteDatabase(_file(url)) if url.startswith("sqlite") else postgresql.database(url, PostgreSQL)
    yield other
    other.close() if url.startswith("sqlite") else other.close_all()


@contextmanager
def _administering(url: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(url, autocommit=True) as server:
        yield server


def served() -> Served:
    """Return the server of this session, started where nobody has yet."""
    with _locked("server"):
        known = folder() / "url"
        if not known.exists():
            known.write_text(given(os.environ) or started("server"))
    return _known()


def _known() -> Served:
    prefix = f"crosscheck_test_{folder().name.rpartition('-')[2].lower()}_"
    return Served((folder() / "url").read_text(), prefix)


def given(environment: Mapping[str, str]) -> str | None:
    """Return the URL of the server that a developer names."""
    url = environment.get("DATABASE_URL", "")
    return url if urlsplit(url).scheme in ("postgresql", "postgres") else None


def folder() -> Path:
    """Return the folder of this session."""
    return Path(os.environ[FOLDER])


@contextmanager
def session() -> Iterator[None]:
    """Have a folder for a session, which the processes it starts find in their environment.

    What the session leaves is cleared away by a process that waits for its end, so that nothing stays where it is
    killed.
    """
    made = Path(tempfile.mkdtemp(prefix="crosscheck-"))
    made.chmod(0o755)
    os.environ[FOLDER] = str(made)
    clearing = [sys.executable, "-c", "import sys; sys.stdin.read(); from tests import databases; databases.clear()"]
    with subprocess.Popen(clearing, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603 — commands of our own
        yield
    del os.environ[FOLDER]
    if process.returncode:
        raise RuntimeError(f"what the session left in {made} could not be cleared away")


def clear() -> None:
    """Drop the databases of the session, and stop the server that was started for it."""
    with _locked("server"):
        if given(os.environ) and (folder() / "url").exists():
            _known().drop_all()
        for running in folder().glob("*/data/postmaster.pid"):
            stop(running.parents[1], "immediate")
    shutil.rmtree(folder())


def _made(name: str) -> Path:
    """Return the file that is there when what it is named after has been made."""
    return folder() / f"{name}.made"


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def started(name: str) -> str:
    """Make a server of that name in the session's folder, start it, and return its URL."""
    home = folder() / name
    (home / "data").mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(home / "data", OWNER)
    _run(home, "initdb", f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    start(home)
    return f"postgresql://{USER}@/postgres?host={home / 'data'}"


def replicated(name: str, primary: Path) -> str:
    """Make a streaming replica of the server in a folder, start it, and return its URL."""
    home = folder() / name
    (home / "data").mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(home / "data", OWNER)
    copying = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync")
    _run(home, "pg_basebackup", f"--host={primary / 'data'}", f"--username={USER}", *copying)
    for left in (".s.PGSQL.5432.lock", "log"):
        (home / "data" / left).unlink()  # the primary's, which are there because its socket is
    start(home)
    return f"postgresql://{USER}@/postgres?host={home / 'data'}"


def promote(home: Path) -> None:
    """Make the replica in a folder a server of its own, and wait until it is."""
    _run(home, "pg_ctl", "promote", "--wait")


def start(home: Path) -> None:
    """Start the server in a folder, and wait for it."""
    options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={home / 'data'}"))
    _run(home, "pg_ctl", "start", "--wait", f"--log={home / 'data' / 'log'}", f"--options={options}")


def stop(home: Path, mode: str = "fast") -> None:
    """Stop the server in a folder, and wait for its end."""
    _run(home, "pg_ctl", "stop", "--wait", f"--mode={mode}")


def _run(home: Path, command: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's on the folder of its data."""
    owner: dict[str, Any] = {"user": OWNER, "extra_groups": ()} if os.geteuid() == 0 else {}
    subprocess.run(  # noqa: S603 — commands of our own
        [_programs() / command, *arguments, f"--pgdata={home / 'data'}"],
        cwd=home,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        **owner,
    )


def _programs() -> Path:
    """Return the folder of the programs; who runs the server for root may not reach it, and gets a copy."""
    found = find_spec("pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("no PostgreSQL to test with: install pgserver, or name a server in DATABASE_URL")
    programs = Path(found.origin).parent / "pginstall" / "bin"
    if os.geteuid() != 0 or all(step.stat().st_mode & 0o001 for step in programs.parents):
        return programs
    copied = folder() / "postgresql"
    if not copied.exists():
        shutil.copytree(programs.parent, copied)
    return copied / "bin"
