"""Sources: anyone who speaks or publishes."""

from marshmallow import Schema, fields

from schemas.fields import Slug, Text, one_of
from schemas.lists import Including, sorted_by
from schemas.pages import PageQuery
from schemas.vocabulary import SourceKind


class SourceSchema(Schema):
    """A source, the organisation it is a part of, and its side."""

    id = Slug(required=True)
    name = Text(required=True)
    aliases = fields.List(Text(), load_default=list)
    kind = one_of(SourceKind, required=True)
    part_of = Slug(
        allow_none=True, load_default=None, metadata={"description": "The organisation it speaks for or belongs to."}
    )
    side = Slug(
        allow_none=True,
        load_default=None,
        metadata={"description": "On which side of the conflict it stands, where there is one."},
    )


class SourceQuery(PageQuery):
    """Filters on sources."""

    kind = one_of(SourceKind, load_default=None, metadata={"description": "Only sources of that kind."})
    side = Slug(load_default=None, metadata={"description": "Only sources on that side of the conflict."})
    part_of = Slug(load_default=None, metadata={"description": "Only sources that are a part of that one."})
    q = Text(load_default=None, metadata={"description": "Words of the name or an alias."})
    sort = sorted_by("id", "kind")
    include = Including("sources")
