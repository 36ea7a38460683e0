"""The application: configuration, database, routes and failures, put together once."""

from typing import Any

import orjson
from flask import Flask, redirect, request
from flask.json.provider import JSONProvider
from flask_swagger_ui import get_swaggerui_blueprint

from api import errors
from api.collecting import collect_seldom
from api.config import Config, from_environment
from api.description.describing import CrosscheckApi
from api.protocols import factcheck
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
    metrics,
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
from api.web import manners, routed

TITLE = "Crosscheck"
VERSION = "v1"

NOUNS = (
    lookup,
    search,
    discrepancies,
    questions,
    events,
    claims,
    sources,
    documents,
    statements,
    properties,
    rules,
    comparisons,
    changes,
    feeds,
    factchecks,
    reconciliation,
    integrations,
    health,
    metrics,
)
"""Every file of routes, in the order the description shows them."""

DESCRIPTION = """
Which claims about an event conflict, why, and on whose word.

**Where to begin.** `GET /v1/lookup?q=` answers a few words, such as a place and “deaths”, with a sentence to print,
every figure given, and who gives it. `GET /v1/discrepancies?conflict=true` lists what does not fit together; each
leads to its claims, and a claim's `provenance` to the characters of the document it stands in. `POST /v1/compare`
says of two claims of your own how they stand to each other.

**Lists** answer `items` and `next`, the address of the next page, or null; `limit`, `sort`, `fields`, `include` and
`count=exact` shape them. **Any answer** comes as JSON, as an aligned table (`?format=text`), as CSV or as lines of
JSON, by `format` or `Accept`. **`as_of`** answers from what had been published by then. A read carries an `ETag`:
send it back as `If-None-Match`, and what has not changed costs a 304. To keep a mirror, follow `/v1/changes`.

**Failures** are `application/problem+json` (RFC 9457): `type` is a page that explains it, `errors` names each field,
and `suggestions` the nearest ids there are. A parameter that nobody knows is refused. Any path may moreover answer
405 with `Allow` to another method, and 400, 408, 417, 431 or 501 to what breaks HTTP itself. An object of an answer
holds what is described, and may hold more in a later version.

**What stays.** Within `/v1` nothing that is described here is taken away or changes its meaning; what is to go is
marked `deprecated`, and answers that came by it say so in `Deprecation` and `Sunset`. `docs/stability.md` beside the
code is the whole promise.
""".strip()


def described(here: str) -> dict[str, Any]:
    """Return what the description says of the service as a whole."""
    return {
        "info": {
            "description": DESCRIPTION,
            "contact": {"name": "Whoever runs this service", **({"url": here} if here else {})},
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "servers": [{"url": here or "/", "description": "This service"}],
        "components": {"securitySchemes": {**integrations.SECURITY, **metrics.SECURITY}},
    }


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
    database = store.bind(settings.database_url, read_from=settings.read_database_urls, lag=settings.read_lag_seconds)
    store.check(database)
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS=described(settings.public_url),
        MAX_CONTENT_LENGTH=1_000_000,
        PUBLIC_URL=settings.public_url,
        SECRET_KEY=settings.secret_key or signing_key(),
        SLACK_SIGNING_SECRET=settings.slack_signing_secret,
        METRICS_TOKEN=settings.metrics_token,
    )
    app.url_map.strict_slashes = False
    routed.register(app)
    _open(app)
    manners.surround(app, settings)
    api = CrosscheckApi(app)
    for noun in NOUNS:
        api.register_blueprint(noun.blueprint)
    errors.register(app)
    errors.SHAPES[factcheck.PREFIX] = factcheck.failure
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": TITLE, "validatorUrl": None}))
    store.handed_back()
    return app


def _open(app: Flask) -> None:
    @app.before_request
    def open_database() -> None:
        if request.path.rstrip("/") not in ("/healthz", "/metrics"):
            store.reopened()

    @app.get("/")
    def home() -> Any:
        return redirect("/docs/")
