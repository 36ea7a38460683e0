"""Deprecation: what is on its way out, marked once, where it is defined."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, fields
from werkzeug.http import http_date


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when something is deprecated, from when on it may be gone, and what takes its place."""

    since: date
    instead: str
    sunset: date | None = None

    @property
    def metadata(self) -> dict[str, Any]:
        """What a field or parameter has as metadata to be described, and announced, as deprecated."""
        return {"deprecated": True, "deprecation": self, **self.described}

    @property
    def described(self) -> dict[str, str]:
        """What the description says beside `deprecated`."""
        ends = {"x-sunset": self.sunset.isoformat()} if self.sunset else {}
        return {"x-deprecated-since": self.since.isoformat(), "x-instead": self.instead, **ends}


def headers(found: Iterator[Deprecation] | list[Deprecation]) -> dict[str, str]:
    """Return the headers that announce these: the earliest of each moment (RFC 9745, RFC 8594)."""
    known = list(found)
    if not known:
        return {}
    announced = {"Deprecation": f"@{_second(min(one.since for one in known))}"}
    if sunsets := [one.sunset for one in known if one.sunset is not None]:
        announced["Sunset"] = http_date(_second(min(sunsets)))
    return announced


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def within(schema: Schema) -> Iterator[Deprecation]:
    """Yield what is deprecated of a schema's fields, and of those inside them."""
    return _within(schema, set())


def _within(schema: Schema, seen: set[type[Schema]]) -> Iterator[Deprecation]:
    if type(schema) in seen:
        return
    seen.add(type(schema))
    for field in schema.fields.values():
        if found := of(field):
            yield found
        inner: Any = field
        while isinstance(inner, fields.List | fields.Dict):
            inner = inner.inner if isinstance(inner, fields.List) else inner.value_field
        if isinstance(inner, fields.Nested):
            yield from _within(inner.schema, seen)


def of(field: fields.Field[Any]) -> Deprecation | None:
    """Return what is said of a field that is deprecated."""
    found: Deprecation | None = field.metadata.get("deprecation")
    return found
