"""A mirror of claims and discrepancies that is kept through `/v1/changes` alone, and what it must be equal to."""

import re
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

Item = dict[str, Any]
Held = dict[str, dict[str, Item]]

TOMBSTONES = ("retracted", "ended", "removed")


class Mirror:
    """What somebody knows who only follows the changes, all of them or those on one event."""

    def __init__(self, client: FlaskClient, **filters: Any) -> None:
        self.client, self.filters = client, filters
        self.held: Held = {"claim": {}, "discrepancy": {}}
        self.read: list[Item] = []
        self.next: str | None = None

    def follow(self, limit: int = 500) -> list[Item]:
        """Read on until nothing is new, and return what was."""
        found: list[Item] = []
        while True:
            answer = self.client.get(self._address(limit))
            assert answer.status_code == 200, answer.text
            self.next = answer.json["next"]
            if not answer.json["items"]:
                return found
            for item in answer.json["items"]:
                self.apply(item)
            found += answer.json["items"]

    def _address(self, limit: int) -> str:
        if self.next is not None:
            return re.sub(r"\blimit=\d+", f"limit={limit}", self.next)
        return f"/v1/changes?{urlencode({**self.filters, 'limit': limit})}"

    def apply(self, item: Item) -> None:
        assert not self.read or item["sequence"] > self.read[-1]["sequence"]
        self.read.append(item)
        shown = item[item["kind"]]
        assert (shown is None) == (item["change"] in TOMBSTONES), item
        if shown is None:
            self.held[item["kind"]].pop(item["id"], None)
        else:
            assert (shown["id"], shown["revision"]) == (item["id"], item["revision"])
            self.held[item["kind"]][item["id"]] = shown


def served(client: FlaskClient, **filters: Any) -> Held:
    """Return what the lists serve; a claim that was retracted is listed with that status, and is in no mirror."""
    claims = {item["id"]: item for item in _every(client, "/v1/claims", filters) if item["status"] != "retracted"}
    return {
        "claim": claims,
        "discrepancy": {item["id"]: item for item in _every(client, "/v1/discrepancies", filters)},
    }


def _every(client: FlaskClient, path: str, filters: dict[str, Any]) -> list[Item]:
    items: list[Item] = []
    answer = client.get(path, query_string={**filters, "limit": 500})
    while True:
        items += answer.json["items"]
        if answer.json["next"] is None:
            return items
        answer = client.get(answer.json["next"])
