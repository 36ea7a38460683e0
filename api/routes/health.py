"""Health: whether the process lives, and whether it can answer."""

from flask import Response, jsonify
from marshmallow import Schema, fields

from api.review.known import answers_at_all
from api.routes.contract import Noun
from schemas.problems import ProblemSchema


class HealthSchema(Schema):
    """One word."""

    status = fields.String(required=True, metadata={"example": "ok"})


blueprint = Noun("health", __name__, description="For whoever runs the service.")


@blueprint.route("/healthz")
@blueprint.response(200, HealthSchema, description="The process lives.")
def healthz() -> Response:
    """Say that the process lives; never touches the database."""
    return jsonify(status="ok")


@blueprint.route("/readyz")
@blueprint.response(200, HealthSchema, description="The database answers.")
@blueprint.alt_response(503, schema=ProblemSchema, content_type="application/problem+json", description="It does not.")
def readyz() -> Response:
    """Say whether the database answers."""
    answers_at_all()
    return jsonify(status="ok")
