"""Differences: what changed between two states of a discrepancy or a claim, as one plain sentence."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from api.engine.record import Property
from api.engine.values import Value
from api.engine.wording import answer, counted, listed, sentence
from schemas.moments import parse_span
from schemas.vocabulary import ClaimStatus, DiscrepancyKind, Qualifier, ValueKind

FOUND = "It was found."

RECORDED = "It was recorded."
OTHER_FORM = "It is shown in another form; what it says is the same."

CLOCKS = frozenset({"revision", "recorded_at", "changed_at", "ended_at"})
"""What a state says of itself rather than of the claims."""

STANDINGS = {
    ClaimStatus.ACTIVE: "it stands again",
    ClaimStatus.CORRECTED: "it was corrected",
    ClaimStatus.RETRACTED: "it was retracted",
}

MOST_TOLD = 4
"""Changes a sentence names; the states themselves show the rest."""

KINDS = {
    DiscrepancyKind.CONTRADICTION: "a contradiction",
    DiscrepancyKind.EXCEEDS_WHOLE: "a part larger than its whole",
    DiscrepancyKind.UNRESOLVED: "unresolved",
    DiscrepancyKind.CORRECTION: "a correction",
    DiscrepancyKind.UPDATE: "an update",
}

NOTHING: Mapping[str, str] = MappingProxyType({})

Fields = Mapping[str, Any]
Key = tuple[Any, ...]


def why_changed(before: Fields | None, after: Fields, by_rules: bool = False) -> str | None:
    """Say what is otherwise in a discrepancy than it was, or return None where nothing is.

    Both are representations; there is none before the first. `by_rules` says that the rules changed in between.
    """
    if before is None:
        return FOUND
    told = list(_told(before, after))
    if not told and same_but_in_form(before, after):
        return None
    shown, rest = told[:MOST_TOLD] or ["it is worded otherwise"], len(told) - MOST_TOLD
    if rest > 0:
        shown.append(counted(rest, "change more", "changes more"))
    return sentence(f"{'the rules changed: ' if by_rules else ''}{'; '.join(shown)}")


def _told(before: Fields, after: Fields) -> Iterator[str]:
    yield from _standing(before, after)
    one, other = _by_value(before), _by_value(after)
    for what, keys, values in (
        ("added", other.keys() - one.keys(), other),
        ("removed", one.keys() - other.keys(), one),
    ):
        words = [in_words(given) for key, given in values.items() if key in keys]
        if words:
            yield f"{_several(len(words), 'value')} {what}: {listed(words)}"
    for key in (key for key in one if key in other):
        yield from _about_value(one[key], other[key])
    yield from _relations(before, after)
    if before["assessment"]["grade"] != after["assessment"]["grade"]:
        yield f"the grade is now {after['assessment']['grade'].replace('_', ' ')}"


def _standing(before: Fields, after: Fields) -> Iterator[str]:
    """Say whether it ended or came back, whether it is a conflict, and of what kind it is."""
    if after["kind"] is None:
        yield "it ended, as every value can hold" if after["values"] else "it ended, as no claim is left"
    elif before["kind"] is None:
        yield f"it came back, {KINDS[DiscrepancyKind(after['kind'])]}"
    elif before["conflict"] != after["conflict"]:
        yield "now in conflict" if after["conflict"] else "no longer in conflict"
    elif before["kind"] != after["kind"]:
        was, now = (KINDS[DiscrepancyKind(state["kind"])] for state in (before, after))
        yield f"now {now}, no longer {was}"


def _about_value(one: Fields, other: Fields) -> Iterator[str]:
    words = in_words(other)
    if one["status"] != other["status"]:
        yield f"{words} is now {other['status']}"
    was, now = ({claim["id"] for claim in given["claims"]} for given in (one, other))
    if now - was:
        yield f"{_several(len(now - was), 'claim')} added to {words}"
    if was - now:
        yield f"{_several(len(was - now), 'claim')} removed from {words}"


def _relations(before: Fields, after: Fields) -> Iterator[str]:
    one, other = _by_pair(before), _by_pair(after)
    for pair in (pair for pair in one if pair in other):
        was, now = one[pair]["relation"], other[pair]["relation"]
        if was != now:
            left, right = (in_words(after["values"][other[pair][side]]) for side in ("left", "right"))
            yield f"between {left} and {right} now {now}, no longer {was}".replace("_", " ")


def why_claim_changed(before: Fields | None, after: Fields) -> str:
    """Say what is otherwise in a claim than it was; a note that came with it is told in its own words."""
    if before is None:
        return RECORDED
    note = after["note"] if after["note"] != before.get("note") else None
    told = list(_told_of_claim(before, after)) or ["its note changed" if note else "it was recorded again as it was"]
    return " ".join([sentence("; ".join(told)), *([sentence(note)] if note else [])])


def _told_of_claim(before: Fields, after: Fields) -> Iterator[str]:
    if before["status"] != after["status"]:
        yield STANDINGS[ClaimStatus(after["status"])]
    was, now = (in_words({**state, "denied": False}) for state in (before, after))
    if was != now:
        yield f"its value is now {now}, no longer {was}"
    if before["event"] != after["event"]:
        yield f"it is now a claim on the event {after['event']}, no longer on {before['event']}"
    told = {"status", "event", "note" if after["note"] else "", "value" if was != now else ""}
    changed = [name for name in after if name not in CLOCKS | told and before.get(name) != after[name]]
    if changed:
        names = listed(name.replace("_", " ") for name in changed)
        yield f"its {names} changed"


def same_but_in_form(before: Fields, after: Fields) -> bool:
    """Whether two states say the same wherever both say something."""
    return all(before[name] == after[name] for name in (before.keys() & after.keys()) - CLOCKS)


def _several(count: int, noun: str) -> str:
    return f"a {noun} was" if count == 1 else f"{count} {noun}s were"


def _key(given: Fields) -> Key:
    """What makes two values the same value: everything but the wording and who gives it."""
    value = given["value"]
    named = (value[name] for name in ("kind", "unit", "low", "high", "term"))
    return (given["denied"], given["property"], *given["scope"].values(), *named)


def _by_value(state: Fields) -> dict[Key, Fields]:
    return {_key(given): given for given in state["values"]}


def _by_pair(state: Fields) -> dict[frozenset[Key], Fields]:
    keys = [_key(given) for given in state["values"]]
    return {frozenset({keys[tie["left"]], keys[tie["right"]]}): tie for tie in state["relations"]}


def in_words(given: Fields, terms: Mapping[str, str] = NOTHING) -> str:
    """Write a value without its noun: "at least 21", "a denial of rocket"; `terms` are the labels of its terms."""
    fields = given["value"]
    kind = ValueKind(fields["kind"])
    low, high = fields["low"], fields["high"]
    timed = kind is ValueKind.TIME
    value = Value(
        kind,
        Qualifier(fields["qualifier"]) if fields["qualifier"] else None,
        fields["amount"],
        None if timed else low,
        None if timed else high,
        term=fields["term"],
        span=parse_span(low, high) if timed else None,
    )
    words = answer(value, Property(given["property"], kind, term_labels=terms)).removesuffix(" of")
    return f"a denial of {words}" if given["denied"] else words
