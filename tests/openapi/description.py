"""Writes the description that is served into docs/openapi.json."""

import tempfile
from pathlib import Path

import orjson

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{folder}/openapi.db"
    store.migrate(store.bind(url, create=True))
    load(Path("fixtures"), now="2024-02-01T00:00:00+00:00")
    served = create_app(Config(database_url=url)).test_client().get("/openapi.json").data
    store.db.close()
Path("docs/openapi.json").write_bytes(
    orjson.dumps(orjson.loads(served), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
)
