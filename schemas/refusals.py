"""Refusals: what a field expected, in the words of this API instead of its libraries'."""

import re

WORDINGS = (
    (r"Missing data for required field\.", "is required"),
    (r"Field may not be null\.", "must not be null"),
    (r"Unknown field\.", "no field of this name"),
    (r"Not a valid integer\.", "expected a whole number"),
    (r"Not a valid number\.|Not a valid float\.", "expected a number"),
    (r"Number too large\.", "expected a smaller number"),
    (r"Not a valid string\.", "expected text"),
    (r"Not a valid utf-8 string\.", "expected text in UTF-8"),
    (r"Not a valid list\.", "expected a list"),
    (r"Not a valid mapping type\.|Invalid(?: input)? type\.?", "expected an object"),
    (r"Not a valid (URL|UUID|date|datetime|time)\.", r"expected a \1"),
    (r"Not a valid boolean\.", "expected true or false"),
    (r"Special numeric values \(nan or infinity\) are not permitted\.", "must be a finite number"),
    (r"Longer than maximum length (\d+)\.", r"expected a length of at most \1"),
    (r"Shorter than minimum length (\d+)\.", r"expected a length of at least \1"),
    (r"Length must be between (\d+) and (\d+)\.", r"expected a length from \1 to \2"),
    (r"Length must be (\d+)\.", r"expected a length of \1"),
    (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.", r"expected from \1 to \2"),
    (r"Must be greater than or equal to (\S+)\.", r"expected \1 or more"),
    (r"Must be less than or equal to (\S+)\.", r"expected \1 or less"),
    (r"Must be greater than (\S+)\.", r"expected more than \1"),
    (r"Must be less than (\S+)\.", r"expected less than \1"),
    (r"Must be equal to (.+)\.", r"expected \1"),
    (r"Must be one of: (.+)\.", r"expected one of \1"),
    (r"String does not match expected pattern\.", "expected text of another form"),
    (r"Invalid value\.", "expected another value"),
)
"""What marshmallow says, as a pattern, and what this API says instead."""

_KNOWN = tuple((re.compile(pattern), wording) for pattern, wording in WORDINGS)


def worded(reason: str) -> str:
    """Return what was expected; what is our own wording already stays, without its full stop."""
    for pattern, wording in _KNOWN:
        if found := pattern.fullmatch(reason):
            return found.expand(wording)
    return reason.removesuffix(".")
