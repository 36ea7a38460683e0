"""Rules: the published reasons the engine may give."""

from typing import Any

from flask import Response

from api.errors import not_found
from api.forms import formats
from api.forms.briefing import reason
from api.pagination import page
from api.review import rules
from api.routes.contract import Noun
from schemas.pages import ReadQuery
from schemas.rules import RuleQuery, RuleSchema

blueprint = Noun(
    "rules",
    __name__,
    url_prefix="/v1/rules",
    description="Why the engine says what it says: every reason it may give, with an example for it and one against.",
)

Args = dict[str, Any]


@blueprint.reads("", RuleQuery, RuleSchema, listed=True)
def list_rules(args: Args) -> Response:
    """List the rules in the order they are tried; the first that applies decides."""
    return formats.many("rules", page(rules.rules(args), args), args)


@blueprint.reads("/<rule_name>", ReadQuery, RuleSchema)
def get_rule(args: Args, rule_name: str) -> Response:
    """Get one rule with an example for it and one against it."""
    text = rules.rule_text(rule_name)
    return formats.one("rules", text or not_found("rule", rule_name, rules.NAMES), args, reason)
