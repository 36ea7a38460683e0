"""Tracing: spans of requests by their routes, and of their statements, as OpenTelemetry names them."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from api.app import create_app
from api.config import Config
from api.lines import JsonLines
from api.store import db as store
from api.web.tracing import spans_around
from tests.web.conftest import Closing

ROOT = Path(__file__).parents[2]

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(record: str, exporter: InMemorySpanExporter) -> Iterator[FlaskClient]:
    """A client of an application whose spans are kept."""
    app = create_app(Config(database_url=record))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app.wsgi_app = spans_around(app.wsgi_app, provider)  # type: ignore[method-assign, assignment]
    yield Closing(app, app.response_class)
    store.db.close()


def split(spans: tuple[ReadableSpan, ...]) -> tuple[ReadableSpan, list[ReadableSpan]]:
    """The one span of a request, and those of its statements."""
    (request,) = [span for span in spans if span.kind is SpanKind.SERVER]
    return request, [span for span in spans if span.kind is SpanKind.CLIENT]


def test_a_request_has_a_span_named_by_its_route_with_its_statements_in_it(
    client: FlaskClient, exporter: InMemorySpanExporter
) -> None:
    answer = client.get("/v1/events/belgorod-strike-2023-12-30")
    request, statements = split(exporter.get_finished_spans())
    assert request.name == "GET /v1/events/{event_id}"
    told = request.attributes or {}
    assert (told["http.route"], told["http.response.status_code"]) == ("/v1/events/{event_id}", 200)
    assert told["crosscheck.request_id"] == answer.headers["X-Request-Id"]
    assert statements
    for span in statements:
        assert span.parent is not None
        assert span.parent.span_id == request.context.span_id
        assert (span.attributes or {})["db.system.name"] in ("sqlite", "postgresql")
        assert "belgorod" not in str((span.attributes or {})["db.query.text"]), "values are not told"
        assert request.start_time <= span.start_time <= span.end_time <= request.end_time


def test_a_trace_of_the_client_is_gone_on_with_and_stands_in_the_log(
    client: FlaskClient, exporter: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "crosscheck.requests")
    client.get("/v1/rules", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    request, _ = split(exporter.get_finished_spans())
    assert f"{request.context.trace_id:032x}" == TRACE
    (line,) = [orjson.loads(JsonLines().format(one)) for one in caplog.records if one.name == "crosscheck.requests"]
    assert line["trace_id"] == TRACE


def test_statements_of_a_stream_are_in_its_span(client: FlaskClient, exporter: InMemorySpanExporter) -> None:
    client.get("/v1/claims?format=ndjson")
    request, statements = split(exporter.get_finished_spans())
    assert {span.parent.span_id for span in statements if span.parent} == {request.context.span_id}


def test_a_path_that_there_is_not_names_no_span(client: FlaskClient, exporter: InMemorySpanExporter) -> None:
    client.get("/a-secret")
    request, _ = split(exporter.get_finished_spans())
    assert "secret" not in request.name
    assert "http.route" not in (request.attributes or {})


def test_a_statement_that_fails_is_an_error(empty: str, exporter: InMemorySpanExporter) -> None:
    app = create_app(Config(database_url=empty))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app.wsgi_app = spans_around(app.wsgi_app, provider)  # type: ignore[method-assign, assignment]
    store.db.execute_sql("ALTER TABLE claim RENAME TO gone")
    assert Closing(app, app.response_class).get("/v1/claims").status_code == 503
    request, statements = split(exporter.get_finished_spans())
    assert statements[-1].status.status_code is StatusCode.ERROR
    assert (request.attributes or {})["http.response.status_code"] == 503


def test_what_is_done_for_no_request_has_no_span(client: FlaskClient, exporter: InMemorySpanExporter) -> None:
    store.db.execute_sql("SELECT 1")
    assert exporter.get_finished_spans() == ()


@pytest.mark.parametrize("name", ["OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_a_server_that_lacks_what_tracing_needs_does_not_start_and_names_the_extra(tmp_path: Path, name: str) -> None:
    hidden = (
        "import sys; sys.modules['opentelemetry.sdk'] = None; sys.argv[1:] = ['serve']; import api.cli; api.cli.main()"
    )
    result = subprocess.run(  # noqa: S603 — a command of our own
        [sys.executable, "-c", hidden], cwd=ROOT, env={name: "otlp"}, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line == f"crosscheck: {name} is set, but tracing is not installed: install crosscheck[tracing]"
