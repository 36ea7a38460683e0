"""Published: which documents were certainly out by a given moment."""

from datetime import UTC, date, datetime, timedelta

from peewee import Expression, fn

from api.store.models import Document
from schemas.moments import Moment, parse_moment


def visibility(published: str | None) -> tuple[str | None, str | None]:
    """Return (last day, UTC instant) by which a document was certainly out; one of them is None."""
    if published is None:
        return None, None
    moment = parse_moment(published)
    if moment.instant is not None:
        return None, moment.instant.astimezone(UTC).isoformat()
    return moment.last.isoformat(), None


def out_by(moment: Moment) -> Expression:
    """Return the condition that a document had been published by then."""
    day, instant = latest(moment)
    condition: Expression = (Document.public_day <= day) | (Document.public_instant <= instant)
    return condition


def latest(moment: Moment) -> tuple[str, str]:
    """Return the last day and the last UTC instant by which a document had to be out to be so by then.

    A date without a time is over when its day is: it has no offset and is read in the asker's. A
    moment of day precision means the end of that day.
    """
    if moment.instant is None:
        last_day = moment.last
        instant = datetime.combine(last_day, datetime.max.time(), UTC)
    else:
        instant = moment.instant
        ends = (instant.hour, instant.minute) == (23, 59)
        last_day = instant.date() if ends else instant.date() - timedelta(days=1)
    return last_day.isoformat(), instant.astimezone(UTC).isoformat()


def periods(day: str | None, instant: str | None) -> list[str]:
    """Return the year, the month and the day, in UTC, on which a document was certainly out; none for no date."""
    known = day or instant
    return [known[:4], known[:7], known[:10]] if known else []


def periods_by(moment: Moment) -> list[str]:
    """Return the years, months and days that hold every document out by a moment, and no other but of its last day."""
    first, last = _ends()
    if moment.instant is not None:
        last = min(last, max(moment.instant.date(), moment.instant.astimezone(UTC).date()))
    else:
        last = min(last, moment.last)
    if first > last:
        return []
    year, month = last.isoformat()[:4], last.isoformat()[:7]
    years = [f"{earlier:04d}" for earlier in range(first.year, last.year)]
    months = [f"{year}-{earlier:02d}" for earlier in range(1, last.month)]
    return [*years, *months, *(f"{month}-{day:02d}" for day in range(1, last.day + 1))]


def _ends() -> tuple[date, date]:
    """The first and the last day on which a document on record was published."""
    columns = Document.public_day, Document.public_instant
    found = [Document.select(end(column)).scalar() for column in columns for end in (fn.MIN, fn.MAX)]
    days = [date.fromisoformat(text[:10]) for text in found if text is not None]
    return (min(days), max(days)) if days else (date.max, date.min)
