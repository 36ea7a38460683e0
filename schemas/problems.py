"""Problems: the one shape of every failure (RFC 9457), and every type there is."""

from dataclasses import dataclass

from marshmallow import Schema, fields


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of failure, with its page: what it means, and what to do about it."""

    name: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def address(self) -> str:
        """Where its page is; the `type` of every problem of this kind."""
        return self.name if self.name == BLANK else f"{PAGES}/{self.name}"


PAGES = "/problems"
"""Where the pages are."""

BLANK = "about:blank"
"""What RFC 9457 calls a problem that its status says everything about."""

PROBLEMS = (
    ProblemType(
        "bad-request",
        400,
        "The request cannot be read",
        "What was sent is not what it says it is: a body that is not JSON or gives a name twice, a cursor that is "
        "cut off or belongs to another list, a request line or a header that breaks HTTP.",
        "Read `detail` and `errors`: they name the place. Take cursors from `next` as they are, and never put the "
        "same name twice into one JSON object.",
    ),
    ProblemType(
        "not-signed",
        401,
        "Not signed",
        "The request does not prove that it comes from the service it says it comes from: its signature or its time is "
        "missing, the signature is not of this body by the key that both share, or it is more than five minutes old.",
        "Compare the key set here with the one the service shows, and the clocks of both; sign each request anew.",
    ),
    ProblemType(
        "token-needed",
        401,
        "A token is needed",
        "This path is for whoever runs the service, who has set a token for it; the request brings none, or another.",
        "Send the token in the header `Authorization: Bearer …`.",
    ),
    ProblemType(
        "only-from-here",
        403,
        "Only from the machine itself",
        "This path is for whoever runs the service; as no token is set for it, it answers only the machine "
        "that it runs on, asking by itself and not through a proxy.",
        "Set METRICS_TOKEN where the service runs, and send it in the header `Authorization: Bearer …`.",
    ),
    ProblemType(
        "not-found",
        404,
        "Not found",
        "The path is one of this API, but nothing on record has the id it names, or nothing of it had been "
        "published by `as_of`.",
        "Look at `suggestions`, the nearest ids there are, or list the noun: /v1/events, /v1/claims and so on.",
    ),
    ProblemType(
        "unknown-cursor",
        404,
        "No such page",
        "The cursor has the form of one, but this service did not sign it: it was changed on its way, or comes from "
        "another server or from before the key was changed.",
        "Take cursors from `next` as they are; where that does not help, begin the list anew.",
    ),
    ProblemType(
        "unknown-path",
        404,
        "No such path",
        "This API has no such path.",
        "Look at `suggestions`, or at /docs, which lists every path there is.",
    ),
    ProblemType(
        "unknown-version",
        404,
        "No such version",
        "The path names a version that this API does not have, or none; every path of the record begins with /v1.",
        "Begin the path with /v1; `suggestions` gives it where there is one.",
    ),
    ProblemType(
        "method-not-allowed",
        405,
        "Not allowed here",
        "The path is there, but not for this method.",
        "Use one of the methods that the header Allow names.",
    ),
    ProblemType(
        "not-acceptable",
        406,
        "No such format",
        "The answer cannot be had in any of the media types that Accept names.",
        "Ask for one of those that `detail` names, or leave Accept out and get JSON.",
    ),
    ProblemType(
        "request-too-slow",
        408,
        "Too slow",
        "The request's headers or its body were not here in the time that this server waits for them.",
        "Send it again, in one piece.",
    ),
    ProblemType(
        "precondition-failed",
        412,
        "It has changed meanwhile",
        "The request holds only for a state that If-Match names, and it is in another one now.",
        "Get it again without If-Match and decide anew, with the ETag it has now.",
    ),
    ProblemType(
        "no-longer-kept",
        410,
        "No longer kept",
        "The place in the log of changes that the cursor names is not in this log: the record was put back from a "
        "copy, made anew, or its old changes were deleted. Following on from there could miss something.",
        "Begin anew: take `next` from /v1/changes?since=now, read the lists once more, then follow the changes.",
    ),
    ProblemType(
        "body-too-large",
        413,
        "Too large",
        "The body is larger than this API takes.",
        "Send less at once; `detail` says how much may be sent.",
    ),
    ProblemType(
        "address-too-long",
        414,
        "The address is too long",
        "The line with method, path and parameters is longer than this server reads.",
        "Ask for less at once; a question never needs that much.",
    ),
    ProblemType(
        "unsupported-media-type",
        415,
        "Not this media type",
        "The body is of a media type, or packed in a way, that this path does not read.",
        "Send it as the media type that `detail` names, and not compressed.",
    ),
    ProblemType(
        "expectation-failed",
        417,
        "Not expected",
        "The header Expect asks for something other than 100-continue.",
        "Leave the header out.",
    ),
    ProblemType(
        "invalid-request",
        422,
        "The request does not fit",
        "It can be read, but a parameter or a field is unknown, missing, of another kind, or cannot be.",
        "Read `errors`: each names the field, what was sent, and what was expected.",
    ),
    ProblemType(
        "implausible",
        422,
        "That cannot be",
        "Every field is of the right form, but together they cannot be: a range that ends before it begins, a figure "
        "published before it was said, a property that is not on record, a chain that comes back to itself.",
        "Read `errors`: each names the field and what contradicts it.",
    ),
    ProblemType(
        "too-many-requests",
        429,
        "Too many requests",
        "This address has asked more often than it may in the time that RateLimit-Policy names.",
        "Wait the seconds that Retry-After gives. A mirror need not ask often: send If-None-Match, ask for pages of "
        "500, or take a whole list at once with ?format=ndjson.",
    ),
    ProblemType(
        "headers-too-large",
        431,
        "The headers are too large",
        "A header is larger, or there are more of them, than this server reads.",
        "Send fewer and shorter headers; none of this API's is long.",
    ),
    ProblemType(
        "internal-error",
        500,
        "Our fault",
        "Something broke on our side; it has been logged with the id of the request.",
        "Try again; if it stays, report it with `request_id`.",
    ),
    ProblemType(
        "not-implemented",
        501,
        "Not done here",
        "The body comes in a transfer coding that this server does not read.",
        "Send it with Content-Length, or chunked.",
    ),
    ProblemType(
        "unavailable",
        503,
        "Not available right now",
        "The database does not answer.",
        "Try again after the seconds that Retry-After gives.",
    ),
    ProblemType(
        "busy",
        503,
        "Too much at once",
        "Everybody together asks for more than this server answers at once.",
        "Try again after the seconds that Retry-After gives.",
    ),
)
"""Every type of problem, each with a page of its own."""

NAMED = {problem.name: problem for problem in PROBLEMS}

USUAL = {problem.status: problem for problem in reversed(PROBLEMS)}
"""The type of each status where nothing says more: the first of its status in the table."""


class FieldProblemSchema(Schema):
    """What is wrong with one field."""

    field = fields.String(required=True, metadata={"example": "limit"})
    sent = fields.String(allow_none=True, metadata={"description": "What was sent, shortened."})
    expected = fields.String(required=True)


class ProblemSchema(Schema):
    """A failure: what went wrong, where, and what was expected."""

    type = fields.String(
        required=True,
        metadata={"example": NAMED["not-found"].address, "description": "The page that explains this kind of failure."},
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    request_id = fields.String(metadata={"description": "The X-Request-Id of the answer, under which it was logged."})
    errors = fields.List(fields.Nested(FieldProblemSchema))
    suggestions = fields.List(fields.String(), metadata={"description": "The nearest ids or paths there are."})
