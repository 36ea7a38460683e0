"""Comparing: how two claims stand to each other, whether they are on record or only put."""

from collections.abc import Sequence
from typing import Any

import orjson

from api.engine.assess import assess
from api.engine.record import Claim
from api.engine.relate import read_in_context, relate
from api.engine.rules.table import RULES
from api.review.resolving import Resolver
from api.store import queries
from api.store.models import Claim as Row
from schemas.fields import LONGEST_ID

Fields = dict[str, Any]


class NotOnRecord(Exception):
    """Claims that the record does not hold; `names` are their ids."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"no claim on record is called {' or '.join(repr(name[:LONGEST_ID]) for name in names)}")


def compared(left: Claim, right: Claim) -> Fields:
    """Return relation, rule, reason, order and independence of two claims, and what may be printed of both."""
    verdict = relate(left, right)
    return {
        "relation": verdict.relation,
        "rule": verdict.rule,
        "because": verdict.because,
        "order": verdict.order,
        "independence": verdict.independence,
        "sentence": assess((left, right)).assessment.sentence if same_question(left, right) else verdict.because,
    }


def same_question(left: Claim, right: Claim) -> bool:
    """Whether two claims answer one question; a property given by its behaviour is the same if its behaviour is."""
    return left.question == right.question and left.property == right.property


def explained(left: str, right: str) -> Fields:
    """Compare two claims on record, each read in its context, and tell the rule's sentence and both claims.

    Raises NotOnRecord.
    """
    rows = {row.id: row for row in Row.select().where(Row.id.in_([left, right]))}
    if missing := [name for name in dict.fromkeys((left, right)) if name not in rows]:
        raise NotOnRecord(missing)
    resolver = Resolver()
    around = resolver.claims(queries.claims_to_review({row.event_id for row in rows.values()}))
    retracted = resolver.claims(row for row in rows.values() if row.id not in {claim.id for claim in around})
    in_context = {claim.id: claim for claim in read_in_context((*around, *retracted))}
    verdict = compared(in_context[left], in_context[right])
    return {
        **verdict,
        "rule_sentence": next(rule.sentence for rule in RULES if rule.name == verdict["rule"]),
        "left": orjson.loads(rows[left].representation),
        "right": orjson.loads(rows[right].representation),
    }
