"""Slack: what a slash command sends, and the message that answers it."""

from enum import StrEnum

from marshmallow import EXCLUDE, Schema, fields

from schemas.fields import one_of
from schemas.sent import SentSchema


class Audience(StrEnum):
    """Who sees an answer in Slack."""

    ASKING = "ephemeral"
    CHANNEL = "in_channel"


class SlashCommandSchema(SentSchema):
    """A slash command; Slack sends more fields than are read, and adds to them."""

    class Meta:
        unknown = EXCLUDE

    command = fields.String(
        load_default="", metadata={"description": "The command as it was typed.", "example": "/crosscheck"}
    )
    text = fields.String(
        load_default="",
        metadata={
            "description": "A few words, as for a lookup, escaped as Slack does; `share` before them shows the "
            "answer to the whole channel; `help`, or nothing, asks how to ask.",
            "example": "deaths",
        },
    )


class MessageSchema(Schema):
    """A message of Slack: blocks, and a text for where blocks cannot be shown, such as a notification."""

    response_type = one_of(Audience, required=True)
    text = fields.String(required=True)
    blocks = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={
            "description": "Block Kit: what was found, the sentence, each value with its status and on whose word, "
            "what conflicts, the link; or how to ask."
        },
    )
