"""Timeline: when each value was said and published, and what took its place."""

from dataclasses import replace
from itertools import permutations

import pytest

from api.engine.assess import assess
from api.engine.record import Claim, Statement
from api.engine.timeline import Entry, timeline
from schemas.moments import Span, parse_moment, parse_span
from schemas.vocabulary import ClaimStatus, Qualifier, Relation, Stance, ValueStatus
from tests.engine.samples import (
    CHILD_DEATHS,
    FIRST,
    GENERAL,
    GOVERNOR,
    HOSPITAL,
    INJURED,
    SECOND,
    THIRD,
    claim,
    on,
    people,
)  # fmt: skip

EVENING, MORNING = parse_span("2023-12-30", "2023-12-31"), on("2024-01-01")


def post(name: str, said_at: Span, follows: Statement | None = None, corrects: bool = False) -> Statement:
    return Statement(name, GOVERNOR, said_at, follows, corrects)


def entries(*claims: Claim) -> tuple[Entry, ...]:
    return timeline(assess(claims))


def amounts(*claims: Claim) -> list[object]:
    return [entry.group.value.amount for entry in entries(*claims)]


def found(amount: int, *claims: Claim) -> Entry:
    return next(entry for entry in entries(*claims) if entry.group.value.amount == amount)


def successor(entry: Entry, *claims: Claim) -> object:
    assert entry.superseded is not None
    return entries(*claims)[entry.superseded.by].group.value.amount


def test_nothing_on_record_has_no_timeline() -> None:
    assert timeline(assess([])) == ()


def test_values_come_in_the_order_in_which_they_were_said() -> None:
    said = {30: "2023-12-31", 20: "2024-01-01", 25: "2023-12-30"}
    claims = [
        claim(amount, prop=INJURED, statement=Statement(f"note-{amount}", HOSPITAL, on(day)))
        for amount, day in said.items()
    ]
    assert amounts(*claims) == [25, 30, 20]


def test_a_value_of_no_known_statement_comes_last_whenever_it_was_published() -> None:
    early = claim(120, published=on("2023-12-30"), prop=INJURED)
    late = claim(160, prop=INJURED, statement=Statement("note", HOSPITAL, on("2024-01-01")), published=on("2024-01-02"))
    assert amounts(early, late) == [160, 120]


@pytest.mark.parametrize(
    ("clock", "first", "second"),
    [
        ("as_of", on("2023-12-29"), on("2023-12-30")),
        ("as_of", on("2023-12-30"), Span()),
        ("as_of", parse_span("2023-12-29", "2023-12-31"), on("2023-12-31")),
        ("published", on("2023-12-29"), on("2023-12-30")),
        ("published", on("2023-12-30"), Span()),
        ("published", on("2023-12-30"), parse_span("2023-12-29", "2023-12-31")),
    ],
)
def test_what_the_statements_leave_open_is_told_by_the_other_clocks(clock: str, first: Span, second: Span) -> None:
    left, right = claim(160, HOSPITAL, "paper-1", INJURED), claim(120, GENERAL, "paper-2", INJURED)
    assert amounts(replace(left, **{clock: first}), replace(right, **{clock: second})) == [160, 120]
    assert amounts(replace(left, **{clock: second}), replace(right, **{clock: first})) == [120, 160]


def test_values_that_no_clock_tells_apart_come_by_value() -> None:
    assert amounts(claim(160, HOSPITAL, prop=INJURED), claim(120, GENERAL, prop=INJURED)) == [120, 160]


def test_the_chain_of_statements_orders_what_was_said_within_the_same_days() -> None:
    first = post("first", EVENING)
    second = post("second", EVENING, first)
    third = post("third", EVENING, second)
    said = ((108, third), (109, second), (110, first))
    assert amounts(*(claim(amount, prop=INJURED, statement=note) for amount, note in said)) == [110, 109, 108]
    floors = (claim(people(amount, Qualifier.AT_LEAST), prop=INJURED, statement=note) for amount, note in said)
    assert amounts(*floors) == [110, 109, 108]


def test_a_value_that_another_source_gave_too_is_not_ordered_by_one_chain_alone() -> None:
    first = post("first", EVENING)
    more, fewer = people(110, Qualifier.AT_LEAST), people(100, Qualifier.AT_LEAST)
    claims = [claim(more, statement=first), claim(fewer, statement=post("second", EVENING, first))]
    assert amounts(*claims) == [110, 100]
    assert amounts(*claims, claim(fewer, statement=Statement("ward", HOSPITAL, EVENING))) == [100, 110]


def test_a_value_of_no_known_statement_comes_before_the_one_that_took_its_place() -> None:
    unsaid = claim(16, GOVERNOR, as_of=on("2023-12-30"))
    said = claim(23, as_of=on("2023-12-31"), statement=post("note", on("2023-12-31")))
    other = claim(people(40, Qualifier.AT_MOST), HOSPITAL, statement=Statement("ward", HOSPITAL, on("2023-12-30")))
    assert amounts(unsaid, said, other) == [40, 16, 23]


def test_a_value_that_was_said_in_hindsight_keeps_the_place_of_its_saying() -> None:
    then = claim(23, as_of=on("2023-12-30"), statement=Statement("then", HOSPITAL, on("2023-12-30")))
    hindsight = claim(16, as_of=on("2023-12-29"), statement=Statement("hindsight", HOSPITAL, on("2024-01-02")))
    assert amounts(then, hindsight) == [23, 16]
    gone = found(16, then, hindsight)
    assert gone.superseded is not None
    assert gone.superseded.by == 0


def test_the_order_in_which_claims_are_given_changes_nothing() -> None:
    claims = [
        claim(21, statement=FIRST, id="a"),
        claim(22, statement=SECOND, id="b", published=MORNING, document="paper-2"),
        claim(24, statement=THIRD, id="c"),
        claim(24, HOSPITAL, id="d"),
        claim(people(20, Qualifier.AT_LEAST), id="e", as_of=EVENING),
    ]
    seen = [
        [(entry.group.value, entry.status, entry.superseded, entry.late, entry.published) for entry in entries(*given)]
        for given in permutations(claims)
    ]
    assert all(one == seen[0] for one in seen)


def test_a_value_spans_the_statements_it_goes_back_to_and_no_other_clock() -> None:
    first, again = post("first", on("2023-12-30")), post("again", on("2024-01-01"))
    own_voice = claim(24, document="paper-2", as_of=on("2023-12-29"), published=on("2023-12-29"))
    assert found(24, claim(24, statement=first), claim(24, statement=again), own_voice).said == parse_span(
        "2023-12-30", "2024-01-01"
    )
    assert found(24, own_voice).said == Span()


def test_the_end_of_a_statement_that_is_unknown_stays_unknown() -> None:
    assert found(24, claim(24, statement=post("first", parse_span(None, "2023-12-31")))).said == parse_span(
        None, "2023-12-31"
    )


def test_a_value_is_published_when_a_document_was_certainly_out() -> None:
    vague = claim(24, document="paper-2", published=parse_span("2023-12-29", "2024-01-01"))
    dated = claim(24, document="paper-3", published=on("2023-12-31"))
    entry = found(24, vague, dated)
    assert entry.documents == ("paper-3", "paper-2")
    assert (entry.published.first, entry.published.last) == (parse_moment("2023-12-31"), parse_moment("2024-01-01"))


def test_an_undated_document_leaves_open_when_the_last_one_was_out() -> None:
    dated, undated = claim(24, document="paper-2", published=MORNING), claim(24, document="paper-1")
    entry = found(24, dated, undated)
    assert entry.documents == ("paper-2", "paper-1")
    assert (entry.published.first, entry.published.last) == (parse_moment("2024-01-01"), None)
    alone = found(24, undated).published
    assert (alone.first, alone.last) == (None, None)


def moved() -> list[Claim]:
    """One official's count moves twice, a day between each of the papers."""
    first = post("first", EVENING)
    second = post("second", EVENING, first)
    third = post("third", on("2023-12-31"), second)
    return [
        claim(amount, document=f"paper-{day}", statement=statement, published=on(f"2024-01-0{day}"))
        for day, (amount, statement) in enumerate(((21, first), (22, second), (24, third)), 1)
    ]


def test_a_value_is_superseded_by_the_first_that_took_its_place_and_by_no_other() -> None:
    assert [successor(found(amount, *moved()), *moved()) for amount in (21, 22)] == [22, 24]
    gone = found(21, *moved()).superseded
    assert gone is not None
    assert (gone.verdict.relation, gone.verdict.rule) == (Relation.UPDATES, "count_grew")
    assert (gone.said, gone.published) == (EVENING, parse_moment("2024-01-02"))


def test_what_stands_was_superseded_by_nothing() -> None:
    assert found(24, *moved()).superseded is None
    contested = entries(claim(120, GOVERNOR, prop=INJURED), claim(160, HOSPITAL, prop=INJURED))
    assert [(entry.status, entry.superseded) for entry in contested] == [(ValueStatus.CONTESTED, None)] * 2


def test_a_recount_says_what_corrected_the_value() -> None:
    claims = [claim(24, statement=FIRST), claim(22, statement=SECOND)]
    gone = found(24, *claims)
    assert (gone.status, successor(gone, *claims)) == (ValueStatus.CORRECTED, 22)
    assert gone.superseded is not None
    assert gone.superseded.verdict.relation is Relation.CORRECTS


def test_a_value_that_its_documents_withdrew_has_no_successor_of_its_own() -> None:
    entry = found(24, claim(24, HOSPITAL, status=ClaimStatus.CORRECTED))
    assert (entry.status, entry.superseded, entry.late) == (ValueStatus.CORRECTED, None, ())


def test_a_withdrawn_value_took_nobodys_place() -> None:
    claims = [
        claim(21, statement=FIRST),
        claim(22, statement=SECOND, status=ClaimStatus.CORRECTED),
        claim(24, statement=THIRD),
    ]
    assert successor(found(21, *claims), *claims) == 24


def test_a_value_stands_again_when_what_took_its_place_was_taken_back() -> None:
    first = post("first", on("2023-12-30"))
    second = post("second", on("2023-12-31"), first)
    third = post("third", on("2024-01-01"), second, corrects=True)
    ceiling = claim(people(22, Qualifier.AT_MOST), statement=third)
    claims = [claim(21, statement=first), claim(24, statement=second), ceiling]
    assert [(entry.status, entry.superseded and entry.superseded.by) for entry in entries(*claims)] == [
        (ValueStatus.CURRENT, None),
        (ValueStatus.CORRECTED, 2),
        (ValueStatus.CURRENT, None),
    ]


@pytest.mark.parametrize(
    ("published", "late"),
    [
        (on("2024-01-03"), True),
        (on("2024-01-02"), False),
        (parse_span("2024-01-02", "2024-01-03"), False),
        (parse_span("2024-01-03", None), True),
        (Span(), False),
        (parse_span(None, "2024-01-05"), False),
        (on("2024-01-02T23:59+03:00"), False),
        (on("2024-01-03T00:10+03:00"), True),
    ],
)
def test_a_document_is_late_when_it_certainly_came_out_after_the_successor(published: Span, late: bool) -> None:
    repeat = claim(21, document="weekly", published=published)
    assert found(21, *moved(), repeat).late == (("weekly",) if late else ())


def test_a_document_that_withdrew_the_value_does_not_still_give_it() -> None:
    repeat = claim(21, document="weekly", published=on("2024-01-09"), status=ClaimStatus.CORRECTED)
    assert found(21, *moved(), repeat).late == ()


def test_a_document_is_not_late_with_a_value_that_stands() -> None:
    assert found(24, *moved(), claim(24, document="weekly", published=on("2024-01-09"))).late == ()


def test_a_denial_is_an_entry_of_its_own() -> None:
    denial = claim(24, GENERAL, prop=INJURED, stance=Stance.DENIES)
    assert [entry.group.denied for entry in entries(claim(24, HOSPITAL, prop=INJURED), denial)] == [False, True]


def test_a_whole_that_a_part_exceeds_stands_among_the_entries() -> None:
    part, whole = claim(3, GOVERNOR, prop=CHILD_DEATHS), claim(2, HOSPITAL)
    seen = timeline(assess([part], [whole]))
    assert {entry.group.claims[0].property.id for entry in seen} == {"child_deaths", "deaths"}
    assert {entry.status for entry in seen} == {ValueStatus.CONTESTED}


def test_a_long_chain_is_ordered_without_running_deep() -> None:
    earlier, claims = None, []
    for number in range(200):
        earlier = post(f"post-{number}", EVENING, earlier)
        claims.append(claim(1000 - number, prop=INJURED, statement=earlier))
    assert amounts(*claims) == [1000 - number for number in range(200)]
