"""Rules: the published reasons the engine may give."""

from typing import Any

from flask import Response

from api import formats
from api.pagination import page
from api.review import known
from api.routes.contract import Noun
from schemas.pages import PageQuery
from schemas.rules import RuleSchema

blueprint = Noun("rules", __name__, url_prefix="/v1/rules", description="Why the engine says what it says.")


@blueprint.reads("", PageQuery, RuleSchema, listed=True)
def list_rules(args: dict[str, Any]) -> Response:
    """List the rules in the order they are tried; the first that applies decides."""
    return formats.many("rules", page(known.RENDERED_RULES, args), args)
