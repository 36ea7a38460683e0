"""Origin: on whose word a claim finally rests, and whether two claims rest on different ones."""

from collections.abc import Iterable

from api.engine.record import Claim, Source
from schemas.vocabulary import Independence, Stance


def independence(left: Claim, right: Claim) -> Independence:
    """Say whether two claims go back to the same witness.

    Origins under one organisation count once. An unnamed origin, an outlet that names nobody, or a
    document's own unattributed voice, is never known to be independent.
    """
    one, other = left.voice, right.voice
    if left.statement is not None and right.statement is not None and left.statement.id == right.statement.id:
        return Independence.SAME_ORIGIN
    if one is None or other is None:
        own = one is other and left.document is not None and left.document == right.document
        return Independence.SAME_ORIGIN if own else Independence.UNKNOWN
    if (one.unnamed or other.unnamed) and one.id != other.id:
        return Independence.UNKNOWN
    if one.root.id == other.root.id:
        return Independence.SAME_ORIGIN
    unverified = left.stance is Stance.REPORTS_UNVERIFIED or right.stance is Stance.REPORTS_UNVERIFIED
    if unverified or not (one.first_hand and other.first_hand):
        return Independence.UNKNOWN
    return Independence.INDEPENDENT


def one_speaker(left: Claim, right: Claim) -> bool:
    """Whether one source speaks in both, itself or through the organisation it is a part of; or one document."""
    one, other = left.voice, right.voice
    if one is None and other is None:
        return left.document is not None and left.document == right.document
    if one is None or other is None or one.unnamed or other.unnamed:
        return False
    return one.id == other.id or one in other.organisations() or other in one.organisations()


def opposed(left: Claim, right: Claim) -> bool:
    """Whether the two origins stand on different sides of the conflict."""
    sides = {claim.voice.side if claim.voice else None for claim in (left, right)}
    return None not in sides and len(sides) == 2


def origins(claims: Iterable[Claim]) -> tuple[Source, ...]:
    """Return the distinct sources these claims rest on, in order of first mention."""
    return tuple(dict.fromkeys(claim.voice for claim in claims if claim.voice is not None))


def witnesses(claims: Iterable[Claim]) -> frozenset[Source]:
    """Return the organisations or people that count as one origin each."""
    return frozenset(source.root for source in origins(claims))


def confirming(claims: Iterable[Claim]) -> frozenset[Source]:
    """Return the witnesses that may confirm each other: named, no relaying outlets, not reported as unverified."""
    return frozenset(
        claim.voice.root
        for claim in claims
        if claim.voice is not None and claim.voice.first_hand and claim.stance is not Stance.REPORTS_UNVERIFIED
    )
