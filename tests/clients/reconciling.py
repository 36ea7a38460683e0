"""A client shaped like OpenRefine, and the schemas of the specification it follows."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

SPECIFICATION = Path(__file__).parent / "reconciliation-0.2"

Fields = dict[str, Any]

BATCH = 10
"""Rows that OpenRefine asks about at once."""

PATIENCE = 30


@cache
def registry() -> Registry[Any]:
    """Every schema under its own name, so that none is looked for elsewhere."""
    schemas = [json.loads(path.read_bytes()) for path in sorted((SPECIFICATION / "schemas").iterdir())]
    return Registry().with_resources((schema["$id"], DRAFT7.create_resource(schema)) for schema in schemas)


def faults(content: Any, schema: str) -> list[str]:
    """What the specification has against a content."""
    written = json.loads((SPECIFICATION / "schemas" / f"{schema}.json").read_bytes())
    validator = Draft7Validator(written, registry=registry())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


class Client:
    """Registers a service by its address and goes by its manifest from there, as OpenRefine 3.8 does."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.manifest = self.get(address)

    def get(self, address: str, **parameters: Any) -> Any:
        """Ask as a page of another site does."""
        mark = "&" if "?" in address else "?"
        asked = f"{address}{mark}{urllib.parse.urlencode(parameters)}" if parameters else address
        request = urllib.request.Request(asked, headers={"Origin": "http://127.0.0.1:3333"})  # noqa: S310 — an address of the server under test
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 — an address of the server under test
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Content-Type"] == "application/json"
            return json.load(answer)

    def post(self, **form: Any) -> Any:
        """Send a form, as OpenRefine's own server does."""
        body = urllib.parse.urlencode({name: json.dumps(value) for name, value in form.items()}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "OpenRefine/3.8"}
        with urllib.request.urlopen(urllib.request.Request(self.address, body, headers), timeout=PATIENCE) as answer:  # noqa: S310 — an address of the server under test
            return json.load(answer)

    def reconcile(self, cells: Sequence[str], kind: str, **columns: Sequence[str]) -> list[list[Fields]]:
        """Return the candidates of each cell: batches of ten, several at once, further columns by their property."""
        queries = [
            {
                "query": cell,
                "type": kind,
                "type_strict": "should",
                "properties": [
                    {"pid": name.replace("__", "."), "v": column[row]}
                    for name, column in columns.items()
                    if column[row]
                ],
            }
            for row, cell in enumerate(cells)
        ]
        starts = range(0, len(queries), BATCH)
        batches = [{f"q{row}": query for row, query in enumerate(queries[start : start + BATCH])} for start in starts]
        assert [fault for batch in batches for fault in faults(batch, "reconciliation-query-batch")] == []
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda batch: self.post(queries=batch), batches))
        assert [fault for answer in answers for fault in faults(answer, "reconciliation-result-batch")] == []
        return [answer[name]["result"] for batch, answer in zip(batches, answers, strict=True) for name in batch]

    def extend(self, ids: Iterable[str], properties: Sequence[Fields]) -> Fields:
        """Fetch the values of properties."""
        asked = {"ids": list(ids), "properties": properties}
        assert faults(asked, "data-extension-query") == []
        answer: Fields = self.post(extend=asked)
        assert faults(answer, "data-extension-response") == []
        return answer

    def suggest(self, noun: str, prefix: str, **more: Any) -> Any:
        """Ask for suggestions where the manifest says."""
        service = self.manifest["suggest"][noun]
        return self.get(service["service_url"] + service["service_path"], prefix=prefix, **more)

    def fly_out(self, noun: str, name: str) -> Any:
        """Ask for the small preview of a suggestion."""
        service = self.manifest["suggest"][noun]
        path = service["flyout_service_path"].replace("${id}", urllib.parse.quote(name, safe=""))
        return self.get(service["flyout_service_url"] + path)

    def propose(self, kind: str, **more: Any) -> Any:
        """Ask which properties can be fetched."""
        service = self.manifest["extend"]["propose_properties"]
        return self.get(f"{service['service_url']}{service['service_path']}?type={kind}", **more)
