"""Published: which documents were certainly out by a given moment."""

from datetime import UTC, datetime, timedelta

from peewee import Expression

from api.store.models import Document
from schemas.moments import Moment, parse_moment


def visibility(latest: str | None) -> tuple[str | None, str | None]:
    """Return (last day, UTC instant) by which a document was certainly out; one of them is None."""
    if latest is None:
        return None, None
    moment = parse_moment(latest)
    if moment.instant is not None:
        return None, moment.instant.astimezone(UTC).isoformat()
    return moment.last.isoformat(), None


def out_by(moment: Moment) -> Expression:
    """Return the condition that a document had been published by then.

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
    condition: Expression = (Document.public_day <= last_day.isoformat()) | (
        Document.public_instant <= instant.astimezone(UTC).isoformat()
    )
    return condition
