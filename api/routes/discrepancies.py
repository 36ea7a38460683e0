"""Discrepancies: questions whose claims do not all fit together."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known, tracing
from api.routes.also import also, asked
from api.routes.contract import Noun
from api.routes.naming import must_exist, unknown
from schemas.discrepancies import DiscrepancyQuery, DiscrepancyRevisionSchema, DiscrepancySchema
from schemas.pages import ReadQuery, page_of
from schemas.provenance import DiscrepancyProvenanceSchema

blueprint = Noun(
    "discrepancies",
    __name__,
    url_prefix="/v1/discrepancies",
    description="Questions whose answers do not fit together: which, why, and what can be said all the same.",
)

Args = dict[str, Any]


@blueprint.reads("", asked("discrepancies", DiscrepancyQuery), DiscrepancySchema, listed=True)
@also("discrepancies", listed=True)
def list_discrepancies(args: Args) -> Response:
    """List discrepancies; `conflict=true` leaves those that nothing explains.

    A discrepancy is a question whose values cannot all hold at once. Its `kind` is its worst relation, `conflict`
    whether anything is left unexplained: a count that grew is a discrepancy without a conflict.
    """
    must_exist(args, "event", "property", "document", "origin")
    return formats.many("discrepancies", page(known.discrepancies(args), args), args)


@blueprint.reads("/<discrepancy_id>", asked("discrepancies", ReadQuery), DiscrepancySchema)
@also("discrepancies")
def get_discrepancy(args: Args, discrepancy_id: str) -> Response:
    """Get one discrepancy: values, relations, why, and what can be said.

    `values` are its distinct values, each with its claims and its status; `left` and `right` of a relation are places
    in `values`. One that has ended stays readable here, with `kind` null.
    """
    return formats.one("discrepancies", _discrepancy(discrepancy_id, args), args)


@blueprint.reads("/<discrepancy_id>/provenance", asked("provenance", ReadQuery), DiscrepancyProvenanceSchema)
@also("provenance")
def get_discrepancy_provenance(args: Args, discrepancy_id: str) -> Response:
    """Get where each claim of a discrepancy comes from."""
    content = tracing.discrepancy_provenance(_discrepancy(discrepancy_id, args))
    return formats.dumped("provenance", DiscrepancyProvenanceSchema(), content, args)


@blueprint.reads("/<discrepancy_id>/revisions", ReadQuery, page_of(DiscrepancyRevisionSchema)())
def list_discrepancy_revisions(args: Args, discrepancy_id: str) -> Response:
    """List the states a discrepancy has been in, oldest first, and why it came to be in each."""
    _discrepancy(discrepancy_id, args)
    content = {"items": tracing.discrepancy_revisions(discrepancy_id), "next": None}
    return formats.dumped("discrepancy_revisions", page_of(DiscrepancyRevisionSchema)(), content, args)


def _discrepancy(discrepancy_id: str, args: Args) -> str:
    text = known.discrepancy(discrepancy_id, args["as_of"])
    return text or unknown("discrepancy", discrepancy_id, args["as_of"])
