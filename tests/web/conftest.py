"""What the tests of manners share: an address that answers for every route there is."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from api.protocols import factcheck, reconciliation
from api.routes.integrations import PREFIX

PROTOCOLS = (factcheck.PREFIX, reconciliation.PREFIX, PREFIX)
"""Where what is asked is asked as somebody else's protocol has it, with forms too."""

WORDS = {
    "/v1/lookup": "q=belgorod+deaths",
    "/v1/search": "q=belgorod",
    "/v1alpha1/claims:search": "query=belgorod",
    "/reconcile/flyout/entity": "id=icc",
    "/reconcile/flyout/property": "id=deaths",
    "/reconcile/flyout/type": "id=person",
}
"""What a route must be asked with to answer."""

Addresses = dict[str, str]
"""An address for each rule of the URL map."""


class Closing(FlaskClient):
    """A client that reads every answer to its end, files too."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(client: FlaskClient) -> FlaskClient:
    return Closing(client.application, client.application.response_class)


@pytest.fixture
def settled(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute has gone since the record was loaded and the process began."""
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + 60)


@pytest.fixture
def names(client: FlaskClient) -> dict[str, str]:
    """Something there is for every name that a path takes."""
    discrepancy = client.get("/v1/discrepancies?property=deaths&event=belgorod-strike-2023-12-30").json["items"][0]
    return {
        "event_id": "belgorod-strike-2023-12-30",
        "claim_id": discrepancy["values"][0]["claims"][0]["id"],
        "source_id": "vyacheslav-gladkov",
        "entity_id": "vyacheslav-gladkov",
        "document_id": "000_d4aeb10cf1ef7939",
        "statement_id": "gladkov-belgorod-3",
        "property_id": "deaths",
        "rule_name": "count_grew",
        "question_id": "belgorod-strike-2023-12-30.deaths",
        "discrepancy_id": discrepancy["id"],
        "name": "not-found",
        "path": "index.css",
    }


def rules(client: FlaskClient, method: str) -> Iterator[Rule]:
    """Every rule that takes a method."""
    return (rule for rule in client.application.url_map.iter_rules() if method in (rule.methods or ()))


@pytest.fixture
def addresses(client: FlaskClient, names: dict[str, str]) -> Addresses:
    """An address for every route that can be read."""
    adapter = client.application.url_map.bind("localhost")
    found = {}
    for rule in rules(client, "GET"):
        path = adapter.build(rule.endpoint, {name: names[name] for name in rule.arguments}).replace(
            "http://localhost", ""
        )
        found[rule.rule] = f"{path}?{WORDS[path]}" if path in WORDS else path
    return found


@pytest.fixture
def reads(addresses: Addresses) -> Addresses:
    """The addresses of the record, whose answers change with it."""
    return {rule: address for rule, address in addresses.items() if rule.startswith("/v1/")}


@pytest.fixture
def negotiated(reads: Addresses) -> Addresses:
    """The addresses that are answered in the format asked for; a feed is what its path says."""
    return {rule: address for rule, address in reads.items() if not rule.startswith("/v1/feeds/")}


@pytest.fixture
def asked(client: FlaskClient) -> list[str]:
    """The addresses of what is asked with a POST alone; who speaks another's protocol is answered as that has it."""
    return [rule.rule for rule in rules(client, "POST") if not rule.rule.startswith(PROTOCOLS)]
