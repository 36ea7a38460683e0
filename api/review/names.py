"""Names: how they are read and compared, whatever their script, spelling and order of words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from api.store.folding import Word, latin, words

MOST_WORDS = 24
LONGEST_NAME = 500
"""Words of a name that count, and characters of a text that are read for them."""

REMEMBERED = 65_536
"""Texts and words that are kept read."""

SMALL = frozenset("a an and at by for from in of on the to".split())
"""Words that name nothing where there are others."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name as it is compared: its words in one order, and its numbers."""

    letters: str
    numbers: frozenset[str]

    @property
    def words(self) -> list[str]:
        return [*self.letters.split(), *self.numbers]


def phrase(text: str) -> Phrase:
    """Return how a name is compared, whatever its script, spelling and order of words."""
    found = read(text)
    naming = [word for word in found if word.plain not in SMALL] or found
    folded = sorted(word.folded for word in naming[:MOST_WORDS])
    numbers = frozenset(word for word in folded if any(letter.isdigit() for letter in word))
    return Phrase(" ".join(word for word in folded if word not in numbers), numbers)


def read(text: str) -> tuple[Word, ...]:
    """Return the words of a text, as far as a name goes."""
    return _read(text[:LONGEST_NAME])


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> tuple[Word, ...]:
    return tuple(words(text))


spelt = lru_cache(maxsize=REMEMBERED)(latin)
"""A word in small Latin letters, without its spelling being evened out."""


class Name(NamedTuple):
    """A name of something, and how surely it means it, of 1."""

    phrase: Phrase
    weight: float
