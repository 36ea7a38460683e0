"""Lookup: the best question for a few words."""

from typing import Any, NoReturn

from flask import Response
from flask_smorest import abort

from api import unanswered
from api.forms import formats
from api.forms.briefing import briefing
from api.review import lookup
from api.routes.contract import Noun
from api.routes.naming import must_exist
from schemas.lookup import AnsweredValuesSchema, LookupQuery, LookupSchema

blueprint = Noun(
    "lookup",
    __name__,
    url_prefix="/v1/lookup",
    description="The best question for a few words, with its answer. Begin here.",
)

Args = dict[str, Any]


@blueprint.reads("", LookupQuery, LookupSchema)
def look_up(args: Args) -> Response:
    """Answer the question that a few words ask for: sentence, values, sources, conflicts.

    `sentence` may be printed as it is; `question` has every value with its status and who gives it, `others` what the
    words could mean as well. 404 where nothing on record answers them.
    """
    must_exist(args, "event", "property")
    if not (args["q"].strip() or args["event"] or args["property"]):
        abort(
            404, message="Nothing was asked for. Ask with `q`, a few words such as: harbour deaths; or name an event."
        )
    found = lookup.look_up(args["q"], args["event"], args["property"], args["as_of"])
    if found is None:
        _nothing(args)
    if formats.chosen(args) is formats.Format.CSV:
        return formats.dumped("values", AnsweredValuesSchema(), {"items": found["question"]["values"]}, args)
    return formats.dumped("lookup", LookupSchema(), found, args, briefing)


def _nothing(args: Args) -> NoReturn:
    message, near = unanswered.told(args["q"], args["event"], args["property"], args["as_of"])
    abort(404, message=message, suggestions=near)
    raise AssertionError
