"""The machine, and what ran on it: what a report of measurements says of where they come from."""

import importlib.metadata
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from peewee import SqliteDatabase, sqlite3

from api.store.db import db
from tests.bench.load import wrk

OURS = ("gunicorn", "gunicorn_h1c", "uvloop", "flask", "marshmallow", "peewee", "orjson", "psycopg")
PEERS = ("datasette", "fastapi", "uvicorn", "uvloop", "httptools", "orjson", "asyncpg")


def machine() -> str:
    """Return the processor, how many of its cores there are, and how much memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} {_release()}"


def _processor() -> str:
    try:
        told = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        told = None
    return told[1] if told else platform.machine()


def _release() -> str:
    return ".".join(platform.release().split("-")[0].split(".")[:2])


def versions() -> str:
    """Return the versions of what Crosscheck runs on."""
    ours = ", ".join(f"{name} {version}" for name, version in _known(OURS))
    return f"Python {platform.python_version()}, {ours}, SQLite {sqlite3.sqlite_version}, wrk {_wrk()}"


def _known(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        try:
            yield name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue


def _wrk() -> str:
    said = subprocess.run([wrk(), "--version"], capture_output=True, text=True, check=False)  # noqa: S603 — a command of our own
    found = re.search(r"\d+\.\d+\.\d+", said.stdout + said.stderr)
    return found[0] if found else "of an unknown version"


def database() -> str:
    """Return what kind of database is bound, with its version."""
    if isinstance(db.obj, SqliteDatabase):
        return f"SQLite {sqlite3.sqlite_version}"
    (told,) = db.execute_sql("SHOW server_version").fetchone()
    return f"PostgreSQL {told.split()[0]}"


def peers(python: Path) -> str:
    """Return the versions of what the peers run on."""
    code = f"import importlib.metadata as m; print(', '.join(f'{{n}} {{m.version(n)}}' for n in {PEERS!r}))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 — a command of our own
