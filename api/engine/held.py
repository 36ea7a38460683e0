"""Held: one value of a question, who gives it, and who still stands behind it."""

from bisect import insort
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from api.engine.groups import Group
from api.engine.record import Claim, Source
from api.engine.successors import Word, replaces
from api.engine.values import Value
from schemas.vocabulary import ClaimStatus, ValueKind, ValueStatus


def line_key(claim: Claim) -> tuple[bool, str, int, str]:
    """Return a claim's place among those that give the same value."""
    return claim.published.latest is None, claim.document or "", claim.position, claim.id


Begin = tuple[float, bool]
End = tuple[float, int]


def ends(value: Value) -> tuple[Begin, End]:
    """Return where a quantity begins, at its bound or just after it, and where it ends, there or just before."""
    low, high, *_ = value.sort_key
    return (low, value.open_low), (high, -value.open_high)


@dataclass(eq=False, slots=True)
class Held:
    """One value with its claims, the words that give it, and the words that still stand behind it.

    `rank` is how many values were given before it, `counted` whether it is a quantity that somebody asserts.
    `begin`, `end`: where a quantity begins and ends; the two compare.
    `plain`: every word gives the value itself and no more. `single`: a term or a time of its kind excludes others.
    """

    rank: int
    place: tuple[bool, tuple[float, float, str, str]]
    begin: Begin
    end: End
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
        begin, end = ends(value)
        return cls(
            rank=rank,
            place=(claim.denies, value.sort_key),
            begin=begin,
            end=end,
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
