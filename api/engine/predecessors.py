"""Predecessors: which earlier words a new one takes the place of, found without looking at every one."""

from collections.abc import Hashable, Iterable, Iterator

from api.engine.rules.pair import Verdict
from api.engine.successors import Word, replaces
from schemas.vocabulary import Stance


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


def replaced_by(word: Word, unreplaced: Unreplaced) -> Iterator[tuple[Word, Verdict]]:
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
        return other.lowered
