"""Describing: what the description says of every operation alike, and how schemas are written in it."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from threading import Lock
from typing import Any

import orjson
from apispec import BasePlugin
from apispec.ext.marshmallow import MarshmallowPlugin, OpenAPIConverter
from flask import Flask, Response, current_app, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields, missing
from werkzeug.exceptions import HTTPException

from api.description.illustrating import illustrated
from api.description.leads import LEADS
from api.errors import problem_response
from api.store.editions import edition
from schemas.comparisons import TextOr
from schemas.fields import Word
from schemas.lists import some_of
from schemas.names import NAMES
from schemas.problems import PROBLEMS, ProblemSchema
from schemas.sent import SentSchema

PROBLEM = "application/problem+json"

Fields = dict[str, Any]

HEADERS = {
    "ETag": "Names these bytes; send it back as If-None-Match and get a 304 while they are the same.",
    "Last-Modified": "When the record last changed; send it back as If-Modified-Since.",
    "Cache-Control": "For how long a cache may answer with this.",
    "Vary": "Which headers of the request the answer depends on.",
    "X-Request-Id": "The id the request is logged under: the one that was sent, or a new one.",
    "Link": 'Where to go on: the next page, if there is one, and the first: `<…>; rel="next", <…>; rel="first"`.',
    "Total-Count": "With `count=exact`: how many items all pages hold.",
    "RateLimit-Policy": "How often one address may ask: `q` times in `w` seconds.",
    "RateLimit": "What is left of that: `r` times in the next `t` seconds.",
    "Retry-After": "Seconds to wait before asking again.",
    "Deprecation": "Since when something that this answer came by is deprecated (RFC 9745): `@` and a Unix time.",
    "Sunset": "When what is deprecated may end (RFC 8594).",
}
"""Headers of answers; each may be missing where it has nothing to say."""

ALWAYS = ("X-Request-Id", "RateLimit-Policy", "RateLimit")
"""Headers of every answer."""

FRESH = ("ETag", "Last-Modified", "Cache-Control", "Vary", *ALWAYS)
"""Headers of every read."""

LISTED = ("Link", "Total-Count")
"""Headers of a page of a list."""

ANNOUNCED = ("Deprecation", "Sunset")
"""Headers of an answer that came by something deprecated."""

OF_FAILURES = {429: ("Retry-After",), 503: ("Retry-After",)}

EVERYWHERE = (400, 414, 429, 431, 500, 503)
"""How any operation may fail."""

READING = (*EVERYWHERE, 404, 406, 412, 422)
"""How a read may fail."""

ASKING = (*EVERYWHERE, 406, 413, 415, 422)
"""How a question put in a body may fail."""

COMMON = ("as_of", "sort", "limit", "cursor", "count", "include", "fields", "format")
"""Parameters that many reads have, in the order in which they are shown behind a read's own."""

UNCHANGED = "Unchanged"
"""The name of the answer 304."""


def failure(status: int) -> str:
    """Return the name under which a failure is described."""
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def headers(*names: str) -> Fields:
    """Return headers as an answer lists them."""
    return {name: name for name in names}


WORDS = {"Change": "ChangeWord"}
"""The names of vocabularies whose own is that of a schema."""


class Converter(OpenAPIConverter):
    """apispec's converter of schemas, with what this API means by them."""

    def field2property(self, field: fields.Field[Any]) -> Fields:
        """Describe a field; a vocabulary is described once, under its own name."""
        described: Fields = super().field2property(field)
        if not isinstance(field, Word):
            return described
        words = self._vocabulary(field.enum)
        kept = {name: value for name, value in described.items() if name not in ("type", "enum")}
        nullable = None in described["enum"]
        return {"anyOf": [words, {"type": "null"}], **kept} if nullable else {**words, **kept}

    def _vocabulary(self, words: type[StrEnum]) -> Fields:
        name = WORDS.get(words.__name__, words.__name__)
        if name not in self.spec.components.schemas:
            told = {"type": "string", "enum": [word.value for word in words]}
            self.spec.components.schema(name, {**told, "description": (words.__doc__ or "").strip()})
        return {"$ref": f"#/components/schemas/{name}"}

    def schema2jsonschema(self, schema: Any) -> Fields:
        """Describe a schema: what is sent by its own rules; an answer leaves out no field that has a default."""
        described: Fields = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        instance = schema if isinstance(schema, Schema) else schema()
        if doc := (type(instance).__doc__ or "").strip():
            described.setdefault("description", " ".join(doc.split()))
        if isinstance(instance, SentSchema):
            return self._of_kinds(described, instance) if instance.kinds else {**described, **instance.rules}
        described.pop("additionalProperties", None)  # what a later version adds is no breach
        for name, field in instance.fields.items():
            shown = described["properties"][field.data_key or name]
            shown.pop("default", None)
            shown.pop("readOnly", None)
        if given := sorted(name for name, field in instance.fields.items() if _always_given(field)):
            described["required"] = [instance.fields[name].data_key or name for name in given]
        return described

    def _of_kinds(self, described: Fields, sent: SentSchema) -> Fields:
        """Describe what is sent as one of several kinds, each under a name of its own, or without its kind."""
        known = {}
        for kind, differing in sent.kinds.items():
            properties = {
                **described["properties"],
                "kind": {"type": "string", "const": str(kind)},
                **differing["properties"],
            }
            name = f"{kind.capitalize()}Value"
            known[str(kind)] = f"#/components/schemas/{name}"
            required = ["kind", *differing.get("required", ())]
            self.spec.components.schema(name, {**described, "properties": properties, "required": required})
        told = {"propertyName": "kind", "mapping": known}
        ways: list[Fields] = [{"$ref": reference} for reference in known.values()]
        properties = {**described["properties"], "kind": {"type": "null"}, **sent.untold}
        self.spec.components.schema("UntoldValue", {**described, "properties": properties})
        untold = {"$ref": "#/components/schemas/UntoldValue"}
        ways = [{"oneOf": ways, "discriminator": told}, untold]
        return {"anyOf": ways, "description": described["description"]}

    def _field2parameter(self, field: fields.Field[Any], *, name: str, location: str) -> Fields:
        """Describe a parameter: nothing in an address can be null."""
        described: Fields = super()._field2parameter(field, name=name, location=location)
        shown = described["schema"]
        if "anyOf" in shown:
            shown.update(next(way for way in shown.pop("anyOf") if way != {"type": "null"}))
        if isinstance(shown.get("type"), list):
            shown["type"] = next(kind for kind in shown["type"] if kind != "null")
        if None in shown.get("enum", ()):
            shown["enum"] = [word for word in shown["enum"] if word is not None]
        if shown.get("default", missing) is None:
            del shown["default"]
        return described


def _always_given(field: fields.Field[Any]) -> bool:
    """Whether every answer has a field; one that is left out where there is nothing to say of it is marked so."""
    if field.metadata.get("left_out"):
        return False
    return field.required or field.dump_only or field.load_default is not missing


def text_or(converter: Any, field: fields.Field[Any], ret: Fields, **_: Any) -> Fields:
    """Describe a field that takes a text or an object."""
    if not isinstance(field, TextOr):
        return {}
    ways = [field.text, converter.resolve_nested_schema(field.inner)]
    ret.pop("type", None)
    ret.pop("pattern", None)
    return {"anyOf": [*ways, {"type": "null"}] if field.allow_none else ways}


class SchemasPlugin(MarshmallowPlugin):
    """apispec's plugin for marshmallow, with our converter."""

    Converter = Converter

    def init_spec(self, spec: Any) -> None:
        super().init_spec(spec)
        for describe in (some_of, text_or):
            self.converter.add_attribute_function(describe)  # type: ignore[union-attr]


class CrosscheckApi(Api):
    """flask-smorest's Api with our failures, and a description shown with examples from the record."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        self._shown: tuple[Any, bytes] = (None, b"")
        self._undescribed: list[Blueprint] = []
        self._describing = Lock()
        plugins = {"marshmallow_plugin": SchemasPlugin(), "extra_plugins": [OperationsPlugin()]}
        super().__init__(app, spec_kwargs=plugins)

    def register_blueprint(self, blp: Blueprint, *, parameters: Any = None, **options: Any) -> None:
        """Serve a noun; it is described when the description is asked for, which takes longer than to start."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)

    def described(self) -> Fields:
        """Return the description of all that is served, as OpenAPI has it."""
        with self._describing:
            while self._undescribed:
                noun = self._undescribed.pop(0)
                noun.register_views_in_doc(self, self._app, self.spec, name=noun.name, parameters=None)
                self.spec.tag({"name": noun.name, "description": noun.description})
            found: Fields = self.spec.to_dict()
        return found

    def handle_http_exception(self, error: HTTPException) -> Response:
        return problem_response(error)

    def _register_responses(self) -> None:
        """Describe none of the library's own failures, which no answer has."""

    _register_etag_headers = _register_pagination_header = _register_responses

    def _openapi_json(self) -> Response:
        """Serve the description, shown with what the record answers now."""
        key = edition(), request.host_url
        if self._shown[0] != key:
            self._shown = key, orjson.dumps(illustrated(self.described(), _answer))
        return Response(self._shown[1], content_type="application/json")


def _answer(path: str) -> Any:
    """Return what a read answers, asked within this process; None where it fails."""
    with current_app.test_request_context(path, base_url=request.host_url):
        response = current_app.full_dispatch_request()
        return response.get_json() if response.status_code == 200 and response.is_json else None


class OperationsPlugin(BasePlugin):
    """Says of every operation what its route leaves unsaid: its name, its links, what its path's parameters mean."""

    def init_spec(self, spec: Any) -> None:
        """Describe the headers and failures that operations refer to."""
        for name, meaning in HEADERS.items():
            kind = {"type": "integer"} if name in ("Retry-After", "Total-Count") else {"type": "string"}
            spec.components.header(name, {"description": meaning, "schema": kind}, lazy=True)
        for status in sorted({problem.status for problem in PROBLEMS}):
            spec.components.response(failure(status), _described(status), lazy=True)
        spec.components.response(UNCHANGED, {"description": "Nothing has changed since.", "headers": headers(*FRESH)})

    def path_helper(self, path: Any = None, operations: Any = None, parameters: Any = None, **_: Any) -> None:
        """Say what the parameters of a path mean."""
        for parameter in parameters or ():
            parameter.update(NAMES.get(parameter["name"], {}))

    def operation_helper(self, path: Any = None, operations: Any = None, **context: Any) -> None:
        """Name operations by their views, and say where an answer leads."""
        for operation in operations.values():
            operation.setdefault("operationId", context["rule"].endpoint.rpartition(".")[2])
            operation.setdefault("description", f"{operation['summary'].rstrip('.')}.")
            operation["summary"] = operation["summary"].rstrip(".").replace("`", "")
            operation.get("parameters", []).sort(key=_common)
            links = LEADS.get(operation["operationId"], {})
            responses = operation.get("responses", {})
            answer = responses.get(200, responses.get("200"))
            if links and isinstance(answer, Mapping):
                answer["links"] = links  # type: ignore[index]


def _common(parameter: Fields) -> int:
    """Put what only some reads can be asked for before what every one can."""
    return COMMON.index(parameter["name"]) + 1 if parameter.get("name") in COMMON else 0


def _described(status: int) -> Fields:
    """Describe a failure with every type of problem that has its status."""
    problems = [problem for problem in PROBLEMS if problem.status == status]
    told = "\n".join(f"- [`{problem.name}`]({problem.address}): {problem.meaning}" for problem in problems)
    shown = {
        problem.name: {
            "summary": problem.title,
            "value": {
                "type": problem.address,
                "title": problem.title,
                "status": status,
                "detail": problem.meaning,
                "instance": "/v1/claims",
                "request_id": "5f0c9e2b7a4d4f6e8c1b3a5d7f9e0c2b",
            },
        }
        for problem in problems
    }
    return {
        "description": f"{HTTPStatus(status).phrase}. The types of problem are:\n{told}",
        "headers": headers("X-Request-Id", *OF_FAILURES.get(status, ())),
        "content": {PROBLEM: {"schema": ProblemSchema, "examples": shown}},
    }
