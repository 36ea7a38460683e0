"""Writes into schemas/examples.json what the record answers to the examples of the description."""

import tempfile
from pathlib import Path

import orjson

from api.app import create_app
from api.config import Config
from api.intake.loading import load
from api.store import db as store
from schemas.examples import PUT

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{folder}/answers.db"
    store.migrate(store.bind(url, create=True))
    load(Path("fixtures"))
    client = create_app(Config(database_url=url)).test_client()
    answers = {
        example.name: client.post(path, json=example.request).json
        for path, examples in PUT.items()
        for example in examples
    }
    store.db.close()
Path("schemas/examples.json").write_bytes(orjson.dumps(answers, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
