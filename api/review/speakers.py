"""Speakers: the sources that a request names, on record or described on the spot."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.engine.plausibility import Fault, Where, circle_faults
from api.engine.record import Source
from api.engine.wording import tells_apart
from api.review.resolving import Resolver, folded
from schemas.comparisons import DEEPEST
from schemas.vocabulary import SourceKind

Fields = Mapping[str, Any]
Named = str | Fields
"""A source as a request gives it: its id on record, a name, or an object that describes it."""


INDEFINITE = frozenset({"a", "an", "one", "some", "several"})
NAMELESS = frozenset({"unnamed", "anonymous", "unidentified", "undisclosed", "source", "sources"})
"""Words by which a label names nobody: first ones that leave it open who, and others wherever they stand."""


def worded_unnamed(label: str) -> bool:
    """Whether a label is worded as one that keeps the name back: "a security source", "unnamed officials".

    What only tells sources apart ("source 3"), and a capital within a name ("Open Source Centre"), keep none back.
    """
    words = label.split()
    if words[0].casefold() in INDEFINITE and len(words) > 1:
        return True
    return any(
        word.casefold() in NAMELESS and (not place or word.islower()) and not tells_apart(following)
        for place, (word, following) in enumerate(zip(words, [*words[1:], ""], strict=True))
    )


class Speakers:
    """The sources of one request: throughout it, one name is one source, however it is spelt.

    A text is a source on record by its id, else one that the request describes, else the one on record
    that goes by that name or alias, else a label, equal only to itself. A description is not looked up.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._spelt: dict[str, str] = {}
        self._described: dict[str, dict[str, Any]] = {}
        self._places: dict[str, Where] = {}
        self._built: dict[str, Source] = {}

    def introduce(self, given: Named, where: Where) -> Iterator[Fault]:
        """Note what the request says of a source; yield what contradicts what it says of it elsewhere."""
        name = " ".join((given if isinstance(given, str) else given["name"]).split())
        key = folded(name)
        self._spelt[key] = min(name, self._spelt.get(key, name))
        if isinstance(given, str):
            return
        whole, known = given["part_of"], self._described.setdefault(key, {})
        stated = {"kind": given["kind"], "part_of": self._reference(whole), "side": given["side"]}
        for field, value in stated.items():
            if value is not None and known.setdefault(field, value) != value:
                yield (*where, field), f"contradicts what this request says of {name!r} before"
        if whole is not None:
            self._places.setdefault(key, (*where, "part_of"))
            yield from self.introduce(whole, (*where, "part_of"))

    def faults(self) -> Iterator[Fault]:
        """Yield each chain of organisations that comes back to itself or never seems to end."""
        onwards = {
            key: {"part_of": fields["part_of"]}
            for key, fields in self._described.items()
            if isinstance(fields.get("part_of"), str)
        }
        circles = list(circle_faults(onwards))
        yield from ((self._places[key], reason) for key, _, reason in circles)
        if not circles:
            for key in onwards:
                if self._depth(key) > DEEPEST:
                    yield self._places[key], f"leads through more than {DEEPEST} organisations"

    def source(self, given: Named) -> Source:
        """Return a source; call it only where nothing was at fault."""
        known = self._resolver.source_if_known(given) if isinstance(given, str) else None
        return known or self._named(folded(given if isinstance(given, str) else given["name"]))

    def _reference(self, given: Named | None) -> Source | str | None:
        """What a source is a part of: one on record by its id, or a folded name."""
        if given is None:
            return None
        if isinstance(given, str):
            return self._resolver.source_if_known(given) or folded(given)
        return folded(given["name"])

    def _depth(self, key: str) -> int:
        depth, step = 0, self._described[key].get("part_of")
        while isinstance(step, str) and depth <= DEEPEST:
            depth, step = depth + 1, self._described.get(step, {}).get("part_of")
        return depth

    def _named(self, key: str) -> Source:
        if key not in self._built:
            name, described = self._spelt[key], self._described.get(key)
            known = self._resolver.source_called(key) if described is None else None
            fields = described or {}
            whole = fields.get("part_of")
            self._built[key] = known or Source(
                f"{name} (as described)" if self._resolver.source_if_known(name) else name,
                name,
                fields.get("kind") or (SourceKind.PERSON if whole or not worded_unnamed(name) else SourceKind.UNNAMED),
                self._named(whole) if isinstance(whole, str) else whole,
                fields.get("side"),
            )
        return self._built[key]
