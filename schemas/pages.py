"""Pages of lists, and what every read can be asked for."""

from enum import StrEnum
from functools import cache

from marshmallow import Schema, fields, validate

from schemas.fields import Cursor, Moment, nothing, one_of

LARGEST_PAGE = 500
USUAL_PAGE = 50


class Format(StrEnum):
    """How any answer can be written."""

    JSON = "json"
    TEXT = "text"
    CSV = "csv"
    NDJSON = "ndjson"


class OwnFormat(StrEnum):
    """How the answers of some nouns can be written besides."""

    JSONLD = "jsonld"
    ANNOTATION = "annotation"
    PROV = "prov"
    PROVN = "provn"


def format_among(forms: type[StrEnum]) -> fields.Field[StrEnum]:
    """Return the parameter that chooses among formats."""
    described = {"description": "How the answer is written; outranks the Accept header."}
    return one_of(forms, load_default=None, metadata=described)


class Count(StrEnum):
    """How the items of a list are counted."""

    EXACT = "exact"


class ReadQuery(Schema):
    """What every read can be asked for."""

    as_of = Moment(
        load_default=None,
        metadata={
            "description": "Answer from what had been published by then: a day such as `2024-05-01`, its whole "
            "included, or an RFC 3339 time with its offset such as `2024-05-01T09:00:00Z`.",
            "example": "2023-12-31T23:59+03:00",
        },
    )
    format = format_among(Format)


class PageQuery(ReadQuery):
    """What every list can be asked for."""

    limit = fields.Integer(
        load_default=nothing,
        validate=validate.Range(1, LARGEST_PAGE),
        metadata={
            "description": f"How many items a page holds: {USUAL_PAGE} if left out, save that CSV and NDJSON then "
            "hold the whole list."
        },
    )
    cursor = Cursor(
        metadata={"description": "Where the page begins: take it from the `next` of the page before."},
    )
    count = one_of(
        Count,
        load_default=nothing,
        metadata={
            "description": "`exact` tells the number of items on all pages: in the header `Total-Count`, and in JSON "
            "as `total`."
        },
    )


@cache
def also_as(query: type[ReadQuery], own: tuple[OwnFormat, ...]) -> type[ReadQuery]:
    """Return the schema of a query that a noun with formats of its own can be asked with."""
    name = "".join(("FormatWith", *(form.value.capitalize() for form in own)))
    forms = StrEnum(name, {form.name: form.value for form in (*Format, *own)})  # type: ignore[misc]
    return type(query.__name__, (query,), {"format": format_among(forms)})


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of items."""
    name = item.__name__.removesuffix("Schema")
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page."}),
        },
        name=f"{name}Page",
    )
