"""Events and what belongs to them."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known, timeline
from api.routes.also import also, asked
from api.routes.contract import Noun
from api.routes.naming import must_exist, unknown
from schemas.claims import ClaimSchema, EventClaimQuery
from schemas.discrepancies import DiscrepancySchema, EventDiscrepancyQuery
from schemas.events import EventQuery, EventSchema
from schemas.pages import ReadQuery
from schemas.questions import EventQuestionQuery, QuestionSchema
from schemas.timelines import TimelineQuery, TimelineSchema

blueprint = Noun(
    "events",
    __name__,
    url_prefix="/v1/events",
    description="Something that happened, at a place and time, with what the record holds on it.",
)

Args = dict[str, Any]


@blueprint.reads("", asked("events", EventQuery), EventSchema, listed=True)
@also("events", listed=True)
def list_events(args: Args) -> Response:
    """List events with what the record holds on each."""
    must_exist(args, "parent", "place")
    return formats.many("events", page(known.events(args), args), args)


@blueprint.reads("/<event_id>", asked("events", ReadQuery), EventSchema)
@also("events")
def get_event(args: Args, event_id: str) -> Response:
    """Get one event."""
    text = known.event(event_id, args["as_of"])
    return formats.one("events", text or unknown("event", event_id, args["as_of"]), args)


@blueprint.reads("/<event_id>/claims", asked("claims", EventClaimQuery), ClaimSchema, listed=True)
@also("claims", listed=True)
def list_event_claims(args: Args, event_id: str) -> Response:
    """List the claims on one event."""
    must_exist({"event": event_id}, "event")
    must_exist(args, "property", "source", "origin", "document", "statement", "place")
    return formats.many("claims", page(known.claims({**args, "event": event_id}), args), args)


@blueprint.reads("/<event_id>/questions", asked("questions", EventQuestionQuery), QuestionSchema, listed=True)
@also("questions", listed=True)
def list_event_questions(args: Args, event_id: str) -> Response:
    """List what can be asked about one event, with the answers."""
    must_exist({"event": event_id}, "event")
    must_exist(args, "property")
    return formats.many("questions", page(known.questions({**args, "event": event_id}), args), args)


@blueprint.reads(
    "/<event_id>/discrepancies", asked("discrepancies", EventDiscrepancyQuery), DiscrepancySchema, listed=True
)
@also("discrepancies", listed=True)
def list_event_discrepancies(args: Args, event_id: str) -> Response:
    """List what does not fit together about one event."""
    must_exist({"event": event_id}, "event")
    must_exist(args, "property", "document", "origin")
    return formats.many("discrepancies", page(known.discrepancies({**args, "event": event_id}), args), args)


@blueprint.reads("/<event_id>/timeline", TimelineQuery, TimelineSchema, listed=True)
def list_event_timeline(args: Args, event_id: str) -> Response:
    """List when each figure was said, published and superseded, question by question."""
    must_exist({"event": event_id}, "event")
    must_exist(args, "property")
    return formats.many("timelines", page(timeline.timelines(event_id, args), args), args)
