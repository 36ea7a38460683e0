"""Integrations: tools that call with a protocol of their own."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, request
from flask_smorest import abort
from marshmallow import EXCLUDE, Schema

from api.addresses import base
from api.description.describing import ALWAYS, EVERYWHERE, headers
from api.errors import SHOWN, nearest
from api.protocols import slack
from api.review import known, lookup
from api.routes.contract import Noun, StrictParser, refuse_packed, whole_body
from schemas.lookup import LONGEST_WORDS
from schemas.slack import MessageSchema, SlashCommandSchema

PREFIX = "/v1/integrations"

FORM = "application/x-www-form-urlencoded"

MOST_FIELDS = 100
"""Fields of a form; Slack sends about a dozen."""

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"

SECURITY = {
    "slackSignature": {
        "type": "apiKey",
        "in": "header",
        "name": SIGNATURE,
        "description": f"`v0=` and the HMAC-SHA256 of `v0:{{{TIMESTAMP}}}:{{body}}` by the signing secret.",
    },
    "slackTimestamp": {
        "type": "apiKey",
        "in": "header",
        "name": TIMESTAMP,
        "description": "When it was signed, in seconds since 1970; five minutes ago at most.",
    },
}
"""How the callers of these routes prove who they are, for the description."""


class FormParser(StrictParser):
    """What Slack sends: it adds fields to its forms as it likes."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**StrictParser.DEFAULT_UNKNOWN_BY_LOCATION, "form": EXCLUDE}

    def load_form(self, req: Any, schema: Any) -> Any:
        """Read a form in UTF-8; a field of ours that is given twice has no one meaning."""
        try:
            given = parse_qsl(
                whole_body(req).decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
            )
        except ValueError:
            abort(400, message=f"The body is not a form in UTF-8 of at most {MOST_FIELDS} fields.")
        for name in schema.fields:
            sent = [value for other, value in given if other == name]
            if len(sent) > 1:
                expected = "to be given once"
                abort(422, errors=[{"field": name, "sent": " and ".join(sent)[:80], "expected": expected}])
        return dict(given)


class Integrations(Noun):
    """Routes that read forms."""

    ARGUMENTS_PARSER = FormParser()


blueprint = Integrations(
    "integrations", __name__, url_prefix=PREFIX, description="Tools that call with their own protocol."
)

Args = dict[str, Any]


def signed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer only what Slack itself signed, before anything else of the request is read."""

    @wraps(view)
    def verified(*args: Any, **kwargs: Any) -> Any:
        secret, sent = current_app.config["SLACK_SIGNING_SECRET"], request.headers
        timestamp, signature = sent.get(TIMESTAMP, ""), sent.get(SIGNATURE, "")
        if not secret and timestamp and signature:
            missing = "Slack is not set up here: set SLACK_SIGNING_SECRET to the signing secret of your app."
            abort(404, message=missing, problem="unknown-path")
        if wrong := slack.fault(secret or "", timestamp, signature, whole_body(request), time.time()):
            abort(401, message=wrong, headers={"WWW-Authenticate": 'Slack realm="Crosscheck"'})
        if request.mimetype != FORM:
            abort(415, message=f"Send the body as {FORM}.", headers={"Accept": FORM})
        refuse_packed(request)
        return view(*args, **kwargs)

    return verified


SHOWN_MESSAGE = {
    "response_type": "ephemeral",
    "text": "Deaths · Bridge collapse: 24 people were killed as of 2 May 2024, according to the mayor.",
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "Deaths · Bridge collapse"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "24 people were killed as of 2 May 2024."}},
    ],
}
"""What a command may be answered with."""


def _described(view: Any) -> Any:
    view = blueprint.fails(*EVERYWHERE, 401, 404, 413, 415, 422)(view)
    return blueprint.doc(security=[{name: [] for name in SECURITY}])(view)


@blueprint.route("/slack", methods=["POST"])
@_described
@signed
@blueprint.response(
    200,
    MessageSchema,
    description="A message for whoever asked, or for the channel.",
    example=SHOWN_MESSAGE,
    headers=headers(*ALWAYS),
)
@blueprint.arguments(Schema(), location="query", as_kwargs=True)
@blueprint.arguments(SlashCommandSchema(), location="form")
def answer_slash_command(form: Args) -> Any:
    """Answer a slash command of Slack: values, their status, on whose word, and the link."""
    audience, words = slack.asked(form["text"])
    if not words:
        return slack.usage(form["command"], lookup.labels()[:SHOWN])
    if len(words) > LONGEST_WORDS:
        return slack.too_long(LONGEST_WORDS)
    found = lookup.look_up(words, None, None, None)
    if found is None:
        return slack.nothing(words, nearest(lookup.telling(words), lookup.labels()), form["command"])
    return slack.answer(found, _called(found), audience)


def _called(found: Args) -> slack.Called:
    claims = [claim for given in found["question"]["values"] for claim in given["claims"]]
    origins = {claim["origin"] for claim in claims if claim["origin"]}
    documents = {claim["document"] for claim in claims} | {item["document"] for item in found["findings"]}
    return slack.Called(known.names_of(origins), known.titles_of(documents), base())
