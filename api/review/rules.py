"""Rules: the engine's reasons in the order they are tried, each with an example for and one against it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import orjson

from api.engine.rules.pair import Rule
from api.engine.rules.table import RULES
from api.store.keyset import Row, Worked
from api.store.models import RuleExample
from api.store.rendering import dumped
from schemas.rules import RuleSchema
from schemas.vocabulary import ExampleSide

Fields = dict[str, Any]
Examples = Mapping[tuple[str, str], str]

RULE = RuleSchema()

NAMES = tuple(rule.name for rule in RULES)


def rules(args: Mapping[str, Any]) -> Worked:
    """Return the rules that lead to the relation asked for, or all."""
    examples = _examples()
    rows: list[Row] = [
        (f"{place:03d}", partial(_rendered, place, rule, examples))
        for place, rule in enumerate(RULES, 1)
        if args["kind"] in (None, rule.relation)
    ]
    return Worked("place", lambda _: rows)


def rule_text(name: str) -> str | None:
    """Return the representation of one rule."""
    found = next((pair for pair in enumerate(RULES, 1) if pair[1].name == name), None)
    return _rendered(*found, _examples(name)) if found is not None else None


def _examples(name: str | None = None) -> Examples:
    rows = RuleExample.select() if name is None else RuleExample.select().where(RuleExample.rule == name)
    return {(row.rule, row.side): row.representation for row in rows}


def _rendered(place: int, rule: Rule, examples: Examples) -> str:
    return dumped(RULE, _fields(place, rule, examples))


def _fields(place: int, rule: Rule, examples: Examples) -> Fields:
    return {
        "name": rule.name,
        "kind": rule.relation,
        "relation": rule.relation,
        "family": rule.applies.__module__.rpartition(".")[2],
        "sentence": rule.sentence,
        "place": place,
        "examples": dict(_shown(rule, examples)),
    }


def _shown(rule: Rule, examples: Examples) -> Iterator[tuple[str, Fields | None]]:
    for side in ExampleSide:
        text = examples.get((rule.name, side.value))
        yield side.value, orjson.loads(text) if text is not None else None
