"""Ledger: lines and sweeps find what looking at every pair finds, and adding is as good as beginning anew."""

import gc
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.engine import ledger as ledgers
from api.engine import successors, ties
from api.engine.assess import Answer, answer_of, assess
from api.engine.ledger import Ledger, may_correct
from api.engine.record import Claim, Reckoned, Statement
from api.engine.successors import Everyone, Lines, Word, replaces
from api.engine.values import quantity
from schemas.moments import Span
from schemas.vocabulary import Cause, ClaimStatus, DiscrepancyKind, Qualifier, Reckoning, Relation, Stance, ValueStatus
from tests.engine.samples import DEATHS, FIRST, GOVERNOR, INJURED, claim, on, people
from tests.engine.test_laws import PROPERTIES, SCOPES, claims, close_pairs, laws, numbered

EVERY_PAIR = 10**9


@st.composite
def longer_questions(draw: st.DrawFn) -> list[Claim]:
    prop = draw(st.sampled_from(PROPERTIES))
    return numbered(draw(st.lists(claims(prop, SCOPES[0]), min_size=1, max_size=16)))


@st.composite
def counts_of_few(draw: st.DrawFn) -> list[Claim]:
    """Draw counts that few origins give, often undated, whose texts often say why they differ."""
    prop = draw(st.sampled_from((DEATHS, INJURED)))
    drawn = draw(st.lists(claims(prop, SCOPES[0]), min_size=2, max_size=12))
    return numbered([replace(claim, **draw(OFTEN)) for claim in drawn])


OFTEN = st.fixed_dictionaries(
    {},
    optional={
        "causes": st.sampled_from(
            [(cause,) for cause in (Cause.RECOUNT, Cause.CORRECTION, Cause.DOUBLE_COUNTING, Cause.COUNTING_RULE)]
        ),
        "as_of": st.just(Span()),
        "statement": st.none(),
        "stance": st.just(Stance.ASSERTS),
        "status": st.just(ClaimStatus.ACTIVE),
        "document": st.sampled_from(("paper-1", "paper-2")),
    },
)


def told(answer: Answer) -> tuple[object, ...]:
    assessed = answer.assessment
    return (
        answer.statuses,
        answer.conflict,
        assessed.current,
        assessed.low,
        assessed.high,
        assessed.grade,
        assessed.documents,
        assessed.origins,
        assessed.independent_origins,
        answer.summary,
    )


def why(answer: Answer) -> list[tuple[object, ...]]:
    return [(tie.left, tie.right, tie.verdict, tie.verdict.because) for tie in answer.ties]


@laws
@given(longer_questions() | counts_of_few())
def test_lines_find_what_every_pair_tells(asked: list[Claim]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledgers, "FEW", EVERY_PAIR)
        patch.setattr(ties, "MOST_PAIRS", EVERY_PAIR)
        patch.setattr(ties, "MOST_VALUES", EVERY_PAIR)
        every = told(answer_of(Ledger(asked)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledgers, "FEW", 0)
        patch.setattr(ties, "MOST_VALUES", 0)
        swept = told(answer_of(Ledger(asked)))
    assert swept == every


@pytest.mark.parametrize(("text", "causes"), [("revised down to 21", ()), (None, (Cause.RECOUNT,))])
@pytest.mark.parametrize("as_of", [Span(), on("2023-12-30")])
@pytest.mark.parametrize("others", [3, 50])
def test_a_count_that_was_lowered_takes_the_place_of_all_higher_ones(
    others: int, as_of: Span, text: str | None, causes: tuple[Cause, ...]
) -> None:
    grown = [claim(amount, as_of=as_of) for amount in range(30, 30 + others)]
    lowered = claim(quantity(Qualifier.EXACT, 21, unit="people", text=text), as_of=as_of, causes=causes)
    answer = assess(numbered([*grown, lowered]))
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.CORRECTION, False)
    assert (answer.assessment.low, answer.assessment.high) == (21, 21)
    assert answer.statuses == (ValueStatus.CURRENT, *[ValueStatus.CORRECTED] * others)


@laws
@given(close_pairs)
def test_what_takes_a_words_place_is_asked_about(pair: list[Claim]) -> None:
    early, late = (Word(replace(claim, status=ClaimStatus.ACTIVE), rank) for rank, claim in enumerate(pair))
    assume(early.claim.value.key != late.claim.value.key)
    verdict = replaces(early, late)
    if verdict is not None:
        assert late in Everyone((early, late)).of(early)
        assert verdict.relation is not Relation.CORRECTS or may_correct(early, late)


@laws
@given(longer_questions() | counts_of_few(), st.integers(1, 2), st.booleans())
def test_adding_claims_is_as_good_as_beginning_with_them(asked: list[Claim], last: int, lined: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledgers, "FEW", 0 if lined else 10)
        grown = Ledger(asked[:-last])
        for claim in asked[-last:]:
            grown.add(claim)
        added, anew = answer_of(grown), answer_of(Ledger(asked))
        assert told(added) == told(anew)
        assert why(added) == why(anew)


def test_a_figure_that_was_worked_out_hides_no_conflict_of_stated_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = claim(1, reckoned=Reckoned(Reckoning.SUM, ("x", "y"), stated=False))
    stated = [claim(people(0, Qualifier.AT_MOST)), claim(0), claim(3, document="paper-1")]
    monkeypatch.setattr(ties, "MOST_VALUES", 0)
    answer = assess(numbered([worked_out, *stated]))
    assert [status for group, status in zip(answer.groups, answer.statuses, strict=True) if group.value.high == 0] == [
        ValueStatus.CONTESTED,
        ValueStatus.CONTESTED,
    ]


@pytest.mark.parametrize("document", [None, "paper-1"])
def test_very_many_values_are_not_related_pair_by_pair(monkeypatch: pytest.MonkeyPatch, document: str | None) -> None:
    related: list[Claim] = []
    relate = successors.relate
    monkeypatch.setattr(successors, "relate", lambda left, right: (related.append(left), relate(left, right))[1])
    claims = [claim(amount, document=document) for amount in range(10, 310)]
    answer_of(Ledger(claims))
    assert len(related) < 10 * len(claims)


@laws
@given(longer_questions())
def test_what_an_assessment_leaves_behind_is_freed_without_the_collector(asked: list[Claim]) -> None:
    assess(asked)
    gc.collect()
    gc.disable()
    try:
        assess(asked)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_statements_that_all_follow_one_are_not_held_against_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Statement] = []

    def comes_before(one: Statement, other: Statement) -> bool:
        asked.append(one)
        return False

    words = [
        Word(claim(number, statement=Statement(f"post-{number}", GOVERNOR, follows=FIRST)), number)
        for number in range(300)
    ]
    monkeypatch.setattr(Statement, "comes_before", comes_before)
    Lines(words)
    assert len(asked) < len(words)
