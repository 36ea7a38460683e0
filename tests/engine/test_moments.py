"""Moments and spans: what can be said of time without knowing all of it."""

from datetime import date

import pytest

from schemas.moments import Span, hull, parse_moment, parse_span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12-31", date(2023, 12, 31), date(2023, 12, 31)),
        ("2023-12-31T09:00+03:00", date(2023, 12, 31), date(2023, 12, 31)),
        ("2023-12-31t23:30:15.5z", date(2023, 12, 31), date(2023, 12, 31)),
    ],
)
def test_a_moment_covers_the_days_it_names(text: str, first: date, last: date) -> None:
    moment = parse_moment(text)
    assert (moment.text, moment.first, moment.last) == (text, first, last)
    assert moment.exact is (len(text) > 10)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "31.12.2023", "2023-13", "2023-02-29", "2023-12-31T09:00", "2023-12-31T25:00Z", "0000", "2023-1"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a day|not a date"):
        parse_moment(text)


def test_the_last_year_of_the_calendar_is_read_or_refused_but_never_crashes() -> None:
    with pytest.raises(ValueError, match="not a date of the calendar"):
        parse_moment("9999")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2023-12-30", "2023-12-31"),
        ("2023-12", "2024-01-01"),
        ("2023", "2024"),
        ("2023-12-31T09:00+03:00", "2023-12-31T07:00Z"),
        ("2023-12-31T23:00+03:00", "2024-01-01"),
    ],
)
def test_a_moment_precedes_one_that_begins_after_it_ends(earlier: str, later: str) -> None:
    assert parse_moment(earlier).precedes(parse_moment(later))
    assert not parse_moment(later).precedes(parse_moment(earlier))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2023-12-31", "2023-12-31"),
        ("2023-12", "2023-12-31"),
        ("2023-12-31", "2023-12-31T23:59Z"),
        ("2023-12-31T09:00+03:00", "2023-12-31T06:00Z"),
    ],
)
def test_moments_that_may_coincide_have_no_order(one: str, other: str) -> None:
    assert not parse_moment(one).precedes(parse_moment(other))
    assert not parse_moment(other).precedes(parse_moment(one))


def test_a_span_precedes_another_only_with_both_ends_known() -> None:
    friday, sunday = parse_span("2023-12-29", "2023-12-29"), parse_span("2023-12-31", "2023-12-31")
    assert friday.precedes(sunday)
    assert not parse_span("2023-12-29", None).precedes(sunday)
    assert not friday.precedes(parse_span(None, "2023-12-31"))
    assert not Span().precedes(Span())


def test_spans_that_share_a_day_have_no_order() -> None:
    assert not parse_span("2023-12-29", "2023-12-30").precedes(parse_span("2023-12-30", "2023-12-31"))


def test_a_span_is_an_instant_only_where_both_ends_are_that_instant() -> None:
    nine = "2023-12-31T09:00+03:00"
    assert parse_span(nine, "2023-12-31T06:00Z").instant == parse_moment(nine).instant
    assert parse_span(nine, "2023-12-31T10:00+03:00").instant is None
    assert parse_span("2023-12-31", "2023-12-31").instant is None
    assert parse_span(nine, None).instant is None


def test_a_span_that_ends_before_it_begins_has_a_problem() -> None:
    assert parse_span("2023-12-31", "2023-12-30").problem == "latest 2023-12-30 lies before earliest 2023-12-31"
    assert parse_span("2023-12-30", "2023-12-31").problem is None
    assert parse_span(None, "2023-12-31").problem is None


def test_a_hull_covers_every_known_end() -> None:
    spans = [parse_span("2023-12-30", "2023-12-30"), Span(), parse_span("2023-12-29", None)]
    assert hull(spans) == parse_span("2023-12-29", "2023-12-30")
    assert hull([]) == Span()


def test_a_hull_ends_with_the_longest_not_with_the_last_begun() -> None:
    spans = [parse_span("2023-12", "2023-12"), parse_span("2023-12-05", "2023-12-05")]
    assert hull(spans) == parse_span("2023-12", "2023-12")
