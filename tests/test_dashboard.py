"""The dashboard: every query of it is PromQL, and asks for metrics and labels that there are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import promql_parser
import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from api import metrics

DASHBOARD = Path(__file__).parents[1] / "deploy" / "grafana" / "crosscheck.json"

OF_PROMETHEUS = {"job", "instance"}
"""Labels that Prometheus itself puts on what it reads."""

VARIABLES = {"$__rate_interval": "5m", "$job": ".*"}

Panel = dict[str, Any]


def panels() -> list[Panel]:
    found: list[Panel] = orjson.loads(DASHBOARD.read_bytes())["panels"]
    return found


def queries() -> list[str]:
    """Every query, with the variables of Grafana filled in."""
    found = [target["expr"] for panel in panels() for target in panel.get("targets", ())]
    for name, filled in VARIABLES.items():
        found = [query.replace(name, filled) for query in found]
    return found


def parts(expression: Any) -> Iterator[Any]:
    """An expression and everything within it."""
    yield expression
    for name in ("args", "expr", "param", "lhs", "rhs", "vector_selector"):
        inner = getattr(expression, name, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, promql_parser.Expr):
                yield from parts(one)


@pytest.fixture
def told(client: FlaskClient) -> dict[str, set[str]]:
    """The labels of every sample there is, by its name; with replicas one more, which are not here."""
    client.get("/v1/rules", buffered=True)
    metrics.CHOSEN.labels("primary")
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.parametrize("query", queries())
def test_a_query_asks_for_what_there_is(told: dict[str, set[str]], query: str) -> None:
    found = list(parts(promql_parser.parse(query)))
    selectors = [one for one in found if isinstance(one, promql_parser.VectorSelector)]
    assert selectors
    labels = set(OF_PROMETHEUS)
    for selector in selectors:
        assert selector.name in told
        labels |= told[selector.name]
        assert {one.name for one in selector.matchers.matchers} <= told[selector.name] | OF_PROMETHEUS
    grouped = [one.modifier for one in found if isinstance(one, promql_parser.AggregateExpr) and one.modifier]
    assert {label for modifier in grouped for label in modifier.labels} <= labels


def test_every_metric_is_shown(told: dict[str, set[str]]) -> None:
    shown = {
        one.name
        for query in queries()
        for one in parts(promql_parser.parse(query))
        if isinstance(one, promql_parser.VectorSelector)
    }
    families = {name.removesuffix("_bucket") for name in shown}
    ours = {name for name in told if not name.endswith(("_created", "_sum", "_count", "_bucket"))}
    assert ours <= families


def test_every_panel_has_a_place_and_a_number_of_its_own() -> None:
    numbers = [panel["id"] for panel in panels()]
    assert len(set(numbers)) == len(numbers)
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in panels()):
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_it_names_no_source_and_no_host_of_anybody() -> None:
    assert {panel["datasource"]["uid"] for panel in panels() if "datasource" in panel} == {"${source}"}
    assert "http" not in DASHBOARD.read_text(encoding="utf-8")
