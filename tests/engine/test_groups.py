"""Groups: distinct values, what lies between them, and where each stands."""

from dataclasses import replace

from api.engine.assess import assess
from api.engine.groups import Group
from api.engine.held import Held
from api.engine.ledger import Ledger
from api.engine.record import Claim
from api.engine.ties import between
from schemas.moments import parse_span
from schemas.vocabulary import ClaimStatus, Order, Qualifier, Relation, Stance, ValueStatus
from tests.engine.samples import (
    FIRST,
    GENERAL,
    GOVERNOR,
    HOSPITAL,
    INJURED,
    INSIDERS,
    MINISTRY,
    SECOND,
    THIRD,
    claim,
    on,
    people,
)  # fmt: skip

MOVED = (claim(22, statement=SECOND), claim(24, statement=THIRD, document="evening-paper"))


def held(*claims: Claim) -> list[Held]:
    return sorted(Ledger(claims).values.values(), key=lambda value: value.place)


def relation(*claims: Claim) -> Relation:
    left, right = held(*claims)
    return between(left, right).verdict.relation


def standings(*claims: Claim) -> tuple[ValueStatus, ...]:
    return assess(claims).statuses


def test_claims_are_gathered_by_value_in_the_order_of_the_values() -> None:
    groups = assess([claim(24), claim(people(21, Qualifier.AT_LEAST)), claim(22), claim(24, GOVERNOR)]).groups
    assert [(group.value.low, group.value.high, len(group.claims)) for group in groups] == [
        (21, None, 1),
        (22, 22, 1),
        (24, 24, 2),
    ]


def test_a_denial_of_a_value_is_not_gathered_with_the_value() -> None:
    groups = assess([claim(24, GENERAL, stance=Stance.DENIES), claim(24, GOVERNOR)]).groups
    assert [group.denied for group in groups] == [False, True]


def test_retracted_claims_and_silences_are_left_out() -> None:
    assert held(claim(24, status=ClaimStatus.RETRACTED), claim(24, stance=Stance.NO_COMMENT)) == []


def test_a_value_held_from_its_first_to_its_last_time() -> None:
    group = Group((claim(24, as_of=on("2023-12-30")), claim(24, as_of=on("2023-12-31")), claim(24)))
    assert group.as_of == parse_span("2023-12-30", "2023-12-31")


def test_origins_under_one_organisation_count_once_behind_a_value() -> None:
    group = Group((claim(24, GOVERNOR), claim(24, MINISTRY), claim(24, HOSPITAL), claim(24, INSIDERS), claim(24)))
    assert group.origins == (GOVERNOR, MINISTRY, HOSPITAL, INSIDERS)
    assert group.independent_origins == 2


def test_one_origin_s_move_explains_the_two_values() -> None:
    assert relation(*MOVED) is Relation.UPDATES


def test_an_independent_origin_that_holds_the_earlier_figure_keeps_the_conflict() -> None:
    assert relation(*MOVED, claim(22, HOSPITAL)) is Relation.UNRESOLVED


def test_an_unnamed_origin_that_holds_the_earlier_figure_keeps_the_conflict() -> None:
    assert relation(*MOVED, claim(22, INSIDERS)) is Relation.UNRESOLVED


def test_a_document_s_own_voice_does_not_keep_the_conflict() -> None:
    assert relation(*MOVED, claim(22, document="weekly-paper")) is Relation.UPDATES


def test_the_origin_s_own_organisation_does_not_keep_the_conflict() -> None:
    injured = [replace(item, property=INJURED) for item in MOVED]
    assert relation(*injured, claim(22, MINISTRY, prop=INJURED)) is Relation.UPDATES


def test_own_voice_beside_the_later_figure_does_not_keep_a_conflict_either() -> None:
    assert relation(*MOVED, claim(24, document="weekly-paper"), claim(22, document="free-paper")) is Relation.UPDATES


def test_moves_in_both_directions_leave_the_conflict() -> None:
    there = [claim(108, statement=FIRST, prop=INJURED), claim(111, statement=SECOND, prop=INJURED)]
    back = [
        claim(111, HOSPITAL, prop=INJURED, as_of=on("2023-12-30")),
        claim(108, HOSPITAL, prop=INJURED, as_of=on("2023-12-31")),
    ]
    assert relation(*there, *back) is Relation.UNRESOLVED


def test_between_is_the_same_from_either_side() -> None:
    left, right = held(*MOVED, claim(22, document="weekly-paper"))
    here, there = between(left, right).verdict, between(right, left).verdict
    assert (here.relation, here.rule, here.because) == (there.relation, there.rule, there.because)
    assert (here.order, there.order) == (Order.LEFT_FIRST, Order.RIGHT_FIRST)


def test_an_earlier_value_is_superseded_and_the_last_is_current() -> None:
    claims = [claim(amount, statement=post) for amount, post in ((21, FIRST), (22, SECOND), (24, THIRD))]
    assert standings(*claims) == (ValueStatus.SUPERSEDED, ValueStatus.SUPERSEDED, ValueStatus.CURRENT)


def test_a_recounted_value_is_corrected() -> None:
    statuses = standings(claim(24, statement=FIRST), claim(22, statement=SECOND))
    assert statuses == (ValueStatus.CURRENT, ValueStatus.CORRECTED)


def test_values_that_nothing_orders_are_contested() -> None:
    statuses = standings(claim(120, GOVERNOR, prop=INJURED), claim(160, HOSPITAL, prop=INJURED))
    assert statuses == (ValueStatus.CONTESTED, ValueStatus.CONTESTED)


def test_a_superseded_value_contests_nothing() -> None:
    statuses = standings(*MOVED, claim(21, statement=FIRST), claim(24, HOSPITAL))
    assert ValueStatus.CONTESTED not in statuses


def test_a_value_that_every_document_withdrew_is_corrected() -> None:
    withdrawn = claim(160, HOSPITAL, prop=INJURED, status=ClaimStatus.CORRECTED)
    statuses = standings(claim(120, GOVERNOR, prop=INJURED), withdrawn)
    assert statuses == (ValueStatus.CURRENT, ValueStatus.CORRECTED)
