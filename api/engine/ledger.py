"""Ledger: the claims of one question by value, and what took the place of what."""

from bisect import insort
from collections.abc import Hashable, Iterable, Iterator

from api.engine.groups import Between
from api.engine.held import Held, line_key
from api.engine.predecessors import Unreplaced, replaced_by
from api.engine.record import Claim
from api.engine.relate import read_in_context
from api.engine.successors import Everyone, Lines, Proposals, Word, replaces
from api.engine.traits import Trait
from schemas.vocabulary import ClaimStatus, Relation, Stance

TAKEN_BACK = Trait.FIXED.value | Trait.CORRECTING.value
"""Traits of a question or of a later word with which an earlier word can be taken back."""

FEW = 20
"""Words up to which each is looked at beside every other one; more are put in lines."""


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

        A claim that takes another back, or is taken back, or was lowered, or stands in a document already read, has all
        settled anew.
        """
        lines = self._proposals
        again = claim.document is not None and claim.document in self.documents
        if again or claim.withdrawn or claim.lowered or not isinstance(lines, Lines):
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
        replaced = list(replaced_by(word, unreplaced))
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


def may_correct(early: Word, late: Word) -> bool:
    """Whether the later word could take the earlier one back, and not only go beyond it; a quick look."""
    one, other = early.claim, late.claim
    if (one.traits | other.traits) & TAKEN_BACK or one.denies != other.denies:
        return True
    return one.property.accumulates and late.high < early.low
