"""Questions: every question that the claims on one event raise, answered, and the claims coupled to one of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from api.engine.assess import Answer, answer_of, exceeding
from api.engine.groups import GONE
from api.engine.held import End, Held, ends
from api.engine.ledger import Ledger
from api.engine.reckoning import recognised
from api.engine.record import Claim, QuestionKey, Scope
from api.engine.relate import read_in_context, relate
from api.engine.rules.pair import Verdict
from api.engine.scopes import Cover, cover, covers_around, property_within, scope_within
from api.engine.ties import clashing, succeeding
from schemas.vocabulary import ValueKind


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of an event with its answer."""

    key: QuestionKey
    scope: Scope
    claims: tuple[Claim, ...]
    answer: Answer


def answers(claims: Iterable[Claim], wanted: Collection[QuestionKey] | None = None) -> tuple[Answered, ...]:
    """Answer every question that these claims of one event raise, or the wanted ones, in the order of their keys.

    The claims must include those of every question that contains a wanted one.
    """
    asked = _Asked(recognised(claims))
    answered = tuple(
        Answered(key, asked.claims[key][0].scope, tuple(asked.claims[key]), asked.answer(key))
        for key in sorted(asked.claims, key=repr)
        if wanted is None or key in wanted
    )
    asked.close()
    return answered


@dataclass(frozen=True, slots=True)
class Odds:
    """How many questions the claims on an event raise, on how many of them they are at odds, and in conflict."""

    questions: int
    discrepancies: int
    conflicts: int


def odds(claims: Iterable[Claim]) -> Odds:
    """Count what `answers` would answer, without saying a word about it."""
    asked = _Asked(recognised(claims))
    conflicts = [key for key in asked.claims if asked.conflicts(key)]
    others = sum(asked.succeeds(key) for key in asked.claims.keys() - set(conflicts))
    asked.close()
    return Odds(len(asked.claims), len(conflicts) + others, len(conflicts))


class _Asked:
    """The questions of one event, each answered by itself, and what contains what."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.claims: dict[QuestionKey, list[Claim]] = {}
        for claim in claims:
            self.claims.setdefault(claim.question, []).append(claim)
        self._ledgers: dict[QuestionKey, Ledger] = {}
        self._first_ends: dict[QuestionKey, End] = {}
        self._covering: dict[tuple[str, Cover], list[QuestionKey]] = {}
        for key, (first, *_) in self.claims.items():
            self._covering.setdefault((key[1], cover(first.scope)), []).append(key)

    def answer(self, key: QuestionKey) -> Answer:
        """Answer a question beside the standing values of the questions that contain it, if one is exceeded."""
        return answer_of(self._ledger(key), self._standing_in(self._containing(key)))

    def conflicts(self, key: QuestionKey) -> bool:
        """Whether the answer to a question would be a conflict."""
        if self._has_several(key) and clashing(self._ledger(key)):
            return True
        begins = max(ends(claim.value)[0] for claim in self.claims[key])
        wholes = [other for other in self._containing(key) if begins > self._first_end(other)]
        return bool(wholes) and exceeding(self._standing(key), self._standing_in(wholes))

    def succeeds(self, key: QuestionKey) -> bool:
        """Whether one answer to a question took another one's place."""
        return self._has_several(key) and succeeding(self._ledger(key))

    def _has_several(self, key: QuestionKey) -> bool:
        """Whether a question has several values; one alone is at odds with nothing on its own question."""
        return len({(claim.denies, claim.value.key) for claim in self.claims[key]}) > 1

    def _first_end(self, key: QuestionKey) -> End:
        """Return where the first value of a question ends, whether it stands or not."""
        if key not in self._first_ends:
            self._first_ends[key] = min(ends(claim.value)[1] for claim in self.claims[key])
        return self._first_ends[key]

    def _ledger(self, key: QuestionKey) -> Ledger:
        if key not in self._ledgers:
            self._ledgers[key] = Ledger(self.claims[key])
        return self._ledgers[key]

    def close(self) -> None:
        """Let go of what words say of each other, which nothing else would free at once."""
        for ledger in self._ledgers.values():
            ledger.close()

    def _standing(self, key: QuestionKey) -> list[Held]:
        """Return the values that stand; what is contested does."""
        return [held for held in self._ledger(key).in_order if held.status not in GONE]

    def _standing_in(self, keys: Iterable[QuestionKey]) -> list[Held]:
        return [held for key in keys for held in self._standing(key)]

    def _containing(self, key: QuestionKey) -> Iterator[QuestionKey]:
        """Yield the questions of which an answer may be exceeded by an answer to this one."""
        part = self.claims[key][0]
        if part.value.kind is not ValueKind.QUANTITY or not part.property.additive:
            return
        around = tuple(covers_around(part.scope))
        for prop in dict.fromkeys((part.property.id, *(whole.id for whole in part.property.wholes()))):
            for other in (other for covered in around for other in self._covering.get((prop, covered), ())):
                if other != key and scope_within(part.scope, self.claims[other][0].scope):
                    yield other


def relations_of(claim_id: str, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Verdict]]:
    """Relate one claim to every other that is comparable with it or coupled to it."""
    in_context = read_in_context(recognised(claims))
    mine = next((claim for claim in in_context if claim.id == claim_id), None)
    if mine is None:
        return
    for other in in_context:
        if other.id != mine.id and _coupled(mine, other):
            yield other, relate(mine, other)


def _coupled(mine: Claim, other: Claim) -> bool:
    one, two = mine.property, other.property
    if property_within(one, two) or property_within(two, one):
        return True
    return any(
        source.moves_to is not None and property_within(target, source.moves_to)
        for source, target in ((one, two), (two, one))
    )
