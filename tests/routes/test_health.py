"""Health over HTTP."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from api.app import create_app
from api.config import Config
from api.store import db as store


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_running_service_says_ok(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_healthz_never_touches_the_database(client: FlaskClient) -> None:
    with count_queries() as counted:
        client.get("/healthz")
    assert counted.count == 0


def test_a_database_that_fails_is_a_503_that_says_when_to_come_back_while_healthz_lives(empty: str) -> None:
    client = create_app(Config(database_url=empty)).test_client()
    store.db.execute_sql("ALTER TABLE claim RENAME TO gone")
    for path in ("/readyz", "/v1/claims"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.content_type == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
        assert "gone" not in answer.text
    assert client.get("/healthz").status_code == 200


def test_a_database_without_tables_is_refused_at_start(fresh: Callable[[], str]) -> None:
    with pytest.raises(store.DatabaseRefused, match="crosscheck migrate"):
        create_app(Config(database_url=fresh()))
    store.db.close()
