"""Briefing: the answer to a lookup, what conflicts, and why, worded for a terminal of 80 columns."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.forms.tables import chain, span, words

WIDTH = 80
VALUE_COLUMN = 16
STATUS_COLUMN = 12
DOCUMENT_COLUMN = 22
SHORTEST_QUOTE = 10

LABEL_COLUMN = 14

ORDERS = {
    "left_first": "left is the earlier one",
    "right_first": "right is the earlier one",
    "same": "both at the same moment",
    "unknown": "nothing says which is the later one",
}
ORIGINS = {
    "same_origin": "both go back to one origin",
    "independent": "the origins do not depend on each other",
    "unknown": "nothing tells whether the origins are independent",
}

CONFLICTS = ("contradicts", "exceeds_whole", "unresolved")
SUCCESSIONS = ("updates", "corrects")

OWN_VOICE = "(own voice)"

SAID = ("property", "value", "term", "time")
"""Fields of a case's claim that say what it says; the others say where, when and on whose word."""

STANDING = {"contested": 0, "current": 1}
"""What stands is shown before what was replaced."""

Fields = Mapping[str, Any]


def briefing(found: Fields) -> str:
    """Write the sentence, the values with status, documents and origins, and what conflicts."""
    question = found["question"]
    blocks = [
        textwrap.fill(found["label"], WIDTH),
        textwrap.fill(found["sentence"], WIDTH),
        "\n".join(_values(question)),
        "\n".join(_reasons(question)),
    ]
    if found["findings"]:
        blocks.append("\n".join(["INSIDE DOCUMENTS", *_findings(found["findings"])]))
    blocks.append("\n".join(_onwards(found)))
    return "\n\n".join(block for block in blocks if block) + "\n"


def listing(discrepancies: Sequence[Fields]) -> str:
    """Write discrepancies one after the other: what, the sentence, each value with its status, where to read on."""
    return "\n".join(_listed(fields) for fields in discrepancies)


def reason(rule: Fields) -> str:
    """Write a rule with the case it decides and the one that it only seems to."""
    lines = [
        f"{rule['place']}. {rule['name']} · {rule['family']} · leads to {rule['kind']}",
        *_indented(rule["sentence"]),
    ]
    for side, example in rule["examples"].items():
        if example is not None:
            lines += ["", f"{side.upper()} {example['case']}", *_case(example)]
    return "\n".join(lines) + "\n"


def explanation(found: Fields) -> str:
    """Write how two claims stand to each other and why, then each of them in short."""
    lines = [f"{found['relation']} by {found['rule']}", *_indented(found["rule_sentence"]), ""]
    for name, text in (
        ("because", found["because"]),
        ("order", ORDERS[found["order"]]),
        ("independence", ORIGINS[found["independence"]]),
        ("sentence", found["sentence"]),
    ):
        lines += _labelled(name, text)
    for side in ("left", "right"):
        lines += ["", f"{side.upper()} {found[side]['id']}", *_claim(found[side])]
    return "\n".join(lines) + "\n"


def _claim(claim: Fields) -> Iterator[str]:
    """Write what a claim says of what, on whose word, where and as of when."""
    value, place = claim["value"], claim["locator"]
    covers = ", ".join(part for part in claim["scope"].values() if part)
    goes_back = f" (statement {claim['statement']})" if claim["statement"] else ""
    marks = [claim[name] for name, usual in (("stance", "asserts"), ("status", "active")) if claim[name] != usual]
    said = " · ".join([f"{words(value)} {value['unit'] or ''}".strip(), *(mark.replace("_", " ") for mark in marks)])
    yield from _labelled("value", said)
    yield from _labelled("of", f"{claim['event']} · {claim['property']}{f' · {covers}' if covers else ''}")
    yield from _labelled("word of", f"{chain(claim) or OWN_VOICE}{goes_back}")
    yield from _labelled("document", f"{claim['document']}, characters {place['start']}–{place['end']}")
    yield from _labelled("as of", span(claim["as_of"]))
    yield from _labelled("exact", f"“{place['exact']}”")


def _labelled(name: str, text: str) -> list[str]:
    lead = f"  {name:<{LABEL_COLUMN}}"
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def _case(example: Fields) -> Iterator[str]:
    claims = [("left", example["left"]), ("right", example["right"])]
    for side, claim in (*claims, *(("beside", claim) for claim in example["beside"])):
        yield from _indented(f"{side:<8}{_told(claim)}")
    yield f"  → {example['relation']} by {example['rule']}"
    yield from _indented(example["because"])


def _told(claim: Fields) -> str:
    """Write a claim of a case: what it says of what, then everything else that it gives."""
    prop, value = claim["property"], claim.get("value", {})
    label = prop if isinstance(prop, str) else prop.get("id", prop["kind"])
    said = [
        str(value.get("qualifier", "")).replace("_", " "),
        *(str(value[name]) for name in ("amount", "low", "high", "unit") if name in value),
        *(_flatly(claim[name]) for name in ("term", "time") if name in claim),
    ]
    beside = [f"{name.replace('_', ' ')} {_flatly(claim[name])}" for name in claim if name not in SAID]
    return " · ".join([f"{label}: {' '.join(filter(None, said))}", *beside])


def _flatly(part: Any) -> str:
    return ", ".join(f"{name} {inner}" for name, inner in part.items()) if isinstance(part, Mapping) else str(part)


def _listed(fields: Fields) -> str:
    named = [fields["event"], fields["property"], *filter(None, fields["scope"].values()), fields["kind"]]
    lines = textwrap.wrap(" · ".join(named), WIDTH, subsequent_indent="  ")
    lines += _indented(fields["assessment"]["sentence"])
    for given in fields["values"]:
        value = said(given)
        lines.append(_cut(f"  {given['status']:<{STATUS_COLUMN}}{value}"))
    return "\n".join([*lines, f"  {fields['summary']} · {fields['links']['self']}", ""])


def by_standing(question: Fields) -> list[Fields]:
    """Return the values of a question, what stands first."""
    current = question["assessment"]["current"]

    def place(given: Fields) -> tuple[int, bool]:
        return STANDING.get(given["status"], len(STANDING)), given["value"] != current

    return sorted(question["values"], key=place)


def said(given: Fields) -> str:
    """Write a value shortly, a denied one with its `not`."""
    return ("not " if given["denied"] else "") + words(given["value"])


def conflicts(question: Fields) -> list[Fields]:
    """Return what lies between the values that still stand against each other."""
    return [tie for tie in question["relations"] if tie["relation"] in CONFLICTS and _alive(tie, question)]


def _values(question: Fields) -> Iterator[str]:
    named = [claim["origin"] or OWN_VOICE for given in question["values"] for claim in given["claims"]]
    widest = max(map(len, named), default=0)
    yield f"{'VALUE':<{VALUE_COLUMN}}{'STATUS':<{STATUS_COLUMN}}AS OF"
    for given in by_standing(question):
        value = said(given)
        if len(value) >= VALUE_COLUMN:
            yield value
            value = ""
        yield f"{value:<{VALUE_COLUMN}}{given['status']:<{STATUS_COLUMN}}{span(given['as_of'])}"
        for claim in given["claims"]:
            origin = claim["origin"] or OWN_VOICE
            lead = f"  {claim['document']:<{DOCUMENT_COLUMN}}{origin:<{widest}} "
            yield f"{lead}“{_cut(claim['exact'], max(WIDTH - len(lead) - 2, SHORTEST_QUOTE))}”"


def _reasons(question: Fields) -> Iterator[str]:
    against = conflicts(question)
    changes = list(_steps(question["relations"]))
    if against:
        yield "CONFLICT"
        for tie in against:
            yield from _indented(f"{_pair(tie, question)} {tie['relation']}: {tie['because']}")
    elif len(question["values"]) > 1:
        yield "NO CONFLICT: every difference is explained or only one of wording."
    if changes:
        yield "CHANGES"
        for tie in changes:
            yield from _indented(f"{_pair(tie, question)} {tie['relation']}: {tie['because']}")


def _steps(relations: list[Fields]) -> Iterator[Fields]:
    """Leave out the successions that others lead through: 21 → 24 where 21 → 22 → 24."""
    moves = {_move(tie): tie for tie in relations if tie["relation"] in SUCCESSIONS}
    for (first, last), tie in moves.items():
        if not any((first, between) in moves and (between, last) in moves for _, between in moves):
            yield tie


def _move(tie: Fields) -> tuple[int, int]:
    return (tie["right"], tie["left"]) if tie["order"] == "right_first" else (tie["left"], tie["right"])


def _alive(tie: Fields, question: Fields) -> bool:
    values = question["values"]
    return all(values[tie[side]]["status"] == "contested" for side in ("left", "right"))


def _pair(tie: Fields, question: Fields) -> str:
    left, right = (words(question["values"][tie[side]]["value"]) for side in ("left", "right"))
    if tie["relation"] in CONFLICTS:
        return f"{left} / {right}"
    first, second = (words(question["values"][index]["value"]) for index in _move(tie))
    return f"{first} → {second}"


def _findings(findings: list[Fields]) -> Iterator[str]:
    for finding in findings:
        yield from _indented(f"{finding['document']} {finding['kind']}: {finding['because']}")


def _onwards(found: Fields) -> Iterator[str]:
    question = found["question"]
    yield f"{question['summary']} · grade: {question['assessment']['grade']}"
    yield "more:"
    yield f"  {question['links']['self']}"
    if found["discrepancy"]:
        yield f"  {found['discrepancy']['links']['provenance']}"
    if found["others"]:
        yield "also:"
        yield from (_cut(f"  {other['label']}") for other in found["others"])


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _cut(text: str, width: int = WIDTH) -> str:
    flat = text.replace("\n", " ")
    return flat if len(flat) <= width else f"{flat[: width - 1]}…"
