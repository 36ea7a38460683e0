"""Tracing: a span for every request, with those of its statements in it, for OpenTelemetry.

The SDK reads everything else from the variables it has for it: OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and so on.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id
from peewee import SqliteDatabase

from api.metrics import ROUTE, method_of
from api.store import timing
from api.store.db import db
from api.web.request_ids import TRACE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from peewee import QueryEvent

NAME = "crosscheck"

LONGEST = 2_000
"""Characters of a statement that its span repeats; it has marks in place of values."""


def traced(app: WSGIApplication, exporter: str) -> WSGIApplication:
    """Put spans around an application and its statements, and have a thread of this process send them."""
    provider = TracerProvider(resource=Resource.create({"service.name": _service()}))
    provider.add_span_processor(BatchSpanProcessor(_exporter(exporter)))
    return spans_around(app, provider)


def spans_around(app: WSGIApplication, provider: TracerProvider) -> WSGIApplication:
    """Put spans around an application and its statements."""
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")  # attributes by their names of today
    tracer = provider.get_tracer(NAME)
    system = "sqlite" if isinstance(db.obj, SqliteDatabase) else "postgresql"

    def statement(event: QueryEvent) -> None:
        if not trace.get_current_span().is_recording():
            return
        ended = time.time_ns()
        verb = event.sql.split(maxsplit=1)[0]
        span = tracer.start_span(verb, kind=SpanKind.CLIENT, start_time=ended - int(event.duration * 1e9))
        told = {"db.system.name": system, "db.operation.name": verb, "db.query.text": event.sql[:LONGEST]}
        span.set_attributes(told)
        if event.exception is not None:
            span.set_status(StatusCode.ERROR, type(event.exception).__name__)
        span.end(ended)

    timing.tell(db.obj, statement)
    return OpenTelemetryMiddleware(app, _begun, _answered, provider)


def _service() -> str:
    return os.environ.get("OTEL_SERVICE_NAME") or NAME


def _exporter(name: str) -> SpanExporter:
    if name == "console":
        return ConsoleSpanExporter(formatter=lambda span: f"{span.to_json(indent=None)}\n")
    return OTLPSpanExporter()


def _begun(span: Span, environ: WSGIEnvironment) -> None:
    """Tell the log which trace a request is part of."""
    context = span.get_span_context()
    if context.is_valid:
        environ[TRACE] = format_trace_id(context.trace_id)


def _answered(span: Span, environ: WSGIEnvironment, status: str, headers: list[tuple[str, str]]) -> None:
    """Name a span by its route, now that it is known."""
    route, method = environ.get(ROUTE), method_of(environ["REQUEST_METHOD"])
    span.update_name(f"{method} {route}" if route else method)
    if route:
        span.set_attribute("http.route", route)
    span.set_attribute("crosscheck.request_id", dict(headers).get("X-Request-Id", ""))
