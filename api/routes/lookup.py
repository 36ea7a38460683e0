"""Lookup: the best question for a few words."""

from typing import Any, NoReturn

from flask import Response
from flask_smorest import abort

from api import formats
from api.briefing import briefing
from api.errors import nearest
from api.review import lookup
from api.routes.contract import Noun
from api.routes.naming import must_exist
from schemas.lookup import AnsweredValuesSchema, LookupQuery, LookupSchema

blueprint = Noun("lookup", __name__, url_prefix="/v1/lookup", description="A few words, as one would type them.")

Args = dict[str, Any]


@blueprint.reads("", LookupQuery, LookupSchema)
def look_up(args: Args) -> Response:
    """Answer the question that a few words ask for: sentence, values, sources, conflicts."""
    must_exist(args, "event", "property")
    if not (args["q"].strip() or args["event"] or args["property"]):
        expected = "a few words such as: harbour deaths; or an event or a property"
        abort(422, errors=[{"field": "q", "sent": args["q"], "expected": expected}])
    found = lookup.look_up(args["q"], args["event"], args["property"], args["as_of"])
    if found is None:
        _nothing(args)
    if formats.chosen(args) is formats.Format.CSV:
        return formats.dumped("values", AnsweredValuesSchema(), {"items": found["question"]["values"]}, args)
    return formats.dumped("lookup", LookupSchema(), found, args, briefing)


def _nothing(args: Args) -> NoReturn:
    """Answer 404: what answers now but did not by `as_of` is said to; else what is near is named."""
    if args["as_of"] and (later := lookup.look_up(args["q"], args["event"], args["property"], None)):
        abort(
            404,
            message=f"{later['label']!r} had not certainly been published by {args['as_of']}; "
            "a document dated to a day is out when that day is over.",
        )
    near = nearest(args["q"], lookup.labels()) if args["q"].strip() else []
    hint = f"; near it are: {'; '.join(near)}" if near else ""
    abort(404, message=f"Nothing on record answers {args['q'][:80]!r}{hint}", suggestions=near)
    raise AssertionError
