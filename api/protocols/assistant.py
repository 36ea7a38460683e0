"""Assistant: a server of the Model Context Protocol, through which a language model asks the record."""

import inspect
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import anyio
import mcp_types as protocol
import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, ValidationError
from mcp.server import Server
from mcp.server.stdio import stdio_server
from peewee import PeeweeException

from api import unanswered
from api.errors import nearest, reasons
from api.forms.briefing import briefing, listing
from api.pagination import beginning
from api.review import comparing, known, lookup, nouns
from api.review.putting import Implausible
from schemas.assistant import DiscrepanciesSchema, DiscrepanciesToolSchema, LookupToolSchema
from schemas.comparisons import ComparisonRequestSchema, ComparisonSchema
from schemas.lookup import LookupSchema

NAME = "crosscheck"

QUOTING = (
    "Never give a figure without its status (current, superseded, contested, corrected) and without saying on whose "
    "word it is; where values conflict, give all of them and say so; say `single origin` where nobody confirmed it."
)
"""What whoever reads a result must know."""

INSTRUCTIONS = (
    "A curated record of what documents claim about events, and which of their figures conflict, why, and on whose "
    f"word. {QUOTING} What is not on record is not known here: say that instead of guessing."
)

log = logging.getLogger("crosscheck")

Fields = dict[str, Any]

Connected = Callable[[], AbstractContextManager[Any]]
"""What opens the database for one call."""


class Refused(Exception):
    """A call that cannot be answered; the message says why, for the one who called."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What can be called: the schemas of its question and its answer, and how the answer reads."""

    title: str
    ask: Callable[[Fields], Fields]
    question: type[Schema]
    answer: type[Schema]
    written: Callable[[Fields], str]

    @property
    def name(self) -> str:
        return self.ask.__name__.strip("_")

    def described(self) -> protocol.Tool:
        return protocol.Tool(
            name=self.name,
            title=self.title,
            description=f"{inspect.getdoc(self.ask)}\n\n{QUOTING}",
            input_schema={**json_schema(self.question), "additionalProperties": False},
            output_schema=json_schema(self.answer),
            annotations=protocol.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
        )


def _lookup(asked: Fields) -> Fields:
    """Find the question that a few words ask for, and what the record answers.

    Returns `sentence`, which may be printed as it is; `question` with each distinct value, its `status`, the documents
    that give it and the origins they go back to, and how the values stand to each other; `discrepancy`, where the
    values do not all fit together; `findings`, what is stale within a document; and `others`, questions that the words
    could also mean.
    """
    _must_exist(asked, "event", "property")
    if not (asked["q"].strip() or asked["event"] or asked["property"]):
        raise Refused("q: expected a few words such as: harbour deaths; or an event or a property")
    words = (asked["q"], asked["event"], asked["property"], asked["as_of"])
    found = lookup.look_up(*words)
    if found is None:
        raise Refused(unanswered.told(*words)[0])
    return found


def _discrepancies(asked: Fields) -> Fields:
    """List questions whose values do not all fit together; `conflict` true leaves those that nothing explains.

    Returns `items`, each with its kind, every distinct value with its `status` and who gives it, the relations between
    the values with the rule that decides and why, and an `assessment` whose `sentence` may be printed as it is; and
    `more`, whether there are further ones: then narrow the filters or raise `limit`.
    """
    _must_exist(asked, "event", "property", "document", "origin")
    texts, more = beginning(known.discrepancies(asked), asked["sort"], asked["limit"])
    return {"items": [orjson.loads(text) for text in texts], "more": more}


def _compare(asked: Fields) -> Fields:
    """Say how two claims that need not be on record stand to each other; nothing is stored.

    Returns `relation`, the `rule` that decides and `because`, a sentence that says why; `order`, which of the two is
    the earlier one; `independence`, whether they go back to different witnesses; and `sentence`, which may be printed
    of the two together.
    """
    try:
        return comparing.compare(asked["left"], asked["right"], asked["reading"])
    except Implausible as error:
        raise Refused("; ".join(reasons(error.errors))) from error


def _verdict(found: Fields) -> str:
    return f"{found['relation']} by {found['rule']}: {found['because']}\n{found['sentence']}\n"


def _listed(found: Fields) -> str:
    if not found["items"]:
        return "No discrepancy on record fits these filters.\n"
    return listing(found["items"]) + ("There are more: narrow the filters or raise limit.\n" if found["more"] else "")


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("Look a question up", _lookup, LookupToolSchema, LookupSchema, briefing),
        Tool("List discrepancies", _discrepancies, DiscrepanciesToolSchema, DiscrepanciesSchema, _listed),
        Tool("Compare two claims", _compare, ComparisonRequestSchema, ComparisonSchema, _verdict),
    )
}


def _must_exist(asked: Mapping[str, Any], *arguments: str) -> None:
    for argument in arguments:
        name, noun = asked.get(argument), nouns.MEANT.get(argument, argument)
        if name is not None and not nouns.exists(noun, name):
            near = nearest(name, nouns.ids(noun))
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise Refused(f"{argument}: no {noun} is called {name[:80]!r}{hint}")


@cache
def json_schema(schema: type[Schema]) -> Fields:
    """Return the JSON Schema of a marshmallow schema, whole in itself, as the description has it."""
    spec = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema("Root", schema=schema)
    text = orjson.dumps(spec.to_dict()["components"]["schemas"])
    parts: Fields = orjson.loads(text.replace(b"#/components/schemas/", b"#/$defs/"))
    root: Fields = parts.pop("Root")
    return {**root, "$defs": parts} if parts else root


def call(name: str, arguments: Fields, connected: Connected) -> protocol.CallToolResult:
    """Call a tool; whatever goes wrong is its result, in our words."""
    try:
        with connected():
            content, shown = _answered(name, arguments)
    except ValidationError as error:
        return _failed("; ".join(reasons(error.messages)))
    except Refused as error:
        return _failed(str(error))
    except PeeweeException:
        log.exception("the database failed")
        return _failed("The database does not answer; try again in a moment.")
    except Exception:
        log.exception("unhandled fault in %s", name)
        return _failed("Something broke on our side; it has been logged.")
    return protocol.CallToolResult(content=[protocol.TextContent(text=shown)], structured_content=content)


def _answered(name: str, arguments: Fields) -> tuple[Fields, str]:
    tool = TOOLS.get(name)
    if tool is None:
        raise Refused(f"There is no tool {name[:80]!r}; known are {', '.join(TOOLS)}")
    content: Fields = tool.answer().dump(tool.ask(tool.question().load(arguments)))
    return content, tool.written(content)


def _failed(message: str) -> protocol.CallToolResult:
    return protocol.CallToolResult(content=[protocol.TextContent(text=message)], is_error=True)


def serve(connected: Connected, public_url: str) -> None:
    """Answer on standard input and output until one of them ends; each call has the database for itself.

    The process ends at once when it is interrupted: it writes nothing, and reading the input would keep it waiting.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    answering = server(connected, public_url)

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await answering.run(incoming, outgoing, answering.create_initialization_options())

    try:
        anyio.run(run)
    except* BrokenPipeError:
        log.info("whoever asked is gone")


def server(connected: Connected, public_url: str) -> Server:
    """Return what answers the protocol, however its messages come and go."""

    async def list_tools(_: Any, __: Any) -> protocol.ListToolsResult:
        return protocol.ListToolsResult(tools=[tool.described() for tool in TOOLS.values()])

    async def call_tool(_: Any, params: protocol.CallToolRequestParams) -> protocol.CallToolResult:
        return await anyio.to_thread.run_sync(call, params.name, params.arguments or {}, connected)

    under = f" Paths that begin with /v1 lie under {public_url}." if public_url else ""
    return Server(
        NAME, version="v1", instructions=INSTRUCTIONS + under, on_list_tools=list_tools, on_call_tool=call_tool
    )
