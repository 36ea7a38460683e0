"""Ledger: who gives which value of one question, and who still stands behind it."""

from bisect import insort
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from api.engine.groups import Between, Group
from api.engine.record import Claim, Source
from api.engine.relate import read_in_context
from api.engine.rules.pair import Verdict
from api.engine.successors import Everyone, Lines, Proposals, Word, judged
from api.engine.traits import Trait
from api.engine.values import Value
from schemas.vocabulary import ClaimStatus, Order, Relation, Stance, ValueKind, ValueStatus

TAKEN_BACK = Trait.FIXED.value | Trait.CORRECTING.value
"""Traits of a question or of a later word with which an earlier word can be taken back."""

FEW = 20
"""Words up to which each is looked at beside every other one; more are put in lines."""


def line_key(claim: Claim) -> tuple[bool, str, int, str]:
    """Return a claim's place among those that give the same value."""
    return claim.published.latest is None, claim.document or "", claim.position, claim.id


@dataclass(eq=False, slots=True)
class Held:
    """One value with its claims, the words that give it, and the words that still stand behind it.

    `rank` is how many values were given before it, `counted` whether it is a quantity that somebody asserts.
    `begin`, `end`: a quantity begins at its bound or just after it, and ends there or just before; the two compare.
    `plain`: every word gives the value itself and no more. `single`: a term or a time of its kind excludes others.
    """

    rank: int
    place: tuple[bool, tuple[float, float, str, str]]
    begin: tuple[float, bool]
    end: tuple[float, int]
    denied: bool
    counted: bool
    single: bool
    claims: list[Claim] = field(default_factory=list)
    words: dict[Hashable, Word] = field(default_factory=dict)
    standing: dict[Word, None] = field(default_factory=dict)
    status: ValueStatus = ValueStatus.CURRENT
    moved: frozenset[Source] = frozenset()
    left_by: Word | None = None
    plain: bool = True
    version: int = 0
    _settled: int = 0
    _group: Group | None = None
    _shared: tuple[dict[object, Word], ...] | None = None

    @property
    def value(self) -> Value:
        return self.claims[0].value

    @property
    def group(self) -> Group:
        if self._group is None:
            self._group = Group(tuple(self.claims), self.moved)
        return self._group

    @classmethod
    def of(cls, claim: Claim, rank: int) -> "Held":
        """Open the page of the value that a claim gives: denials stand last, then the values in their order."""
        value, prop = claim.value, claim.property
        low, high, *_ = value.sort_key
        return cls(
            rank=rank,
            place=(claim.denies, value.sort_key),
            begin=(low, value.open_low),
            end=(high, -value.open_high),
            denied=claim.denies,
            counted=value.kind is ValueKind.QUANTITY and not claim.denies,
            single=prop.exclusive or prop.constant or prop.kind is not ValueKind.CATEGORY,
        )

    def in_line(self) -> tuple[bool, tuple[float, float, str, str]]:
        """Where it stands among the values."""
        return self.place

    @property
    def speaking(self) -> Word:
        """The first word that goes back to a statement, so that its time is known best; failing that the first."""
        stated = (word for word in self.words.values() if word.claim.statement is not None)
        return next(stated, None) or next(iter(self.words.values()))

    @property
    def upheld(self) -> list[Word]:
        """The words that no document has withdrawn."""
        return [word for word in self.words.values() if word.claim.status is not ClaimStatus.CORRECTED]

    @property
    def taken_back(self) -> bool:
        """Whether every document withdrew it, or somebody behind it corrected it."""
        upheld = self.upheld
        return not upheld or any(word.taken_back for word in upheld)

    def shared(self) -> tuple[dict[object, Word], ...]:
        """Return a word for each statement, each exact moment and each witness, to find what two values share."""
        if self._shared is None:
            words = self.words.values()
            self._shared = (
                {word.claim.statement: word for word in words if word.claim.statement is not None},
                {word.claim.as_of.instant: word for word in words if word.claim.as_of.instant is not None},
                {word.root: word for word in words if word.root is not None},
            )
        return self._shared

    @property
    def hollow(self) -> list[Word]:
        """The words that repeat, on nobody's word, a value that somebody left and that could come back.

        A growing count comes back only to a value that was taken back.
        """
        nobody = [word for word in self.words.values() if word.root is None]
        if not nobody:
            return []
        grows = self.counted and nobody[0].claim.property.accumulates
        left = any(
            word.taken_back or (word.successor is not None and not grows)
            for word in self.words.values()
            if word.root is not None
        )
        return nobody if left else []

    def enter(self, claim: Claim) -> Word | None:
        """Put a claim in its place among those that give the value; return the word that it adds, if any."""
        self._group = None
        last = not self.claims or line_key(self.claims[-1]) < line_key(claim)
        if last:
            self.claims.append(claim)
        else:
            insort(self.claims, claim, key=line_key)
        return self._hear(claim, last)

    def _hear(self, claim: Claim, is_last: bool) -> Word | None:
        """Return the word that a claim adds; None where it repeats one. Words are kept in the line of their claims."""
        known_by = wording(claim)
        known = self.words.get(known_by)
        if known is None:
            self.plain = self.plain and self.counted and _is_plain(claim)
            self.words[known_by] = word = Word(claim, self.rank)
            if not is_last:
                self._put_in_line()
            return word
        if not is_last and line_key(claim) < line_key(known.claim):
            known.claim = claim
            self._put_in_line()
        return None

    def _put_in_line(self) -> None:
        self.words = dict(sorted(self.words.items(), key=lambda item: line_key(item[1].claim)))
        self.version += 1
        self._shared = None

    def settle(self) -> None:
        """Work out who still stands behind the value.

        Where somebody moved on from it, documents that repeat it on nobody's word, or on the word of who moved on,
        do not keep it alive; another origin's word does, and so does the word of who came back to it.
        """
        upheld = self.upheld
        gone = [word for word in upheld if word.successor is not None]
        self.left_by = gone[0] if gone else None
        left = frozenset(word.root for word in gone if word.root is not None)
        alive = [word for word in upheld if word.successor is None]
        back = {word.root for word in alive if word.root in left and _came_back(word, gone)}
        moved = left - back
        standing = {word: None for word in alive if not gone or (word.root is not None and word.root not in moved)}
        self.status = ValueStatus.CURRENT
        if not standing:
            self.status = ValueStatus.CORRECTED if self.taken_back else ValueStatus.SUPERSEDED
        changed = (moved, standing, len(self.words)) != (self.moved, self.standing, self._settled)
        self.moved, self.standing, self._settled = moved, standing, len(self.words)
        if changed:
            self.version += 1
            self._group = self._shared = None


def _is_plain(claim: Claim) -> bool:
    """Whether nothing beside the value, its speaker and its times bears on what it can stand beside."""
    return not (claim.causes or claim.reckoned or claim.reading or claim.value.running)


def _came_back(word: Word, gone: Iterable[Word]) -> bool:
    """Whether this word is later than what took the place of an earlier word of the same source."""
    between = {id(other.successor): other.successor for other in gone if other.root == word.root}
    return any(later is not None and replaces(later, word) is not None for later in between.values())


def replaces(early: Word, late: Word) -> Verdict | None:
    """Return the verdict by which the later word takes the place of the earlier one, or None."""
    verdict = early.followed[late] = judged(early, late)
    return verdict if verdict.replaces and verdict.order is Order.LEFT_FIRST else None


class Ledger:
    """The claims of one question by value; it can take in one claim more without going through all again."""

    def __init__(self, claims: Iterable[Claim] = ()) -> None:
        self._begin(claims)

    def _begin(self, claims: Iterable[Claim]) -> None:
        self.values: dict[Hashable, Held] = {}
        self.ranked: list[Held] = []
        self.in_order: list[Held] = []
        self.documents: set[str] = set()
        self.witnesses: set[str] = set()
        self._words: list[Word] = []
        self._unreplaced: Unreplaced | None = None
        self._proposals: Proposals = Everyone(())
        self.judged: dict[tuple[Held, Held], tuple[tuple[int, int], Between]] = {}
        self.passed: dict[tuple[Word, Word], Between] = {}
        told = (claim for claim in claims if claim.status is not ClaimStatus.RETRACTED)
        for claim in sorted(read_in_context(told), key=line_key):
            self._enter(claim)
        self.in_order = sorted(self.ranked, key=Held.in_line)
        self._settle()

    def add(self, claim: Claim) -> None:
        """Take in one claim: what it does not touch stays as it is.

        A claim that takes another back, or is taken back, or stands in a document already read, has all settled anew.
        """
        lines = self._proposals
        again = claim.document is not None and claim.document in self.documents
        if again or claim.withdrawn or not isinstance(lines, Lines):
            self._begin([*self._claims(), claim])
            return
        unreplaced = self._unreplaced = self._unreplaced or Unreplaced(self._words)
        known = len(self.ranked)
        word = self._enter(claim)
        for held in self.ranked[known:]:
            insort(self.in_order, held, key=Held.in_line)
        if word is None:
            return
        lines.put(word)
        self._follow(word, lines)
        replaced = list(_replaced_by(word, unreplaced))
        unreplaced.put(word)
        if word.taken_back or any(verdict.relation is Relation.CORRECTS for _, verdict in replaced):
            self._settle()
            return
        for early, _ in replaced:
            early.successor = word
        touched = [self.ranked[rank] for rank in {word.rank, *(early.rank for early, _ in replaced)}]
        if any(held.hollow for held in touched):
            self._settle()
            return
        for held in touched:
            held.settle()

    def close(self) -> None:
        """Forget how words stand to each other: they refer to each other by it, so that only the collector would."""
        for word in self._words:
            word.followed.clear()

    def _claims(self) -> Iterator[Claim]:
        return (claim for held in self.values.values() for claim in held.claims)

    def _enter(self, claim: Claim) -> Word | None:
        """File a claim under its value; return the word that it adds, if it is no repetition."""
        if claim.stance is Stance.NO_COMMENT:
            return None
        if claim.document is not None:
            self.documents.add(claim.document)
        if claim.voice is not None:
            self.witnesses.add(claim.voice.root.id)
        known_by = (claim.denies, claim.value.key)
        held = self.values.get(known_by)
        if held is None:
            held = self.values[known_by] = Held.of(claim, len(self.ranked))
            self.ranked.append(held)
        word = held.enter(claim)
        if word is not None:
            self._words.append(word)
        return word

    def _settle(self) -> None:
        """Find for each word what took its place; what was itself taken back, or repeats what was, takes no place."""
        standing = [word for word in self._words if word.claim.status is not ClaimStatus.CORRECTED]
        for word in self._words:
            word.successor, word.taken_back = None, False
        self._proposals = _proposals(standing)
        for word in standing:
            self._follow(word, self._proposals)
        void = {word for word in standing if word.taken_back}.union(*(held.hollow for held in self.values.values()))
        if void:
            self._proposals = _proposals([word for word in standing if word not in void])
            for word in standing:
                if word.successor in void and not word.taken_back:
                    word.successor = None
                    self._follow(word, self._proposals)
        self._unreplaced = None
        for held in self.values.values():
            held.settle()

    def _follow(self, word: Word, proposals: Proposals) -> None:
        """Note what took a word's place: a correction before an update."""
        for late in proposals.of(word):
            if word.successor is not None and not may_correct(word, late):
                continue
            verdict = replaces(word, late)
            if verdict is None:
                continue
            if verdict.relation is Relation.CORRECTS:
                word.successor, word.taken_back = late, True
                return
            word.successor = word.successor or late
        for late in proposals.grown(word) if word.successor is None else ():
            if replaces(word, late) is not None:
                word.successor = late
                return


def _proposals(words: list[Word]) -> Proposals:
    return Everyone(tuple(words)) if len(words) <= FEW else Lines(words)


def wording(claim: Claim) -> Hashable:
    """Return all of a claim, beside its value, that the rules read."""
    voice, statement = claim.voice, claim.statement
    own = claim.document if voice is None or claim.reading is not None else None
    reading = claim.reading.key if claim.reading is not None else None
    begins, ends = claim.as_of.earliest, claim.as_of.latest
    return (
        voice.id if voice else None,
        statement.id if statement else None,
        begins.text if begins is not None else None,
        ends.text if ends is not None else None,
        claim.value.running,
        reading,
        claim.status,
        claim.stance,
        claim.causes,
        claim.worked_out,
        own,
    )


class Unreplaced:
    """Words whose place nothing has taken, by what could put a new one after them."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._held: dict[Hashable, list[Word]] = {}
        for word in words:
            self.put(word)

    def put(self, word: Word) -> None:
        claim = word.claim
        keys: list[Hashable] = [("own", claim.document) if word.root is None else ("root", word.root)]
        if claim.statement is not None:
            keys.append(("statement", claim.statement))
        if claim.as_of.latest is not None:
            keys.append("dated")
        for key in keys:
            self._held.setdefault(key, []).append(word)

    def before(self, word: Word) -> Iterator[Word]:
        """Yield each word that shares an origin or a chain of statements with a new one, or that held before it."""
        claim, found = word.claim, dict[Word, None]()
        found.update(self._left(("own", claim.document) if word.root is None else ("root", word.root)))
        for statement in claim.statement.earlier_ones() if claim.statement is not None else ():
            found.update(self._left(("statement", statement)))
        if claim.as_of.earliest is not None:
            found.update(self._left("dated"))
        return iter(found)

    def _left(self, key: Hashable) -> Iterator[tuple[Word, None]]:
        known = self._held.get(key)
        if known is None:
            return iter(())
        self._held[key] = left = [word for word in known if word.successor is None]
        return ((word, None) for word in left)


def _replaced_by(word: Word, unreplaced: Unreplaced) -> Iterator[tuple[Word, Verdict]]:
    """Yield the words whose place a new one takes."""
    follower = Follower(word)
    for early in unreplaced.before(word):
        if early.apart(word) and follower.may_follow(early):
            verdict = replaces(early, word)
            if verdict is not None:
                yield early, verdict


class Follower:
    """A new word, asked quickly whether anything could put it in an earlier word's place."""

    def __init__(self, word: Word) -> None:
        statement = word.claim.statement
        self._word = word
        self._chain = frozenset(statement.earlier_ones()) if statement is not None else frozenset()
        voice = word.claim.voice
        self._vouched = (voice is None or not voice.unnamed) and word.claim.stance is Stance.ASSERTS

    def may_follow(self, early: Word) -> bool:
        """Whether the rules are worth asking: the record orders the two, or growth may."""
        one, other = early.claim, self._word.claim
        if one.statement is not None and one.statement in self._chain:
            return True
        related = early.root == self._word.root and (early.root is not None or one.document == other.document)
        if related and self._grown_or_said(early):
            return True
        entitled = related or self._vouched or one.voice is None or one.voice.unnamed or one.value.running
        return entitled and one.as_of.precedes(other.as_of)

    def _grown_or_said(self, early: Word) -> bool:
        """Whether growth, wording, or the times at which one origin spoke can tell the order."""
        one, other = early.claim, self._word.claim
        if early.high < self._word.low and one.property.accumulates:
            return True
        if one.statement is not None and other.statement is not None:
            return one.statement.said_at.precedes(other.statement.said_at)
        return other.value.lowered


def may_correct(early: Word, late: Word) -> bool:
    """Whether the later word could take the earlier one back, and not only go beyond it; a quick look."""
    one, other = early.claim, late.claim
    if (one.traits | other.traits) & TAKEN_BACK or one.denies != other.denies:
        return True
    return one.property.accumulates and late.high < early.low
