"""Sources: anyone who speaks or publishes."""

from typing import Any

from flask import Response

from api import formats
from api.errors import not_found
from api.pagination import page
from api.review import known
from api.routes.contract import Noun
from api.routes.naming import must_exist
from api.store import queries
from api.store.models import Source
from schemas.pages import ReadQuery
from schemas.sources import SourceQuery, SourceSchema

blueprint = Noun("sources", __name__, url_prefix="/v1/sources", description="Who speaks or publishes.")

Args = dict[str, Any]


@blueprint.reads("", SourceQuery, SourceSchema, listed=True)
def list_sources(args: Args) -> Response:
    """List sources."""
    must_exist(args, "part_of")
    return formats.many("sources", page(queries.sources(args), args), args)


@blueprint.reads("/<source_id>", ReadQuery, SourceSchema)
def get_source(args: Args, source_id: str) -> Response:
    """Get one source."""
    row = queries.sources(args).where(Source.id == source_id).first()
    found = row or not_found("source", source_id, known.ids(Source))
    return formats.one("sources", found.representation, args)
