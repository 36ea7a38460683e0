"""Rules: the published reasons the engine may give."""

from datetime import date

from marshmallow import Schema, fields

from schemas.deprecation import Deprecation
from schemas.fields import one_of
from schemas.lists import sorted_by
from schemas.pages import PageQuery
from schemas.vocabulary import Relation, RuleFamily


class ExampleSchema(Schema):
    """A case: two claims in short, how they stand to each other, by which rule, and why."""

    case = fields.String(required=True, metadata={"example": "two-papers-one-mayor"})
    because = fields.String(
        required=True, metadata={"example": "Two papers that carry one mayor's count are one confirmation."}
    )
    relation = one_of(Relation, required=True, metadata={"example": "echo"})
    rule = fields.String(
        required=True,
        metadata={"description": "The rule that decides the case.", "example": "echo_of_one_origin"},
    )
    left = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "The fields of a claim that matter: its property and its value, a term or a time; where "
            "they matter also event, scope, as_of, statement, origin, document, stance, status, causes, worked_out. "
            "Names are invented.",
            "example": {"property": "deaths", "value": {"amount": 24}, "origin": "mayor"},
        },
    )
    right = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"example": {"property": "deaths", "value": {"amount": 24}, "origin": "mayor"}},
    )
    beside = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "Other claims that the two are read among."},
    )


Examples = Schema.from_dict(
    {
        side: fields.Nested(ExampleSchema, required=True, allow_none=True, metadata={"description": description})
        for side, description in (
            ("for", "A case that this rule decides; null where the record was loaded without cases."),
            ("against", "A case that it only seems to be about, and that another rule decides; or null."),
        )
    },
    name="RuleExamples",
)
"""What a rule decides and what it does not; `for` is no name that a class could give a field."""


class RuleSchema(Schema):
    """A rule: its name, the relation it leads to, one sentence, and an example for and against it."""

    name = fields.String(required=True, metadata={"example": "echo_of_one_origin"})
    kind = one_of(Relation, required=True, metadata={"description": "The relation that the rule leads to."})
    relation = one_of(
        Relation,
        required=True,
        metadata={
            "description": "The same as `kind`, under the name it had before.",
            **Deprecation(since=date(2026, 11, 22), instead="`kind`").metadata,
        },
    )
    family = one_of(
        RuleFamily,
        required=True,
        metadata={"description": "Whether it looks at what two claims cover, where they agree, or what changed."},
    )
    sentence = fields.String(
        required=True,
        metadata={
            "example": "The same value from the same origin is one confirmation, however many documents carry it."
        },
    )
    place = fields.Integer(required=True, metadata={"description": "Rules are tried in this order."})
    examples = fields.Nested(Examples, required=True)


class RuleQuery(PageQuery):
    """Filters on rules."""

    kind = one_of(Relation, load_default=None, metadata={"description": "The relation that a rule leads to."})
    sort = sorted_by("place", "name")
