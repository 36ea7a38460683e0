"""Report: the sentence on a question that may be printed."""

from collections.abc import Iterable, Sequence

from api.engine.groups import Group
from api.engine.origin import confirming, witnesses
from api.engine.record import Claim, Property
from api.engine.wording import answer, counted, is_one, listed, period, sentence, speaker, speakers
from schemas.moments import Span
from schemas.vocabulary import Grade, Polarity, ValueKind, ValueStatus

GONE = (ValueStatus.SUPERSEDED, ValueStatus.CORRECTED)


def sentence_for(groups: Sequence[Group], statuses: Sequence[ValueStatus], current: Group | None, grade: Grade) -> str:
    """Say what stands, on whose word and as of when, what earlier reports said, and what is not confirmed."""
    live = [group for group, status in zip(groups, statuses, strict=True) if status not in GONE]
    gone = [group for group, status in zip(groups, statuses, strict=True) if status in GONE]
    if not live:
        return "Nothing on record stands." if not gone else sentence(f"Withdrawn: {_values(gone)}")
    sentences = []
    if grade is Grade.CONTESTED:
        contested = [g for g, status in zip(groups, statuses, strict=True) if status is ValueStatus.CONTESTED]
        sentences.append(sentence(f"Reports conflict: {_sides(contested)}"))
        if gone:
            sentences.append(sentence(f"Replaced since: {_values(gone)}"))
        return " ".join(sentences)
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
    return f"{when}, according to {speakers(named[:3])}"


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


def _sides(groups: Iterable[Group]) -> str:
    return "; ".join(
        f"{_denial(group)}{answer(group.value, group.claims[0].property)}"
        f"{_where(group.claims[0], group.claims[0].property)} "
        f"({speakers(group.origins[:3]) if group.origins else speaker(None)})"
        for group in groups
    )


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
