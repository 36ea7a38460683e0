"""Ties: the relation between each two values of a question, and what it makes of them."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product

from api.engine.groups import Between, Tie
from api.engine.held import Held
from api.engine.ledger import Ledger
from api.engine.order import sequence
from api.engine.record import Claim
from api.engine.rules.coverage import counts_apart
from api.engine.rules.pair import CONFLICTS, SUCCESSIONS, Verdict
from api.engine.rules.table import RULES
from api.engine.successors import Word, judged
from api.engine.values import overlap
from schemas.vocabulary import Cause, Order, Relation, ValueStatus

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
    found: list[Verdict] = []
    moves: list[Verdict] = []
    conflicts: list[Verdict] = []
    held: list[Verdict] = []
    for one, other in _pairs(left, right):
        verdict = judged(one, other)
        found.append(verdict)
        if verdict.replaces:
            moves.append(verdict)
        elif verdict.relation in CONFLICTS:
            conflicts.append(verdict)
            if one in left.standing and other in right.standing:
                held.append(verdict)
    if held:
        orders = {verdict.order for verdict in moves}
        worst = _worst(held)
        return Between(replace(worst, order=orders.pop()) if len(orders) == 1 else worst, True)
    if moves:
        return Between(_first(_leaving(moves, left, right) or moves), False)
    return Between(_worst(conflicts) if conflicts else _first(found), False)


def exceeds(part: Held, whole: Held) -> Verdict | None:
    """Return the verdict by which a value is more than a lower one of which it is a part, or None.

    Words that stand are looked at first.
    """
    standing = product(part.standing, whole.standing)
    everybody = product(part.words.values(), whole.words.values())
    all_stand = len(part.standing) == len(part.words) and len(whole.standing) == len(whole.words)
    for pairs in (standing,) if all_stand else (standing, everybody):
        for one, other in islice(pairs, MOST_PAIRS):
            if _may_exceed(one.claim, other.claim):
                verdict = judged(one, other)
                if verdict.relation is Relation.EXCEEDS_WHOLE:
                    return verdict
    return None


def _may_exceed(part: Claim, whole: Claim) -> bool:
    """Whether their order does not explain that a part is more than its whole; a quick look.

    Most are told apart by when they held, which decides unless both are statements or one was withdrawn.
    """
    if (part.statement is None or whole.statement is None) and part.withdrawn == whole.withdrawn:
        if whole.as_of.precedes(part.as_of):
            return False
        if part.as_of.precedes(whole.as_of):
            return whole.property.accumulates
    order = sequence(part, whole).order
    ordered = order is Order.LEFT_FIRST or order is Order.RIGHT_FIRST
    return not (ordered and counts_apart(whole, later_is_part=order is Order.RIGHT_FIRST))


def _leaving(moves: Sequence[Verdict], left: Held, right: Held) -> Sequence[Verdict]:
    """Return the moves that leave a value for which nobody stands any more."""
    if bool(left.standing) is bool(right.standing):
        return () if left.standing else moves
    gone = Order.RIGHT_FIRST if left.standing else Order.LEFT_FIRST
    return [move for move in moves if move.order is gone]


def _pairs(left: Held, right: Held) -> Iterable[tuple[Word, Word]]:
    """Yield the pairs of words to look at: one will do where plain numbers can both be right, whoever gives them."""
    if left.plain and right.plain and overlap(left.claims[0].value, right.claims[0].value):
        return ((left.speaking, right.speaking),)
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
    return min(verdicts, key=_rank) if len(verdicts) > 1 else verdicts[0]


def _rank(verdict: Verdict) -> tuple[int, bool]:
    """The first rule of the table, then what tells why; of several alike, the words that stand first are taken."""
    return PRECEDENCE[verdict.rule], not verdict.causes


Judged = dict[tuple[int, int], Between]
"""The relation of two values by their places."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Where each value stands, the relations between them, and which of those are open conflicts."""

    statuses: tuple[ValueStatus, ...]
    ties: tuple[Tie, ...]
    open: tuple[Tie, ...]


def standings(ledger: Ledger) -> Standings:
    """Relate the values of one question, in their order, and say where each stands."""
    values = ledger.in_order
    found = _every_pair(ledger) if len(values) <= MOST_VALUES else _deciding_pairs(ledger)
    statuses = [held.status for held in values]
    ties = {pair: Tie(*pair, one.verdict) for pair, one in sorted(found.items())}
    clashes = tuple(tie for pair, tie in ties.items() if found[pair].open)
    for tie in clashes:
        statuses[tie.left] = statuses[tie.right] = ValueStatus.CONTESTED
    return Standings(tuple(statuses), tuple(ties.values()), clashes)


def clashing(ledger: Ledger) -> bool:
    """Whether any two values of a question are an open conflict, which the first such words tell."""
    values = ledger.in_order
    if len(values) > MOST_VALUES:
        return any(_clash(*(values[place] for place in sorted(pair))) for pair in _clashes(values))
    standing = [held for held in values if held.standing]
    return any(_clash(left, right) for left, right in combinations(standing, 2))


def _clash(left: Held, right: Held) -> bool:
    """Whether words that still stand are a conflict, so that the relation of their values is an open one."""
    for one, other in _pairs(left, right):
        if one in left.standing and other in right.standing:
            verdict = judged(one, other)
            if verdict.relation in CONFLICTS and not verdict.replaces:
                return True
    return False


def succeeding(ledger: Ledger) -> bool:
    """Whether any value of a question took another one's place."""
    values = ledger.in_order
    if len(values) > MOST_VALUES:
        return any(one.verdict.relation in SUCCESSIONS for one in _deciding_pairs(ledger).values())
    pairs = combinations(values, 2)
    return any(_judged(ledger, left, right).verdict.relation in SUCCESSIONS for left, right in pairs)


def _every_pair(ledger: Ledger) -> Judged:
    values = ledger.in_order
    return {
        (left, right): _judged(ledger, values[left], values[right])
        for left in range(len(values))
        for right in range(left + 1, len(values))
    }


def _deciding_pairs(ledger: Ledger) -> Judged:
    """Judge the pairs that decide where a value stands: what took its place, and what stands against it."""
    values = ledger.in_order
    places = [0] * len(values)
    for place, held in enumerate(values):
        places[held.rank] = place
    found: Judged = {}
    for place, held in enumerate(values):
        early = held.left_by
        if early is not None and early.successor is not None:
            late = early.successor
            other = places[late.rank]
            if place < other:
                found[place, other] = _passed(ledger, (early, late))
            else:
                found[other, place] = _passed(ledger, (late, early))
    for one, two in _clashes(values):
        left, right = (one, two) if one < two else (two, one)
        found[left, right] = _judged(ledger, values[left], values[right])
    return found


def _passed(ledger: Ledger, pair: tuple[Word, Word]) -> Between:
    """Relate a word and what took its place, in the order of their values, unless that was done before."""
    known = ledger.passed.get(pair)
    if known is None:
        ledger.passed[pair] = known = Between(judged(*pair), False)
    return known


def _judged(ledger: Ledger, left: Held, right: Held) -> Between:
    """Relate two values, unless that was done since the last change of either."""
    pair, versions = (left, right), (left.version, right.version)
    known = ledger.judged.get(pair)
    if known is None or known[0] != versions:
        ledger.judged[pair] = known = versions, between(left, right)
    return known[1]


def _clashes(values: Sequence[Held]) -> Iterator[tuple[int, int]]:
    """Yield for each standing value one that stands against it, if any does.

    Counted values are looked at by what can stand against each other: what was stated, what was worked out, and what
    another rule of counting led to.
    """
    standing = [place for place, held in enumerate(values) if held.standing]
    counted = [place for place in standing if values[place].counted]
    sorts: dict[tuple[bool, bool], list[int]] = {}
    for place in counted:
        for sort in _sorts(values[place]):
            sorts.setdefault(sort, []).append(place)
    for places in (counted, *(sorts.values() if len(sorts) > 1 else ())):
        yield from _apart(places, values)
    for place in standing:
        if not values[place].counted:
            yield from ((place, other) for other in _against(values[place], standing, values))


PLAIN = frozenset({(False, False)})


def _sorts(held: Held) -> Collection[tuple[bool, bool]]:
    """Say whether a value was worked out, and whether it is counted by another rule, for each way it is given."""
    if held.plain:
        return PLAIN
    claims = (word.claim for word in held.standing)
    return {(claim.worked_out, Cause.COUNTING_RULE in claim.causes) for claim in claims}


def _apart(places: Iterable[int], values: Sequence[Held]) -> Iterator[tuple[int, int]]:
    """Yield for each value the next one that begins after it has ended, and the first to end, if before it begins."""
    by_begin = sorted((values[place].begin, place) for place in places)
    begins = [begin for begin, _ in by_begin]
    first_end, ends_first = min(((values[place].end, place) for _, place in by_begin), default=((0.0, False), 0))
    for begin, place in by_begin:
        after = bisect_right(begins, values[place].end)
        if after < len(by_begin):
            yield place, by_begin[after][1]
        if first_end < begin:
            yield place, ends_first


def _against(held: Held, standing: Iterable[int], values: Sequence[Held]) -> Iterator[int]:
    """Yield the values that a term, a time or a denial stands against: of other terms or times the first will do."""
    for place in standing:
        other = values[place]
        denial = held.denied != other.denied
        if (denial or (held.single and not other.counted)) and between(held, other).open:
            yield place
            if not denial:
                return
