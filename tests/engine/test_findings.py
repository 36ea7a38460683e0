"""Findings: a stale figure, a mixed snapshot, a broken chain."""

from typing import Any

from api.engine.findings import Finding, findings
from api.engine.record import Claim, Link, Place, Reckoned, Scope
from api.engine.values import Value
from schemas.vocabulary import ClaimStatus, FindingKind, Qualifier, Reckoning, ValueKind
from tests.engine.samples import (
    BEGAN,
    DEATHS,
    DRONES,
    FIRST,
    GOVERNOR,
    HOSPITAL,
    INJURED,
    INSIDERS,
    MINISTRY,
    REGION,
    SECOND,
    THIRD,
    claim,
    on,
    people,
)  # fmt: skip

PAPER = "morning-paper"


STALE = FindingKind.STALE_WITHIN_DOCUMENT


def found(kind: FindingKind, *claims: Claim) -> list[Finding]:
    return [finding for finding in findings(PAPER, claims) if finding.kind is kind]


def test_a_headline_that_lags_behind_its_text_is_stale() -> None:
    headline, text = claim(22, statement=SECOND, position=0), claim(24, statement=THIRD, position=400)
    (finding,) = found(FindingKind.STALE_WITHIN_DOCUMENT, text, headline)
    assert finding.claims == (headline, text)
    assert (finding.document, finding.event, finding.property) == (PAPER, "the-strike", "deaths")
    assert finding.because == (
        "It still gives 22 people killed, though it also gives 24 people killed, which replaced it."
    )


def test_a_stale_figure_that_stands_twice_is_one_finding() -> None:
    claims = [claim(22, statement=SECOND, position=place) for place in (0, 90)]
    (finding,) = found(FindingKind.STALE_WITHIN_DOCUMENT, *claims, claim(24, statement=THIRD, position=400))
    assert finding.claims[:2] == tuple(claims)
    assert len(finding.claims) == 3


def test_the_successor_in_another_document_makes_nothing_stale() -> None:
    later = claim(24, statement=THIRD, document="evening-paper")
    assert found(FindingKind.STALE_WITHIN_DOCUMENT, claim(22, statement=SECOND), later) == []


def test_two_figures_that_nothing_orders_are_not_stale() -> None:
    claims = claim(108, GOVERNOR, prop=INJURED), claim(111, HOSPITAL, prop=INJURED)
    assert found(FindingKind.STALE_WITHIN_DOCUMENT, *claims) == []


def test_a_retracted_figure_is_not_stale() -> None:
    retracted = claim(22, statement=SECOND, status=ClaimStatus.RETRACTED)
    assert found(FindingKind.STALE_WITHIN_DOCUMENT, retracted, claim(24, statement=THIRD)) == []


def test_coupled_figures_of_two_statements_are_a_mixed_snapshot() -> None:
    injured, dead = claim(108, statement=SECOND, prop=INJURED), claim(24, statement=THIRD, position=20)
    (finding,) = found(FindingKind.MIXED_SNAPSHOT, dead, injured)
    assert finding.claims == (injured, dead)
    assert finding.because == (
        "108 people injured stands beside 24 people killed, but the two go back to different statements of one source."
    )


def test_a_coupled_figure_that_no_statement_gave_is_a_mixed_snapshot() -> None:
    stated = claim(108, statement=THIRD, prop=INJURED, document="evening-paper")
    claims = claim(109, prop=INJURED), claim(24, statement=THIRD, position=20), stated
    (finding,) = found(FindingKind.MIXED_SNAPSHOT, *claims)
    assert finding.because == (
        "109 people injured stands beside 24 people killed, but matches no statement on record: "
        "those give 108 people injured. Together they make 133; in the statements that give both, 132."
    )


def test_two_figures_on_nobody_s_word_are_measured_against_the_statements_that_give_either() -> None:
    posts = [
        claim(dead, statement=post, document=f"{post.id}-paper", prop=DEATHS)
        for dead, post in ((21, FIRST), (22, SECOND), (24, THIRD))
    ]
    injured = [
        claim(hurt, statement=post, document=f"{post.id}-paper", prop=INJURED)
        for hurt, post in ((110, FIRST), (109, SECOND), (108, THIRD))
    ]
    (older,) = found(FindingKind.MIXED_SNAPSHOT, *posts, *injured, claim(24), claim(109, prop=INJURED, position=9))
    assert older.because == "109 people injured stands beside 24 people killed, but is the figure of another statement."
    (unknown,) = found(FindingKind.MIXED_SNAPSHOT, *posts, *injured, claim(24), claim(111, prop=INJURED, position=9))
    assert unknown.because.endswith("Together they make 135; in the statements that give both, 131 and 132.")
    assert found(FindingKind.MIXED_SNAPSHOT, *posts, *injured, claim(22), claim(109, prop=INJURED, position=9)) == []
    assert found(FindingKind.MIXED_SNAPSHOT, *posts, *injured, claim(19), claim(109, prop=INJURED, position=9)) == []


def drones_over(amount: int, place: Place | None = None, **fields: Any) -> Claim:
    return claim(amount, MINISTRY, prop=DRONES, scope=Scope(place), **fields)


def test_parts_in_places_apart_that_add_up_to_more_than_their_whole_are_misreckoned() -> None:
    north, south = Place("north-quarter", "North Quarter"), Place("south-quarter", "South Quarter")
    (finding,) = found(FindingKind.WRONG_RECKONING, drones_over(32), drones_over(20, north), drones_over(13, south))
    assert finding.because == (
        "The parts add up to more than the whole: 20 drones launched (North Quarter) and 13 drones launched "
        "(South Quarter), of 32 drones launched."
    )
    assert found(FindingKind.WRONG_RECKONING, drones_over(32), drones_over(20, north), drones_over(12, south)) == []
    within = Place("market", "Market", north)
    assert found(FindingKind.WRONG_RECKONING, drones_over(32), drones_over(20, north), drones_over(13, within)) == []


def test_a_stated_sum_is_checked_against_its_parts() -> None:
    men, women = claim(4, id="men"), claim(3, id="women")
    stated = Reckoned(Reckoning.SUM, ("men", "women"))
    (finding,) = found(FindingKind.WRONG_RECKONING, men, women, claim(8, reckoned=stated))
    assert finding.because == (
        "It gives 8 people killed as the sum of 4 people killed and 3 people killed, which it is not."
    )
    assert found(FindingKind.WRONG_RECKONING, men, women, claim(7, reckoned=stated)) == []


def test_a_difference_is_checked_too() -> None:
    launched, downed = claim(49, id="launched", prop=DRONES), claim(21, id="downed", prop=DRONES)
    left = Reckoned(Reckoning.DIFFERENCE, ("launched", "downed"))
    assert found(FindingKind.WRONG_RECKONING, launched, downed, claim(28, prop=DRONES, reckoned=left)) == []
    assert found(FindingKind.WRONG_RECKONING, launched, downed, claim(29, prop=DRONES, reckoned=left)) != []


def test_figures_of_one_statement_are_one_snapshot() -> None:
    assert (
        found(FindingKind.MIXED_SNAPSHOT, claim(108, statement=THIRD, prop=INJURED), claim(24, statement=THIRD)) == []
    )


def test_figures_of_two_sources_are_not_mixed() -> None:
    claims = claim(108, HOSPITAL, prop=INJURED), claim(24, statement=THIRD)
    assert found(FindingKind.MIXED_SNAPSHOT, *claims) == []


def test_a_figure_is_measured_against_the_nearest_toll() -> None:
    older, newer = claim(22, statement=SECOND, position=0), claim(24, statement=THIRD, position=500)
    injured = claim(108, statement=THIRD, prop=INJURED, position=520)
    assert found(FindingKind.MIXED_SNAPSHOT, older, newer, injured) == []


def test_an_open_range_matches_any_statement() -> None:
    stated = claim(108, statement=THIRD, prop=INJURED, document="evening-paper")
    vague = claim(people(None, Qualifier.DOZENS), prop=INJURED)
    assert found(FindingKind.MIXED_SNAPSHOT, vague, claim(24, statement=THIRD), stated) == []


def test_an_unnamed_origin_breaks_the_chain() -> None:
    (finding,) = found(FindingKind.BROKEN_CHAIN, claim(24, INSIDERS))
    assert finding.because == "The origin is unnamed: deaths, 24 people killed (people close to the talks, unnamed)."


def test_a_figure_on_nobody_s_word_breaks_the_chain_of_its_own_question() -> None:
    dead, hurt = found(FindingKind.BROKEN_CHAIN, claim(24), claim(108, prop=INJURED, position=9))
    assert dead.because == "The document gives it on nobody's word: deaths, 24 people killed (no source named)."
    assert hurt.because == "The document gives it on nobody's word: injured, 108 people injured (no source named)."


def test_a_headline_on_nobody_s_word_is_stale_where_the_record_has_moved_on() -> None:
    headline = claim(22, document="digest")
    elsewhere = claim(22, statement=FIRST, document="weekly-paper")
    body = claim(24, statement=SECOND, document="digest", position=9)
    (finding,) = [one for one in findings("digest", [headline, elsewhere, body]) if one.kind is STALE]
    assert finding.claims == (headline, body)


def test_a_figure_of_an_earlier_statement_beside_a_later_toll_is_a_mixed_snapshot() -> None:
    known = [claim(24, statement=FIRST, document="wire"), claim(109, statement=FIRST, prop=INJURED, document="wire")]
    beside = [claim(26, statement=SECOND, document="digest"), claim(109, prop=INJURED, document="digest", position=9)]
    kinds = [one.kind for one in findings("digest", [*known, *beside])]
    assert FindingKind.MIXED_SNAPSHOT in kinds


def test_an_attribution_in_a_circle_breaks_the_chain() -> None:
    circle = claim(24, attribution=(Link(GOVERNOR), Link(REGION), Link(GOVERNOR)))
    (finding,) = found(FindingKind.BROKEN_CHAIN, circle)
    assert finding.because.startswith("The attribution comes back to a source it has already named: ")


def test_a_named_origin_a_statement_or_a_plain_fact_break_no_chain() -> None:
    began = claim(Value(ValueKind.TIME, span=on("2023-12-30")), prop=BEGAN)
    assert found(FindingKind.BROKEN_CHAIN, claim(24, GOVERNOR), claim(21, statement=FIRST), began) == []
