"""Properties: what is measured or asked, and how it behaves."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known
from api.routes.contract import Noun
from api.routes.naming import unknown
from schemas.pages import ReadQuery
from schemas.properties import PropertyQuery, PropertySchema

blueprint = Noun(
    "properties", __name__, url_prefix="/v1/properties", description="What is measured or asked, and how it behaves."
)

Args = dict[str, Any]


@blueprint.reads("", PropertyQuery, PropertySchema, listed=True)
def list_properties(args: Args) -> Response:
    """List properties; a moment changes nothing about them."""
    return formats.many("properties", page(known.properties(args), args), args)


@blueprint.reads("/<property_id>", ReadQuery, PropertySchema)
def get_property(args: Args, property_id: str) -> Response:
    """Get one property."""
    text = known.property_text(property_id)
    return formats.one("properties", text or unknown("property", property_id), args)
