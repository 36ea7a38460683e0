"""Feeds: news of discrepancies for whoever reads feeds."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from api import marks
from api.addresses import base
from api.description.describing import FRESH, READING, UNCHANGED, headers
from api.forms import feeds
from api.review.news import news, title_of
from api.routes.contract import Noun
from api.routes.naming import must_exist
from schemas.feeds import FeedQuery, JsonFeedSchema

blueprint = Noun("feeds", __name__, url_prefix="/v1/feeds", description="News of discrepancies for a feed reader.")

Args = dict[str, Any]

FILTERS = ("event", "conflict")


def _described(view: Any) -> Any:
    view = blueprint.fails(*(status for status in READING if status != 406))(view)
    return blueprint.alt_response(304, response=UNCHANGED)(view)


@blueprint.route("/discrepancies.atom")
@_described
@blueprint.arguments(FeedQuery(), location="query")
@blueprint.response(
    200, {"type": "string"}, content_type=feeds.ATOM, description="An Atom feed, newest first.", headers=headers(*FRESH)
)
def get_atom_feed(args: Args) -> Response:
    """Get what is news of discrepancies as an Atom feed."""
    told, frame = _told(args)
    return Response(feeds.atom(told, frame), content_type=f"{feeds.ATOM}; charset=utf-8")


@blueprint.route("/discrepancies.json")
@_described
@blueprint.arguments(FeedQuery(), location="query")
@blueprint.response(
    200, JsonFeedSchema, content_type=feeds.JSON, description="A JSON Feed 1.1, newest first.", headers=headers(*FRESH)
)
def get_json_feed(args: Args) -> Response:
    """Get what is news of discrepancies as a JSON Feed."""
    told, frame = _told(args)
    return Response(feeds.json_feed(told, frame), content_type=feeds.JSON)


def _told(args: Args) -> tuple[feeds.News, feeds.Frame]:
    """Return the news that is asked for, and what surrounds it."""
    must_exist(args, "event")
    told = news(int(marks.mark("cursor", args)[0]) if args["cursor"] else None, args)
    here = f"{base()}{request.path.rstrip('/')}"
    filters = [(name, request.args[name]) for name in FILTERS if name in request.args]
    query = f"?{urlencode(filters)}" if filters else ""
    what = "conflicts" if args["conflict"] else "discrepancies"
    on = f" on {title_of(args['event'])}" if args["event"] else ""
    frame = feeds.Frame(
        base=base(),
        here=f"{here}?{request.query_string.decode()}" if request.query_string else here,
        whole=f"{here}{query}",
        listed=f"{base()}/v1/discrepancies{query}",
        older=marks.url("cursor", [str(told.older)], args, here) if told.older is not None else None,
        title=f"{feeds.NAME}: {what}{on}",
        description=f"What changed in {what}{on}, newest first: what does not fit together, and why.",
    )
    return told, frame
