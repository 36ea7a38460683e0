"""Differences: what changed between two states of a discrepancy is said in one plain sentence."""

from typing import Any

import pytest

from api.review.differences import why_changed

Fields = dict[str, Any]


def value(number: int, status: str = "current", claims: tuple[str, ...] = ("c1",), **fields: Any) -> Fields:
    return {
        "value": {
            **{"kind": "quantity", "qualifier": "exact", "amount": number, "low": number, "high": number},
            **{"unit": "people", "term": None, "text": str(number)},
            **fields,
        },
        "status": status,
        "denied": False,
        "property": "deaths",
        "scope": {"place": None, "population": None, "period": None},
        "claims": [{"id": name} for name in claims],
    }


def tie(relation: str) -> Fields:
    return {"left": 0, "right": 1, "relation": relation, "rule": "some_rule"}


def state(*values: Fields, **fields: Any) -> Fields:
    return {
        **{"id": "d1", "kind": "update", "conflict": False, "values": list(values), "relations": []},
        **{"assessment": {"grade": "single_origin", "sentence": "So it is."}, "revision": 1, "changed_at": "then"},
        **fields,
    }


OLD, NEW = value(21, "superseded"), value(24)
BOTH = state(OLD, NEW, relations=[tie("updates")])
ENDED = {"kind": None, "conflict": False}
TERM = {"kind": "category", "qualifier": None, "amount": None, "low": None, "high": None, "unit": None}
TIME = {**TERM, "kind": "time"}

SAID = [
    (None, BOTH, "It was found."),
    (BOTH, state(OLD, NEW, value(25), relations=[tie("updates")]), "A value was added: 25."),
    (state(OLD, NEW, value(25)), state(OLD, NEW), "A value was removed: 25."),
    (state(OLD), state(OLD, NEW, value(25)), "2 values were added: 24 and 25."),
    (state(OLD, value(24, "contested")), state(OLD, NEW), "24 is now current."),
    (state(NEW), state(value(24, "superseded")), "24 is now superseded."),
    (state(NEW), state(value(24, claims=("c1", "c2"))), "A claim was added to 24."),
    (state(value(24, claims=("c1", "c2", "c3"))), state(NEW), "2 claims were removed from 24."),
    (state(NEW), state(value(24, claims=("c2",))), "A claim was added to 24; a claim was removed from 24."),
    (BOTH, {**BOTH, "kind": "unresolved", "conflict": True}, "Now in conflict."),
    ({**BOTH, "kind": "unresolved", "conflict": True}, BOTH, "No longer in conflict."),
    (BOTH, {**BOTH, "kind": "correction"}, "Now a correction, no longer an update."),
    (BOTH, {**BOTH, **ENDED}, "It ended, as every value can hold."),
    (BOTH, state(**ENDED), "It ended, as no claim is left; 2 values were removed: 21 and 24."),
    ({**BOTH, **ENDED}, BOTH, "It came back, an update."),
    (BOTH, {**BOTH, "relations": [tie("corrects")]}, "Between 21 and 24 now corrects, no longer updates."),
    (BOTH, {**BOTH, "assessment": {"grade": "contested", "sentence": "So it is."}}, "The grade is now contested."),
    (BOTH, {**BOTH, "assessment": {"grade": "single_origin", "sentence": "It is so."}}, "It is worded otherwise."),
    (state(), state(value(24, qualifier="at_least", high=None)), "A value was added: at least 24."),
    (state(), state(value(0, **TERM, term="cruise_missile")), "A value was added: cruise missile."),
    (state(), state(value(0, **{**TIME, "low": "2023-12-30", "high": "2023-12-31"}, term=None)),
     "A value was added: 30–31 December 2023."),
    (state(), state({**NEW, "denied": True}), "A value was added: a denial of 24."),
    (state(*map(value, range(5))), state(*(value(number, "contested") for number in range(5)), conflict=True),
     "Now in conflict; 0 is now contested; 1 is now contested; 2 is now contested; 2 changes more."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "said"), SAID, ids=[said for *_, said in SAID])
def test_a_change_is_said_in_one_sentence(before: Fields | None, after: Fields, said: str) -> None:
    after = {**after, "revision": 2, "changed_at": "now"}
    assert why_changed(before, after) == said


def test_a_change_of_the_rules_is_named_first() -> None:
    after = {**BOTH, "kind": "correction"}
    assert why_changed(BOTH, after, by_rules=True) == "The rules changed: now a correction, no longer an update."


@pytest.mark.parametrize("by_rules", [False, True])
def test_when_and_how_often_it_changed_is_no_change(by_rules: bool) -> None:
    assert why_changed(BOTH, {**BOTH, "revision": 7, "changed_at": "now"}, by_rules) is None


def test_a_field_that_was_not_served_before_is_no_change() -> None:
    assert why_changed(BOTH, {**BOTH, "another": 1}) is None
