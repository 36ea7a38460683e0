"""Configuration: read once from the environment, wrong settings refused at start."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

USUAL_DATABASE = "sqlite:///crosscheck.db"
IN_MEMORY = "memory://"
OFF = "off"
BETWEEN_URLS = re.compile(r"\s+|,\s*(?=postgres(?:ql)?://)")
"""A comma alone may stand in a URL, between hosts."""
USUAL_LIMIT = "3000/minute"
"""For each address; far more than anybody reads, and too little to keep others from it."""
SHORTEST_KEY = 16
LONGEST_LINE = 65_536
"""Bytes of a request's first line: a batch of queries has to fit into an address where a client can send no form."""
WORKER_KINDS = ("asgi", "gthread")
"""How a process of the server works: with an event loop, or with threads alone; the first is usual."""
SCHEMES = ("sqlite", "postgresql", "postgres")
SECRETS = (
    *("DATABASE_URL", "READ_DATABASE_URLS", "RATE_LIMIT_STORAGE"),
    *("SECRET_KEY", "SLACK_SIGNING_SECRET", "METRICS_TOKEN"),
)
"""What may be kept in a file of its own, which `…_FILE` names."""


METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which a server's processes count together."""
OF_OURS = "crosscheck-metrics-"
"""How the name of a folder begins that was made for one run of a server."""

LEVELS = ("info", "debug", "warning", "error")
"""How much is logged; the first is usual."""


class LogRequests(StrEnum):
    """Which requests leave a line in the log."""

    ALL = "all"
    FAILURES = "failures"
    NONE = "none"


EXPORTERS = ("otlp", "console")
"""Where spans can go."""

TRACING = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http", "opentelemetry.instrumentation.wsgi")
"""What tracing needs."""

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL = "http/protobuf"
"""The one that needs no further library."""


class ConfigError(Exception):
    """A setting that cannot work; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """What can be set from outside."""

    database_url: str = USUAL_DATABASE
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    public_url: str = ""
    rate_limit: str = USUAL_LIMIT
    rate_limit_storage: str = IN_MEMORY
    proxies: int = 0
    hsts_seconds: int = 0
    secret_key: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    log_requests: LogRequests = LogRequests.ALL
    log_level: str = "info"
    traces: str = ""
    worker: str = WORKER_KINDS[0]
    read_database_urls: tuple[str, ...] = field(default=(), repr=False)
    read_lag_seconds: int = 0


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    """Read every setting.

    Raises ConfigError, naming the setting, what it holds and what was expected.
    """
    environment = {**environment, **_from_files(environment)}
    url = environment.get("DATABASE_URL") or USUAL_DATABASE
    if _scheme(url) not in SCHEMES:
        raise ConfigError(f"DATABASE_URL is {url[:60]!r}: expected a URL that begins with {' or '.join(SCHEMES)}")
    return Config(
        database_url=url,
        host=environment.get("HOST") or "127.0.0.1",
        port=_number(environment, "PORT", 8000, 1, 65_535),
        workers=_number(environment, "WORKERS", 2, 1, 64),
        threads=_number(environment, "THREADS", 4, 1, 64),
        public_url=_address(environment.get("PUBLIC_URL") or ""),
        rate_limit=_limit(environment),
        rate_limit_storage=_limit_storage(environment),
        proxies=_number(environment, "PROXIES", 0, 0, 9),
        hsts_seconds=_number(environment, "HSTS_SECONDS", 0, 0, 63_072_000),
        secret_key=_secret(environment, "SECRET_KEY"),
        slack_signing_secret=_secret(environment, "SLACK_SIGNING_SECRET"),
        metrics_token=_secret(environment, "METRICS_TOKEN"),
        log_requests=LogRequests(_one_of(environment, "LOG_REQUESTS", tuple(LogRequests))),
        log_level=_one_of(environment, "LOG_LEVEL", LEVELS),
        traces=_traces(environment),
        worker=_one_of(environment, "WORKER", WORKER_KINDS),
        read_database_urls=_replicas(environment, url),
        read_lag_seconds=_number(environment, "READ_LAG_SECONDS", 0, 0, 3_600),
    )


def _replicas(environment: Mapping[str, str], primary: str) -> tuple[str, ...]:
    """Return the URLs of replicas, which white space separates, or commas before the next one's scheme."""
    text = environment.get("READ_DATABASE_URLS") or ""
    urls = tuple(url for url in BETWEEN_URLS.split(text) if url)
    for number, url in enumerate(urls, start=1):
        if _scheme(url) not in SCHEMES[1:]:
            raise ConfigError(f"READ_DATABASE_URLS, number {number}: expected a URL that begins with postgresql://")
    if urls and _scheme(primary) not in SCHEMES[1:]:
        raise ConfigError(
            "READ_DATABASE_URLS is set, but DATABASE_URL is SQLite's: expected a PostgreSQL, of which"
            " they are streaming replicas"
        )
    return urls


def _from_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Read the secrets that are in files; a file comes before what is set beside it."""
    named = {name: environment.get(f"{name}_FILE") for name in SECRETS}
    return {name: _read(name, file) for name, file in named.items() if file}


def _read(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(f"{name}_FILE names {file[:200]!r}, which cannot be read: {why}") from error


def _secret(environment: Mapping[str, str], name: str) -> str | None:
    """Read a key; it is not repeated in the error."""
    text = environment.get(name) or None
    if text is not None and len(text) < SHORTEST_KEY:
        raise ConfigError(f"{name} is too short: expected at least {SHORTEST_KEY} characters that nobody can guess")
    return text


def _one_of(environment: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    """Return one of some words, the first where nothing is set."""
    text = environment.get(name) or words[0]
    if text not in words:
        raise ConfigError(f"{name} is {text[:60]!r}: expected {' or '.join(words)}")
    return text


def _traces(environment: Mapping[str, str]) -> str:
    """Return where spans go, by the variables that OpenTelemetry has for it, or nothing."""
    asked = [name for name in (*ENDPOINTS, "OTEL_TRACES_EXPORTER") if environment.get(name)]
    exporter = environment.get("OTEL_TRACES_EXPORTER") or "otlp"
    if not asked or exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return ""
    if exporter not in EXPORTERS:
        raise ConfigError(f"OTEL_TRACES_EXPORTER is {exporter[:60]!r}: expected {' or '.join(EXPORTERS)} or none")
    spoken = next((environment[name] for name in PROTOCOLS if environment.get(name)), PROTOCOL)
    if exporter == "otlp" and spoken != PROTOCOL:
        raise ConfigError(f"OTEL_EXPORTER_OTLP_PROTOCOL is {spoken[:60]!r}: expected {PROTOCOL}")
    if not all(_installed(name) for name in TRACING):
        raise ConfigError(f"{asked[0]} is set, but tracing is not installed: install crosscheck[tracing]")
    return exporter


def _installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # nor is what it lies in
        return False


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _address(text: str) -> str:
    """Return an address without the slash it may end with."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        sound = False
    if text and not (sound and re.fullmatch(r"[!-~]+", text)):
        raise ConfigError(f"PUBLIC_URL is {text[:60]!r}: expected a URL such as https://crosscheck.example")
    return text.rstrip("/")


def _limit(environment: Mapping[str, str]) -> str:
    """Return how often one address may ask, or nothing where that is off."""
    text = environment.get("RATE_LIMIT") or USUAL_LIMIT
    if text == OFF:
        return ""
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", text):
        raise ConfigError(f"RATE_LIMIT is {text[:60]!r}: expected one such as {USUAL_LIMIT}, or {OFF}")
    return text


def _limit_storage(environment: Mapping[str, str]) -> str:
    url = environment.get("RATE_LIMIT_STORAGE") or IN_MEMORY
    if url != IN_MEMORY and _scheme(url) not in ("redis", "rediss"):
        raise ConfigError(f"RATE_LIMIT_STORAGE is {url[:60]!r}: expected {IN_MEMORY} or a URL that begins with redis")
    if url != IN_MEMORY and find_spec("redis") is None:
        raise ConfigError("RATE_LIMIT_STORAGE names Redis, whose client is missing: install crosscheck[redis]")
    return url


def _number(environment: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = environment.get(name) or str(usual)
    if not re.fullmatch(r"[0-9]{1,8}", text) or not least <= int(text) <= most:
        raise ConfigError(f"{name} is {text[:60]!r}: expected a whole number from {least} to {most}")
    return int(text)
