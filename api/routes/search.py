"""Search: events, sources and claims, best first."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import searching
from api.routes.contract import Noun
from api.routes.naming import must_exist
from schemas.search import FoundSchema, SearchQuery

blueprint = Noun(
    "search", __name__, url_prefix="/v1/search", description="Words anywhere in the record, in any script and spelling."
)

Args = dict[str, Any]


@blueprint.reads("", SearchQuery, FoundSchema, listed=True)
def search(args: Args) -> Response:
    """Search events, sources and what claims say, whatever the spelling, best first.

    It lists what holds the words, and answers no question: a lookup does. `highlights` are the characters of `text`
    that fit.
    """
    must_exist(args, "event")
    return formats.many("found", page(searching.search(args), args), args)
