"""Configuration: read from the environment, and a wrong setting is named."""

from pathlib import Path

import pytest

from api.config import SECRETS, Config, ConfigError, LogRequests, from_environment


def test_without_settings_the_usual_ones_hold() -> None:
    assert from_environment({}) == Config()


def test_every_setting_is_read() -> None:
    settings = {
        "DATABASE_URL": "sqlite:////data/a.db",
        "HOST": "0.0.0.0",  # noqa: S104 — what a setting may be, opened by nobody
        "PORT": "80",
        "WORKERS": "3",
        "THREADS": "8",
        "PUBLIC_URL": "https://facts.example/crosscheck/",
        "RATE_LIMIT": "5/second",
        "RATE_LIMIT_STORAGE": "memory://",
        "PROXIES": "1",
        "HSTS_SECONDS": "31536000",
        "SECRET_KEY": "known to nobody else",
        "SLACK_SIGNING_SECRET": SLACK,
        "METRICS_TOKEN": TOKEN,
        "LOG_REQUESTS": "failures",
        "LOG_LEVEL": "warning",
        "OTEL_TRACES_EXPORTER": "console",
        "WORKER": "gthread",
    }
    served = ("sqlite:////data/a.db", "0.0.0.0", 80, 3, 8, PUBLIC)  # noqa: S104 — what a setting may be, opened by nobody
    assert from_environment(settings) == Config(
        *(*served, "5/second", "memory://", 1, 31_536_000, KEY, SLACK),
        *(TOKEN, LogRequests.FAILURES, "warning", "console", "gthread"),
    )


PUBLIC = "https://facts.example/crosscheck"
KEY = "known to nobody else"
SLACK = "shared with Slack"
TOKEN = "shared with Prometheus"  # noqa: S105 — made up for the tests


@pytest.mark.parametrize(
    "text", ["facts.example", "ftp://facts.example", "https://", "https://a b", "https://a/?x=1", "https://[", "//a"]
)
def test_a_public_address_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigError, match=r"\APUBLIC_URL is .*: expected a URL such as https://"):
        from_environment({"PUBLIC_URL": text})


A, B = "postgresql://a:secret@one,two/crosscheck?target_session_attrs=standby", "postgres://a@three/crosscheck"


@pytest.mark.parametrize("text", [f"{A} {B}", f"{A},{B}", f" {A},\n{B}\n", f"{A}\n{B}"])
def test_replicas_are_told_apart_and_not_shown(text: str) -> None:
    config = from_environment({"DATABASE_URL": B, "READ_DATABASE_URLS": text, "READ_LAG_SECONDS": "5"})
    assert (config.read_database_urls, config.read_lag_seconds) == ((A, B), 5)
    assert "secret" not in repr(config)


@pytest.mark.parametrize(
    ("primary", "replicas", "why"),
    [
        (B, f"{A} mysql://a@b/c", "number 2: expected a URL that begins with postgresql://"),
        (B, "sqlite:///a.db", "number 1: expected a URL that begins with postgresql://"),
        ("sqlite:///a.db", A, "is set, but DATABASE_URL is SQLite's"),
    ],
)
def test_replicas_that_cannot_be_are_refused_without_their_passwords(primary: str, replicas: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"\AREAD_DATABASE_URLS.* {why}") as refused:
        from_environment({"DATABASE_URL": primary, "READ_DATABASE_URLS": replicas})
    assert "secret" not in str(refused.value)


def test_a_rate_limit_can_be_off() -> None:
    assert from_environment({"RATE_LIMIT": "off"}).rate_limit == ""


@pytest.mark.parametrize(
    "text", ["0/minute", "ten/minute", "5", "5/fortnight", "5 per minute", "-1/day", "5/minute;6/day"]
)
def test_a_rate_limit_that_cannot_be_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigError, match=r"\ARATE_LIMIT is .*: expected one such as 3000/minute, or off\Z"):
        from_environment({"RATE_LIMIT": text})


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("memcached://host", "expected memory:// or a URL that begins with redis"),
        ("redis://host", "crosscheck\\[redis\\]"),
    ],
)
def test_a_storage_of_limits_that_cannot_be_had_is_refused_by_name(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.config.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=rf"\ARATE_LIMIT_STORAGE .*{says}"):
        from_environment({"RATE_LIMIT_STORAGE": url})


def test_limits_may_be_counted_in_redis_where_its_client_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.config.find_spec", lambda name: object())
    assert from_environment({"RATE_LIMIT_STORAGE": "rediss://host/1"}).rate_limit_storage == "rediss://host/1"


def test_a_secret_is_not_shown() -> None:
    shown = repr(from_environment({"SLACK_SIGNING_SECRET": SLACK, "SECRET_KEY": KEY, "METRICS_TOKEN": TOKEN}))
    assert TOKEN not in shown
    assert SLACK not in shown
    assert KEY not in shown


def test_a_secret_may_be_in_a_file_which_comes_before_what_is_set_beside_it(tmp_path: Path) -> None:
    for name, text in (("url", "postgresql://facts@db/facts\n"), ("key", KEY), ("slack", f" {SLACK}\r\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = {"DATABASE_URL_FILE": "url", "SECRET_KEY_FILE": "key", "SLACK_SIGNING_SECRET_FILE": "slack"}
    beside = {"DATABASE_URL": "sqlite:///a.db", "SECRET_KEY_FILE": "", "SECRET_KEY": KEY}
    settings = {**{name: str(tmp_path / file) for name, file in files.items()}, **beside}
    assert from_environment(settings) == Config(
        "postgresql://facts@db/facts", secret_key=KEY, slack_signing_secret=SLACK
    )


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_cannot_be_read_is_refused_by_name_without_what_is_in_it(name: str, tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff known to nobody")
    for file, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory"), (binary, "it is no text")):
        with pytest.raises(ConfigError, match=rf"\A{name}_FILE names .*, which cannot be read: {why}") as refused:
            from_environment({f"{name}_FILE": str(file)})
        assert "nobody" not in str(refused.value)


def test_what_is_in_a_file_is_checked_as_what_is_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\ASECRET_KEY is too short"):
        from_environment({"SECRET_KEY_FILE": str(tmp_path / "key")})


@pytest.mark.parametrize(
    "name",
    [
        *("DATABASE_URL", "HOST", "PORT", "WORKERS", "THREADS", "PUBLIC_URL"),
        *("RATE_LIMIT", "RATE_LIMIT_STORAGE", "PROXIES", "HSTS_SECONDS", "SECRET_KEY", "SLACK_SIGNING_SECRET"),
        *(
            "WORKER",
            "METRICS_TOKEN",
            "LOG_REQUESTS",
            "LOG_LEVEL",
            "OTEL_TRACES_EXPORTER",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ),
    ],
)
def test_an_empty_setting_is_no_setting(name: str) -> None:
    assert from_environment({name: ""}) == Config()


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("65535", 65535)])
def test_the_first_and_the_last_port_are_ports(text: str, port: int) -> None:
    assert from_environment({"PORT": text}).port == port


@pytest.mark.parametrize("name", ["PORT", "WORKERS", "THREADS"])
@pytest.mark.parametrize("text", ["0", "65536", "-1", "8000.5", "eighty", " 80", "8_0", "٨٠", "1e2", "9" * 5000])
def test_what_is_no_number_in_range_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"\A{name} is .*: expected a whole number from 1 to \d+\Z") as refused:
        from_environment({name: text})
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "url", ["mysql://host/a", "a.db", "/data/a.db", "http://host/", "postgresql://[::1/a", "x" * 999]
)
def test_a_database_url_that_cannot_work_is_refused_by_name(url: str) -> None:
    with pytest.raises(ConfigError, match=r"\ADATABASE_URL is .*: expected a URL that begins with sqlite") as refused:
        from_environment({"DATABASE_URL": url})
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("url", ["postgresql://user@host/a", "postgres://host/a", "sqlite:///a.db"])
def test_a_database_url_of_a_known_kind_is_taken_as_it_is(url: str) -> None:
    assert from_environment({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize("name", ["SECRET_KEY", "SLACK_SIGNING_SECRET", "METRICS_TOKEN"])
def test_a_key_that_is_easily_guessed_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"\A{name} is too short: expected at least 16 characters") as refused:
        from_environment({name: "s3cret"})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [("LOG_REQUESTS", "all or failures or none"), ("LOG_LEVEL", "info or debug"), ("WORKER", "asgi or gthread")],
)
@pytest.mark.parametrize("text", ["ALL", "some", "0"])
def test_a_word_that_is_none_of_a_settings_words_is_refused_by_name(name: str, words: str, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"\A{name} is '{text}': expected {words}"):
        from_environment({name: text})


ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environment", "traces"),
    [
        ({}, ""),
        (ENDPOINT, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console", **ENDPOINT}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", **ENDPOINT}, ""),
        ({"OTEL_SDK_DISABLED": "true", **ENDPOINT}, ""),
        ({"OTEL_SERVICE_NAME": "facts"}, ""),
    ],
)
def test_traces_go_where_opentelemetrys_own_variables_say(environment: dict[str, str], traces: str) -> None:
    assert from_environment(environment).traces == traces


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER is 'zipkin': expected otlp or console or none"),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", **ENDPOINT}, "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc': expected http/"),
    ],
)
def test_traces_that_cannot_be_sent_are_refused_by_name(environment: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        from_environment(environment)


@pytest.mark.parametrize("name", ["OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_traces_without_what_they_need_are_refused_and_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("api.config.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=rf"\A{name} is set, but tracing is not installed: .*crosscheck\[tracing\]"):
        from_environment({name: "otlp"})
