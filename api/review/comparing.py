"""Comparing: how claims stand to each other and what they come to, whether they are on record or only put."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from api.engine.assess import assess
from api.engine.pragmatic import read_pragmatically
from api.engine.questions import answers
from api.engine.record import Claim
from api.engine.relate import read_in_context, relate
from api.engine.rules.pair import Verdict
from api.engine.rules.table import RULES
from api.engine.scopes import part_and_whole, property_within, same_coverage
from api.engine.units import unit_key
from api.review import rendering
from api.review.putting import UNTOLD, Implausible, Request
from api.review.resolving import Resolver
from api.store import queries
from api.store.bulk import fetched
from api.store.models import Claim as Row
from schemas.comparisons import Reading
from schemas.fields import LONGEST_ID
from schemas.vocabulary import DiscrepancyKind, Relation

Fields = dict[str, Any]
Given = Mapping[str, Any]


class NotOnRecord(Exception):
    """Claims that the record does not hold; `names` are their ids."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"no claim on record is called {' or '.join(repr(name[:LONGEST_ID]) for name in names)}")


def compare(left: Given, right: Given, reading: Reading) -> Fields:
    """Return relation, rule, reason, order, independence and a sentence of two claims.

    Raises Implausible when a value, a time, a chain or a property cannot be.
    """
    one, other = Request({("left",): left, ("right",): right}).claims()
    if reading is Reading.PRAGMATIC:
        one, other = read_pragmatically(one), read_pragmatically(other)
    return compared(one, other)


def assess_together(claims: Iterable[Given]) -> Fields:
    """Return the discrepancy and the assessment of claims on the question that the first one answers.

    Claims on questions that contain it, or lie within it, count as its wholes and parts.
    Raises Implausible when a claim cannot be or one has nothing to do with the first.
    """
    listed = Request({("claims", index): fields for index, fields in enumerate(claims)}).claims()
    first = listed[0]
    apart = {
        f"claims.{index}.{_apart_by(first, claim)}": [
            f"answers another question ({_asked(claim)}) than the first claim ({_asked(first)})"
        ]
        for index, claim in enumerate(listed)
        if claim.event != first.event or not (same_coverage(first, claim) or part_and_whole(first, claim))
    }
    if apart:
        raise Implausible(apart)
    counted = {
        f"claims.{index}.value.unit": [f"is counted in {claim.value.unit}, the first claim in {first.value.unit}"]
        for index, claim in enumerate(listed)
        if same_coverage(first, claim) and _two_units(first, claim)
    }
    if counted:
        raise Implausible(counted)
    found = {item.key: item for item in answers(listed)}
    asked = found[first.question]
    exceeding = [item for item in found.values() if item.answer.kind is DiscrepancyKind.EXCEEDS_WHOLE]
    shown = asked if asked.answer.kind is not None or not exceeding else exceeding[0]
    fields = rendering.answer_fields(shown.key, shown.scope, shown.answer)
    for value in fields["values"]:
        for held in value["claims"]:
            held["document"] = None if held["document"].startswith(UNTOLD) else held["document"]
    return {
        "discrepancy": {**fields, "kind": shown.answer.kind} if shown.answer.kind else None,
        "assessment": rendering.assessment_fields(asked.answer.assessment),
    }


def _two_units(left: Claim, right: Claim) -> bool:
    one, other = left.value.unit, right.value.unit
    return bool(one and other and unit_key(one) != unit_key(other))


def _apart_by(first: Claim, claim: Claim) -> str:
    """Name the field by which a claim answers another question than the first one."""
    if claim.event != first.event:
        return "event"
    related = property_within(claim.property, first.property) or property_within(first.property, claim.property)
    return "scope" if related else "property"


def _asked(claim: Claim) -> str:
    """Name the question that a claim answers."""
    return ", ".join([claim.property.id, claim.event, *filter(None, claim.scope.key)])


def compared(left: Claim, right: Claim) -> Fields:
    """Return relation, rule, reason, order and independence of two claims, and what may be printed of both."""
    verdict = relate(left, right)
    together = _one_question(left, right, verdict)
    return {
        "relation": verdict.relation,
        "rule": verdict.rule,
        "because": verdict.because,
        "order": verdict.order,
        "independence": verdict.independence,
        "causes": list(verdict.causes),
        "sentence": assess((left, right)).assessment.sentence if together else verdict.because,
    }


def _one_question(left: Claim, right: Claim, verdict: Verdict) -> bool:
    """Whether the two answer one question in one unit, so that something can be said of both together."""
    return left.question == right.question and verdict.relation is not Relation.NOT_COMPARABLE


def explained(left: str, right: str) -> Fields:
    """Compare two claims on record, each read in its context, and tell the rule's sentence and both claims.

    Raises NotOnRecord.
    """
    rows = {row.id: row for row in Row.select().where(Row.id.in_([left, right]))}
    if missing := [name for name in dict.fromkeys((left, right)) if name not in rows]:
        raise NotOnRecord(missing)
    resolver = Resolver()
    around = resolver.claims(fetched(queries.claims_to_review({row.event_id for row in rows.values()})))
    retracted = rows.keys() - {claim.id for claim in around}
    left_out = resolver.claims(fetched(queries.claims_as_reviewed().where(Row.id.in_(list(retracted)))))
    in_context = {claim.id: claim for claim in read_in_context((*around, *left_out))}
    verdict = compared(in_context[left], in_context[right])
    return {
        **verdict,
        "rule_sentence": next(rule.sentence for rule in RULES if rule.name == verdict["rule"]),
        "left": orjson.loads(rows[left].representation),
        "right": orjson.loads(rows[right].representation),
    }
