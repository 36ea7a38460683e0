"""Slack: whether a request is Slack's own, and answers as messages of Block Kit."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.forms.briefing import OWN_VOICE, by_standing, conflicts, said
from api.forms.tables import span
from schemas.slack import Audience

LONGEST_AGE = 5 * 60
"""Seconds after which a signed request is refused, as Slack advises: somebody may have kept it."""

SHARE = "share"
"""The word before a question that shows the answer to the whole channel."""

HELP = ("", "help", "?")
"""Texts that ask how to ask."""

USUAL_COMMAND = "/crosscheck"

LONGEST_SECTION = 3_000
LONGEST_HEADER = 150
"""Characters that Slack takes; all blocks together hold some 12,000, the sum of the pieces below is less."""

LONGEST_SENTENCE = 1_500
LONGEST_VALUE = 700
LONGEST_REASONS = 1_000
LONGEST_OTHERS = 1_500
"""Characters of the sentence, of a value with its places, of what conflicts, of what else is on record."""

MOST_VALUES = 8
"""Values shown with all their places; the others are counted."""

LONGEST_PIECE = 300
LONGEST_LABEL = 100
LONGEST_ECHO = 80
"""Characters of a text out of the record beside others, of a link's words, of what was typed."""

ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""What Slack writes for its three control characters, in the order in which they are read back."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Called:
    """What sources and documents are called, and the address that links begin with."""

    sources: Mapping[str, str]
    documents: Mapping[str, str]
    base: str


def fault(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> str | None:
    """Say what is wrong with the signature of a body by scheme v0; None where it is Slack's own and new."""
    if not (timestamp and signature):
        return "X-Slack-Request-Timestamp or X-Slack-Signature is missing; Slack sends both."
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > LONGEST_AGE:
        return "X-Slack-Request-Timestamp is not within five minutes of now: sent late or again, or a clock is wrong."
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = f"v0={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return "X-Slack-Signature does not fit: the body was signed with another key, or changed on its way."
    return None


def asked(text: str) -> tuple[Audience, str]:
    """Return who is to see the answer, and the words that ask; none where they ask how to ask."""
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    audience, words = (Audience.CHANNEL, rest) if first.casefold() == SHARE else (Audience.ASKING, text)
    return audience, "" if words.strip().casefold() in HELP else words.strip()


def answer(found: Fields, called: Called, audience: Audience) -> Fields:
    """Write the answer to a lookup: the sentence, each value with its status and on whose word, and the link."""
    question, values = found["question"], by_standing(found["question"])
    whole = link(f"{called.base}{question['links']['self']}", "everything on record")
    sections = [
        _section([escaped(found["sentence"], LONGEST_SENTENCE)]),
        *(_section(_value(given, called), LONGEST_VALUE) for given in values[:MOST_VALUES]),
        *([_section([f"… and {len(values) - MOST_VALUES} more values"])] if len(values) > MOST_VALUES else ()),
        _section(_conflict(question), LONGEST_REASONS),
        *_titled("Inside documents", (_finding(item, called) for item in found["findings"]), LONGEST_REASONS),
        *_titled("Also on record", (_other(match, called.base) for match in found["others"]), LONGEST_OTHERS),
    ]
    short = [escaped(f"{found['label']}: {found['sentence']}", LONGEST_SENTENCE), *map(_headed, values)]
    return {
        "response_type": audience,
        "text": fitted(short, whole),
        "blocks": [_header(found["label"]), *sections, _context(question, whole)],
    }


def usage(command: str, on_record: Sequence[str]) -> Fields:
    """Say how to ask, and about what; only whoever asked sees it."""
    lines = ["Ask with a few words what the record says, and on whose word.", *_ways(command, on_record)]
    if on_record:
        lines.append(f"On record, for instance: {_listed(on_record)}.")
    return _told(lines)


def nothing(words: str, near: Sequence[str], command: str) -> Fields:
    """Say that nothing on record answers, what is near, and how to ask; only whoever asked sees it."""
    lines = [f"Nothing on record answers “{escaped(words, LONGEST_ECHO)}”."]
    if near:
        lines.append(f"Near it: {_listed(near)}.")
    return _told([*lines, *_ways(command, near)])


def too_long(most: int) -> Fields:
    """Say that more was typed than a question holds."""
    return _told([f"That is longer than {most} characters; ask with a few words."])


def escaped(text: str, longest: int = LONGEST_PIECE) -> str:
    """Write a text so that Slack shows it as it is: its three control characters, and no line of its own."""
    flat = " ".join(_CONTROL.sub(" ", text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return flat if len(flat) <= longest else f"{_HALF.sub('', flat[: longest - 1])}…"


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_HALF = re.compile(r"&[a-z]{0,3}\Z")
"""What is left of an escaped character that was cut through."""


def link(address: str, label: str) -> str:
    """Write a link: neither of its halves may hold what ends it."""
    whole = address.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{whole}|{escaped(label, LONGEST_LABEL).replace('|', '¦')}>"


def fitted(lines: Iterable[str], last: str = "", longest: int = LONGEST_SECTION) -> str:
    """Join lines as far as there is room, whole, and end with the last one in any case."""
    kept: list[str] = []
    room = longest - len(last) - len("\n…\n")
    for line in lines:
        if len(line) + 1 > room:
            kept.append("…")
            break
        kept.append(line)
        room -= len(line) + 1
    return "\n".join([*kept, last] if last else kept)


def _told(lines: Sequence[str]) -> Fields:
    return {"response_type": Audience.ASKING, "text": fitted(lines), "blocks": [_section(lines)]}


def _ways(command: str, labels: Sequence[str]) -> list[str]:
    """Show each way to ask by an example, out of the record where there is one."""
    name = escaped(command or USUAL_COMMAND, LONGEST_ECHO)
    example = escaped(labels[0].replace(" · ", " ").replace("`", "'")) if labels else "harbour deaths"
    return [
        f"• `{name} {example}` – what you want to know, and of which event",
        f"• `{name} {SHARE} {example}` – the same, and the whole channel sees the answer",
        f"• `{name} help` – how to ask",
    ]


def _listed(labels: Iterable[str]) -> str:
    return "; ".join(escaped(label) for label in labels)


def _header(text: str) -> Fields:
    shown = text if len(text) <= LONGEST_HEADER else f"{text[: LONGEST_HEADER - 1]}…"
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def _section(lines: Iterable[str], longest: int = LONGEST_SECTION) -> Fields:
    return {"type": "section", "text": _mrkdwn(fitted(lines, longest=longest))}


def _mrkdwn(text: str) -> Fields:
    """Write marked-up text in which Slack makes no links and mentions of its own out of plain words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _titled(title: str, lines: Iterable[str], longest: int) -> list[Fields]:
    shown = [f"• {line}" for line in lines]
    return [_section([f"*{title}*", *shown], longest)] if shown else []


def _context(question: Fields, whole: str) -> Fields:
    grade = question["assessment"]["grade"].replace("_", " ")
    return {
        "type": "context",
        "elements": [_mrkdwn(f"{escaped(question['summary'])} · grade: {grade} · {whole}")],
    }


def _other(match: Fields, base: str) -> str:
    return link(f"{base}/v1/questions/{match['question']}", match["label"])


def _document(name: str, called: Called) -> str:
    return link(f"{called.base}/v1/documents/{name}", called.documents.get(name, name))


def _finding(finding: Fields, called: Called) -> str:
    return f"{_document(finding['document'], called)}: {escaped(finding['because'])}"


def _headed(given: Fields) -> str:
    when = f" · as of {span(given['as_of'])}" if any(given["as_of"].values()) else ""
    return f"*{escaped(said(given))}* · {given['status']}{when}"


def _value(given: Fields, called: Called) -> Iterator[str]:
    """Yield a value with its status, then everybody on whose word it is, with the documents that say so."""
    yield _headed(given)
    documents: dict[str | None, dict[str, str]] = {}
    for claim in given["claims"]:
        documents.setdefault(claim["origin"], {}).setdefault(claim["document"], claim["exact"])
    for origin, quoted in documents.items():
        whose = escaped(called.sources.get(origin, origin) if origin else OWN_VOICE)
        yield from (f"• {whose}: “{escaped(exact)}” in {_document(name, called)}" for name, exact in quoted.items())


def _conflict(question: Fields) -> list[str]:
    """Say what conflicts, or why nothing does."""
    if against := conflicts(question):
        return ["*Conflict*", *(f"• {escaped(tie['because'])}" for tie in against)]
    if len(question["values"]) > 1:
        return ["No conflict: every difference is explained or only one of wording."]
    return ["Only one value is on record."]
