"""Feeds: news of discrepancies for a feed reader."""

from marshmallow import Schema, fields, validate

from schemas.fields import Cursor, Slug, Switch
from schemas.pages import LARGEST_PAGE, USUAL_PAGE

JSON_FEED = "https://jsonfeed.org/version/1.1"


class FeedQuery(Schema):
    """Which news is wanted."""

    event = Slug(load_default=None, metadata={"description": "Only news on that event."})
    conflict = Switch(
        load_default=None,
        metadata={"description": "`true` leaves the news after which something remained unexplained."},
    )
    limit = fields.Integer(
        load_default=USUAL_PAGE,
        validate=validate.Range(1, LARGEST_PAGE),
        metadata={"description": "How many entries a document of the feed holds.", "example": 20},
    )
    cursor = Cursor(
        metadata={"description": "Where the document begins: the address of older news has it."},
    )


class FeedAuthorSchema(Schema):
    """Who publishes the feed."""

    name = fields.String(required=True)
    url = fields.String(required=True)


class FeedItemSchema(Schema):
    """One revision of a discrepancy."""

    id = fields.String(required=True, metadata={"description": "A name that never changes."})
    url = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    content_html = fields.String(required=True)
    date_published = fields.String(required=True, metadata={"format": "date-time"})
    tags = fields.List(fields.String(), required=True)


class JsonFeedSchema(Schema):
    """A JSON Feed, version 1.1."""

    version = fields.String(required=True, metadata={"const": JSON_FEED})
    title = fields.String(required=True)
    home_page_url = fields.String(required=True)
    feed_url = fields.String(required=True)
    description = fields.String(required=True)
    next_url = fields.String(metadata={"description": "Older news, if there is any."})
    language = fields.String(required=True)
    authors = fields.List(fields.Nested(FeedAuthorSchema), required=True)
    items = fields.List(fields.Nested(FeedItemSchema), required=True)
