"""Time as the record knows it: intervals of days or instants, with unknown ends."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_PATTERN = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[Tt ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<offset>[Zz]|[+-]\d{2}:\d{2}))?)?)?",
    re.ASCII,
)


_LEAP = "(?:0[48]|[2468][048]|[13579][26])"
_CENTURY = "(?:0[1-9]|[1-8][0-9]|9[0-8])"
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = (
    f"(?:{_CENTURY}[0-9]{{2}}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:{_CENTURY}{_LEAP}|{_LEAP}00)-02-29)"
)
_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_CLOCK = rf"[Tt ]{_MINUTE}(?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?(?:[Zz]|[+-]{_MINUTE})"

MOMENT = f"(?:{_CENTURY}[0-9]{{2}}(?:-{_MONTH})?|{_DAY}(?:{_CLOCK})?)"
"""What `parse_moment` reads, as a pattern of JSON Schema; the first and last hundred years of the calendar left out."""


MOST_SPANS = 16_384
"""Intervals that are kept when they were read; of a record's claims many share the days of one event."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A year, month or day of some calendar, or an instant with its offset.

    `first` and `last` are the first and last day it covers; `instant` is set for instants only.
    """

    text: str
    first: date
    last: date
    instant: datetime | None = None

    def precedes(self, other: "Moment") -> bool:
        """Whether this moment certainly ends before the other begins.

        Two instants compare exactly; a day has no offset of its own and is read in the offset of
        the instant it is compared with.
        """
        if self.instant is not None and other.instant is not None:
            return self.instant < other.instant
        return self.last < other.first

    @property
    def exact(self) -> bool:
        return self.instant is not None

    @property
    def begins(self) -> tuple[date, datetime]:
        """A sort key: the first day, then the instant."""
        return self.first, self.instant or datetime.combine(self.first, datetime.min.time(), UTC)

    @property
    def ends(self) -> tuple[date, datetime]:
        """A sort key: the last day, then the instant."""
        return self.last, self.instant or datetime.combine(self.last, datetime.max.time(), UTC)


def parse_moment(text: str) -> Moment:
    """Read `2023`, `2023-12`, `2023-12-31` or an RFC 3339 time with an offset.

    Raises ValueError, naming what was expected.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError("expected a day such as 2023-12-31, or a time with its offset such as 2023-12-31T09:00+03:00")
    parts = match.groupdict()
    try:
        if parts["clock"]:
            instant = datetime.fromisoformat(text.upper().replace(" ", "T"))
            instant.astimezone(UTC)  # the first and last hours of the calendar have no UTC time
            return Moment(text, instant.date(), instant.date(), instant)
        year, month, day = (int(parts[name] or 0) for name in ("year", "month", "day"))
        if day:
            only = date(year, month, day)
            return Moment(text, only, only)
        first = date(year, month or 1, 1)
        following = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
        return Moment(text, first, following - timedelta(days=1))
    except (ValueError, OverflowError) as error:
        reason = "the offset is larger than a day" if "timedelta" in str(error) else error
        raise ValueError(f"not a date of the calendar: {reason}") from None


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of time; an end that is None is unknown."""

    earliest: Moment | None = None
    latest: Moment | None = None

    def precedes(self, other: "Span") -> bool:
        """Whether the whole of this span certainly lies before the other, as `Moment.precedes` has it."""
        ends, begins = self.latest, other.earliest
        if ends is None or begins is None:
            return False
        if ends.instant is not None and begins.instant is not None:
            return ends.instant < begins.instant
        return ends.last < begins.first

    @property
    def instant(self) -> datetime | None:
        """The one instant this span is, where it is one."""
        if self.earliest is not None and self.latest is not None and self.earliest.instant == self.latest.instant:
            return self.earliest.instant
        return None

    @property
    def bounds(self) -> tuple[str | None, str | None]:
        """Its ends by whatever spelling: an instant in UTC, else the first and the last day."""
        start, end = self.earliest, self.latest
        return (
            None if start is None else (start.instant.astimezone(UTC) if start.instant else start.first).isoformat(),
            None if end is None else (end.instant.astimezone(UTC) if end.instant else end.last).isoformat(),
        )

    @property
    def problem(self) -> str | None:
        """Why no time can lie in this span, or None."""
        if self.earliest is not None and self.latest is not None and self.latest.precedes(self.earliest):
            return f"latest {self.latest.text} lies before earliest {self.earliest.text}"
        return None


@lru_cache(MOST_SPANS)
def parse_span(earliest: str | None, latest: str | None) -> Span:
    """Read both ends; None stays unknown."""
    return Span(
        parse_moment(earliest) if earliest is not None else None,
        parse_moment(latest) if latest is not None else None,
    )


def hull(spans: Iterable[Span]) -> Span:
    """Return the smallest span that covers the known ends of all."""
    known = tuple({id(span): span for span in spans}.values())
    if len(known) == 1:
        return known[0]
    starts = [span.earliest for span in known if span.earliest is not None]
    ends = [span.latest for span in known if span.latest is not None]
    return Span(
        min(starts, key=lambda moment: moment.begins, default=None),
        max(ends, key=lambda moment: moment.ends, default=None),
    )
