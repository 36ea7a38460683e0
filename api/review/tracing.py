"""Tracing: where a claim comes from, and the states it has been in."""

from typing import Any

import orjson

from api.review.resolving import Resolver
from api.store.models import Attribution, Claim, ClaimRevision, DiscrepancyRevision, Source
from api.store.rendering import (
    claim_fields,
    document_fields,
    link_fields,
    source_fields,
    statement_fields,
    value_fields,
)

Fields = dict[str, Any]


def provenance(row: Claim, resolver: Resolver | None = None) -> Fields:
    """Return where a claim comes from: document, span, statement, chain and origin."""
    chain = list(
        Attribution.select(Attribution, Source)
        .join(Source)
        .where(Attribution.claim == row)
        .order_by(Attribution.position)
    )
    resolver = resolver or Resolver()
    voice = resolver.source(chain[-1].source_id if chain else row.statement.source_id if row.statement_id else None)
    return {
        "claim": row.id,
        "value": value_fields(row),
        "document": document_fields(row.document),
        "locator": claim_fields(row, ())["locator"],
        "statement": statement_fields(row.statement) if row.statement_id else None,
        "attribution": [
            {**link_fields(link), "source": source_fields(link.source), "part_of": _organisations(resolver, link)}
            for link in chain
        ],
        "origin": source_fields(row.origin) if row.origin_id else None,
        "independence_root": voice.root.id if voice else None,
    }


def _organisations(resolver: Resolver, link: Attribution) -> list[str]:
    source = resolver.source(link.source_id)
    return [outer.id for outer in source.organisations()] if source else []


def discrepancy_provenance(text: str) -> Fields:
    """Return where each claim of a discrepancy comes from, in the order of its values."""
    fields = orjson.loads(text)
    named = [held["id"] for given in fields["values"] for held in given["claims"]]
    rows = {row.id: row for row in Claim.select().where(Claim.id.in_(named))}
    resolver = Resolver()
    items = [provenance(rows[name], resolver) for name in named if name in rows]
    return {"discrepancy": fields["id"], "items": items}


def revisions(row: Claim) -> list[Fields]:
    """Return the states a claim has been in, oldest first."""
    states = ClaimRevision.select().where(ClaimRevision.claim == row).order_by(ClaimRevision.revision)
    return [
        {"revision": state.revision, "recorded_at": state.recorded_at, "claim": orjson.loads(state.representation)}
        for state in states
    ]


def discrepancy_revisions(name: str) -> list[Fields]:
    """Return the states a discrepancy has been in, oldest first, each with why it came to be in it."""
    states = DiscrepancyRevision.select().where(DiscrepancyRevision.discrepancy == name)
    return [
        {
            "revision": state.revision,
            "recorded_at": state.recorded_at,
            "changed_because": state.changed_because,
            "discrepancy": orjson.loads(state.representation),
        }
        for state in states.order_by(DiscrepancyRevision.revision)
    ]
