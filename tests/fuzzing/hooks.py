"""What schemathesis is told of this API: how a form holds JSON, and which refusals no schema can foretell."""

import json
from typing import Any

import schemathesis

FORETOLD = {
    "compare": {422: "/problems/implausible"},
    "assess": {422: "/problems/implausible"},
    "search_claims": {400: "is required unless review_publisher_site_filter is given"},
}
"""By operation and status, what the only refusal of data that fits the schema says."""


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Write the fields of a form as `encoding` has them: as JSON, which schemathesis leaves undone."""
    if case.operation.label == "POST /reconcile" and isinstance(case.body, dict):
        case.body = {name: value if isinstance(value, str) else json.dumps(value) for name, value in case.body.items()}


@schemathesis.check
def refused_for_what_no_schema_says(ctx: Any, response: Any, case: Any) -> None:
    """Hold a refusal of data that fits the schema to the one reason there may be for it."""
    expected = FORETOLD.get(case.operation.definition.raw.get("operationId"), {}).get(response.status_code)
    if expected is not None and case.meta is not None and case.meta.generation.mode.is_positive:
        assert expected in response.text, f"refused, though the schema allows it: {response.text}"
