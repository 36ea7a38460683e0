"""Assess: what can responsibly be said on one question."""

from api.engine.assess import GRADES, assess
from api.engine.record import Claim, Scope
from api.engine.values import Number, Value, quantity
from schemas.moments import parse_span
from schemas.vocabulary import ClaimStatus, DiscrepancyKind, Grade, Qualifier, Stance, ValueKind, ValueStatus
from tests.engine.samples import (
    BEGAN,
    CHILD_DEATHS,
    DRONES,
    FIRST,
    GENERAL,
    GOVERNOR,
    HOSPITAL,
    INJURED,
    INSIDERS,
    MINISTRY,
    MODEL,
    SECOND,
    THIRD,
    WEAPON,
    claim,
    people,
    term,
)  # fmt: skip


def toll() -> list[Claim]:
    """The worked case: one official's count moves from at least 21 over 22 to 24."""
    return [
        claim(people(21, Qualifier.AT_LEAST), document="paper-1", statement=FIRST),
        claim(21, document="paper-2", statement=FIRST),
        claim(22, document="paper-3", statement=SECOND),
        claim(24, document="paper-4", statement=THIRD),
        claim(24, document="paper-5", statement=THIRD),
    ]


def limits(*claims: Claim) -> tuple[Number | None, Number | None]:
    assessed = assess(claims).assessment
    return assessed.low, assessed.high


def test_a_count_that_moved_is_an_update_and_no_conflict() -> None:
    answer = assess(toll())
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.UPDATE, False)
    assert answer.assessment.current == people(24)
    assert (answer.assessment.low, answer.assessment.high) == (24, 24)
    assert answer.summary == "5 documents, 4 values, 1 origin"


def test_five_documents_of_one_official_are_one_origin() -> None:
    assessed = assess(toll()).assessment
    assert (assessed.documents, assessed.origins, assessed.independent_origins) == (5, 1, 1)
    assert (assessed.grade, assessed.because) == (Grade.SINGLE_ORIGIN, GRADES[Grade.SINGLE_ORIGIN])


def test_figures_that_nothing_orders_conflict_and_none_is_current() -> None:
    answer = assess([claim(120, GOVERNOR, prop=INJURED), claim(160, HOSPITAL, prop=INJURED)])
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.UNRESOLVED, True)
    assert answer.assessment.current is None
    assert (answer.assessment.low, answer.assessment.high) == (120, 160)
    assert answer.assessment.grade is Grade.CONTESTED


def test_values_that_fit_together_are_no_discrepancy() -> None:
    nearly = quantity(Qualifier.NEARLY, 50, unit="drones")
    answer = assess([claim(nearly, GENERAL, prop=DRONES), claim(49, GENERAL, prop=DRONES)])
    assert (answer.kind, answer.conflict) == (None, False)
    assert answer.assessment.current == claim(49, prop=DRONES).value


def test_a_bare_number_is_read_with_its_document_s_own_hedge() -> None:
    nearly = quantity(Qualifier.NEARLY, 50, unit="drones")
    headline, text = claim(50, GENERAL, prop=DRONES), claim(nearly, GENERAL, prop=DRONES)
    elsewhere = claim(49, GENERAL, "evening-paper", DRONES)
    assert assess([headline, text, elsewhere]).kind is None
    assert assess([headline, elsewhere]).kind is DiscrepancyKind.UNRESOLVED


def test_a_retracted_hedge_softens_nothing() -> None:
    nearly = quantity(Qualifier.NEARLY, 50, unit="drones")
    withdrawn = claim(nearly, GENERAL, prop=DRONES, status=ClaimStatus.RETRACTED)
    headline, elsewhere = claim(50, GENERAL, prop=DRONES), claim(49, GENERAL, "evening-paper", DRONES)
    assert assess([headline, withdrawn, elsewhere]) == assess([headline, elsewhere])


def test_more_copies_of_one_word_do_not_choose_the_current_value() -> None:
    low, high = (quantity(Qualifier.BETWEEN, low=floor, high=floor + 10, unit="people") for floor in (20, 25))
    given = [claim(low, GOVERNOR), claim(high, HOSPITAL, "evening-paper")]
    copies = [claim(high, HOSPITAL, f"paper-{number}") for number in range(3)]
    assert assess(given).assessment.current == assess([*given, *copies]).assessment.current == low


def test_a_recount_is_a_correction() -> None:
    answer = assess([claim(24, statement=FIRST), claim(22, statement=SECOND)])
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.CORRECTION, False)
    assert answer.assessment.current == people(22)


def test_answers_that_exclude_each_other_are_a_contradiction() -> None:
    answer = assess([claim(term("s-300", MODEL), GENERAL, prop=MODEL), claim(term("iskander", MODEL), prop=MODEL)])
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.CONTRADICTION, True)


def test_two_named_origins_that_agree_corroborate() -> None:
    assessed = assess([claim(24, GOVERNOR), claim(24, HOSPITAL)]).assessment
    assert (assessed.grade, assessed.independent_origins) == (Grade.CORROBORATED, 2)


def test_an_unnamed_origin_or_none_is_unattributed() -> None:
    assert assess([claim(24, INSIDERS)]).assessment.grade is Grade.UNATTRIBUTED
    assert assess([claim(24)]).assessment.grade is Grade.UNATTRIBUTED


def test_two_terms_with_one_origin_each_do_not_corroborate_each_other() -> None:
    answer = assess(
        [claim(term("missile", WEAPON), GENERAL, prop=WEAPON), claim(term("drone", WEAPON), HOSPITAL, prop=WEAPON)]
    )
    assert answer.kind is None
    assert answer.assessment.grade is Grade.SINGLE_ORIGIN


def test_the_narrower_of_two_terms_is_current() -> None:
    answer = assess([claim(term("missile", WEAPON), prop=WEAPON), claim(term("iskander", WEAPON), prop=WEAPON)])
    assert answer.assessment.current == term("iskander", WEAPON)


def test_a_denial_that_stands_alone_gives_no_current_value() -> None:
    assessed = assess([claim(24, GENERAL, stance=Stance.DENIES)]).assessment
    assert (assessed.current, assessed.low, assessed.high) == (None, None, None)


def test_a_denied_figure_is_a_contradiction() -> None:
    answer = assess([claim(24, HOSPITAL, prop=INJURED), claim(24, GENERAL, prop=INJURED, stance=Stance.DENIES)])
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.CONTRADICTION, True)


def test_the_range_is_what_all_standing_wordings_allow() -> None:
    low, high = people(21, Qualifier.AT_LEAST), people(30, Qualifier.AT_MOST)
    assert limits(claim(low, GOVERNOR), claim(high, HOSPITAL)) == (21, 30)
    assert limits(claim(low, GOVERNOR)) == (21, None)


def test_the_range_is_that_of_the_most_precise_values() -> None:
    wide, one, other = (quantity(Qualifier.BETWEEN, low=low, high=high) for low, high in ((1, 9), (2, 4), (3, 5)))
    floor = people(3, Qualifier.AT_LEAST)
    assert limits(claim(wide, GOVERNOR), claim(one, HOSPITAL)) == (2, 4)
    assert limits(claim(wide, GOVERNOR), claim(one, HOSPITAL), claim(other, GENERAL)) == (2, 5)
    assert limits(claim(other, GENERAL), claim(floor, MINISTRY), claim(one, HOSPITAL)) == (2, 5)
    assert limits(claim(wide, GOVERNOR), claim(4, HOSPITAL), claim(one, GENERAL)) == (4, 4)


def test_the_range_of_a_conflict_is_open_where_one_side_is() -> None:
    above = people(160, Qualifier.MORE_THAN)
    assert limits(claim(120, GOVERNOR, prop=INJURED), claim(above, HOSPITAL, prop=INJURED)) == (120, None)


def test_the_range_of_a_conflict_begins_at_the_lowest_number_that_stands() -> None:
    floor = claim(people(4, Qualifier.AT_LEAST), GENERAL, "late-paper", INJURED)
    ceiling = claim(people(10, Qualifier.AT_MOST), GENERAL, "later-paper", INJURED)
    vague = claim(people(None, Qualifier.SEVERAL), GENERAL, "latest-paper", INJURED)
    sides = claim(5, GOVERNOR, prop=INJURED), claim(7, HOSPITAL, "evening-paper", INJURED)
    assert limits(*sides, floor, vague) == (4, 7)
    assert limits(*sides, ceiling, vague) == (5, 10)


def test_an_hour_is_more_precise_than_its_day_and_a_day_than_its_month() -> None:
    moment, hour = ("2023-12-30T15:00Z", "2023-12-30T15:00Z"), ("2023-12-30T14:00Z", "2023-12-30T16:00Z")
    day, month, from_then = ("2023-12-30", "2023-12-30"), ("2023-12", "2023-12"), ("2023-12-30", None)
    ranked = [Value(ValueKind.TIME, span=parse_span(*ends)) for ends in (moment, hour, day, month, from_then)]
    for place, value in enumerate(ranked):
        claims = (claim(other, GOVERNOR, prop=BEGAN) for other in reversed(ranked[place:]))
        assert assess(claims).assessment.current == value


def test_a_part_larger_than_its_whole_lists_the_whole_as_contested() -> None:
    whole = claim(2, HOSPITAL)
    answer = assess([claim(3, GOVERNOR, prop=CHILD_DEATHS)], [whole])
    assert (answer.kind, answer.conflict) == (DiscrepancyKind.EXCEEDS_WHOLE, True)
    assert [group.claims[0].property.id for group in answer.groups] == ["child_deaths", "deaths"]
    assert set(answer.statuses) == {ValueStatus.CONTESTED}


def test_the_order_in_which_wholes_are_given_changes_nothing() -> None:
    part = claim(3, GOVERNOR, prop=CHILD_DEATHS, scope=Scope(population="schoolchildren"))
    wholes = [claim(2, HOSPITAL), claim(2, HOSPITAL, prop=CHILD_DEATHS)]
    assert assess([part], wholes) == assess([part], wholes[::-1])


def test_a_whole_that_holds_its_part_is_not_listed() -> None:
    answer = assess([claim(3, GOVERNOR, prop=CHILD_DEATHS)], [claim(24, HOSPITAL)])
    assert (len(answer.groups), answer.kind) == (1, None)


def test_nothing_on_record_is_assessed_as_nothing() -> None:
    for claims in ([], [claim(24, status=ClaimStatus.RETRACTED)]):
        answer = assess(claims)
        assert (answer.groups, answer.kind, answer.conflict) == ((), None, False)
        assert answer.assessment.sentence == "Nothing on record stands."
        assert answer.assessment.grade is Grade.UNATTRIBUTED
