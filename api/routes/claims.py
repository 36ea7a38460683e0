"""Claims: one value of one property of one event, as one document gives it."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known, tracing
from api.routes.also import also, asked
from api.routes.contract import Noun
from api.routes.naming import must_exist, unknown
from schemas.claims import ClaimQuery, ClaimSchema, RelatedClaimSchema, RevisionSchema
from schemas.pages import ReadQuery, page_of
from schemas.provenance import ProvenanceSchema

blueprint = Noun(
    "claims",
    __name__,
    url_prefix="/v1/claims",
    description="What one document says: a value of a property of an event, with where it stands and on whose word.",
)

Args = dict[str, Any]


@blueprint.reads("", asked("claims", ClaimQuery), ClaimSchema, listed=True)
@also("claims", listed=True)
def list_claims(args: Args) -> Response:
    """List claims, in the order of the documents.

    A claim is what one document says: one value of one property of one event, on whose word, and where it stands. All
    filters that are given must hold.
    """
    must_exist(args, "event", "property", "source", "origin", "document", "statement", "place")
    return formats.many("claims", page(known.claims(args), args), args)


@blueprint.reads("/<claim_id>", asked("claims", ReadQuery), ClaimSchema)
@also("claims")
def get_claim(args: Args, claim_id: str) -> Response:
    """Get one claim."""
    text = known.claim_text(claim_id, args["as_of"])
    return formats.one("claims", text or unknown("claim", claim_id, args["as_of"]), args)


@blueprint.reads("/<claim_id>/provenance", asked("provenance", ReadQuery), ProvenanceSchema)
@also("provenance")
def get_claim_provenance(args: Args, claim_id: str) -> Response:
    """Get where a claim comes from, down to the characters of the document.

    The chain leads from the document to the origin, each source with the organisations it is a part of. As W3C PROV
    with `format=prov`.
    """
    return formats.dumped("provenance", ProvenanceSchema(), tracing.provenance(_claim(claim_id, args)), args)


@blueprint.reads("/<claim_id>/relations", ReadQuery, page_of(RelatedClaimSchema)())
def list_claim_relations(args: Args, claim_id: str) -> Response:
    """List how every comparable or coupled claim stands to this one.

    Coupled are a part and its whole, and what people move between, such as from injured to dead. A claim that is
    absent is not comparable.
    """
    items = known.relations(_claim(claim_id, args), args["as_of"])
    return formats.dumped("relations", page_of(RelatedClaimSchema)(), {"items": items, "next": None}, args)


@blueprint.reads("/<claim_id>/revisions", ReadQuery, page_of(RevisionSchema)())
def list_claim_revisions(args: Args, claim_id: str) -> Response:
    """List the states a claim has been in, oldest first."""
    items = tracing.revisions(_claim(claim_id, args))
    return formats.dumped("revisions", page_of(RevisionSchema)(), {"items": items, "next": None}, args)


def _claim(claim_id: str, args: Args) -> Any:
    return known.claim(claim_id, args["as_of"]) or unknown("claim", claim_id, args["as_of"])
