"""Questions: what a reader asks, with the values given and what can be said."""

from typing import Any

from flask import Response

from api.forms import formats
from api.pagination import page
from api.review import known
from api.routes.also import also, asked
from api.routes.contract import Noun
from api.routes.naming import must_exist, unknown
from schemas.pages import ReadQuery
from schemas.questions import QuestionQuery, QuestionSchema

blueprint = Noun(
    "questions",
    __name__,
    url_prefix="/v1/questions",
    description="What a reader asks of an event, with every answer given and how well each is supported.",
)

Args = dict[str, Any]


@blueprint.reads("", asked("questions", QuestionQuery), QuestionSchema, listed=True)
@also("questions", listed=True)
def list_questions(args: Args) -> Response:
    """List questions with their assessment.

    A question is a property of an event, and what its values cover; claims are its answers. Its `assessment` is what
    can responsibly be said, with a sentence to print.
    """
    must_exist(args, "event", "property")
    return formats.many("questions", page(known.questions(args), args), args)


@blueprint.reads("/<question_id>", asked("questions", ReadQuery), QuestionSchema)
@also("questions")
def get_question(args: Args, question_id: str) -> Response:
    """Get one question with its assessment."""
    text = known.question(question_id, args["as_of"])
    return formats.one("questions", text or unknown("question", question_id, args["as_of"]), args)
