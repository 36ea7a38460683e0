"""Unanswered: what whoever looked something up is told where nothing answers."""

from api.errors import nearest
from api.review import lookup


def told(words: str, event: str | None, prop: str | None, as_of: str | None) -> tuple[str, list[str]]:
    """Return why nothing answers, and what is near: what does answer now but did not by `as_of` is said to."""
    if as_of and (later := lookup.look_up(words, event, prop, None)):
        unpublished = (
            f"{later['label']!r} had not certainly been published by {as_of}; "
            "a document dated to a day is out when that day is over."
        )
        return unpublished, []
    near = nearest(lookup.telling(words), lookup.labels()) if words.strip() else []
    hint = f"; near it are: {'; '.join(near)}" if near else ""
    return f"Nothing on record answers {words[:80]!r}{hint}", near
