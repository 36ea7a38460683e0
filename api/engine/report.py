"""Report: the sentence on a question that may be printed."""

from collections.abc import Iterable, Sequence

from api.engine.groups import Group
from api.engine.origin import confirming, witnesses
from api.engine.record import Claim, Property
from api.engine.wording import answer, counted, is_one, listed, period, said, sentence, speakers
from schemas.moments import Span
from schemas.vocabulary import Grade, Polarity, ValueKind, ValueStatus

GONE = (ValueStatus.SUPERSEDED, ValueStatus.CORRECTED)
TWO_SIDES = 2
CONTESTED = (ValueStatus.CONTESTED,)

MOST_NAMED = 3
"""Origins a sentence names for one value; the record has the rest."""


def sentence_for(
    groups: Sequence[Group],
    statuses: Sequence[ValueStatus],
    current: Group | None,
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
    sentences = []
    told = [current] if current is not None else [group for group in live if not group.denied] or live
    lead = listed(_assertion(group) for group in told)
    sentences.append(sentence(f"{lead}{_attribution(told)}{_earlier(gone)}"))
    sentences.append(_support([claim for group in live for claim in group.claims], grade))
    return " ".join(part for part in sentences if part)


def _assertion(group: Group) -> str:
    """Word one value as something that is so: "24 people were killed"."""
    prop, value = group.claims[0].property, group.value
    words = answer(value, prop)
    if value.kind is ValueKind.QUANTITY and prop.predicate:
        clause = f"{words} {'was' if is_one(value) else 'were'} {prop.predicate}"
    else:
        clause = f"{prop.label or prop.id}: {words}"
    if group.denied:
        clause = f"denied: {clause}"
    return f"{clause}{_where(group.claims[0], prop)}"


def _where(claim: Claim, prop: Property) -> str:
    place, population, during = claim.scope.key
    named = (claim.scope.place.name or place) if claim.scope.place else None
    parts = [part for part in (named, population, during.replace("/", "–") if during else None) if part]
    return f" ({', '.join(parts)})" if parts else ""


def _attribution(told: Sequence[Group]) -> str:
    claims = [claim for group in told for claim in group.claims]
    named = [source for group in told for source in group.origins]
    when = _when(told)
    if not named:
        return (
            f"{when}, by the documents' own account"
            if len({c.document for c in claims}) > 1
            else f"{when}, by the document's own account"
        )
    return f"{when}, according to {speakers(named[:MOST_NAMED])}"


def _when(told: Sequence[Group]) -> str:
    if told[0].value.kind is not ValueKind.QUANTITY or len(told) != 1:
        return ""
    latest = told[0].as_of.latest
    return f" as of {period(Span(latest, latest))}" if latest is not None else ""


def _earlier(gone: Sequence[Group]) -> str:
    if not gone:
        return ""
    return f"; earlier reports said {_values(gone)}"


def _values(groups: Iterable[Group]) -> str:
    return listed(_short(group) for group in groups)


def _short(group: Group) -> str:
    prop, value = group.claims[0].property, group.value
    words = answer(value, prop)
    if value.kind is not ValueKind.QUANTITY:
        return words
    return words.removesuffix(f" {prop.singular if is_one(value) else prop.plural}").removesuffix(" of")


def _conflict(contested: Sequence[Group], gone: Sequence[Group], exceeded: Sequence[Group]) -> str:
    """State every side with its origins, what was replaced, and the whole that a part exceeds."""
    claim = contested[0].claims[0]
    prop = claim.property
    named = f"the {_lowered(prop.label or prop.id)}"
    about = f"how many {prop.plural} were {prop.predicate}" if prop.predicate else named
    sides = [f"{_denial(group)}{_short(group)}, {_word_of(group)}" for group in contested]
    told = (", against " if len(sides) == TWO_SIDES else "; ").join(sides)
    sentences = [sentence(f"Reports conflict on {about}{_where(claim, prop)}: {told}")]
    if exceeded:
        wholes = listed(
            f"{said(whole.value, whole.claims[0].property)}{_where(whole.claims[0], prop)}, {_word_of(whole)}"
            for whole in exceeded
        )
        sentences.append(sentence(f"It should be a part of the {wholes}, but is more"))
    if gone:
        sentences.append(sentence(f"Replaced since: {_values(gone)}"))
    return " ".join(sentences)


def _word_of(group: Group) -> str:
    """Say on whose word a value rests."""
    if group.origins:
        return f"according to {speakers(group.origins[:MOST_NAMED])}"
    documents = {claim.document for claim in group.claims}
    return "on one document's own word" if len(documents) == 1 else f"on {len(documents)} documents' own word"


def _lowered(label: str) -> str:
    """Put a label inside a sentence; an abbreviation keeps its capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _denial(group: Group) -> str:
    return "a denial of " if group.denied else ""


def _support(claims: Sequence[Claim], grade: Grade) -> str:
    documents = len({claim.document for claim in claims if claim.document})
    if claims and claims[0].value.kind is ValueKind.POLARITY and claims[0].value.term == Polarity.NO_COMMENT:
        return ""
    if grade is Grade.CORROBORATED:
        return sentence(f"{counted(len(confirming(claims)), 'origin', 'independent origins')} stand behind it")
    if grade is Grade.UNATTRIBUTED:
        found = witnesses(claims)
        return "Only unnamed sources are given." if found else "No source is named."
    if documents > 1:
        reports = "Both documents" if documents == 2 else f"All {counted(documents, 'document', 'documents')}"
        return f"{reports} go back to one origin or name none; nobody has confirmed it independently."
    return "One document gives it, on one origin's word; nobody has confirmed it independently."
