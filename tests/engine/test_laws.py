"""Laws: what holds for any claims at all, tried on generated ones."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api.engine import ledger as ledgers
from api.engine import ties
from api.engine.assess import Answer, assess
from api.engine.order import sequence
from api.engine.origin import independence
from api.engine.questions import Odds, answers, odds
from api.engine.record import Claim, Link, Place, Property, Reckoned, Scope, Source, Statement
from api.engine.relate import FLIPPED, read_in_context, relate
from api.engine.rules.pair import Pair
from api.engine.rules.table import RULES
from api.engine.units import is_measure
from api.engine.values import Value, quantity
from schemas.moments import Span, parse_span
from schemas.vocabulary import (
    Cause,
    ClaimStatus,
    Order,
    Polarity,
    Qualifier,
    Reckoning,
    Relation,
    SourceKind,
    Stance,
    ValueKind,
)
from tests.engine.samples import (
    BEGAN,
    CHILD_DEATHS,
    DEATHS,
    DRONES,
    FIRST,
    GENERAL,
    GOVERNOR,
    HOSPITAL,
    INJURED,
    INSIDERS,
    MINISTRY,
    MODEL,
    REGION,
    RESPONSIBLE,
    SECOND,
    THIRD,
    WEAPON,
    on,
)  # fmt: skip

laws = settings(max_examples=300, deadline=None, derandomize=True, database=None)

CHILDREN_INJURED = Property("children_injured", ValueKind.QUANTITY, "Children injured", "people", part_of=INJURED)
BADLY_INJURED = Property("badly_injured", ValueKind.QUANTITY, "Badly injured", "people", part_of=INJURED)
CHILDREN_BADLY_INJURED = Property(
    "children_badly_injured", ValueKind.QUANTITY, "Children badly injured", "people",
    part_of=BADLY_INJURED, also_part_of=(CHILDREN_INJURED,),
)  # fmt: skip
HEIGHT = Property("height", ValueKind.QUANTITY, "Height", "metres", constant=True, additive=False)
TURNOUT = Property("turnout", ValueKind.QUANTITY, "Turnout", "percent", additive=False)
PROPERTIES = (
    DEATHS, CHILD_DEATHS, INJURED, BADLY_INJURED, CHILDREN_BADLY_INJURED, DRONES, HEIGHT, TURNOUT,
    WEAPON, MODEL, BEGAN, RESPONSIBLE,
)  # fmt: skip
COUNTRY = Place("ruritania", "Ruritania")
CITY = Place("river-city", "River City", COUNTRY)
SCOPES = (
    Scope(), Scope(CITY), Scope(Place("north-quarter", "North Quarter", CITY)), Scope(population="civilians"),
    Scope(CITY, ground=CITY), Scope(COUNTRY, ground=CITY), Scope(CITY, "Civilians"), Scope(CITY, "soldiers"),
    Scope(period=on("2023-12-30")), Scope(period=on("2023-12")), Scope(CITY, period=on("2023-12-30T09:00+03:00")),
    Scope(period=parse_span("2023-12-29", None)), Scope(counting="without the perpetrator"),
    Scope(population="including the perpetrator"), Scope(CITY, counting="bodies found"),
)  # fmt: skip
TIMES = (
    Span(), on("2023-12-29"), on("2023-12-30"), on("2023-12-31T09:00+03:00"), on("2023-12-31T06:00Z"),
    parse_span("2023-12-30", "2023-12-31"), parse_span("2023-12-30", None), parse_span(None, "2023-12-29"),
    on("2023-12"), on("2024"), parse_span("2023-12-30T23:30-05:00", "2023-12-31"), on("2023-12-31T06:00:01Z"),
)  # fmt: skip
WIRE = Source("wire", "Morning Wire", SourceKind.OUTLET)
PAPER = Source("evening-paper", "Evening Paper", SourceKind.OUTLET)
OFFICER = Source("officer", "unnamed officer of the ministry", SourceKind.UNNAMED, MINISTRY, "north")
ORIGINS = (None, GOVERNOR, REGION, MINISTRY, HOSPITAL, GENERAL, INSIDERS, OFFICER, WIRE)
RELAYS = ((), (), (Link(WIRE),), (Link(PAPER), Link(WIRE)), (Link(INSIDERS),))
RETRACTION = Statement("retraction", GOVERNOR, follows=SECOND, corrects=True)
STATEMENTS = {
    None: (None, FIRST, SECOND, THIRD, RETRACTION),
    GOVERNOR: (None, FIRST, SECOND, THIRD, RETRACTION, Statement("aside", GOVERNOR, on("2023-12-29"))),
    REGION: (None, FIRST, THIRD),
    GENERAL: (
        None,
        Statement("briefing", GENERAL, on("2023-12-30T08:00Z")),
        Statement("later-briefing", GENERAL, on("2023-12-31")),
    ),
}  # fmt: skip
"""Statements that a claim of each origin may go back to."""
AMOUNTS = st.sampled_from((0, 1, 16, 21, 22, 24, 49, 50, 100))
MEASURED = st.sampled_from((0, 0.5, 21, 40, 40.3, 50, 49.9))
WORDINGS = st.sampled_from((None, "rose to", "revised down to", "at least"))
RECKONED = st.sampled_from((None, None, None, Reckoned(Reckoning.SUM, ("x",), False), Reckoned(Reckoning.SUM, ("x",))))
CAUSES = st.just(()) | st.sampled_from(Cause).map(lambda cause: (cause,))


@st.composite
def quantities(draw: st.DrawFn, unit: str | None) -> Value:
    qualifier = draw(st.sampled_from(Qualifier))
    numbers = MEASURED if is_measure(unit) else AMOUNTS
    if qualifier is Qualifier.BETWEEN:
        low, high = sorted((draw(numbers), draw(numbers)))
        return quantity(qualifier, low=low, high=high, unit=unit, text=draw(WORDINGS))
    amount = None if qualifier in (Qualifier.SEVERAL, Qualifier.DOZENS, Qualifier.HUNDREDS) else draw(numbers)
    assume(amount != 0 or qualifier not in (Qualifier.NEARLY, Qualifier.FEWER_THAN))
    return quantity(qualifier, amount, unit=unit, text=draw(WORDINGS))


def values(prop: Property) -> st.SearchStrategy[Value]:
    if prop.kind is ValueKind.QUANTITY:
        return quantities(prop.unit)
    if prop.kind is ValueKind.TIME:
        return st.builds(Value, st.just(prop.kind), span=st.sampled_from(TIMES))
    terms = tuple(Polarity) if prop.kind is ValueKind.POLARITY else tuple(prop.terms)
    return st.builds(Value, st.just(prop.kind), term=st.sampled_from(terms))


@st.composite
def claims(draw: st.DrawFn, prop: Property | None = None, scope: Scope | None = None) -> Claim:
    """Draw a claim; of one question where `prop` and `scope` are given."""
    chosen = prop if prop is not None else draw(st.sampled_from(PROPERTIES))
    origin = draw(st.sampled_from(ORIGINS))
    return Claim(
        id="",
        event="the-strike",
        property=chosen,
        value=draw(values(chosen)),
        scope=scope if scope is not None else draw(st.sampled_from(SCOPES)),
        as_of=draw(st.sampled_from(TIMES)),
        published=draw(st.sampled_from(TIMES)),
        document=draw(st.sampled_from(("paper-1", "paper-2", "paper-3", None))),
        statement=draw(st.sampled_from(STATEMENTS.get(origin, (None,)))),
        attribution=(*draw(st.sampled_from(RELAYS)), Link(origin)) if origin is not None else (),
        stance=draw(st.sampled_from(Stance)),
        status=draw(st.sampled_from(ClaimStatus)),
        position=draw(st.integers(0, 3)),
        causes=draw(CAUSES),
        reckoned=draw(RECKONED),
    )


def numbered(given: list[Claim]) -> list[Claim]:
    return [replace(claim, id=f"claim-{place}") for place, claim in enumerate(given)]


@st.composite
def questions(draw: st.DrawFn) -> list[Claim]:
    """Draw up to seven claims on one question."""
    prop, scope = draw(st.sampled_from(PROPERTIES)), draw(st.sampled_from(SCOPES))
    return numbered(draw(st.lists(claims(prop, scope), min_size=1, max_size=7)))


pairs = st.tuples(claims(), claims()).map(lambda pair: numbered(list(pair)))
close_pairs = st.sampled_from(PROPERTIES).flatmap(
    lambda prop: st.tuples(claims(prop, SCOPES[0]), claims(prop, SCOPES[0])).map(lambda pair: numbered(list(pair)))
)


def verdict_of(answer: Answer) -> tuple[object, ...]:
    """What an echo must not change: the value that stands is the same whatever its wording."""
    assessed = answer.assessment
    current = assessed.current.key if assessed.current is not None else None
    return (answer.kind, answer.conflict, current, assessed.low, assessed.high, assessed.grade)


@laws
@given(claims(), claims())
def test_the_rules_not_asked_are_those_that_do_not_apply(left: Claim, right: Claim) -> None:
    verdict = relate(left, right)
    related = independence(left, right)
    pair = Pair(left, right, related, sequence(left, right, related))
    assert verdict.rule == next(rule.name for rule in RULES if rule.applies(pair) is not None)


@laws
@given(pairs | close_pairs)
def test_exactly_one_relation_holds_between_any_two_claims(pair: list[Claim]) -> None:
    verdict = relate(*pair)
    (rule,) = (rule for rule in RULES if rule.name == verdict.rule)
    assert rule.relation is verdict.relation
    assert verdict.because


@laws
@given(pairs | close_pairs)
def test_a_relation_is_the_same_from_either_side(pair: list[Claim]) -> None:
    left, right = pair
    here, there = relate(left, right), relate(right, left)
    assert (here.relation, here.rule, here.because) == (there.relation, there.rule, there.because)
    assert there.order is FLIPPED.get(here.order, here.order)
    assert here.independence is there.independence


@laws
@given(pairs | close_pairs)
def test_a_relation_does_not_depend_on_the_ids_of_the_claims(pair: list[Claim]) -> None:
    left, right = pair
    here, there = relate(left, right), relate(replace(left, id="zulu"), replace(right, id="alpha"))
    assert (here.relation, here.rule, here.order) == (there.relation, there.rule, there.order)


@laws
@given(close_pairs)
def test_a_succession_says_which_claim_is_the_later_one(pair: list[Claim]) -> None:
    verdict = relate(*pair)
    if verdict.relation in (Relation.UPDATES, Relation.CORRECTS):
        assert verdict.order in (Order.LEFT_FIRST, Order.RIGHT_FIRST)


@laws
@given(questions(), st.randoms(use_true_random=False))
def test_an_assessment_does_not_depend_on_the_order_of_the_claims(asked: list[Claim], random: st.randoms) -> None:
    shuffled = list(asked)
    random.shuffle(shuffled)
    assert assess(shuffled) == assess(asked)


@laws
@given(st.lists(claims(CHILD_DEATHS, SCOPES[0]), min_size=1, max_size=3), st.lists(claims(DEATHS), max_size=4))
def test_an_assessment_does_not_depend_on_the_order_of_the_wholes(parts: list[Claim], wholes: list[Claim]) -> None:
    asked = numbered(parts)
    contained = [replace(whole, id=f"whole-{place}") for place, whole in enumerate(wholes)]
    assert assess(asked, reversed(contained)) == assess(asked, contained)


@laws
@given(questions(), st.data())
def test_an_echo_changes_nothing_but_the_number_of_documents(asked: list[Claim], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(asked))
    assume(original.voice is not None)
    chain = (*data.draw(st.sampled_from(RELAYS)), *original.attribution[-1:]) if original.attribution else ()
    paper = data.draw(st.sampled_from(("paper-1", "paper-4")))
    echo = replace(original, id="echo", document=paper, attribution=chain)
    read = {claim.id: claim.reading for claim in read_in_context([*asked, echo])}
    assume(read["echo"] == read[original.id])
    assert verdict_of(assess([*asked, echo])) == verdict_of(assess(asked))


@laws
@given(questions())
def test_removing_a_retracted_claim_changes_nothing(asked: list[Claim]) -> None:
    assume(any(claim.status is ClaimStatus.RETRACTED for claim in asked))
    assert assess([claim for claim in asked if claim.status is not ClaimStatus.RETRACTED]) == assess(asked)


@laws
@given(st.lists(claims(), max_size=6).map(numbered), st.lists(claims(), max_size=3))
def test_assess_answers_any_list_of_claims(asked: list[Claim], wholes: list[Claim]) -> None:
    answer = assess(asked, [replace(whole, id=f"whole-{place}") for place, whole in enumerate(wholes)])
    assert answer.assessment.sentence
    assert "None" not in answer.assessment.sentence.replace("None of these", "")


@laws
@given(
    st.lists(claims(), max_size=8)
    | questions()
    | st.lists(claims(CHILD_DEATHS) | claims(DEATHS), max_size=8)
    | st.lists(claims(prop=CHILD_DEATHS, scope=SCOPES[0]) | claims(DEATHS, SCOPES[0]), max_size=8),
    st.booleans(),
)
def test_what_is_at_odds_is_counted_as_it_is_answered(asked: list[Claim], many: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr(ledgers, "FEW", 0)
            patch.setattr(ties, "MOST_VALUES", 0)
            patch.setattr(ties, "MOST_PAIRS", 1)
        answered = answers(numbered(asked))
        assert odds(numbered(asked)) == Odds(
            len(answered),
            sum(item.answer.kind is not None for item in answered),
            sum(item.answer.conflict for item in answered),
        )


@laws
@given(questions())
def test_a_conflict_and_its_kind_agree(asked: list[Claim]) -> None:
    answer = assess(asked)
    assert answer.kind is not None or not answer.conflict
    assert answer.conflict is (answer.assessment.current is None and str(answer.assessment.grade) == "contested")


@laws
@given(questions())
def test_the_current_figure_lies_within_the_range(asked: list[Claim]) -> None:
    assessed = assess(asked).assessment
    assume(assessed.current is not None and assessed.current.kind is ValueKind.QUANTITY)
    low, high = assessed.current.low, assessed.current.high
    if low is not None and high is not None:
        assert assessed.low <= low <= high <= assessed.high


@laws
@given(quantities("people"))
def test_a_quantity_lies_within_its_own_bounds(value: Value) -> None:
    assert value.low is None or value.high is None or value.low <= value.high
    assert value.low is None or value.low >= 0
