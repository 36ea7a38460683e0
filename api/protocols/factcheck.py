"""Fact checks in the shape of Google's Fact Check Tools API: claims, partial and padded answers, and failures."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import abort
from werkzeug.exceptions import HTTPException

from api.addresses import base, site
from api.protocols.masks import MaskError, mask, masked, shape_of
from schemas.factcheck import PROTO_NAMES, TOKEN, FactChecksSchema
from schemas.moments import parse_moment

PREFIX = "/v1alpha1/"
"""Everything below answers, and fails, as Google's API does."""

SHAPE = shape_of(FactChecksSchema())

PUBLISHER = "Crosscheck"
LANGUAGE = "en"
"""The language our reviews are written in."""

ELSEWHERE = re.compile(r"/v1alpha1/(?:claims:imageSearch|pages(?:/[^/]+)?)/?")
"""The methods of Google's API that this one has not."""

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
AS_GOOGLE_COUNTS = {406: 400, 413: 400, 415: 400, 422: 400}
"""Statuses that Google's API answers by another one."""

REASONS = {400: "badRequest", 404: "notFound", 405: "httpMethodNotAllowed", 501: "notImplemented", 503: "backendError"}
"""The words of the older form of errors."""

Fields = Mapping[str, Any]


def claim(item: Fields) -> dict[str, Any]:
    """Return a claim with our review of it; what is not known is left out."""
    found, speaker = item["review"], item["speaker"]
    said_at = (item["said_at"] or {}).get("earliest") or item["document"]["published"]["earliest"]
    return _known(
        {
            "text": f"{item['event']['title']}: {item['says']}",
            "claimant": speaker["name"] if speaker else item["document"]["publisher"],
            "claimDate": _datetime(said_at),
            "claimReview": [
                _known(
                    {
                        "publisher": {"name": PUBLISHER, "site": site()},
                        "url": f"{base()}/v1/questions/{found['question']}",
                        "title": found["sentence"],
                        "reviewDate": _datetime(found["reviewed_at"]),
                        "textualRating": found["rating"],
                        "languageCode": LANGUAGE,
                    }
                )
            ],
        }
    )


def _datetime(text: str | None) -> str | None:
    """Write a moment as Google does: in UTC, a day by its beginning."""
    if text is None:
        return None
    return parse_moment(text).begins[1].astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _known(fields: Fields) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def ours(name: str) -> bool:
    """Whether a site is this one, however it is written."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?|(?::\d+)?/*$", "", name.strip().lower())
    return bare == site()


def spoken(language: str) -> bool:
    """Whether reviews are written in this language; its region makes no difference."""
    return not language or language.split("-")[0].lower() == LANGUAGE


def token(place: int, last: str) -> str:
    """Return the token of the page behind a claim."""
    return f"{place}.{last}"


def place(args: Fields) -> tuple[int, str | None]:
    """Return where a page begins: an offset, and the claim before it where a token names one.

    Answers 400 for what is no token. One of another search begins at its place in this one, as at Google.
    """
    given = args["page_token"]
    if not given:
        return args["offset"], None
    if not re.fullmatch(TOKEN, given, re.ASCII):
        refuse("page_token", "expected the nextPageToken of an earlier page")
    at, _, last = given.partition(".")
    return int(at), last


def refuse(field: str, expected: str) -> Any:
    """Answer 400, naming the parameter."""
    abort(400, errors=[{"field": field, "expected": expected}])


def answer(content: Fields, args: Fields) -> Response:
    """Write an answer: the fields that are wanted, indented or not, handed to a function where one is named."""
    wanted = args["fields_"] or request.headers.get("X-Goog-FieldMask", "")
    if wanted:
        try:
            content = masked(content, mask(wanted, SHAPE))
        except MaskError as error:
            abort(400, errors=[{"field": wanted, "expected": f"Error expanding 'fields' parameter. {error}"}])
    return _respond(content, 200, args["pretty_print"], args["callback"])


def _respond(content: Fields, status: int, pretty: bool, callback: str = "") -> Response:
    body = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE if pretty else 0)
    headers = {"Vary": "X-Goog-FieldMask"}
    if callback:
        padded = f"// API callback\n{callback}({body.decode().rstrip()});\n"
        return Response(padded, status, headers, content_type="text/javascript; charset=UTF-8")
    return Response(body, status, headers, content_type="application/json; charset=UTF-8")


def failure(error: HTTPException) -> Response:
    """Write a failure as Google does."""
    code = error.code or 500
    code = AS_GOOGLE_COUNTS.get(code, code)
    elsewhere = code == 404 and ELSEWHERE.fullmatch(request.path)
    code = 501 if elsewhere else code
    violations = list(_violations(getattr(error, "data", None) or {}))
    message = _message(error, code, violations)
    body: dict[str, Any] = {"code": code, "message": message}
    if request.args.get("$.xgafv") == "1":
        body["errors"] = [{"message": message, "domain": "global", "reason": REASONS.get(code, "backendError")}]
    body["status"] = STATUSES.get(code, "UNKNOWN")
    if violations:
        body["details"] = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}]
    response = _respond({"error": body}, code, request.args.get("prettyPrint") != "false")
    if code == 405:
        response.headers["Allow"] = ", ".join(_methods(error))
    return response


def _methods(error: HTTPException) -> list[str]:
    return sorted(getattr(error, "valid_methods", None) or ())


def _message(error: HTTPException, code: int, violations: list[dict[str, str]]) -> str:
    told = [item["description"] for item in violations if item["description"].startswith("Invalid ")]
    if told:
        return "\n".join(told)
    if code == 400:
        return "Request contains an invalid argument."
    if code == 404:
        return "Method not found."
    if code == 405:
        return f"Allowed here: {', '.join(_methods(error))}."
    if code == 501:
        return "This method of the Fact Check Tools API is not served here; claims.search is."
    return error.description or error.name


def _violations(data: Fields) -> Iterator[dict[str, str]]:
    """Name each parameter at fault by its proto name, in the words of Google's own refusals."""
    for item in data.get("errors") or ():
        yield {"field": item["field"], "description": item["expected"]}
    for found in (data.get("messages") or {}).values():
        for name, reasons in found.items():
            yield from (_violation(name, str(reason)) for reason in reasons)


def _violation(name: str, reason: str) -> dict[str, str]:
    if reason == "Unknown field.":
        unknown = f"Cannot bind query parameter. Field '{name[:80]}' could not be found in request message."
        return {"description": f'Invalid JSON payload received. Unknown name "{name[:80]}": {unknown}'}
    field = PROTO_NAMES.get(name, name)
    if not reason.startswith("TYPE_"):
        return {"field": field, "description": reason}
    sent = request.values.getlist(name) or request.values.getlist(field)
    return {"field": field, "description": f"Invalid value at '{field}' ({reason}), \"{(sent or [''])[-1][:80]}\""}
