"""Names: what the parts of a path name."""

from typing import Any

from schemas.fields import DOTTED, LONGEST_ID, SLUG


def _named(description: str, pattern: str = SLUG) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^{pattern}$", "minLength": 1, "maxLength": LONGEST_ID}
    return {"description": description, "schema": schema}


NAMES = {
    "event_id": _named("The id of an event, as /v1/events lists it."),
    "claim_id": _named("The id of a claim, as /v1/claims lists it; opaque, and stable."),
    "source_id": _named("The id of a source, as /v1/sources lists it."),
    "document_id": _named("The id of a document, as /v1/documents lists it.", DOTTED),
    "statement_id": _named("The id of a statement, as claims name it."),
    "property_id": _named("The id of a property, as /v1/properties lists it."),
    "rule_name": _named("The name of a rule, as /v1/rules lists it."),
    "question_id": _named("The id of a question, as /v1/questions lists it.", DOTTED),
    "discrepancy_id": _named("The id of a discrepancy, as /v1/discrepancies lists it; opaque, and stable."),
    "entity_id": _named("The id of an event, a source or a property, as a candidate has it.", DOTTED),
}
"""Every parameter of a path."""
