"""Lookup: the best question for a few words."""

from typing import Any

import orjson
from flask import Response
from flask_smorest import abort

from api import formats
from api.briefing import briefing
from api.errors import nearest
from api.review import known, lookup
from api.routes.contract import Noun
from api.routes.naming import must_exist
from schemas.lookup import LookupQuery, LookupSchema

blueprint = Noun("lookup", __name__, url_prefix="/v1/lookup", description="A few words, as one would type them.")

OTHERS = 5
"""Questions shown beside the best one."""

Args = dict[str, Any]


@blueprint.reads("", LookupQuery, LookupSchema)
def look_up(args: Args) -> Response:
    """Answer the question that a few words ask for: sentence, values, sources, conflicts."""
    must_exist(args, "event", "property")
    if not (lookup.tokens(args["q"]) or args["event"] or args["property"]):
        expected = "a few words such as: belgorod deaths; or an event or a property"
        abort(422, errors=[{"field": "q", "sent": args["q"], "expected": expected}])
    found = lookup.chosen(args["q"], args["event"], args["property"])
    answered = ((item, known.question(item.question, args["as_of"])) for item in found)
    standing = [(item, text) for item, text in answered if text is not None]
    if not standing:
        _nothing(args)
    best, text = standing[0]
    content = _answer(args, best, orjson.loads(text), [item for item, _ in standing[1 : OTHERS + 1]])
    if formats.chosen(args) is formats.Format.CSV:
        return formats.one("values", orjson.dumps({"items": content["question"]["values"]}).decode(), args)
    return formats.dumped("lookup", LookupSchema(), content, args, briefing)


def _answer(args: Args, best: lookup.Candidate, question: Any, others: list[lookup.Candidate]) -> dict[str, Any]:
    named = question["discrepancy"]
    discrepancy = known.discrepancy(named, args["as_of"]) if named else None
    findings = [
        finding
        for document in lookup.documents_of(best.question)
        for finding in map(orjson.loads, known.findings(document, args["as_of"], None))
        if finding["event"] == best.event and finding["property"] == best.property and finding["kind"] != "broken_chain"
    ]
    return {
        "q": args["q"],
        "label": best.label,
        "sentence": question["assessment"]["sentence"],
        "question": question,
        "discrepancy": orjson.loads(discrepancy) if discrepancy else None,
        "findings": findings,
        "others": [{"question": other.question, "label": other.label} for other in others],
    }


def _nothing(args: Args) -> None:
    near = nearest(args["q"], {item.label for item in lookup.candidates()}) if args["q"].strip() else []
    hint = f"; near it are: {'; '.join(near)}" if near else ""
    then = f" by {args['as_of']}" if args["as_of"] else ""
    abort(404, message=f"Nothing on record{then} answers {args['q'][:80]!r}{hint}", suggestions=near)
