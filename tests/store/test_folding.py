"""Folding: one name in several scripts and systems of romanisation is compared as one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.store.folding import fold, folded, words

ANYTHING = st.text(st.characters(exclude_categories=()))
"""Every code point there is, lone surrogates among them."""

SAME = [
    "Kyiv Kiev Kiyev Kiew Київ Киев",
    "Nebenzia Nebenzya Небензя",
    "Kharkiv Kharkov Харків Харьков",
    "Lviv Lvov Львів Львов",
    "Mykolaiv Mykolayiv Миколаїв",
    "Nikolaev Nikolayev Николаев",
    "Zelensky Zelenskiy Zelenskyy Zelenskyi Зеленский Зеленський",
    "Zhytomyr Zhitomir Jytomyr Žytomyr Житомир",
    "Zaporizhzhia Zaporizhia Zaporizhzhya Запоріжжя",
    "Odesa Odessa Одеса Одесса",
    "Yevgeny Evgeny Evgeniy Jevgenij Евгений",
    "Sergei Sergey Sergej Сергей",
    "Aleksandr Alexandr Александр",
    "Shchedrin Schtschedrin Щедрин",
    "Tchekhov Chekhov Чехов",
    "Mohammed Mohamed",
    "Qatar Katar",
    "Iraq Irak",
    "Baghdad Bagdad",
    "Łódź Lodz",
    "São Sao",
    "Straße Strasse STRASSE",
    "cafe\u0301 café",
    "2,600 2600",
    "Kyiv's Kyiv’s Kyiv",
    "Luhans'k Luhansk",
]
OTHER = ["Belgorod Blegorod", "24 25", "deaths death", "Kursk Kherson", "Moscow Minsk", "killed skilled"]


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_name_are_one_word(spellings: str) -> None:
    assert len({word.folded for word in words(spellings)}) == 1


@pytest.mark.parametrize("pair", OTHER)
def test_other_words_stay_other_words(pair: str) -> None:
    left, right = pair.split()
    assert folded(left).isdisjoint(folded(right))


def test_a_word_knows_its_characters() -> None:
    text = "in Київ’s O'Brien café, 2,600 of child_deaths"
    assert [text[word.start : word.end] for word in words(text)] == [
        *("in", "Київ", "O'Brien", "café", "2,600", "of", "child", "deaths"),
    ]


@given(ANYTHING)
def test_any_text_has_words_of_letters_and_digits_in_its_own_order(text: str) -> None:
    found = list(words(text))
    assert all((word.folded.isascii() and word.folded.isalnum() and word.folded.islower()) or word.folded.isdigit()
               for word in found)  # fmt: skip
    ends = [place for word in found for place in (word.start, word.end)]
    assert ends == sorted(ends)
    assert all(0 <= word.start < word.end <= len(text) for word in found)


@given(st.text("abcxyzijkhwvабвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ", min_size=1))
def test_case_does_not_count(text: str) -> None:
    assert folded(text.upper()) == folded(text)


def test_a_word_that_is_only_signs_folds_to_nothing() -> None:
    assert fold("ь'") == ""
    assert list(words("?! ' \" ( ) * : ^ - \0 \ud800")) == []
