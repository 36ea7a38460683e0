"""Documents: published texts, and what is wrong inside them."""

from typing import Any

import orjson
from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known
from api.routes.contract import Noun
from api.routes.naming import must_exist, unknown
from schemas.documents import DocumentQuery, DocumentSchema, FindingQuery, FindingSchema
from schemas.pages import ReadQuery, page_of

blueprint = Noun(
    "documents",
    __name__,
    url_prefix="/v1/documents",
    description="Published texts, and what is wrong inside them: stale figures, mixed snapshots, broken chains.",
)

Args = dict[str, Any]


@blueprint.reads("", DocumentQuery, DocumentSchema, listed=True)
def list_documents(args: Args) -> Response:
    """List documents."""
    must_exist(args, "event", "source")
    return formats.many("documents", page(known.documents(args), args), args)


@blueprint.reads("/<document_id>", ReadQuery, DocumentSchema)
def get_document(args: Args, document_id: str) -> Response:
    """Get one document with its findings."""
    return formats.one("documents", _document(document_id, args), args)


@blueprint.reads("/<document_id>/findings", FindingQuery, page_of(FindingSchema)())
def list_document_findings(args: Args, document_id: str) -> Response:
    """List stale figures, mixed snapshots and broken chains inside one document.

    Stale is a figure beside the one that replaced it; mixed are figures of different statements put together; broken
    is an attribution to nobody who is named.
    """
    _document(document_id, args)
    found = known.findings([document_id], args["as_of"], args["kind"])
    content = {"items": [orjson.loads(text) for text in found], "next": None}
    return formats.dumped("findings", page_of(FindingSchema)(), content, args)


def _document(document_id: str, args: Args) -> str:
    return known.document(document_id, args["as_of"]) or unknown("document", document_id, args["as_of"])
