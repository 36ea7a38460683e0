"""Health: whether the process lives, and whether it can answer."""

from flask import Response, jsonify
from marshmallow import Schema, fields

from api.review.known import answers_at_all
from api.routes.contract import Noun


class HealthSchema(Schema):
    """One word."""

    status = fields.String(required=True, metadata={"example": "ok"})


blueprint = Noun("health", __name__, description="For whoever runs the service.")


@blueprint.route("/healthz")
@blueprint.response(200, HealthSchema, description="The process lives.")
@blueprint.fails(400, 414, 431, 500)
def healthz() -> Response:
    """Say that the process lives; never touches the database."""
    return jsonify(status="ok")


@blueprint.route("/readyz")
@blueprint.response(200, HealthSchema, description="The database answers.")
@blueprint.fails(400, 414, 431, 500, 503)
def readyz() -> Response:
    """Say whether the database answers."""
    answers_at_all()
    return jsonify(status="ok")
