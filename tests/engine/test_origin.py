"""Origin: whose word it is, and whether two words are one."""

import pytest

from api.engine.origin import confirming, independence, one_speaker, opposed, origins, witnesses
from api.engine.record import Claim, Link, Source
from schemas.vocabulary import Independence, SourceKind
from tests.engine.samples import (
    FIRST,
    GENERAL,
    GOVERNOR,
    HOSPITAL,
    INSIDERS,
    MINISTRY,
    REGION,
    SECOND,
    STATE,
    claim,
)  # fmt: skip

LEAKER = Source("leaker", "an unnamed official", SourceKind.UNNAMED, REGION)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (claim(24, GOVERNOR), claim(24, GOVERNOR, "evening-paper"), Independence.SAME_ORIGIN),
        (claim(24, GOVERNOR), claim(24, REGION, "evening-paper"), Independence.SAME_ORIGIN),
        (claim(24, GOVERNOR), claim(24, MINISTRY), Independence.SAME_ORIGIN),
        (claim(24, GOVERNOR), claim(24, LEAKER), Independence.UNKNOWN),
        (claim(24, HOSPITAL, statement=FIRST), claim(24, GOVERNOR, statement=FIRST), Independence.SAME_ORIGIN),
        (claim(24, statement=FIRST), claim(24, statement=SECOND), Independence.SAME_ORIGIN),
        (claim(24, INSIDERS), claim(24, INSIDERS), Independence.SAME_ORIGIN),
        (claim(24), claim(24), Independence.SAME_ORIGIN),
        (claim(24), claim(24, document="evening-paper"), Independence.UNKNOWN),
        (claim(24, document=None), claim(24, document=None), Independence.UNKNOWN),
        (claim(24), claim(24, GOVERNOR), Independence.UNKNOWN),
        (claim(24, INSIDERS), claim(24, GOVERNOR), Independence.UNKNOWN),
        (claim(24, LEAKER), claim(24, HOSPITAL), Independence.UNKNOWN),
        (claim(24, GENERAL), claim(24, GOVERNOR), Independence.INDEPENDENT),
        (claim(24, HOSPITAL), claim(24, statement=FIRST), Independence.INDEPENDENT),
    ],
)
def test_independence_is_same_unknown_or_independent(left: Claim, right: Claim, expected: Independence) -> None:
    assert independence(left, right) is expected
    assert independence(right, left) is expected


def test_the_last_link_of_the_chain_is_the_origin() -> None:
    relayed = claim(24, attribution=(Link(INSIDERS), Link(GOVERNOR)))
    assert relayed.origin == relayed.voice == GOVERNOR


def test_without_a_chain_the_speaker_of_the_statement_is_the_voice() -> None:
    assert claim(24, statement=FIRST).origin is None
    assert claim(24, statement=FIRST).voice == GOVERNOR
    assert claim(24).voice is None


def test_the_root_is_the_outermost_organisation() -> None:
    assert GOVERNOR.root is STATE
    assert HOSPITAL.root is HOSPITAL
    assert list(GOVERNOR.organisations()) == [REGION, STATE]


def test_one_speaker_speaks_himself_or_through_his_organisation() -> None:
    assert one_speaker(claim(1, GOVERNOR), claim(2, GOVERNOR))
    assert one_speaker(claim(1, GOVERNOR), claim(2, STATE))
    assert not one_speaker(claim(1, GOVERNOR), claim(2, MINISTRY))
    assert not one_speaker(claim(1, INSIDERS), claim(2, INSIDERS))
    assert one_speaker(claim(1), claim(2))
    assert not one_speaker(claim(1), claim(2, document="evening-paper"))


def test_only_two_known_sides_are_opposed() -> None:
    assert opposed(claim(1, GOVERNOR), claim(1, GENERAL))
    assert not opposed(claim(1, GOVERNOR), claim(1, MINISTRY))
    assert not opposed(claim(1, GOVERNOR), claim(1, HOSPITAL))
    assert not opposed(claim(1), claim(1, GENERAL))


def test_origins_are_listed_once_and_organisations_count_once() -> None:
    claims = [claim(24, GOVERNOR), claim(24, MINISTRY), claim(24, GOVERNOR), claim(24), claim(24, INSIDERS)]
    assert origins(claims) == (GOVERNOR, MINISTRY, INSIDERS)
    assert witnesses(claims) == {STATE, INSIDERS}
    assert confirming(claims) == {STATE}


def test_an_unnamed_member_confirms_nothing_for_its_organisation() -> None:
    assert confirming([claim(24, LEAKER)]) == frozenset()
