"""Ties: the relation between each two values of a question, and what it makes of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from api.engine.groups import Between, Tie
from api.engine.ledger import Held, Ledger
from api.engine.relate import relate
from api.engine.rules.pair import CONFLICTS, Verdict
from api.engine.rules.table import RULES
from api.engine.successors import Word
from schemas.vocabulary import Order, Relation, ValueStatus

SEVERITY = {
    relation: place
    for place, relation in enumerate(
        (
            Relation.CONTRADICTS,
            Relation.EXCEEDS_WHOLE,
            Relation.UNRESOLVED,
            Relation.CORRECTS,
            Relation.UPDATES,
        )
    )
}
"""The worst relation first."""

PRECEDENCE = {rule.name: place for place, rule in enumerate(RULES)}

MOST_VALUES = 24
"""Values up to which the relation between each two is given; of more, those that decide where a value stands."""

MOST_PAIRS = 64
"""Pairs of words up to which all are looked at for the relation of two values; of more, the telling ones."""

SPOKESMEN = 2
"""Words of each sort that speak for a value which very many give."""


def between(left: Held, right: Held) -> Between:
    """Return the relation between two values from those of the words that give them.

    A conflict of words that still stand comes first; then that one took the other's place; then a conflict of words
    that are gone; then agreement.
    """
    judged = [(one, other, relate(one.claim, other.claim)) for one, other in _pairs(left, right)]
    standing = {id(word) for held in (left, right) for word in held.standing}
    conflicts = [
        (verdict, id(one) in standing and id(other) in standing)
        for one, other, verdict in judged
        if verdict.relation in CONFLICTS
    ]
    moves = [verdict for _, _, verdict in judged if verdict.replaces]
    held = [verdict for verdict, stands in conflicts if stands]
    if held:
        orders = {verdict.order for verdict in moves}
        worst = _worst(held)
        return Between(replace(worst, order=orders.pop()) if len(orders) == 1 else worst, True)
    if moves:
        return Between(
            min((move for move in moves if _leaves(move, left, right)), key=_rank, default=_first(moves)), False
        )
    if conflicts:
        return Between(_worst([verdict for verdict, _ in conflicts]), False)
    return Between(_first([verdict for _, _, verdict in judged]), False)


def _leaves(move: Verdict, left: Held, right: Held) -> bool:
    """Whether a move leaves a value for which nobody stands any more."""
    return not (left if move.order is Order.LEFT_FIRST else right).standing


def _pairs(left: Held, right: Held) -> Iterable[tuple[Word, Word]]:
    if len(left.words) * len(right.words) <= MOST_PAIRS:
        return product(left.words.values(), right.words.values())
    return _telling(left, right)


def _telling(left: Held, right: Held) -> Iterator[tuple[Word, Word]]:
    """Yield the pairs of words that tell most: moves, one statement, one moment, one source, the first of each."""
    for one, other in ((left, right), (right, left)):
        for word in islice((word for word in one.words.values() if _moved_to(word, other)), SPOKESMEN):
            pair = word, word.successor
            if pair[1] is not None:
                yield (pair[0], pair[1]) if one is left else (pair[1], pair[0])
    for here, there in zip(left.shared(), right.shared(), strict=True):
        few, many = sorted((here, there), key=len)
        common = (key for key in few if key in many)
        yield from ((here[key], there[key]) for key in islice(common, SPOKESMEN))
    for mine, others in ((left.standing, right.standing), (left.words.values(), right.words.values())):
        yield from product(islice(mine, SPOKESMEN), islice(others, SPOKESMEN))


def _moved_to(word: Word, held: Held) -> bool:
    return word.successor is not None and word.successor.rank == held.rank


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=lambda verdict: (SEVERITY[verdict.relation], *_rank(verdict)))


def _first(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=_rank)


def _rank(verdict: Verdict) -> tuple[int, str]:
    return PRECEDENCE[verdict.rule], verdict.because


@dataclass(frozen=True, slots=True)
class Standings:
    """Where each value stands, the relations between them, and which of those are open conflicts."""

    statuses: tuple[ValueStatus, ...]
    ties: tuple[Tie, ...]
    open: tuple[Tie, ...]


def standings(ledger: Ledger, values: Sequence[Held]) -> Standings:
    """Relate the values of one question, in their order, and say where each stands."""
    judged = {pair: _judged(ledger, values[pair[0]], values[pair[1]]) for pair in _related(values)}
    statuses = [_gone(held) for held in values]
    clashes = []
    ties = []
    for (left, right), found in sorted(judged.items()):
        tie = Tie(left, right, found.verdict)
        ties.append(tie)
        if found.open:
            clashes.append(tie)
            statuses[left] = statuses[right] = ValueStatus.CONTESTED
    return Standings(tuple(statuses), tuple(ties), tuple(clashes))


def _judged(ledger: Ledger, left: Held, right: Held) -> Between:
    """Relate two values, unless that was done since the last change of either."""
    pair, versions = (left.rank, right.rank), (left.version, right.version)
    known = ledger.judged.get(pair)
    if known is None or known[0] != versions:
        ledger.judged[pair] = known = versions, between(left, right)
    return known[1]


def _gone(held: Held) -> ValueStatus:
    if held.standing:
        return ValueStatus.CURRENT
    return ValueStatus.CORRECTED if held.taken_back else ValueStatus.SUPERSEDED


def _related(values: Sequence[Held]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of values to relate: all of them where there are few, else those that decide."""
    count = len(values)
    if count <= MOST_VALUES:
        yield from ((left, right) for left in range(count) for right in range(left + 1, count))
        return
    places = {held.rank: place for place, held in enumerate(values)}
    for pair in (*_successions(values, places), *_clashes(values)):
        yield min(pair), max(pair)


def _successions(values: Sequence[Held], places: dict[object, int]) -> Iterator[tuple[int, int]]:
    for place, held in enumerate(values):
        taken = next((word.successor for word in held.words.values() if word.successor is not None), None)
        if taken is not None:
            yield place, places[taken.rank]


def _clashes(values: Sequence[Held]) -> Iterator[tuple[int, int]]:
    """Yield for each standing value one that stands against it, if any does.

    Counted values are put in line: if one overlaps the value that ends first and the one that begins last, it
    overlaps all.
    """
    standing = [place for place, held in enumerate(values) if held.standing]
    counted = [place for place in standing if values[place].counted]
    if counted:
        ends_first = min(counted, key=lambda place: (values[place].high, place))
        begins_last = max(counted, key=lambda place: (values[place].low, place))
        for place in counted:
            for other in (ends_first, begins_last):
                if values[place].high <= values[other].low or values[other].high <= values[place].low:
                    yield place, other
    for place in standing:
        if not values[place].counted:
            yield from ((place, other) for other in _against(values[place], standing, values))


def _against(held: Held, standing: Iterable[int], values: Sequence[Held]) -> Iterator[int]:
    """Yield the values that a term, a time or a denial stands against: of other terms or times the first will do."""
    for place in standing:
        other = values[place]
        denial = held.denied != other.denied
        if (denial or (held.single and not other.counted)) and between(held, other).open:
            yield place
            if not denial:
                return
