"""Writes what the record answers to the examples of the description, and the made-up one's provenance as PROV has it.

They stand in schemas/examples.json and schemas/lineage.json.
"""

import tempfile
from pathlib import Path
from typing import Any

import orjson

from api.addresses import Asked
from api.app import create_app
from api.config import Config
from api.forms import lineage
from api.intake.loading import load
from api.store import db as store
from schemas.examples import PUT
from schemas.linked import PROVENANCE, SHOWN_BY

ASKED = Asked(SHOWN_BY, "")


def write(name: str, content: dict[str, Any]) -> None:
    text = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    Path("schemas", name).write_bytes(text)


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
write("examples.json", answers)
prov, provn = lineage.prov_json(PROVENANCE, ASKED), lineage.prov_n(PROVENANCE, ASKED)
write("lineage.json", {"prov": orjson.loads(prov), "provn": provn.decode()})
