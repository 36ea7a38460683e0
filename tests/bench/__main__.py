"""`make bench`: ratios measured side by side in one run, never times to be compared between machines.

Reads are asked of the application in this process, without a server, in turn with a Flask application that returns the
same bytes; the ratio is what the record costs on top of Flask. The engine is measured by how its work grows, a review
of the whole record against reading the same claims and encoding them again.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response
from werkzeug.test import EnvironBuilder, run_wsgi_app

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from tests.bench import growth, reviewing

ROUNDS = 7
CALLS = 60
FIXTURES = Path("fixtures")


def seconds(call: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        call()
    return time.perf_counter() - begun


def ratio(one: Callable[[], object], other: Callable[[], object], times: int = CALLS) -> float:
    """Return the median over rounds of the time of one divided by the time of the other, taken in turn."""
    one(), other()
    return statistics.median(seconds(one, times) / seconds(other, times) for _ in range(ROUNDS))


def get(app: Flask, path: str, **sent: str) -> Callable[[], object]:
    def call() -> object:
        body, status, _ = run_wsgi_app(app.wsgi_app, EnvironBuilder(path, headers=sent).get_environ())
        if not status.startswith("304" if sent else "200"):
            raise RuntimeError(f"{path} answered {status}")
        return b"".join(body)

    return call


def unchanged(app: Flask, path: str) -> Callable[[], object]:
    """Ask for what the client has already."""
    return get(app, path, **{"If-None-Match": app.test_client().get(path).headers["ETag"]})


def constant(body: bytes) -> Flask:
    app = Flask("constant")
    app.add_url_rule("/", view_func=lambda: Response(body, content_type="application/json"))
    return app


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        store.migrate(store.bind(url, create=True))
        load(FIXTURES)
        app = create_app(Config(database_url=url))
        claim = app.test_client().get("/v1/claims?limit=1").json["items"][0]["id"]
        print("read, against Flask returning the same bytes (1.0 = as fast)")
        for name, path in (
            ("one claim", f"/v1/claims/{claim}"),
            ("50 claims", "/v1/claims?limit=50"),
            ("discrepancies", "/v1/discrepancies"),
            ("lookup", "/v1/lookup?q=belgorod+deaths"),
            ("as_of, one event", "/v1/events?as_of=2023-12-31&limit=1"),
        ):
            bytes_served = get(app, path)()
            whole = 1 / ratio(get(app, path), get(constant(bytes_served), "/"))
            print(f"  {name:<18} {whole:.3f}  304 in {ratio(unchanged(app, path), get(app, path)):.3f} of the time")
        store.db.close()
    growth.main()
    reviewing.main()


if __name__ == "__main__":
    main()
