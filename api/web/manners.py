"""Manners: what every answer has, put around the routes once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api.config import IN_MEMORY, Config
from api.web import compression, freshness, limits, paths, problem_pages
from api.web.always import Always
from api.web.lane import Lane
from api.web.quick import Quick

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from api.web.bridge import Answer


def surround(app: Flask, config: Config) -> None:
    """Put them around an application; what is put around last is asked first."""
    fresh = app.extensions["fresh"] = freshness.register(app, compression.packer(app))
    lane = app.extensions["lane"] = Lane(app, fresh)
    app.wsgi_app = lane.before(app.wsgi_app)  # type: ignore[assignment, method-assign]
    limits.register(app, config.rate_limit, config.rate_limit_storage)
    app.wsgi_app = Always(app.wsgi_app, config.hsts_seconds, config.log_requests)  # type: ignore[method-assign]
    quick: Callable[[WSGIEnvironment], Answer | None] = Quick(app.wsgi_app, lane, fresh)
    if config.traces:
        from api.web.tracing import traced  # what it needs may not be installed

        app.wsgi_app = traced(app.wsgi_app, config.traces)  # type: ignore[assignment, method-assign]
    if config.proxies:
        told = {"x_for": config.proxies, "x_proto": config.proxies}
        app.wsgi_app = ProxyFix(app.wsgi_app, **told)  # type: ignore[method-assign]
        quick = _behind_proxies(quick, **told)
    if not config.traces and (not config.rate_limit or config.rate_limit_storage == IN_MEMORY):
        app.quick = quick  # type: ignore[attr-defined]  # for a server with an event loop
    paths.register(app)
    app.register_blueprint(problem_pages.blueprint)


def _behind_proxies(
    quick: Callable[[WSGIEnvironment], Answer | None], **told: int
) -> Callable[[WSGIEnvironment], Answer | None]:
    """Have what answers at once know who asked and how, as proxies say, before it looks for an answer."""
    fixed: Any = ProxyFix(lambda environ, _: quick(environ), **told)  # type: ignore[arg-type, return-value]
    return lambda environ: fixed(environ, None)
