"""Report: the sentence that may be printed."""

from typing import Any

import pytest

from api.engine.assess import assess
from api.engine.record import Claim, Place, Property, Scope
from api.engine.values import Value, quantity
from schemas.vocabulary import ClaimStatus, Polarity, Qualifier, Stance, ValueKind
from tests.engine.samples import (
    CHILD_DEATHS,
    FIRST,
    GENERAL,
    GOVERNOR,
    HOSPITAL,
    INJURED,
    INSIDERS,
    MINISTRY,
    MODEL,
    RESPONSIBLE,
    SECOND,
    THIRD,
    WEAPON,
    claim,
    on,
    people,
    term,
)  # fmt: skip


def printed(*claims: Claim) -> str:
    return assess(claims).assessment.sentence


def test_a_moved_count_says_what_stands_and_what_earlier_reports_said() -> None:
    sentence = printed(
        claim(21, document="paper-1", statement=FIRST),
        claim(22, document="paper-2", statement=SECOND),
        claim(24, document="paper-3", statement=THIRD, as_of=on("2023-12-31")),
        claim(24, document="paper-4", statement=THIRD, as_of=on("2023-12-31")),
    )
    assert sentence == (
        "24 people were killed as of 31 December 2023, according to Vera Holt; earlier reports said 21 and 22. "
        "All 4 documents go back to one origin; nobody has confirmed it independently."
    )


def test_one_document_is_said_to_be_one() -> None:
    assert printed(claim(24, GOVERNOR)) == (
        "24 people were killed, according to Vera Holt. "
        "One document gives it, on one origin's word; nobody has confirmed it independently."
    )


def test_three_documents_of_one_origin_are_all_of_them() -> None:
    sentence = printed(*(claim(24, GOVERNOR, f"paper-{number}") for number in range(3)))
    assert sentence.endswith("All 3 documents go back to one origin; nobody has confirmed it independently.")


def test_one_person_was_killed() -> None:
    assert printed(claim(1, GOVERNOR)).startswith("1 person was killed, according to Vera Holt.")
    assert printed(claim(people(1, Qualifier.AT_LEAST), GOVERNOR)).startswith("At least 1 person was killed")


def test_thousands_are_separated() -> None:
    assert printed(claim(121_000, GOVERNOR)).startswith("121,000 people were killed")


def test_independent_origins_are_counted() -> None:
    assert printed(claim(24, GOVERNOR), claim(24, HOSPITAL, "evening-paper")) == (
        "24 people were killed, according to the City Hospital and Vera Holt. 2 independent origins stand behind it."
    )


def test_offices_of_one_state_are_named_but_counted_once() -> None:
    sentence = printed(claim(24, GOVERNOR), claim(24, MINISTRY))
    assert "Vera Holt and the Defence Ministry" in sentence
    assert sentence.endswith("nobody has confirmed it independently.")


def test_an_unnamed_source_is_said_to_be_unnamed() -> None:
    assert printed(claim(24, INSIDERS)) == (
        "24 people were killed, according to people close to the talks (unnamed). Only unnamed sources are given."
    )


def test_a_document_s_own_account_is_said_to_be_that() -> None:
    assert printed(claim(24)) == "24 people were killed, by the document's own account. No source is named for it."
    assert printed(claim(24), claim(24, document="evening-paper")).startswith(
        "24 people were killed, by the documents' own account."
    )


def test_a_conflict_names_each_side_and_prints_no_winner() -> None:
    assert printed(claim(120, GOVERNOR, prop=INJURED), claim(160, prop=INJURED, document="evening-paper")) == (
        "Reports conflict on how many people were injured: "
        "120, according to Vera Holt, against 160, on one document's own word."
    )


def test_a_conflict_says_what_was_replaced_since() -> None:
    sentence = printed(
        claim(108, statement=FIRST, prop=INJURED),
        claim(111, statement=SECOND, prop=INJURED),
        claim(160, HOSPITAL, prop=INJURED),
    )
    assert sentence == (
        "Reports conflict on how many people were injured: "
        "111, according to Vera Holt, against 160, according to the City Hospital. Replaced since: 108."
    )


def test_a_contested_denial_is_said_to_be_one() -> None:
    sentence = printed(claim(24, HOSPITAL, prop=INJURED), claim(24, GENERAL, prop=INJURED, stance=Stance.DENIES))
    assert sentence == (
        "Reports conflict on how many people were injured: "
        "24, according to the City Hospital, against a denial of 24, according to Marek Sol."
    )


def test_a_denial_that_stands_alone_is_said_to_be_one() -> None:
    assert printed(claim(24, GENERAL, stance=Stance.DENIES)).startswith("Marek Sol denied that 24 people were killed.")


def test_a_denial_by_another_origin_is_not_said_to_go_back_to_the_same_one() -> None:
    sentence = printed(
        claim(22, HOSPITAL, prop=INJURED),
        claim(24, GENERAL, "evening-paper", INJURED, stance=Stance.DENIES),
    )
    assert sentence.startswith("22 people were injured, according to the City Hospital.")
    assert "Both documents go back to one origin" not in sentence


def test_terms_that_hold_side_by_side_are_all_told() -> None:
    sentence = printed(
        claim(term("drone", WEAPON), GOVERNOR, prop=WEAPON), claim(term("missile", WEAPON), GOVERNOR, prop=WEAPON)
    )
    assert sentence.startswith("Weapons used: drones and missiles, according to Vera Holt.")


def test_a_term_that_was_withdrawn_is_said_to_be() -> None:
    claims = (
        claim(term("s-300", MODEL), statement=FIRST, prop=MODEL),
        claim(term("iskander", MODEL), statement=SECOND, prop=MODEL),
    )
    assert printed(*claims).startswith("Missile model: iskander, according to Vera Holt; s 300 was withdrawn.")


def test_no_comment_is_reported_and_confirmed_by_nobody() -> None:
    sentence = printed(claim(term(Polarity.NO_COMMENT, RESPONSIBLE), GENERAL, prop=RESPONSIBLE))
    assert sentence == "Responsibility: no comment from Marek Sol."


def test_what_the_figure_covers_is_said() -> None:
    quarter = Place("north-quarter", "North Quarter")
    scope = Scope(quarter, "civilians", on("2023-12-30"))
    assert printed(claim(24, GOVERNOR, scope=scope)).startswith(
        "24 people were killed in North Quarter (civilians, 30 December 2023), according to Vera Holt."
    )


def test_what_all_withdrew_is_only_told_as_withdrawn() -> None:
    assert printed(claim(24, GOVERNOR, status=ClaimStatus.CORRECTED)) == "Withdrawn: 24."


def test_three_sides_of_a_conflict_are_all_told() -> None:
    sentence = printed(
        claim(120, GOVERNOR, prop=INJURED), claim(140, GENERAL, prop=INJURED), claim(160, HOSPITAL, prop=INJURED)
    )
    assert sentence == (
        "Reports conflict on how many people were injured: 120, according to Vera Holt; "
        "140, according to Marek Sol; 160, according to the City Hospital."
    )


def test_a_conflict_of_terms_is_told_by_the_property_s_label() -> None:
    claims = claim(term("s-300", MODEL), GENERAL, prop=MODEL), claim(term("iskander", MODEL), HOSPITAL, prop=MODEL)
    assert printed(*claims) == (
        "Reports conflict on the missile model: "
        "iskander, according to the City Hospital, against s 300, according to Marek Sol."
    )


def test_a_part_that_exceeds_its_whole_is_told_with_the_whole() -> None:
    answer = assess([claim(3, GOVERNOR, prop=CHILD_DEATHS)], [claim(2, HOSPITAL)])
    sentence = answer.assessment.sentence
    assert "3, according to Vera Holt" in sentence
    assert sentence.endswith("this should be a part of is smaller: 2 people killed, according to the City Hospital.")


def test_a_property_without_a_noun_is_told_without_gaps() -> None:
    height = Property("height", ValueKind.QUANTITY, "Height of the tower", "metres", constant=True, additive=False)
    claims = claim(49, GOVERNOR, prop=height), claim(50, HOSPITAL, prop=height)
    assert printed(claims[0]).startswith("Height of the tower: 49 metres, according to Vera Holt.")
    assert printed(*claims).startswith(
        "Reports conflict on the height of the tower: 49 metres, according to Vera Holt,"
    )


def test_how_things_were_counted_is_said_with_what_the_figure_covers() -> None:
    scope = Scope(Place("old-town", "old-town"), counting="without the perpetrator")
    assert printed(claim(24, GOVERNOR, scope=scope)).startswith(
        "24 people were killed (old-town, without the perpetrator), according to Vera Holt."
    )


def test_one_speaker_with_two_figures_is_named_once() -> None:
    assert printed(claim(120, GOVERNOR, prop=INJURED), claim(160, GOVERNOR, "evening-paper", INJURED)) == (
        "Reports conflict on how many people were injured: 120 or 160, both according to Vera Holt."
    )


@pytest.mark.parametrize(
    ("prop", "values", "about"),
    [
        (Property("", ValueKind.QUANTITY, unit="people", plural="people"), (120, 160), "the number of people: 120, "),
        (Property("", ValueKind.QUANTITY, unit="percent", plural="percent"), (12, 16), "the figure: 12 percent, "),
        (Property("", ValueKind.QUANTITY), (12, 16), "the figure: 12, "),
        (Property("", ValueKind.CATEGORY, exclusive=True), ("drone", "missile"), "the answer: drone, "),
        (Property("", ValueKind.POLARITY), ("affirmed", "denied"), "the answer: yes, "),
        (Property("", ValueKind.TIME, constant=True), ("2023-12-30", "2023-12-31"), "the time: 30 December 2023, "),
    ],
)
def test_a_conflict_without_a_label_names_what_is_asked(prop: Property, values: tuple[Any, Any], about: str) -> None:
    one, other = (_given(value, prop) for value in values)
    assert printed(claim(one, GOVERNOR, prop=prop), claim(other, HOSPITAL, prop=prop)).startswith(
        f"Reports conflict on {about}"
    )


def _given(value: Any, prop: Property) -> Value:
    if prop.kind is ValueKind.QUANTITY:
        return quantity(None, value, unit=prop.unit)
    return Value(prop.kind, span=on(value)) if prop.kind is ValueKind.TIME else term(value, prop)


def test_what_was_lowered_is_corrected_and_what_its_document_took_back_withdrawn() -> None:
    lowered = printed(claim(24, statement=FIRST), claim(21, statement=SECOND))
    assert lowered.startswith("21 people were killed, according to Vera Holt; the earlier figure of 24 was corrected.")
    withdrawn = printed(
        claim(24, statement=FIRST, status=ClaimStatus.CORRECTED),
        claim(26, statement=SECOND),
        claim(27, statement=SECOND, status=ClaimStatus.CORRECTED),
        claim(25, statement=THIRD),
    )
    assert withdrawn.startswith(
        "25 people were killed, according to Vera Holt; the earlier figure of 26 was corrected; "
        "the earlier figures of 24 and 27 were withdrawn."
    )


def test_who_gives_another_figure_under_a_name_is_told_last() -> None:
    assert printed(claim(24), claim(people(21, Qualifier.AT_LEAST), GOVERNOR, "evening-paper")) == (
        "24 people were killed, by the document's own account. No source is named for it. "
        "At least 21 is given by Vera Holt."
    )


def test_a_denial_that_was_given_up_is_said_to_have_been_one() -> None:
    sentence = printed(claim(24, statement=FIRST, stance=Stance.DENIES), claim(24, statement=SECOND))
    assert sentence.startswith("24 people were killed, according to Vera Holt; the earlier denial of 24 was withdrawn.")


def test_what_is_denied_is_named_where_it_makes_no_clause() -> None:
    denial = claim(term("drone", WEAPON), GENERAL, prop=WEAPON, stance=Stance.DENIES)
    assert printed(denial).startswith("Marek Sol denied drones (weapons used).")
    bare = Property("", ValueKind.QUANTITY, unit="people", plural="people")
    assert printed(claim(24, GENERAL, prop=bare, stance=Stance.DENIES)).startswith("Marek Sol denied 24 people.")


def test_values_that_overlap_are_both_told_and_what_is_only_vaguer_is_not() -> None:
    some, more = (quantity(Qualifier.BETWEEN, low=low, high=low + 10, unit="people") for low in (20, 25))
    assert printed(claim(some, GOVERNOR), claim(more, HOSPITAL, "evening-paper")) == (
        "Between 20 and 30 people were killed, according to Vera Holt. "
        "Only one origin gives exactly this; nobody else has confirmed it. "
        "Between 25 and 35 is given by the City Hospital."
    )
    floor = claim(people(21, Qualifier.AT_LEAST), HOSPITAL, "evening-paper")
    assert "at least" not in printed(claim(24, GOVERNOR), floor).lower()


def test_a_round_number_that_its_document_hedges_is_not_told_beside_a_precise_one() -> None:
    drones = [
        claim(50, MINISTRY, "paper-1", reading=people(50, Qualifier.ABOUT)),
        claim(49, MINISTRY, "paper-2"),
    ]
    assert "50" not in printed(*drones)


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        (("paper-1", "paper-1"), "both on one document's own word"),
        (("paper-1", "paper-2"), "each on one document's own word"),
    ],
)
def test_documents_that_name_nobody_have_each_their_own_word(documents: tuple[str, str], words: str) -> None:
    one, other = (claim(amount, prop=INJURED, document=name) for amount, name in zip((21, 24), documents, strict=True))
    assert printed(one, other) == f"Reports conflict on how many people were injured: 21 or 24, {words}."


def test_a_silence_and_an_unnamed_yes_are_both_told() -> None:
    silent = claim(term(Polarity.NO_COMMENT, RESPONSIBLE), MINISTRY, prop=RESPONSIBLE)
    unnamed = claim(term(Polarity.AFFIRMED, RESPONSIBLE), INSIDERS, "evening-paper", prop=RESPONSIBLE)
    named = claim(term(Polarity.DENIED, RESPONSIBLE), HOSPITAL, "evening-paper", prop=RESPONSIBLE)
    assert "no comment from the Defence Ministry; yes, according to people close to the talks (unnamed)." in printed(
        silent, unnamed
    )
    assert "no, according to the City Hospital; no comment from the Defence Ministry." in printed(silent, named)


def test_a_conflict_on_a_yes_or_no_quotes_what_is_asked() -> None:
    yes, no = (
        claim(term(word, RESPONSIBLE), origin, f"paper-{word}", prop=RESPONSIBLE)
        for word, origin in ((Polarity.AFFIRMED, HOSPITAL), (Polarity.DENIED, GENERAL))
    )
    assert printed(yes, no).startswith(f"Reports conflict on “{RESPONSIBLE.label.lower()}”: ")
