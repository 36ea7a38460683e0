"""Comparisons: claims put to the engine directly, nothing stored."""

from collections.abc import Callable
from typing import Any

from flask_smorest import abort

from api.review import comparing
from api.review.putting import Implausible
from api.routes.contract import Noun
from schemas.comparisons import (
    AssessedSchema,
    AssessmentRequestSchema,
    ComparisonRequestSchema,
    ComparisonSchema,
)
from schemas.examples import ASSESSMENTS, COMPARISONS

blueprint = Noun(
    "comparisons", __name__, url_prefix="/v1", description="Put claims of your own to the engine; nothing is stored."
)

Fields = dict[str, Any]


@blueprint.puts("/compare", ComparisonRequestSchema, ComparisonSchema, COMPARISONS)
def compare(body: Fields) -> Fields:
    """Say how two claims stand to each other, by which rule, and why.

    Neither needs to be on record. A property and a value on each side are enough; what is told beside them of when, by
    whom and of which event can decide more.
    """
    return _plausible(lambda: comparing.compare(body["left"], body["right"], body["reading"]))


@blueprint.puts("/assess", AssessmentRequestSchema, AssessedSchema, ASSESSMENTS)
def assess(body: Fields) -> Fields:
    """Say what can be said of several claims on one question, and whether they conflict.

    What they are weighed by is what decides of claims on record; `discrepancy` is null where all of them can hold.
    """
    return _plausible(lambda: comparing.assess_together(body["claims"]))


def _plausible(answer: Callable[[], Fields]) -> Fields:
    try:
        return answer()
    except Implausible as error:
        abort(422, problem="implausible", messages={"json": error.errors})
        raise AssertionError from error
