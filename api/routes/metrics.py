"""Metrics: for Prometheus, and nobody else."""

from hmac import compare_digest
from ipaddress import ip_address

from flask import Response, current_app, request
from flask_smorest import abort
from marshmallow import Schema

from api import metrics
from api.description.describing import ALWAYS, EVERYWHERE, headers
from api.routes.contract import Noun

blueprint = Noun("metrics", __name__, description="For whoever runs the service.")

SETTING = "METRICS_TOKEN"

SECURITY = {
    "metricsToken": {
        "type": "http",
        "scheme": "bearer",
        "description": f"What {SETTING} is set to; without one, only the machine itself is answered.",
    }
}
"""How Prometheus proves that it may read, for the description."""

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""What a proxy says; who asks through one on this machine is not this machine."""


@blueprint.route("/metrics")
@blueprint.doc(security=[{name: [] for name in SECURITY}, {}])
@blueprint.response(
    200,
    {"type": "string", "description": "Prometheus' text format."},
    content_type="text/plain",
    description="What was asked and how it went in every process of this server, and how much is on record.",
    headers=headers(*ALWAYS),
)
@blueprint.fails(*EVERYWHERE, 401, 403, 422)
@blueprint.arguments(Schema(), location="query", as_kwargs=True)
def get_metrics() -> Response:
    """Get the metrics of the service, for Prometheus."""
    _refuse_others()
    return Response(metrics.exposition(), content_type=metrics.MEDIA_TYPE)


def _refuse_others() -> None:
    """Answer whoever has the token; where none is set, whoever asks from this very machine."""
    token = current_app.config[SETTING]
    if token:
        given = request.headers.get("Authorization", "")
        if not compare_digest(given.encode(), f"Bearer {token}".encode()):
            asked = {"WWW-Authenticate": 'Bearer realm="Crosscheck metrics"'}
            abort(401, problem="token-needed", message=f"Send the {SETTING} as a bearer token.", headers=asked)
    elif not _is_here():
        abort(403, message=f"Metrics are for this machine alone; set {SETTING} to read them from another one.")


def _is_here() -> bool:
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    here = (getattr(address, "ipv4_mapped", None) or address).is_loopback
    return here and not any(name in request.headers for name in FORWARDED)
