"""Questions: every question that the claims on one event raise, answered, and the claims coupled to one of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from api.engine.assess import Answer, answer_of
from api.engine.groups import GONE
from api.engine.held import Held
from api.engine.ledger import Ledger
from api.engine.reckoning import recognised
from api.engine.record import Claim, QuestionKey, Scope
from api.engine.relate import read_in_context, relate
from api.engine.rules.pair import Verdict
from api.engine.scopes import Cover, cover, covers_around, property_within, scope_within
from api.engine.ties import standings
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


class _Asked:
    """The questions of one event, each answered by itself, and what contains what."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.claims: dict[QuestionKey, list[Claim]] = {}
        for claim in claims:
            self.claims.setdefault(claim.question, []).append(claim)
        self._ledgers = {key: Ledger(members) for key, members in self.claims.items()}
        self._standings = {key: standings(ledger) for key, ledger in self._ledgers.items()}
        self._covering: dict[tuple[str, Cover], list[QuestionKey]] = {}
        for key, (first, *_) in self.claims.items():
            self._covering.setdefault((key[1], cover(first.scope)), []).append(key)

    def answer(self, key: QuestionKey) -> Answer:
        """Answer a question beside the standing values of the questions that contain it, if one is exceeded."""
        part = self.claims[key][0]
        wholes: list[Held] = []
        if part.value.kind is ValueKind.QUANTITY and part.property.additive:
            wholes = [whole for other in self._containing(key, part) for whole in self._standing(other)]
        return answer_of(self._ledgers[key], wholes, self._standings[key])

    def close(self) -> None:
        """Let go of what words say of each other, which nothing else would free at once."""
        for ledger in self._ledgers.values():
            ledger.close()

    def _standing(self, key: QuestionKey) -> list[Held]:
        """Return the values that stand."""
        values = zip(self._ledgers[key].in_order, self._standings[key].statuses, strict=True)
        return [held for held, status in values if status not in GONE]

    def _containing(self, key: QuestionKey, part: Claim) -> Iterator[QuestionKey]:
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
