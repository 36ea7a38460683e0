"""Fact checks: the search of Google's Fact Check Tools API, for the clients it already has."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response
from marshmallow import RAISE
from webargs.flaskparser import FlaskParser

from api.description.describing import ALWAYS, FRESH, UNCHANGED, headers
from api.protocols import factcheck
from api.review import factchecking
from api.routes.contract import Noun
from schemas.factcheck import ASKING, LARGEST_PAGE, USUAL_PAGE, FactCheckQuery, FactChecksSchema, GoogleFailureSchema


class GoogleParser(FlaskParser):
    """webargs, but of a parameter that is given twice the last one counts, as at Google."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "form": RAISE}

    def load_querystring(self, req: Any, schema: Any) -> dict[str, str]:
        return {name: given[-1] for name, given in req.args.lists()}

    def load_form(self, req: Any, schema: Any) -> dict[str, str]:
        return {name: given[-1] for name, given in req.form.lists()}


class FactChecks(Noun):
    """A noun whose parameters are read as Google reads them."""

    ARGUMENTS_PARSER = GoogleParser()

    @staticmethod
    def _prepare_response_doc(*args: Any, **kwargs: Any) -> Any:
        """Describe no failure of another shape than Google's."""
        doc = Noun._prepare_response_doc(*args, **kwargs)
        doc["responses"].pop("default", None)
        return doc


blueprint = FactChecks(
    "factcheck",
    __name__,
    url_prefix="/v1alpha1",
    description="Google's Fact Check Tools API, for the clients it already has.",
)

Args = dict[str, Any]

FAILURES = {
    400: "A parameter is unknown, missing or does not fit.",
    429: "This address has asked more often than it may; `Retry-After` says when to come back.",
    500: "Something broke on our side; it has been logged.",
    503: "The database does not answer; try again.",
}

STALE = {412: "What is there now is not what `If-Match` or `If-Unmodified-Since` asks for."}
"""How a read may fail beside that."""

BY_THE_SERVER = (414, 431)
"""What is refused before anybody knows whose client asks."""


def _described(failures: Mapping[int, str], told: Collection[str]) -> Any:
    """Return the decorator that describes an answer, with the headers it has, and each failure as Google tells it."""

    def decorate(view: Any) -> Any:
        padded = {"text/javascript": {"schema": {"type": "string"}}}
        view = blueprint.doc(responses={200: {"content": padded}})(view)
        for status, meaning in failures.items():
            view = blueprint.alt_response(status, schema=GoogleFailureSchema, description=meaning)(view)
        view = blueprint.fails(*BY_THE_SERVER)(view)
        meaning = "The claims; none is an empty object."
        return blueprint.response(200, FactChecksSchema, description=meaning, headers=headers(*told))(view)

    return decorate


@blueprint.route("/claims:search", methods=["GET"])
@blueprint.alt_response(304, response=UNCHANGED)
@_described({**FAILURES, **STALE}, FRESH)
@blueprint.arguments(FactCheckQuery(), location="query")
def search_claims(args: Args) -> Response:
    """Search claims with our reviews of them, as `factchecktools.claims.search` does."""
    return _searched(args)


@blueprint.route("/claims:search", methods=["POST"])
@_described(FAILURES, ALWAYS)
@blueprint.arguments(FactCheckQuery(), location="form")
def search_claims_by_form(args: Args) -> Response:
    """Search claims by a form, as Google's client does when the address would grow too long."""
    return _searched(args)


def _searched(args: Args) -> Response:
    if not (re.match(ASKING, args["query"]) or args["review_publisher_site_filter"]):
        factcheck.refuse("query", "is required unless review_publisher_site_filter is given")
    start, after = factcheck.place(args)
    filtered = args["review_publisher_site_filter"]
    if not factcheck.spoken(args["language_code"]) or (filtered and not factcheck.ours(filtered)):
        return factcheck.answer({}, args)
    size = min(args["page_size"] or USUAL_PAGE, LARGEST_PAGE)
    found = factchecking.search(args["query"], _since(args["max_age_days"]), start, after, size)
    content: Args = {"claims": [factcheck.claim(item) for item in found.claims]} if found.claims else {}
    if found.more:
        content["nextPageToken"] = factcheck.token(start + size, found.claims[-1]["claim"]["id"])
    return factcheck.answer(content, args)


def _since(days: int) -> datetime | None:
    """Return the moment so many days ago; the calendar's first for more days than it has."""
    now = datetime.now(UTC)
    return now - timedelta(days=min(days, (now - datetime.min.replace(tzinfo=UTC)).days)) if days else None
