"""Events over HTTP."""

from flask.testing import FlaskClient


def test_an_event_is_served_with_its_counts(client: FlaskClient) -> None:
    answer = client.get("/v1/events/belgorod-strike-2023-12-30")
    assert answer.status_code == 200
    assert answer.json["counts"]["documents"] == 5
