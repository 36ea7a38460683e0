"""Changes: what became of claims and discrepancies, in order, so that a mirror can be kept."""

from typing import Any

import orjson
from flask import Response
from flask_smorest import abort

from api import marks
from api.forms import formats
from api.review import changes
from api.review.changes import Lost, Position
from api.routes.contract import Noun
from api.routes.naming import must_exist
from schemas.changes import NOW, ChangeQuery, ChangesPageSchema

blueprint = Noun(
    "changes", __name__, url_prefix="/v1/changes", description="What changed, in order, for whoever keeps a mirror."
)

Args = dict[str, Any]

BEGIN_ANEW = (
    "The log of changes is no longer the one this cursor was taken from: the record was restored or made anew. "
    "Keep the `next` of /v1/changes?since=now, read the lists again, then follow that `next`."
)


@blueprint.reads("", ChangeQuery, ChangesPageSchema())
@blueprint.fails(410)
def list_changes(args: Args) -> Response:
    """List what became of claims and discrepancies since a cursor, oldest first, with the reason.

    For a mirror: begin without `since`, apply the items in order, then ask the `next` of every answer again and again.
    A tombstone comes with null in place of what is gone. After a 410, begin anew.
    """
    must_exist(args, "event")
    items, until = _followed(args)
    following = marks.url("since", [str(until.sequence), until.mark], args)
    response = formats.one("changes", orjson.dumps({"items": items, "next": following}).decode(), args)
    response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _followed(args: Args) -> tuple[list[dict[str, Any]], Position]:
    if args["since"] == NOW:
        return [], changes.end()
    try:
        found = changes.following(_position(args), args)
    except Lost:
        abort(410, message=BEGIN_ANEW)
        raise AssertionError from None
    return found.items, found.until


def _position(args: Args) -> Position:
    if args["since"] is None:
        return changes.beginning()
    sequence, known_by = marks.mark("since", args)
    return Position(int(sequence), known_by)
