"""Leads: where an answer leads, as links of the description from one operation to the next."""

from typing import Any

Links = dict[str, Any]
Ways = dict[str, tuple[str, ...]]
"""Where in an item an id stands, and which operations take it."""

TAKES = {
    "get_event": "event_id",
    "list_event_claims": "event_id",
    "list_event_questions": "event_id",
    "list_event_discrepancies": "event_id",
    "list_event_timeline": "event_id",
    "get_claim": "claim_id",
    "get_claim_provenance": "claim_id",
    "list_claim_relations": "claim_id",
    "list_claim_revisions": "claim_id",
    "get_source": "source_id",
    "get_document": "document_id",
    "list_document_findings": "document_id",
    "get_statement": "statement_id",
    "get_property": "property_id",
    "get_rule": "rule_name",
    "get_question": "question_id",
    "get_discrepancy": "discrepancy_id",
    "get_discrepancy_provenance": "discrepancy_id",
    "list_discrepancy_revisions": "discrepancy_id",
}
"""The parameter of each operation that an id leads to."""

EVENT = ("get_event",)
PARTS_OF_AN_EVENT = ("list_event_claims", "list_event_questions", "list_event_discrepancies", "list_event_timeline")
PARTS_OF_A_CLAIM = ("get_claim_provenance", "list_claim_relations", "list_claim_revisions")
PARTS_OF_A_DISCREPANCY = ("get_discrepancy_provenance", "list_discrepancy_revisions")

FROM_A_CLAIM: Ways = {
    "event": EVENT,
    "property": ("get_property",),
    "document": ("get_document",),
    "statement": ("get_statement",),
    "origin": ("get_source",),
}
FROM_VALUES: Ways = {
    "event": EVENT,
    "property": ("get_property",),
    "values/0/claims/0/id": ("get_claim", "get_claim_provenance"),
    "values/0/claims/0/document": ("get_document",),
    "values/0/origins/0": ("get_source",),
}

OF_AN_ITEM: dict[str, Ways] = {
    "list_events": {"id": (*EVENT, *PARTS_OF_AN_EVENT)},
    "list_claims": {"id": ("get_claim", *PARTS_OF_A_CLAIM), **FROM_A_CLAIM},
    "list_event_claims": {"id": ("get_claim", *PARTS_OF_A_CLAIM), **FROM_A_CLAIM},
    "list_discrepancies": {"id": ("get_discrepancy", *PARTS_OF_A_DISCREPANCY), **FROM_VALUES},
    "list_event_discrepancies": {"id": ("get_discrepancy", *PARTS_OF_A_DISCREPANCY), **FROM_VALUES},
    "list_questions": {"id": ("get_question",), **FROM_VALUES},
    "list_event_questions": {"id": ("get_question",), **FROM_VALUES},
    "list_event_timeline": {"question": ("get_question",), "property": ("get_property",)},
    "list_documents": {"id": ("get_document", "list_document_findings")},
    "list_sources": {"id": ("get_source",)},
    "list_properties": {"id": ("get_property",)},
    "list_rules": {"name": ("get_rule",)},
    "list_claim_relations": {"claim": ("get_claim",), "rule": ("get_rule",)},
    "list_document_findings": {"event": EVENT, "property": ("get_property",), "claims/0/id": ("get_claim",)},
    "list_changes": {"event": EVENT},
    "search": {"event": EVENT},
}
"""What the first item of a list leads to."""

OF_THE_WHOLE: dict[str, Ways] = {
    "get_event": {"id": PARTS_OF_AN_EVENT},
    "get_claim": {"id": PARTS_OF_A_CLAIM, **FROM_A_CLAIM},
    "get_discrepancy": {"id": PARTS_OF_A_DISCREPANCY, **FROM_VALUES},
    "get_question": FROM_VALUES,
    "get_document": {"id": ("list_document_findings",)},
    "get_statement": {"source": ("get_source",), "claims/0": ("get_claim",)},
    "get_claim_provenance": {"document/id": ("get_document",), "origin/id": ("get_source",)},
    "look_up": {"question/id": ("get_question",), "question/event": EVENT},
    "compare": {"rule": ("get_rule",)},
}
"""What a resource leads to."""


def _links(ways: Ways, inside: str) -> Links:
    return {
        _name(operation, where): {
            "operationId": operation,
            "parameters": {TAKES[operation]: f"$response.body#{inside}/{where}"},
        }
        for where, operations in ways.items()
        for operation in operations
    }


def _name(operation: str, where: str) -> str:
    """Name a link by where it leads, and by what leads there where that goes by another name."""
    words = [part for part in where.split("/") if not part.isdigit() and part not in ("id", "name")]
    return operation if not words or words[-1].rstrip("s") in operation else f"{operation}_by_{words[-1]}"


LEADS: dict[str, Links] = {
    **{operation: _links(ways, "/items/0") for operation, ways in OF_AN_ITEM.items()},
    **{operation: _links(ways, "") for operation, ways in OF_THE_WHOLE.items()},
}
"""The links of each operation."""
