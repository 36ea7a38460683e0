"""Rules: the published reasons the engine may give."""

from typing import Any

import orjson
from flask import Response

from api import formats
from api.engine.rules.table import RULES
from api.pagination import page
from api.routes.contract import Noun
from schemas.pages import PageQuery
from schemas.rules import RuleSchema

blueprint = Noun("rules", __name__, url_prefix="/v1/rules", description="Why the engine says what it says.")

RENDERED = [
    (
        f"{place:03d}",
        orjson.dumps(
            RuleSchema().dump({"name": rule.name, "relation": rule.relation, "sentence": rule.sentence, "place": place})
        ).decode(),
    )
    for place, rule in enumerate(RULES, 1)
]


@blueprint.reads("", PageQuery, RuleSchema, listed=True)
def list_rules(args: dict[str, Any]) -> Response:
    """List the rules in the order they are tried; the first that applies decides."""
    return formats.many("rules", page(RENDERED, args), args)
