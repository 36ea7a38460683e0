"""Successors: which words could replace an earlier one, proposed without looking at every pair."""

import math
from bisect import insort
from collections.abc import Container, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from api.engine.frontier import Later
from api.engine.record import Claim, Source, Statement
from api.engine.relate import relate
from api.engine.rules.pair import Verdict
from schemas.moments import Moment
from schemas.vocabulary import Cause, Order, Stance, ValueKind

Line = tuple[str, str | None]


@dataclass(eq=False, slots=True)
class Word:
    """One way in which a value is given: claims alike in all that the rules read count as one word.

    `rank` tells the values of a question apart, `counted` whether it asserts a quantity, so that values can be put in
    line; `followed` is how it stands to words that could have taken its place, `successor` is the one that did,
    `taken_back` whether it did so by correcting it.
    """

    claim: Claim
    rank: int
    low: float = field(init=False)
    high: float = field(init=False)
    root: Source | None = field(init=False)
    counted: bool = field(init=False)
    followed: "dict[Word, Verdict]" = field(init=False, default_factory=dict, repr=False)
    successor: "Word | None" = field(init=False, default=None)
    taken_back: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        value, voice = self.claim.compared, self.claim.voice
        self.low = -math.inf if value.low is None else value.low
        self.high = math.inf if value.high is None else value.high
        self.root = voice.root if voice is not None else None
        self.counted = self.claim.value.kind is ValueKind.QUANTITY and not self.claim.denies

    def apart(self, later: "Word") -> bool:
        """Whether the later word leaves no room for this one, as far as the values alone and their wording tell."""
        if self.rank == later.rank:
            return False
        if self.counted and later.counted:
            outside = self.high <= later.low or later.high <= self.low
            return outside or self.claim.value.running or bool(later.claim.causes)
        return True


class Proposals(Protocol):
    """Where successors are looked for."""

    def of(self, word: Word) -> Iterator[Word]:
        """Yield the words that may have replaced this one, the likeliest of each kind at least."""

    def grown(self, word: Word) -> Iterator[Word]:
        """Yield what else of the same origin is larger, of which any one that nothing orders has gone beyond it."""


@dataclass(frozen=True)
class Everyone:
    """Propose all words: the definition, and the quickest way where there are few."""

    words: tuple[Word, ...]

    def of(self, word: Word) -> Iterator[Word]:
        """Yield the words of other values that may have followed: those that rules are worth asking about."""
        early = word.claim
        root, stated, ends = word.root, early.statement is not None, early.as_of.latest
        grows = early.property.accumulates
        for other in self.words:
            late = other.claim
            if other.rank == word.rank:
                continue
            follows = (
                (stated and late.statement is not None)
                or ((grows or late.lowered) and other.root == root)
                or (ends is not None and early.as_of.precedes(late.as_of))
            )
            if follows and word.apart(other):
                yield other

    def grown(self, word: Word) -> Iterator[Word]:
        return iter(())


def judged(left: Word, right: Word) -> Verdict:
    """Relate two words, unless that was done when one was looked at as the other's successor."""
    known = left.followed.get(right)
    if known is not None:
        return known
    turned = right.followed.get(left)
    if turned is not None:
        return turned.turned()
    return relate(left.claim, right.claim)


def replaces(early: Word, late: Word) -> Verdict | None:
    """Return the verdict by which the later word takes the place of the earlier one, or None."""
    verdict = early.followed[late] = judged(early, late)
    return verdict if verdict.replaces and verdict.order is Order.LEFT_FIRST else None


class Extreme:
    """The heaviest words of a line, upwards and downwards, asserted and denied, by when they held and were said.

    What is put in waits until something is asked: many lines never are.
    """

    __slots__ = ("_held", "_said", "_waiting")

    def __init__(self) -> None:
        self._held: dict[int, Later[Word]] = {}
        self._said: dict[int, Later[Word]] = {}
        self._waiting: list[tuple[Word, tuple[float, float], Moment | None]] = []

    def put(self, word: Word, weights: tuple[float, float], said: Moment | None) -> None:
        """Take in a word that was said then, if that is known and bears on this line."""
        self._waiting.append((word, weights, said))

    def after(self, claim: Claim) -> Iterator[Word]:
        """Yield the heaviest words that held after a claim did, or were said after its statement was made."""
        if self._waiting:
            self._take_in()
        ends = claim.as_of.latest
        if ends is not None:
            for later in self._held.values():
                yield from later.than(ends)
        told = claim.statement.said_at.latest if self._said and claim.statement is not None else None
        if told is not None:
            for later in self._said.values():
                yield from later.than(told)

    def _take_in(self) -> None:
        held: dict[int, list[tuple[Moment, float, Word]]] = {}
        told: dict[int, list[tuple[Moment, float, Word]]] = {}
        for word, weights, said in self._waiting:
            begins, denied = word.claim.as_of.earliest, 2 * word.claim.denies
            for direction, weight in enumerate(weights, denied):
                if begins is not None:
                    held.setdefault(direction, []).append((begins, weight, word))
                if said is not None:
                    told.setdefault(direction, []).append((said, weight, word))
        self._waiting = []
        for found, kept in ((held, self._held), (told, self._said)):
            for direction, entries in found.items():
                kept.setdefault(direction, Later()).put_all(entries)


class Lines:
    """Propose the extremes of each line of words that could replace a word: those of its own source or
    organisation, those of sources of no other side, and those of statements that follow its own; of those that say why
    they differ, the extremes for each cause; and of those whose text says that they are lower than before, the lowest.
    What was worked out is told apart from what was stated.

    Of all later figures that cannot hold together with one, the largest or the smallest is among them.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        self._lines: dict[tuple[str, str | None, Cause | None, bool], Extreme] = {}
        self._tall: dict[tuple[Line, bool], list[tuple[float, int, Word]]] = {}
        self._lowered: dict[Line, dict[Hashable, Word]] = {}
        self._causes: set[Cause | None] = {None}
        self._sides: set[str | None] = set()
        self._ranks: dict[int, int] = {}
        self._listed = list(words)
        for word in self._listed:
            self._file(word)
        self._below = _below(self._listed, self._weights)
        self._deepest = {first: chain[-1].place.before for first, chain in _by_chain(self._below).items()}

    def put(self, word: Word) -> None:
        """Take in one word more."""
        self._file(word)
        self._listed.append(word)
        statement = word.claim.statement
        if statement is not None and statement not in self._below:
            self._stated_first(statement)
        for earlier in statement.earlier_ones() if statement is not None else ():
            if earlier in self._below:
                _keep_extremes(self._below[earlier], word, self._weights(word))

    def _stated_first(self, statement: Statement) -> None:
        """Make room for what follows a statement; where some is known already, it is gathered anew."""
        chain, place, *_ = statement.place
        self._below[statement] = {}
        if place < self._deepest.get(chain, -1):
            self._below = _below(self._listed, self._weights)
        self._deepest[chain] = max(place, self._deepest.get(chain, -1))

    def of(self, word: Word) -> Iterator[Word]:
        seen: set[int] = set()
        for other in self._proposed(word):
            if id(other) not in seen and word.apart(other):
                seen.add(id(other))
                yield other

    def _file(self, word: Word) -> None:
        claim, weights = word.claim, self._weights(word)
        said = claim.statement.said_at.earliest if claim.statement is not None else None
        if claim.as_of.earliest is not None or said is not None:
            for line in _lines_of(word):
                told = said if line[0] in ("in", "by") else None
                for cause in (None, *claim.causes):
                    key = *line, cause, claim.worked_out
                    extreme = self._lines.get(key)
                    if extreme is None:
                        extreme = self._lines[key] = Extreme()
                    extreme.put(word, weights, told)
        if claim.property.accumulates and word.counted and _has_origin(claim):
            for corrects in (False, True) if Cause.CORRECTION in claim.causes else (False,):
                tall = self._tall.setdefault((_one_origin(word), corrects), [])
                insort(tall, (-word.low, len(tall), word))
        if word.counted and claim.lowered and _has_origin(claim):
            self._keep_lowest(word)
        self._causes.update(claim.causes)
        self._sides.add(claim.voice.side if claim.voice is not None else None)

    def _keep_lowest(self, word: Word) -> None:
        claim, lowest = word.claim, self._lowered.setdefault(_one_origin(word), {})
        told_by = claim.voice, claim.statement, claim.document if claim.voice is None else None
        alike = *told_by, claim.as_of.bounds, claim.stance, claim.status, claim.causes, claim.worked_out
        if alike not in lowest or word.high < lowest[alike].high:
            lowest[alike] = word

    def _weights(self, word: Word) -> tuple[float, float]:
        if word.counted:
            return word.low, -word.high
        rank = self._ranks.setdefault(word.rank, len(self._ranks))
        return rank, -rank

    def _proposed(self, word: Word) -> Iterator[Word]:
        claim = word.claim
        if claim.statement is not None:
            yield from (found for _, found in self._below.get(claim.statement, {}).values())
        for line in self._asked(word):
            for cause in self._causes:
                extreme = self._lines.get((*line, cause, claim.worked_out))
                if extreme is not None:
                    yield from extreme.after(claim)
        yield from self._larger(word, corrects=True)
        lowered = self._lowered.get(_one_origin(word)) if self._lowered and _has_origin(claim) else None
        for other in lowered.values() if lowered else ():
            if other.high < word.low and not other.claim.as_of.precedes(claim.as_of):
                yield other

    def grown(self, word: Word) -> Iterator[Word]:
        """Yield what one origin gave that is larger and not certainly earlier, the largest first."""
        return self._larger(word)

    def _larger(self, word: Word, corrects: bool = False) -> Iterator[Word]:
        """Yield what one origin gave that is larger, or only what says that it corrects; any one of those will do."""
        listed = self._tall.get((_one_origin(word), corrects), ()) if _has_origin(word.claim) else ()
        for low, _, other in listed:
            if -low < word.high:
                return
            if word.apart(other) and not other.claim.as_of.precedes(word.claim.as_of):
                yield other

    def _asked(self, word: Word) -> Iterator[Line]:
        voice = word.claim.voice
        if voice is None or voice.unnamed or word.claim.value.running:
            yield ("any", None)
        if voice is None:
            yield ("own", word.claim.document)
            return
        yield ("by", voice.id)
        if voice.unnamed:
            return
        yield ("in", voice.id)
        for organisation in voice.organisations():
            yield ("by", organisation.id)
        if voice.root != voice:
            yield ("in", voice.root.id)
        for side in self._sides:
            if side is None or voice.side in (None, side):
                yield ("side", side)


def _has_origin(claim: Claim) -> bool:
    """Whether anything tells on whose word it is: a source, or the document that says so itself."""
    return claim.voice is not None or claim.document is not None


def _one_origin(word: Word) -> Line:
    """Name the line of all that rests on the same origin as a word."""
    voice = word.claim.voice
    if voice is None:
        return "own", word.claim.document
    return ("by", voice.id) if voice.unnamed else ("in", voice.root.id)


def _lines_of(word: Word) -> Iterator[Line]:
    """Name every line that a word stands in."""
    voice = word.claim.voice
    yield ("any", None)
    if word.claim.stance is Stance.ASSERTS and (voice is None or not voice.unnamed):
        yield ("side", voice.side if voice is not None else None)
    if voice is None:
        yield ("own", word.claim.document)
        return
    yield ("by", voice.id)
    if voice.unnamed:
        return
    yield ("in", voice.id)
    for organisation in voice.organisations():
        yield ("in", organisation.id)


Extremes = dict[tuple[bool, int, tuple[Cause, ...], bool], tuple[float, Word]]


def _below(words: Iterable[Word], weights: "Weights") -> dict[Statement, Extremes]:
    """Return for each statement the extremes among the words of the statements that follow it."""
    own: dict[Statement, list[Word]] = {}
    for word in words:
        if word.claim.statement is not None:
            own.setdefault(word.claim.statement, []).append(word)
    below: dict[Statement, Extremes] = {statement: {} for statement in own}
    for chain in _by_chain(own).values():
        for place in range(len(chain) - 1, 0, -1):
            statement = chain[place]
            above = _above(statement, chain[place - 1], below, chain[0].place.before)
            if above is not None:
                _hand_up(below[above], own[statement], below[statement], weights)
    return below


def _hand_up(kept: Extremes, own: Iterable[Word], below: Extremes, weights: "Weights") -> None:
    """Give a statement the extremes among the words of one that follows it, and of those that follow that."""
    for word in own:
        _keep_extremes(kept, word, weights(word))
    for key, (weight, word) in below.items():
        if key not in kept or kept[key][0] < weight:
            kept[key] = weight, word


def _by_chain(statements: Iterable[Statement]) -> dict[Statement, list[Statement]]:
    """Return these statements by the first of their chain, in the order in which they were made."""
    chains: dict[Statement, list[Statement]] = {}
    for statement in statements:
        chains.setdefault(statement.place.first, []).append(statement)
    for chain in chains.values():
        chain.sort(key=lambda statement: statement.place.before)
    return chains


def _above(statement: Statement, before: Statement, known: Container[Statement], first: int) -> Statement | None:
    """Return the nearest known statement that one follows: that before it in line, unless the chain forks.

    None of its chain comes before the first place.
    """
    if before.comes_before(statement):
        return before
    step = statement.follows
    for _ in range(statement.place.before - first):
        if step is None or step in known:
            return step
        step = step.follows
    return None


class Weights(Protocol):
    """How heavy a word is upwards and downwards."""

    def __call__(self, word: Word) -> tuple[float, float]: ...


def _keep_extremes(kept: Extremes, word: Word, weights: tuple[float, float]) -> None:
    for direction, weight in enumerate(weights):
        key = word.claim.denies, direction, word.claim.causes, word.claim.worked_out
        if key not in kept or kept[key][0] < weight:
            kept[key] = weight, word
