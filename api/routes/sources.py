"""Sources: anyone who speaks or publishes."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known
from api.routes.contract import Noun
from api.routes.naming import must_exist, unknown
from schemas.pages import ReadQuery
from schemas.sources import SourceQuery, SourceSchema

blueprint = Noun(
    "sources",
    __name__,
    url_prefix="/v1/sources",
    description="Who speaks or publishes, and of what organisation they are a part.",
)

Args = dict[str, Any]


@blueprint.reads("", SourceQuery, SourceSchema, listed=True)
def list_sources(args: Args) -> Response:
    """List sources."""
    must_exist(args, "part_of")
    return formats.many("sources", page(known.sources(args), args), args)


@blueprint.reads("/<source_id>", ReadQuery, SourceSchema)
def get_source(args: Args, source_id: str) -> Response:
    """Get one source."""
    text = known.source(source_id, args["as_of"])
    return formats.one("sources", text or unknown("source", source_id, args["as_of"]), args)
