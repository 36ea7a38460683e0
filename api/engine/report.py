"""Report: the sentence on a question that may be printed."""

from collections.abc import Sequence

from api.engine.groups import GONE, Group
from api.engine.origin import witnesses
from api.engine.record import Claim
from api.engine.units import has_fractions
from api.engine.values import contains
from api.engine.wording import answer, counted, is_one, listed, lowered, number, period, said, sentence, speakers
from schemas.moments import Span
from schemas.vocabulary import Grade, Polarity, Stance, ValueKind, ValueStatus

TWO = 2
CONTESTED = (ValueStatus.CONTESTED,)

MOST_TOLD = 8
"""Values a sentence names; the record has the rest."""


def sentence_for(
    groups: Sequence[Group],
    statuses: Sequence[ValueStatus],
    told: Sequence[Group],
    grade: Grade,
    exceeded: Sequence[Group] = (),
) -> str:
    """Say what stands, on whose word and as of when, what earlier reports said, and what is not confirmed."""
    live = [group for group, status in zip(groups, statuses, strict=True) if status not in GONE]
    gone = [group for group, status in zip(groups, statuses, strict=True) if status in GONE]
    if not live:
        return "Nothing on record stands." if not gone else sentence(f"Withdrawn: {_values(gone)}")
    if grade is Grade.CONTESTED:
        return _conflict([g for g, status in zip(groups, statuses, strict=True) if status in CONTESTED], gone, exceeded)
    withdrawn = [g for g, status in zip(groups, statuses, strict=True) if status is ValueStatus.CORRECTED]
    replaced = [g for g, status in zip(groups, statuses, strict=True) if status is ValueStatus.SUPERSEDED]
    lead = sentence(f"{_lead(told)}{_otherwise(told, live)}{_earlier(replaced)}{_taken_back(withdrawn)}")
    return " ".join(filter(None, (lead, _support(told, groups, grade), _beside(told, live))))


def _lead(told: Sequence[Group]) -> str:
    """Word what stands: one value as a clause, several terms as a list with their origins."""
    if len(told) == 1 and told[0].denied:
        return f"{speakers(told[0].standing_origins) or 'the document'} denied {_denied(told[0])}"
    if len(told) == 1 and told[0].value.term == Polarity.NO_COMMENT and told[0].origins:
        return f"{_assertion(told[0])}{_from(told[0])}"
    if len(told) == 1:
        return f"{_assertion(told[0])}{_attribution(told[0])}"
    first = told[0].claims[0]
    prop = first.property
    words = [f"{_denial(group)}{answer(group.value, prop)}" for group in told]
    sources = [_word_of(group) for group in told]
    if len(set(sources)) == 1:
        terms = f"{listed(words)}, {sources[0]}"
    else:
        terms = "; ".join(f"{term}, {source}" for term, source in zip(words, sources, strict=True))
    return f"{prop.label}{_where(first)}: {terms}" if prop.label else terms


def _otherwise(told: Sequence[Group], live: Sequence[Group]) -> str:
    """Say beside a yes or a no who did not comment, and beside a silence who says yes or no."""
    if told[0].value.kind is not ValueKind.POLARITY:
        return ""
    others = [group for group in live if group not in told and group.origins and not group.denied]
    return "".join(f"; {_answered(group)}{_from(group)}" for group in others)


def _from(group: Group) -> str:
    silent = group.value.term == Polarity.NO_COMMENT
    return f" from {speakers(group.standing_origins)}" if silent else f", {_word_of(group)}"


def _assertion(group: Group) -> str:
    """Word one value as something that is so: "24 people were killed"."""
    prop, value = group.claims[0].property, group.value
    words = answer(value, prop)
    if value.kind is ValueKind.QUANTITY and value.high == 0:
        words = f"no {prop.plural}" if prop.plural else words
    if value.kind is ValueKind.QUANTITY and prop.predicate:
        clause = f"{words} {'was' if is_one(value) else 'were'} {prop.predicate}"
    else:
        clause = f"{prop.label}: {words}" if prop.label else words
    return f"{clause}{_where(group.claims[0])}"


def _denied(group: Group) -> str:
    """Word what somebody denies: that 24 people were killed, or 24 percent (turnout)."""
    prop, value = group.claims[0].property, group.value
    if value.kind is ValueKind.QUANTITY and prop.predicate:
        return f"that {_assertion(group)}"
    label = f" ({lowered(prop.label)})" if prop.label else ""
    return f"{_answered(group)}{label}{_where(group.claims[0])}"


def _where(claim: Claim) -> str:
    """Say what the value covers: where something was done, then the rest in brackets; nothing for the whole event."""
    place, scope = claim.scope.narrowed, claim.scope
    name = (place.name or place.id) if place else None
    inside = name is not None and place is not None and name != place.id and name[:1].isupper()
    ground = f" in {name}" if inside and claim.property.predicate else ""
    parts = (None if ground else name, scope.population, scope.period and period(scope.period), scope.counting)
    named = [part for part in parts if part]
    return f"{ground} ({', '.join(named)})" if named else ground


def _attribution(group: Group) -> str:
    when = _when(group)
    if group.origins:
        return f"{when}, according to {speakers(group.standing_origins)}{_hedged(group)}"
    several = len({claim.document for claim in group.claims}) > 1
    return f"{when}, by the documents' own account" if several else f"{when}, by the document's own account"


def _hedged(group: Group) -> str:
    """Say so where every report of a value says that it was not verified."""
    unverified = all(claim.stance is Stance.REPORTS_UNVERIFIED for claim in group.claims)
    return " (unverified)" if unverified else ""


def _when(group: Group) -> str:
    latest = group.as_of.latest
    if group.value.kind is not ValueKind.QUANTITY or latest is None:
        return ""
    return f" as of {period(Span(latest, latest))}"


def _earlier(gone: Sequence[Group]) -> str:
    if not gone:
        return ""
    return f"; earlier reports said {_values(gone)}"


def _taken_back(gone: Sequence[Group]) -> str:
    """Say which values were corrected, and which were withdrawn by whoever gave them."""
    if not gone:
        return ""
    denials = [group for group in gone if group.denied]
    given = [group for group in gone if not group.denied]
    told = (
        [f"the earlier {_many('denial', denials)} of {_values(denials)} {_were(denials)} withdrawn"] if denials else []
    )
    if given and given[0].value.kind is not ValueKind.QUANTITY:
        told.append(f"{_values(given)} {_were(given)} withdrawn")
        given = []
    for done, groups in (
        ("corrected", [group for group in given if not group.withdrawn]),
        ("withdrawn", [group for group in given if group.withdrawn]),
    ):
        if groups:
            told.append(f"the earlier {_many('figure', groups)} of {_values(groups)} {_were(groups)} {done}")
    return "".join(f"; {words}" for words in told)


def _many(noun: str, groups: Sequence[Group]) -> str:
    return noun if len(groups) == 1 else f"{noun}s"


def _were(groups: Sequence[Group]) -> str:
    return "was" if len(groups) == 1 else "were"


def _beside(told: Sequence[Group], live: Sequence[Group]) -> str:
    """Name who gives another value that fits; beside one that somebody is named for, only what is not vaguer."""
    if len(told) != 1 or told[0].value.kind not in INTERVALS:
        return ""
    known = told[0].attributed
    named = [
        group
        for group in live
        if group not in told
        and group.attributed
        and not group.denied
        and not (known and all(contains(claim.compared, told[0].value) for claim in group.claims))
    ]
    given = "; ".join(f"{_short(group)} is given by {speakers(group.standing_origins)}" for group in _foremost(named))
    return sentence(given) if given else ""


INTERVALS = (ValueKind.QUANTITY, ValueKind.TIME)


def _values(groups: Sequence[Group]) -> str:
    """List values in short: all of them, or the foremost and how many others."""
    words = list(dict.fromkeys(_short(group) for group in _foremost(groups)))
    others = len(groups) - MOST_TOLD
    return listed([*words, f"{number(others)} other values"] if others > 0 else words)


def _foremost(groups: Sequence[Group]) -> Sequence[Group]:
    """Return the values to name: where there are many, those that most witnesses and documents give, and both ends."""
    if len(groups) <= MOST_TOLD:
        return groups
    ends = (groups[0], groups[-1])
    between = sorted(groups[1:-1], key=lambda group: (-group.independent_origins, -len(group.claims)))
    chosen = {id(group) for group in (*ends, *between[: MOST_TOLD - len(ends)])}
    return [group for group in groups if id(group) in chosen]


def _answered(group: Group) -> str:
    return answer(group.value, group.claims[0].property)


def _short(group: Group) -> str:
    prop, value = group.claims[0].property, group.value
    words = _answered(group)
    if value.kind is not ValueKind.QUANTITY:
        return words
    return words.removesuffix(f" {prop.singular if is_one(value) else prop.plural}").removesuffix(" of")


def _conflict(contested: Sequence[Group], gone: Sequence[Group], exceeded: Sequence[Group]) -> str:
    """State every side with its origins, what was replaced, and the whole that a part exceeds."""
    claim = contested[0].claims[0]
    sentences = [sentence(f"Reports conflict on {_matter(contested[0])}{_where(claim)}: {_sides(contested)}")]
    if exceeded:
        wholes = listed(
            f"{said(whole.value, whole.claims[0].property)}{_where(whole.claims[0])}, {_word_of(whole)}"
            for whole in exceeded
        )
        sentences.append(sentence(f"What this should be a part of is smaller: {wholes}"))
    withdrawn = [group for group in gone if group.withdrawn]
    replaced = [group for group in gone if not group.withdrawn]
    for what, groups in (("Replaced since", replaced), ("Withdrawn", withdrawn)):
        if groups:
            sentences.append(sentence(f"{what}: {_values(groups)}"))
    return " ".join(sentences)


def _matter(group: Group) -> str:
    """Name what reports conflict on: "how many people were killed", "the attacker", "the number of people"."""
    prop, value = group.claims[0].property, group.value
    if prop.predicate:
        return f"how many {prop.plural} were {prop.predicate}"
    if prop.label:
        return f"“{lowered(prop.label)}”" if value.kind is ValueKind.POLARITY else f"the {lowered(prop.label)}"
    if _is_number_of(group):
        return f"the number of {prop.plural}"
    return UNLABELLED.get(value.kind, "the answer")


UNLABELLED = {ValueKind.QUANTITY: "the figure", ValueKind.TIME: "the time"}
"""What reports conflict on where the property has no label."""


def _is_number_of(group: Group) -> bool:
    """Whether things are counted that only their noun tells of."""
    prop = group.claims[0].property
    counts = group.value.kind is ValueKind.QUANTITY and not prop.label and prop.plural is not None
    return counts and not has_fractions(prop.unit)


def _sides(contested: Sequence[Group]) -> str:
    """State each value and on whose word it is; where all are on the same, that once."""
    prop = contested[0].claims[0].property
    write = _short if prop.predicate or _is_number_of(contested[0]) else _answered
    foremost = _foremost(contested)
    words = [f"{_denial(group)}{write(group)}" for group in foremost]
    sources = [_word_of(group) for group in foremost]
    others = len(contested) - len(foremost)
    if len(set(sources)) == 1 and len(contested) > 1 and not others:
        return f"{listed(words, 'or')}, {_together(contested)} {sources[0]}"
    sides = [f"{word}, {source}" for word, source in zip(words, sources, strict=True)]
    told = (", against " if len(contested) == TWO else "; ").join(sides)
    return f"{told}; and {number(others)} other values" if others else told


def _together(groups: Sequence[Group]) -> str:
    """Say how many share a word: one origin's is the same for all, documents that name none have each their own."""
    documents = {claim.document for group in groups for claim in group.claims}
    if not any(group.origins for group in groups) and len(documents) > 1:
        return "each"
    return "both" if len(groups) == TWO else "all"


def _word_of(group: Group) -> str:
    """Say on whose word a value rests."""
    if group.origins:
        return f"according to {speakers(group.standing_origins)}{_hedged(group)}"
    documents = {claim.document for claim in group.claims}
    return "on one document's own word" if len(documents) == 1 else f"on {len(documents)} documents' own word"


def _denial(group: Group) -> str:
    return "a denial of " if group.denied else ""


def _support(told: Sequence[Group], groups: Sequence[Group], grade: Grade) -> str:
    """Say how far what stands is confirmed."""
    if told[0].value.term == Polarity.NO_COMMENT:
        return ""
    if grade is Grade.CORROBORATED:
        fewest = min(group.independent_origins for group in told)
        sides = {source.side for group in told for source in group.standing_origins if source.side}
        across = ", on opposing sides," if len(sides) > 1 else ""
        each = "it" if len(told) == 1 else "each"
        return f"{counted(fewest, 'origin', 'independent origins')}{across} stand behind {each}."
    if grade is Grade.UNATTRIBUTED:
        named = any(group.origins for group in told)
        return "Only unnamed sources are given." if named else "No source is named for it."
    if len(told) > 1:
        return "None of these has a second, independent origin."
    if len(witnesses(told[0].upheld)) > 1:
        return "It is not known whether its origins are independent of each other."
    claims = [claim for group in groups for claim in group.claims]
    if len(witnesses(claims)) > 1:
        return "Only one origin gives exactly this; nobody else has confirmed it."
    documents = len({claim.document for claim in claims if claim.document})
    if documents > 1:
        reports = "Both documents" if documents == TWO else f"All {documents} documents"
        none = "" if all(claim.voice is not None for claim in claims) else " or name none"
        return f"{reports} go back to one origin{none}; nobody has confirmed it independently."
    return "One document gives it, on one origin's word; nobody has confirmed it independently."
