"""Wording: values, times and speakers in plain English."""

import pytest

from api.engine.record import Source
from api.engine.values import Value, quantity
from api.engine.wording import answer, counted, listed, number, period, quoted, said, sentence, speaker
from schemas.moments import parse_span
from schemas.vocabulary import Polarity, Qualifier, SourceKind, Stance, ValueKind
from tests.engine.samples import BEGAN, CHILD_DEATHS, DEATHS, GOVERNOR, INSIDERS, MINISTRY, RESPONSIBLE, WEAPON, claim


@pytest.mark.parametrize(
    ("qualifier", "amount", "words"),
    [
        (Qualifier.EXACT, 24, "24 people killed"),
        (Qualifier.EXACT, 1, "1 person killed"),
        (Qualifier.EXACT, 0, "0 people killed"),
        (Qualifier.EXACT, 121_000, "121,000 people killed"),
        (Qualifier.AT_LEAST, 21, "at least 21 people killed"),
        (Qualifier.AT_LEAST, 1, "at least 1 person killed"),
        (Qualifier.MORE_THAN, 1, "more than 1 person killed"),
        (Qualifier.MORE_THAN, 1_000, "more than 1,000 people killed"),
        (Qualifier.AT_MOST, 30, "at most 30 people killed"),
        (Qualifier.FEWER_THAN, 30, "fewer than 30 people killed"),
        (Qualifier.ABOUT, 900, "about 900 people killed"),
        (Qualifier.NEARLY, 50, "nearly 50 people killed"),
        (Qualifier.SEVERAL, None, "several people killed"),
        (Qualifier.DOZENS, None, "dozens of people killed"),
        (Qualifier.HUNDREDS, None, "hundreds of people killed"),
    ],
)
def test_a_quantity_is_said_as_a_newspaper_says_it(qualifier: Qualifier, amount: int | None, words: str) -> None:
    assert said(quantity(qualifier, amount), DEATHS) == words


def test_a_range_is_said_with_both_ends() -> None:
    assert said(quantity(Qualifier.BETWEEN, low=1_500, high=2_000), DEATHS) == "between 1,500 and 2,000 people killed"


def test_the_noun_follows_its_property() -> None:
    assert answer(quantity(Qualifier.EXACT, 1), CHILD_DEATHS) == "1 child"
    assert answer(quantity(Qualifier.EXACT, 3), CHILD_DEATHS) == "3 children"


def test_a_term_is_worded_by_its_label_or_by_itself() -> None:
    assert answer(Value(ValueKind.CATEGORY, term="iskander"), WEAPON) == "Iskander missiles"
    assert answer(Value(ValueKind.CATEGORY, term="glide_bomb"), WEAPON) == "glide bomb"


@pytest.mark.parametrize(
    ("term", "words"), [(Polarity.AFFIRMED, "yes"), (Polarity.DENIED, "no"), (Polarity.NO_COMMENT, "no comment")]
)
def test_an_answer_is_yes_no_or_no_comment(term: Polarity, words: str) -> None:
    assert answer(Value(ValueKind.POLARITY, term=term), RESPONSIBLE) == words


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        ("2023-12-31", "2023-12-31", "31 December 2023"),
        ("2023-12-30", "2023-12-31", "30–31 December 2023"),
        ("2023-11-30", "2023-12-01", "30 November–1 December 2023"),
        ("2023-12-31", "2024-01-01", "31 December 2023 to 1 January 2024"),
        ("2023-12", "2023-12", "December 2023"),
        ("2023", "2023", "2023"),
        ("2023-11", "2023-12", "November 2023 to December 2023"),
        (None, "2023-12-31", "by 31 December 2023"),
        ("2023-12-31", None, "from 31 December 2023"),
        (None, None, "an unknown time"),
        ("2023-12-31T09:00+03:00", "2023-12-31T09:00+03:00", "31 December 2023, 09:00 (UTC+03:00)"),
    ],
)
def test_a_period_is_written_as_a_reader_reads_it(earliest: str | None, latest: str | None, words: str) -> None:
    assert period(parse_span(earliest, latest)) == words
    assert answer(Value(ValueKind.TIME, span=parse_span(earliest, latest)), BEGAN) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, "a document that names no source"),
        (Source("s", "source 3", SourceKind.PERSON), "source 3"),
        (Source("d", "District B", SourceKind.OFFICE), "District B"),
        (GOVERNOR, "Vera Holt"),
        (MINISTRY, "the Defence Ministry"),
        (INSIDERS, "people close to the talks (unnamed)"),
        (Source("u", "Unnamed officials", SourceKind.UNNAMED), "unnamed officials"),
        (Source("u", "unnamed source in the police", SourceKind.UNNAMED), "an unnamed source in the police"),
        (Source("u", "anonymous police officer", SourceKind.UNNAMED), "an anonymous police officer"),
        (Source("u", "security source", SourceKind.UNNAMED), "a security source (unnamed)"),
        (
            Source("u", "US official close to the talks", SourceKind.UNNAMED),
            "a US official close to the talks (unnamed)",
        ),
        (Source("u", "eyewitness", SourceKind.UNNAMED), "an eyewitness (unnamed)"),
        (Source("u", "one of the medics", SourceKind.UNNAMED), "one of the medics (unnamed)"),
        (Source("u", "a neighbour", SourceKind.UNNAMED), "a neighbour (unnamed)"),
        (Source("u", "local media", SourceKind.UNNAMED), "local media (unnamed)"),
        (Source("u", "Deep Throat", SourceKind.UNNAMED), "Deep Throat (unnamed)"),
        (Source("t", "The Observers", SourceKind.ORGANISATION), "The Observers"),
        (Source("p", "Ruritania's Prosecutor", SourceKind.OFFICE), "Ruritania's Prosecutor"),
        (Source("q", "Ruritania’s Prosecutor", SourceKind.OFFICE), "Ruritania’s Prosecutor"),
        (Source("o", "Morning Wire", SourceKind.OUTLET), "Morning Wire"),
    ],
)
def test_a_speaker_is_named_and_the_unnamed_are_said_to_be(source: Source | None, words: str) -> None:
    assert speaker(source) == words


def test_a_quoted_figure_names_its_speaker() -> None:
    assert quoted(claim(24, GOVERNOR)) == "24 people killed (Vera Holt)"
    assert quoted(claim(24, GOVERNOR, stance=Stance.DENIES)) == "a denial of 24 people killed (Vera Holt)"


def test_a_list_reads_as_a_sentence_and_says_nothing_twice() -> None:
    assert listed([]) == ""
    assert listed(["21"]) == "21"
    assert listed(["21", "22", "21"]) == "21 and 22"
    assert listed(["21", "22", "24"]) == "21, 22 and 24"
    assert listed(["21", "22"], "or") == "21 or 22"


def test_counts_agree_with_their_nouns() -> None:
    assert counted(1, "document", "documents") == "1 document"
    assert counted(0, "document", "documents") == "0 documents"
    assert counted(1_200, "document", "documents") == "1,200 documents"


def test_numbers_have_thousands_separators() -> None:
    assert [number(n) for n in (999, 1_000, 121_000, 4.5)] == ["999", "1,000", "121,000", "4.5"]


def test_a_sentence_begins_with_a_capital_and_is_closed_once() -> None:
    assert sentence("the count grew") == "The count grew."
    assert sentence("Who says so?") == "Who says so?"
