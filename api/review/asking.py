"""Asking: the claims of the store, as the engine takes them."""

from collections.abc import Collection

from api.engine.record import Claim
from api.review.resolving import Resolver
from api.store import queries
from api.store.bulk import fetched


def claims_on(event: str, resolver: Resolver, as_of: str | None = None) -> tuple[Claim, ...]:
    """Return the claims on one event, as they had been published by `as_of`."""
    return resolver.claims(queries.claims_to_review_on(event, as_of))


def claims_by_event(
    resolver: Resolver, as_of: str | None = None, events: Collection[str] | None = None
) -> dict[str, list[Claim]]:
    """Return the claims on these events, or on all, gathered in one go."""
    gathered: dict[str, list[Claim]] = {}
    for claim in resolver.claims(fetched(queries.claims_to_review(events, as_of))):
        gathered.setdefault(claim.event, []).append(claim)
    return gathered
