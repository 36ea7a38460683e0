"""The application: configuration, database, routes and failures, put together once."""

from typing import Any

import orjson
from flask import Flask, redirect, request
from flask.json.provider import JSONProvider
from flask_swagger_ui import get_swaggerui_blueprint

from api import errors, factcheck
from api.collecting import collect_seldom
from api.config import Config, from_environment
from api.errors import CrosscheckApi
from api.routes import (
    changes,
    claims,
    comparisons,
    discrepancies,
    documents,
    events,
    feeds,
    health,
    integrations,
    lookup,
    properties,
    questions,
    reconciliation,
    rules,
    search,
    sources,
    statements,
)
from api.routes import factcheck as factchecks
from api.store import db as store
from api.store.signing import signing_key
from api.web import manners
from schemas.lists import some_of

TITLE = "Crosscheck"
VERSION = "v1"

NOUNS = (
    events,
    claims,
    discrepancies,
    questions,
    sources,
    documents,
    statements,
    properties,
    rules,
    search,
    lookup,
    comparisons,
    changes,
    feeds,
    factchecks,
    reconciliation,
    integrations,
    health,
)
"""Every file of routes, in the order the description shows them."""

DESCRIPTION = (
    "Which claims about an event conflict, why, and on whose word. Every list answers `items` and `next`; "
    "every failure is `application/problem+json`; `?format=text` and `?format=csv` write any answer for a "
    "terminal or a spreadsheet; `as_of` answers from what had been published by then."
)


class OrjsonProvider(JSONProvider):
    """Flask's JSON through orjson."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def create_app(config: Config | None = None) -> Flask:
    """Build the application.

    Raises ConfigError or DatabaseRefused: what cannot work is refused at start, not at the first request.
    """
    collect_seldom()
    settings = config or from_environment()
    database = store.bind(settings.database_url)
    store.check(database)
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
            "components": {"securitySchemes": integrations.SECURITY},
        },
        MAX_CONTENT_LENGTH=1_000_000,
        PUBLIC_URL=settings.public_url,
        SECRET_KEY=settings.secret_key or signing_key(),
        SLACK_SIGNING_SECRET=settings.slack_signing_secret,
    )
    app.url_map.strict_slashes = False
    _open(app)
    manners.surround(app, settings)
    api = CrosscheckApi(app)
    api.ma_plugin.converter.add_attribute_function(some_of)
    for noun in NOUNS:
        api.register_blueprint(noun.blueprint)
    _remember_parameters(api)
    errors.register(app)
    errors.SHAPES[factcheck.PREFIX] = factcheck.failure
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": TITLE, "validatorUrl": None}))
    return app


def _remember_parameters(api: CrosscheckApi) -> None:
    """Let errors name the parameters a path knows."""
    described = api.spec.to_dict()["paths"]
    for rule in api._app.url_map.iter_rules():
        path = rule.rule.replace("<", "{").replace(">", "}")
        operation = described.get(path, {}).get("get", {})
        names = frozenset(item["name"] for item in operation.get("parameters", ()) if item.get("in") == "query")
        errors.PARAMETERS[rule.endpoint] = names


def _open(app: Flask) -> None:
    @app.before_request
    def open_database() -> None:
        if request.path.rstrip("/") != "/healthz":
            store.db.connect(reuse_if_open=True)

    @app.get("/")
    def home() -> Any:
        return redirect("/docs/")
