"""Examples: the cases that show each rule at work, chosen and stored with the record."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from api.engine.rules.table import RULES
from api.intake.cases import Case
from api.store.models import RuleExample
from api.store.rendering import dumped
from schemas.rules import ExampleSchema
from schemas.vocabulary import ExampleSide

EXAMPLE = ExampleSchema()


def store_examples(cases: Sequence[Case]) -> None:
    """Store an example for and one against each rule; a folder without cases leaves those there are."""
    if not cases:
        return
    RuleExample.delete().execute()
    RuleExample.insert_many(
        [
            {"rule": rule, "side": side.value, "case": case.id, "representation": dumped(EXAMPLE, _fields(case))}
            for rule, side, case in _chosen(cases)
        ]
    ).execute()


def _chosen(cases: Iterable[Case]) -> Iterator[tuple[str, ExampleSide, Case]]:
    """Choose the first case for each rule that is no near miss of another one, and the first near miss."""
    listed = tuple(cases)
    for rule in RULES:
        plain_first = sorted((case for case in listed if case.rule == rule.name), key=lambda case: bool(case.against))
        against = [case for case in listed if case.against == rule.name and case.rule != rule.name]
        for side, found in ((ExampleSide.FOR, plain_first), (ExampleSide.AGAINST, against)):
            if found:
                yield rule.name, side, found[0]


def _fields(case: Case) -> dict[str, Any]:
    """Return a case as the API publishes it, each claim told as its editor tells it."""
    given = case.entry.data
    return {
        "case": case.id,
        "because": case.because,
        "relation": case.relation,
        "rule": case.rule,
        "left": given["left"],
        "right": given["right"],
        "beside": given.get("beside") or [],
    }
