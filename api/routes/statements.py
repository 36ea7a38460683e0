"""Statements: one utterance by one source."""

from typing import Any

from flask import Response

from api.forms import formats
from api.review import known
from api.routes.contract import Noun
from api.routes.naming import unknown
from schemas.pages import ReadQuery
from schemas.statements import StatementSchema

blueprint = Noun(
    "statements",
    __name__,
    url_prefix="/v1/statements",
    description="Who said something when, and which claims go back to it.",
)


@blueprint.reads("/<statement_id>", ReadQuery, StatementSchema)
def get_statement(args: dict[str, Any], statement_id: str) -> Response:
    """Get one statement with the claims that go back to it."""
    text = known.statement(statement_id, args["as_of"])
    return formats.one("statements", text or unknown("statement", statement_id, args["as_of"]), args)
