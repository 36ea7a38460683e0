"""Reconciliation: names matched to events, sources and properties for OpenRefine and every client like it."""

from collections.abc import Collection
from typing import Any

from flask import Response, request
from flask_smorest import abort
from marshmallow import EXCLUDE, Schema
from webargs.flaskparser import FlaskParser

from api.description.describing import ALWAYS, EVERYWHERE, FRESH, UNCHANGED, headers
from api.protocols import previews, reconciliation
from api.review import suggesting
from api.review.catalogue import catalogue
from api.review.previewing import glance
from api.review.reconciling import reconciled
from api.routes.contract import Noun
from schemas.reconciled import (
    ExtendedSchema,
    FlyoutSchema,
    ManifestSchema,
    ProposalSchema,
    ResultSchema,
    SuggestedEntitiesSchema,
    SuggestedPropertiesSchema,
    SuggestedTypesSchema,
)
from schemas.reconciliation import (
    BATCH,
    CALLBACK,
    CALLED,
    AskedSchema,
    EntityPrefixQuery,
    IdQuery,
    PrefixQuery,
    ProposalQuery,
    ReconcileForm,
    ReconcileQuery,
    TypeIdQuery,
)

Args = dict[str, Any]


class ReconciliationParser(FlaskParser):
    """webargs, but what clients send beside the protocol has no effect: jQuery's `_`, a widget's `spell`."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": EXCLUDE, "form": EXCLUDE}


class Reconciliation(Noun):
    """A noun whose parameters are read, and whose answers are written, as the protocol has it."""

    ARGUMENTS_PARSER = ReconciliationParser()

    def serves(self, rule: str, query: type[Schema], answer: type[Schema], called: bool = False) -> Any:
        """Return the decorator of a read: its route, parameters, answer and failures in one line."""

        def decorate(view: Any) -> Any:
            described = self.response(
                200, answer, description="The answer; with `callback`, as a script.", headers=headers(*FRESH)
            )(view)
            described = self.alt_response(304, response=UNCHANGED)(described)
            described = self.doc(responses={200: {"content": PADDED}})(described)
            described = self.arguments(query(), location="query")(described)
            described = self.fails(*EVERYWHERE, *([404] if called else []), 412)(described)
            return self.route(rule)(described)

        return decorate


PADDED = {"text/javascript": {"schema": {"type": "string"}}}
"""An answer that is handed to a function."""

blueprint = Reconciliation(
    "reconciliation",
    __name__,
    url_prefix=reconciliation.PREFIX,
    description="The W3C Reconciliation Service API 0.2, for OpenRefine and every client like it.",
)


CANDIDATES = {
    "q0": {
        "result": [
            {
                "id": "mill-fire-2024-01-01",
                "name": "Fire at the mill",
                "type": [{"id": "event", "name": "Event"}],
                "score": 100.0,
                "match": True,
            }
        ]
    }
}
"""What a batch may be answered with."""


def _either(described: str, told: Collection[str]) -> Any:
    shapes = {"oneOf": [ManifestSchema, ExtendedSchema, BATCH_OF_RESULTS]}
    return blueprint.response(200, shapes, description=described, example=CANDIDATES, headers=headers(*told))


BATCH_OF_RESULTS = {
    "type": "object",
    "properties": {"q0": ResultSchema},
    "additionalProperties": {"$ref": "#/components/schemas/Result"},
}
"""The results of a batch, each under the name that the client gave its query."""


def _part(name: str) -> Args:
    return {"$ref": f"#/components/schemas/Asked/properties/{name}"}


SENT = {
    "queries": "A reconciliation query batch.",
    "extend": "A data extension query; without effect beside `queries`.",
}
"""What is sent as JSON, in a form or in an address."""

IN_AN_ADDRESS = [
    {
        "in": "query",
        "name": "callback",
        "description": CALLED,
        "schema": {"type": "string", "pattern": f"^(?:{CALLBACK})?$"},
    },
    *(
        {"in": "query", "name": name, "description": told, "content": {"application/json": {"schema": _part(name)}}}
        for name, told in SENT.items()
    ),
]

IN_A_FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"allOf": [AskedSchema, {"anyOf": [{"required": [name]} for name in SENT]}]},
            "encoding": {name: {"contentType": "application/json"} for name in SENT},
            "example": {
                "queries": {"q0": {"query": "Fire at the mill", "type": "event", "limit": 3}},
            },
        }
    },
}


@blueprint.route("", methods=["GET"])
@blueprint.alt_response(304, response=UNCHANGED)
@blueprint.fails(*EVERYWHERE, 404, 412, 413)
@blueprint.doc(parameters=IN_AN_ADDRESS, responses={200: {"content": PADDED}})
@blueprint.arguments(ReconcileQuery(), location="query")
@_either("The manifest; with `queries` the candidates; with `extend` the values.", FRESH)
def reconcile(args: Args) -> Response:
    """Get the manifest, or reconcile or extend by an address."""
    asked = args["queries"] is not None or args["extend"] is not None
    return reconciliation.answer(_answered(args) if asked else reconciliation.manifest(), args["callback"])


@blueprint.route("", methods=["POST"])
@blueprint.fails(*EVERYWHERE, 404, 413, 415)
@blueprint.doc(requestBody=IN_A_FORM)
@blueprint.arguments(ReconcileForm(), location="form")
@_either("The candidates of each query, or the values of each entity.", ALWAYS)
def reconcile_by_form(args: Args) -> Response:
    """Reconcile names, or extend entities with their values."""
    if args["queries"] is None and args["extend"] is None:
        if request.form or not request.content_length:
            abort(400, errors=[{"field": "queries", "sent": None, "expected": "is required unless extend is given"}])
        abort(415, message="Send queries or extend as application/x-www-form-urlencoded.")
    return reconciliation.answer(_answered(args), "")


def _answered(args: Args) -> Args:
    if args["queries"] is None:
        return reconciliation.extended(catalogue(), args["extend"])
    if len(args["queries"]) > BATCH:
        abort(413, message=f"queries: a batch holds at most {BATCH} queries, and this one {len(args['queries'])}.")
    return reconciliation.results(reconciled(args["queries"]))


@blueprint.serves("/suggest/entity", EntityPrefixQuery, SuggestedEntitiesSchema)
def suggest_entities(args: Args) -> Response:
    """Suggest events, sources and properties for the beginning of a name or id."""
    found = suggesting.entities(catalogue(), args["prefix"], args["type"])
    return reconciliation.answer(reconciliation.suggested(found, args["cursor"]), args["callback"])


@blueprint.serves("/suggest/property", PrefixQuery, SuggestedPropertiesSchema)
def suggest_properties(args: Args) -> Response:
    """Suggest what can be asked of an entity for the beginning of a name or id."""
    found = suggesting.askable(catalogue(), args["prefix"])
    return reconciliation.answer(reconciliation.suggested(found, args["cursor"]), args["callback"])


@blueprint.serves("/suggest/type", PrefixQuery, SuggestedTypesSchema)
def suggest_types(args: Args) -> Response:
    """Suggest types for the beginning of a name or id."""
    found = suggesting.types(args["prefix"])
    return reconciliation.answer(reconciliation.suggested(found, args["cursor"]), args["callback"])


@blueprint.serves("/properties", ProposalQuery, ProposalSchema)
def propose_properties(args: Args) -> Response:
    """Propose what can be fetched of the entities of a type."""
    found = suggesting.proposed(catalogue(), args["type"])
    told = reconciliation.proposal(found, args["type"], args["limit"])
    return reconciliation.answer(told, args["callback"])


@blueprint.serves("/flyout/entity", IdQuery, FlyoutSchema, called=True)
def fly_out_entity(args: Args) -> Response:
    """Preview a suggested entity."""
    found = reconciliation.entity(catalogue(), args["id"])
    return reconciliation.answer(reconciliation.flyout(found), args["callback"])


@blueprint.serves("/flyout/property", IdQuery, FlyoutSchema, called=True)
def fly_out_property(args: Args) -> Response:
    """Preview a suggested property."""
    found = reconciliation.property_called(catalogue(), args["id"])
    return reconciliation.answer(reconciliation.flyout(found), args["callback"])


@blueprint.serves("/flyout/type", TypeIdQuery, FlyoutSchema, called=True)
def fly_out_type(args: Args) -> Response:
    """Preview a suggested type."""
    return reconciliation.answer(reconciliation.flyout(reconciliation.type_called(args["id"])), args["callback"])


@blueprint.route("/entities/<entity_id>")
@blueprint.alt_response(304, response=UNCHANGED)
@blueprint.fails(*EVERYWHERE, 404, 412)
@blueprint.doc(
    responses={200: {"description": "A page for people.", "content": {"text/html": {"schema": {"type": "string"}}}}}
)
def preview_entity(entity_id: str) -> Response:
    """Show an event, a source or a property at a glance, as a page that may be framed."""
    known = catalogue()
    return previews.page(glance(known, reconciliation.entity(known, entity_id)))
