"""States of claims: each as it is served, kept among the claim's revisions and told in the log of changes."""

from collections.abc import Collection, Iterable

import orjson

from api.intake.rows import Row
from api.review.changes import claim_entries
from api.review.differences import OTHER_FORM, same_but_in_form
from api.store.changes import Entry, log
from api.store.models import Attribution, Claim, ClaimRevision, Property
from api.store.rendering import CLAIM, claim_fields
from schemas.vocabulary import Change, ChangedNoun, ClaimStatus

MISSING = "It was retracted: it is no longer among what is recorded of its document."


def render_claim(name: str, before: Claim | None, reason: str | None = None) -> Claim:
    """Render a claim that changed, keep this state among its revisions, log the change, and return the claim."""
    claim = Claim.get_by_id(name)
    chain = Attribution.select().where(Attribution.claim == name).order_by(Attribution.position)
    _keep_state(claim, chain, orjson.loads(before.representation) if before is not None else None, reason)
    return claim


def _keep_state(claim: Claim, chain: Iterable[Attribution], before: Row | None, reason: str | None = None) -> None:
    after = CLAIM.dump(claim_fields(claim, chain))
    text = orjson.dumps(after).decode()
    own = {"revision": claim.revision, "recorded_at": claim.recorded_at, "representation": text}
    Claim.update(own).where(Claim.id == claim.id).execute()
    ClaimRevision.create(claim=claim.id, **own)
    log(list(claim_entries(before, after, reason)))


def render_claims(now: str, written: Collection[str] = ()) -> None:
    """Render every claim again that was not just `written`.

    What it shows of its property may have changed, or the form in which it is shown.
    """
    if len(written) == Claim.select().count():
        return
    chains: dict[str, list[Attribution]] = {}
    for link in Attribution.select().order_by(Attribution.claim, Attribution.position):
        chains.setdefault(link.claim_id, []).append(link)
    for claim in Claim.select(Claim, Property).join(Property).order_by(Claim.place_in_list):
        if claim.id in written:
            continue
        before, chain = orjson.loads(claim.representation), chains.get(claim.id, ())
        after = CLAIM.dump(claim_fields(claim, chain))
        if before == after:
            continue
        if same_but_in_form(before, after):
            _show_otherwise(claim, orjson.dumps(after).decode(), now)
        else:
            claim.revision, claim.recorded_at = claim.revision + 1, now
            _keep_state(claim, chain, before)


def _show_otherwise(claim: Claim, text: str, now: str) -> None:
    """Give a claim and its present revision another form; whoever follows the changes has none of what is retracted."""
    Claim.update(representation=text).where(Claim.id == claim.id).execute()
    present = (ClaimRevision.claim == claim.id) & (ClaimRevision.revision == claim.revision)
    ClaimRevision.update(representation=text).where(present).execute()
    if claim.status != ClaimStatus.RETRACTED:
        known = (ChangedNoun.CLAIM, claim.id, claim.event_id, claim.revision)
        log([Entry(*known, Change.REFORMATTED, now, OTHER_FORM)])
