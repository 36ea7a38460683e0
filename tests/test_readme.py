"""The README keeps its word."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from api import config

README = Path(__file__).parents[1] / "README.md"


def test_the_lookup_it_shows_is_the_one_there_is(client: FlaskClient) -> None:
    shown = client.get("/v1/lookup?q=belgorod+deaths&format=text").text
    assert f"```\n{shown}```\n" in README.read_text(encoding="utf-8")


def test_every_setting_stands_in_it() -> None:
    text = README.read_text(encoding="utf-8")
    source = Path(config.__file__).read_text(encoding="utf-8")
    settings = set(re.findall(r'"([A-Z_]{4,})"', source))
    assert settings == {
        *("DATABASE_URL", "HOST", "PORT", "WORKERS", "THREADS", "PUBLIC_URL"),
        *("RATE_LIMIT", "RATE_LIMIT_STORAGE", "PROXIES", "HSTS_SECONDS", "SECRET_KEY", "SLACK_SIGNING_SECRET"),
        *(
            "READ_DATABASE_URLS",
            "READ_LAG_SECONDS",
            "WORKER",
            "METRICS_TOKEN",
            "PROMETHEUS_MULTIPROC_DIR",
            "LOG_LEVEL",
            "LOG_REQUESTS",
        ),
        *("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER"),
        *("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_SDK_DISABLED"),
    }
    assert all(f"`{name}`" in text for name in settings)


def test_every_command_stands_in_it() -> None:
    text = README.read_text(encoding="utf-8")
    for command in (
        "migrate",
        "load DIR",
        "verify --documents DIR",
        "export DIR",
        "explain CLAIM CLAIM",
        "mcp",
        "serve",
    ):
        assert f"`crosscheck {command}`" in text
