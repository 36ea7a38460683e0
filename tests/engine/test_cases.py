"""The cases: every rule shown by what it is for and by what it only seems to be for."""

from collections import Counter
from dataclasses import replace

import pytest

from api.engine.record import Claim
from api.engine.relate import FLIPPED, read_in_context, relate
from api.engine.rules.pair import Rule
from api.engine.rules.table import RULES
from tests.engine.case_reading import Case, cases

CASES = cases()


def every(noun: tuple[Case, ...] | tuple[Rule, ...], name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(name, noun, ids=lambda item: getattr(item, "id", None) or item.name)


def in_context(case: Case) -> tuple[Claim, Claim]:
    left, right, *_ = read_in_context((case.left, case.right, *case.beside))
    return left, right


@every(CASES, "case")
def test_a_case_leads_to_its_relation_by_its_rule(case: Case) -> None:
    verdict = relate(*in_context(case))
    assert (verdict.relation, verdict.rule) == (case.relation, case.rule), verdict.because
    assert case.order in (None, verdict.order)


@every(CASES, "case")
def test_a_case_is_the_same_from_the_other_side(case: Case) -> None:
    left, right = in_context(case)
    verdict, mirrored = relate(left, right), relate(right, left)
    assert (mirrored.relation, mirrored.rule, mirrored.because) == (verdict.relation, verdict.rule, verdict.because)
    assert mirrored.order == FLIPPED.get(verdict.order, verdict.order)


@every(CASES, "case")
def test_a_case_does_not_depend_on_the_ids_of_its_claims(case: Case) -> None:
    left, right = in_context(case)
    renamed = relate(replace(left, id="zulu"), replace(right, id="alpha"))
    verdict = relate(replace(left, id="alpha"), replace(right, id="zulu"))
    assert (renamed.relation, renamed.rule, renamed.order) == (verdict.relation, verdict.rule, verdict.order)


@every(CASES, "case")
def test_a_verdict_is_one_plain_sentence(case: Case) -> None:
    because = relate(*in_context(case)).because
    assert because.endswith((".", "?"))
    assert because[0] == because[0].upper()
    assert "None" not in because
    assert "  " not in because


@every(CASES, "case")
def test_a_case_gives_its_editor_s_reason(case: Case) -> None:
    assert len(case.because.split()) >= 5
    assert case.because.endswith(".")


@every(RULES, "rule")
def test_a_rule_has_a_case_for_it(rule: Rule) -> None:
    assert any(case.rule == rule.name for case in CASES)


@every(RULES, "rule")
def test_a_rule_has_a_near_miss_where_another_rule_fires(rule: Rule) -> None:
    assert any(case.against == rule.name and case.rule != rule.name for case in CASES)


@every(RULES, "rule")
def test_a_rule_is_published_in_one_sentence(rule: Rule) -> None:
    assert rule.sentence.endswith(".")
    assert rule.sentence[0].isupper()
    assert rule.sentence.count(". ") == 0


def test_the_cases_name_rules_that_exist() -> None:
    known = {rule.name for rule in RULES}
    assert {case.rule for case in CASES} | {case.against for case in CASES if case.against} <= known


def test_the_ids_of_cases_are_distinct() -> None:
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []
