"""Folding: words as a search compares them, whatever their script, their accents and who romanised them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

APOSTROPHE = "['’ʼʹ`´]"
LETTER = r"(?:[^\W_]|[\u0300-\u036f])"

WORD = re.compile(
    rf"(\d{{1,3}}(?:,\d{{3}})+(?!\d)|{LETTER}+(?:{APOSTROPHE}(?!s(?!{LETTER})){LETTER}+)*)"
    rf"(?:{APOSTROPHE}s(?!{LETTER}))?",
    re.IGNORECASE,
)
"""A number with its thousands, or letters that an apostrophe may join; a possessive s is no part of the word."""

ROMANISED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"shch|schtsch|stsch|sch", "sh"),  # щ and ш, English and German
        (r"tsch|tch", "ch"),  # ч, German and French
        (r"tz", "ts"),  # ц
        (r"kh", "h"),  # х
        (r"gh", "g"),  # غ and გ
        (r"zh|^j(?=[^aeou])", "z"),  # ж, English and French; ž has lost its caron by now
        (r"ph", "f"),  # φ
        (r"ck|q", "k"),  # ق
        (r"w", "v"),  # в, German and Polish
        (r"x", "ks"),  # кс and ξ
        (r"[yj]", "i"),  # й, ы, и and what softens a vowel: ya, ja, ia are one, and so are y, iy, ii, yi, ij
        (r"(?:^|(?<=[aeou]))i+e", "e"),  # е sounds ye where no consonant stands before it, and is written either way
        (r"(?<=[^aeiou])i+e", "i"),
        (r"(.)\1+", r"\1"),  # doubled or not
        (r"(?<=..)[eio]+v$", "iv"),  # one ending in Russian, -ov and -ev, and in Ukrainian, -iv
    )
)
"""Which letters stand for one another in the usual systems of romanisation, in the order they are replaced."""

INVISIBLE = re.compile("[\x00\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that are not seen and part no words, such as soft hyphens, joiners and marks of direction."""


class Word(NamedTuple):
    """A word of a text: its characters [start, end), how it is spelt without case, and how it is compared."""

    start: int
    end: int
    plain: str
    folded: str

    @property
    def forms(self) -> tuple[str, ...]:
        """How it may be misspelt: a slip of two letters can fold to something else than the word it meant."""
        return tuple(dict.fromkeys((self.folded, latin(self.plain))))


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text that hold anything to compare; no text is refused."""
    for match in WORD.finditer(text):
        plain = unicodedata.normalize("NFC", match[1].casefold())
        folded = fold(plain)
        if folded:
            yield Word(match.start(1), match.end(1), plain, folded)


def typed(text: str) -> Iterator[Word]:
    """Yield the words of what somebody typed or pasted, whatever stands in them that nobody sees."""
    return words(INVISIBLE.sub("", text))


def unfolded(word: str) -> tuple[str, ...]:
    """Return how a folded word may have been spelt where folding made several endings one, itself the first."""
    return (word, f"{word[:-2]}ov", f"{word[:-2]}ev") if word.endswith("iv") else (word,)


def folded(*texts: str) -> set[str]:
    """Return the folded words of several texts."""
    return {word.folded for text in texts for word in words(text)}


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return the small Latin letters and digits by which a word is compared; none where it has none."""
    letters = latin(word)
    if letters.isalpha():
        for pattern, one in ROMANISED:
            letters = pattern.sub(one, letters)
    return letters


@lru_cache(maxsize=65_536)
def latin(word: str) -> str:
    """Return a word in small Latin letters and digits, without accents and signs."""
    spelt = anyascii(unicodedata.normalize("NFKC", word)).lower()
    return "".join(letter for letter in spelt if letter.isascii() and letter.isalnum())


def trigrams(word: str) -> str:
    """Return every three letters in a row of a folded word, its ends marked, so that they count too."""
    marked = f"__{word}_"
    return " ".join(sorted({marked[start : start + 3] for start in range(len(marked) - 2)}))
