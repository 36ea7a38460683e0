"""What the tests of routes share: reading a whole list, and picking claims by what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

Item = dict[str, Any]
Listing = Callable[..., list[Item]]
Picking = Callable[..., list[Item]]


@pytest.fixture
def listing(client: FlaskClient) -> Listing:
    """Read every page of a list; keyword arguments are its filters."""

    def read(path: str, **filters: Any) -> list[Item]:
        items: list[Item] = []
        answer = client.get(path, query_string={"limit": 500, **filters})
        while True:
            assert answer.status_code == 200, answer.text
            items += answer.json["items"]
            if answer.json["next"] is None:
                return items
            answer = client.get(answer.json["next"])

    return read


@pytest.fixture
def picking(listing: Listing) -> Picking:
    """Pick the claims of one event and property by fields of their value; `place` is the scope's."""

    def pick(event: str, prop: str, place: str | None = None, **value: Any) -> list[Item]:
        claims = listing("/v1/claims", event=event, property=prop)
        found = [
            claim
            for claim in claims
            if claim["scope"]["place"] == place
            and all(claim["value"][name] == wanted for name, wanted in value.items())
        ]
        assert found, f"no claim on {event}.{prop} with {value}"
        return found

    return pick
