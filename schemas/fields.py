"""Fields that several nouns share."""

import math
import re
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate

from schemas.moments import MOMENT, parse_moment

SLUG = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
DOTTED = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
LONGEST_ID = 120
LONGEST_TEXT = 2_000
"""Longer than any label, title or note in the record; keeps a slip from filling a page."""

PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
"""The pattern of a text: lines and paragraphs, no control characters."""

LARGEST_NUMBER = 10**15
"""More than any figure in the news."""

_PLUS_LOST = re.compile(r"(?<=\d) (?=\d{2}:\d{2}$)")
"""A bare `+` in a URL arrives as a space; before an offset it can only have been a plus."""


def nothing() -> None:
    """The default of a parameter that is left out, but cannot be given as null."""


class Slug(fields.String):
    """A readable id: lower-case letters and digits, joined by `-` or `_`, and by `.` where `dotted`."""

    def __init__(self, *, dotted: bool = False, **kwargs: Any) -> None:
        pattern, joints = (DOTTED, "'-', '_' or '.'") if dotted else (SLUG, "'-' or '_'")
        super().__init__(
            metadata={"pattern": f"^{pattern}$", **kwargs.pop("metadata", {})},
            validate=[
                validate.Length(max=LONGEST_ID),
                validate.Regexp(
                    re.compile(rf"{pattern}\Z"), error=f"expected lower-case letters and digits joined by {joints}"
                ),
            ],
            **kwargs,
        )


class Text(fields.String):
    """A line or a paragraph of text: not empty, no control characters."""

    def __init__(self, **kwargs: Any) -> None:
        described = {"pattern": PRINTABLE, **kwargs.pop("metadata", {})}
        super().__init__(
            metadata=described,
            validate=[
                validate.Length(min=1, max=LONGEST_TEXT),
                validate.Regexp(r"[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*\Z", error="must not hold control characters"),
            ],
            **kwargs,
        )


class Words(fields.String):
    """What somebody looks for, as it would be typed: anything that is not blank."""

    def __init__(self, longest: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(
            metadata={"pattern": WORDY, **kwargs.pop("metadata", {})},
            validate=[
                validate.Length(max=longest),
                validate.Regexp(WORDY, error="expected a few words such as: harbour deaths"),
            ],
            **kwargs,
        )


WORDY = r"^[\s\S]*[^\x00\t\n\r ][\s\S]*$"
"""The pattern of what is not blank."""


class Cursor(fields.String):
    """Where to go on, as an answer gave it: opaque, and signed; what is of another form is refused as unreadable."""

    def __init__(self, *others: str, **kwargs: Any) -> None:
        form = rf"^(?:{'|'.join((*others, CURSOR))})$"
        super().__init__(
            load_default=None,
            validate=validate.Length(min=1, max=1_000),
            metadata={"pattern": form, **kwargs.pop("metadata", {})},
            **kwargs,
        )


CURSOR = r"\.?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}"
"""The form of a cursor: what it holds, and its signature."""


class Moment(fields.String):
    """A year, month or day, or an RFC 3339 time with its offset; day precision stays day precision."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": f"^{MOMENT}$", **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        text = _PLUS_LOST.sub("+", text) if "T" in text.upper() else text
        try:
            return parse_moment(text).text
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Number(fields.Field[int | float]):
    """A JSON number; whole numbers stay whole."""

    default_error_messages = {
        "invalid": "expected a number such as 24 or 4.5",
        "endless": "must be a finite number",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "number", **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        if isinstance(value, float) and not math.isfinite(value):
            raise self.make_error("endless")
        return value


class Whole(fields.Integer):
    """A JSON number without a fraction, however it is written: 3 or 3.0."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value


class Digits(Number):
    """A number in an address, as JSON writes it; no larger than any figure in the news."""

    def __init__(self, **kwargs: Any) -> None:
        ends = {"minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
        super().__init__(
            validate=validate.Range(*ends.values()), metadata={**ends, **kwargs.pop("metadata", {})}, **kwargs
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | float:
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            raise self.make_error("invalid")
        number = int(value) if value.lstrip("-").isdigit() else float(value)
        return super()._deserialize(number, attr, data, **kwargs)


_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


class Flag(fields.Boolean):
    """true or false, and nothing that merely looks like it."""

    truthy = {True}
    falsy = {False}
    default_error_messages = {"invalid": "expected true or false"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Switch(Flag):
    """`true` or `false` in an address."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        given = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
        return super()._deserialize(given, attr, data, **kwargs)


class Rendered(fields.Nested):
    """What was stored as its schema dumped it: here it is handed on as it is."""

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return nested_obj


class Word(fields.Enum[StrEnum]):
    """A word of a closed vocabulary, given by its value; a row read back holds the bare word."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(self.enum(value).value)


def one_of(choices: type[StrEnum], **kwargs: Any) -> Word:
    """Return the field of a vocabulary; its error lists the words."""
    words = ", ".join(choice.value for choice in choices)
    return Word(choices, by_value=fields.String, error_messages={"unknown": f"expected one of {words}"}, **kwargs)


class Measured(fields.List[Any]):
    """A list that is held against what is asked of it as a whole before any of what it holds is looked at."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)
