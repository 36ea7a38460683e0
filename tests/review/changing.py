"""A record with parts, places, chains and several documents, and random changes of one claim of it."""

from pathlib import Path
from random import Random
from typing import Any

import orjson

from api.intake.loading import load
from api.review.touched import Touched
from api.review.upkeep import refresh, refresh_all
from api.store.db import db
from api.store.models import (
    Attribution,
    Claim,
    Discrepancy,
    Document,
    Event,
    Finding,
    Question,
    QuestionClaim,
    Resource,
    Statement,
)
from schemas.vocabulary import ClaimStatus
from tests.intake.folders import LATER, NOW, Content, small, write

STORED: tuple[type[Resource], ...] = (Question, Document, Event, Statement)
CLOCKS = ("revision", "changed_at")

QUANTITIES = ("deaths", "child_deaths", "injured", "entered", "left", "inside")
PLACES = (None, "mill", "land", "hall")
DOCUMENTS = ("one", "two", "three")
STATEMENTS = (None, "said-1", "said-2", "said-3")


def record() -> Content:
    """Return a small record in which questions contain each other by property and by place."""
    content = small()
    content["places"].append({"id": "hall", "name": "Machine hall", "within": "mill"})
    content["properties"].append(
        {"id": "child_deaths", "label": "Children", "kind": "quantity", "unit": "people", "additive": True,
         "accumulates": True, "part_of": "deaths"}
    )  # fmt: skip
    count = {"kind": "quantity", "unit": "people", "additive": True}
    content["properties"] += [
        {"id": "entered", "label": "Entered", **count},
        {"id": "left", "label": "Left", **count, "part_of": "entered"},
        {"id": "inside", "label": "Inside", **count, "difference_of": ["entered", "left"], "also_part_of": ["entered"]},
    ]
    content["statements"].append(
        {"id": "said-3", "source": "mayor", "said_at": {"earliest": "2024-01-01", "latest": None}, "follows": "said-2"}
    )
    deaths = next(claim for claim in content["claims"] if claim["id"] == "c1")
    for number, (prop, place, amount, document) in enumerate(
        (
            ("child_deaths", None, 5, "one"), ("child_deaths", "hall", 4, "two"), ("deaths", "hall", 9, "one"),
            ("deaths", "hall", 11, "two"), ("deaths", "land", 30, "three"), ("injured", "hall", 3, "two"),
            ("injured", None, 111, "one"), ("deaths", None, 22, "three"), ("entered", None, 30, "one"),
            ("left", None, 9, "one"), ("inside", None, 21, "one"), ("inside", None, 22, "two"),
            ("entered", "hall", 9, "two"), ("left", "hall", 4, "two"), ("inside", "hall", 5, "two"),
        )
    ):  # fmt: skip
        value = {**deaths["value"], "amount": amount, "text": str(amount)}
        scope = {"place": place}
        locator = {"start": number, "end": number + 1, "exact": "x"}
        content["claims"].append(
            {**deaths, "id": f"x{number}", "property": prop, "value": value, "scope": scope, "document": document,
             "locator": locator, "statement": "said-1" if number % 2 and prop != "inside" else None,
             "attribution": [] if prop == "inside" else deaths["attribution"]}
        )  # fmt: skip
    return content


def loaded(folder: Path) -> None:
    load(write(folder / "fixtures", record()), now=NOW)


def stored() -> dict[str, Any]:
    """Return everything that follows from the claims, as it is stored, but for revisions and when they were."""
    found: dict[str, Any] = {
        model.__name__: {row.id: orjson.loads(row.representation) for row in model.select()} for model in STORED
    }
    live = Discrepancy.select().where(Discrepancy.ended_at.is_null())
    found["Discrepancy"] = {
        row.id: {name: value for name, value in orjson.loads(row.representation).items() if name not in CLOCKS}
        for row in live
    }
    found["columns"] = {row.id: (row.kind, row.conflict, row.question_id) for row in live}
    found["Finding"] = [
        (row.document_id, row.place_in_list, row.event_id, row.property_id, orjson.loads(row.representation))
        for row in Finding.select().order_by(Finding.document, Finding.place_in_list)
    ]
    found["answers"] = {(row.question_id, row.claim_id) for row in QuestionClaim.select()}
    found["outcomes"] = {row.id: row.outcome for row in Question.select()}
    return found


def from_scratch() -> dict[str, Any]:
    """Return what would be stored if everything were worked out anew from the claims alone."""
    with db.atomic() as transaction:
        for model in (Finding, Discrepancy, Question):
            model.delete().execute()
        for shown in (Event, Statement):
            shown.update(representation="{}").execute()
        for row in Document.select():
            row.representation = orjson.dumps({**orjson.loads(row.representation), "findings": []}).decode()
            row.save()
        refresh_all(LATER)
        Document.update(representation=Document.representation).execute()
        found = stored()
        transaction.rollback()
    return found


def change(random: Random, number: int) -> str:
    """Change one claim at random, refresh what it touches, and return what was done."""
    touched = Touched()
    with db.atomic():
        claim = random.choice(list(Claim.select().order_by(Claim.id)))
        touched.note(claim)
        done = random.choice(list(CHANGES))
        CHANGES[done](random, claim, number)
        for name in {claim.id, f"new-{number}"}:
            after = Claim.get_or_none(Claim.id == name)
            if after is not None:
                touched.note(after)
        refresh(touched, LATER)
    return f"{done} {claim.id}"


def _value(random: Random, claim: Claim, number: int) -> None:
    amount = random.choice((3, 4, 5, 9, 21, 22, 24, 30, 108))
    if claim.kind == "quantity":
        fields = {"qualifier": "exact", "amount": amount, "low": amount, "high": amount}
        Claim.update(fields).where(Claim.id == claim.id).execute()


def _hedge(random: Random, claim: Claim, number: int) -> None:
    if claim.kind == "quantity":
        Claim.update(qualifier="at_least", low=claim.amount, high=None).where(Claim.id == claim.id).execute()


def _retract(random: Random, claim: Claim, number: int) -> None:
    Claim.update(status=ClaimStatus.RETRACTED).where(Claim.id == claim.id).execute()


def _restore(random: Random, claim: Claim, number: int) -> None:
    Claim.update(status=ClaimStatus.ACTIVE).where(Claim.id == claim.id).execute()


def _delete(random: Random, claim: Claim, number: int) -> None:
    Claim.delete().where(Claim.id == claim.id).execute()


def _add(random: Random, claim: Claim, number: int) -> None:
    fields = {**claim.__data__, "id": f"new-{number}", "place_in_list": f"{claim.document_id} new-{number}"}
    if claim.kind == "quantity":
        fields |= {**dict.fromkeys(("amount", "low", "high"), random.choice((4, 21, 23, 110))), "qualifier": "exact"}
    Claim.insert(**fields).execute()
    links = list(Attribution.select().where(Attribution.claim == claim.id))
    for link in links:
        kept = {name: value for name, value in link.__data__.items() if name != "id"}
        Attribution.insert({**kept, "claim": f"new-{number}"}).execute()


def _move(random: Random, claim: Claim, number: int) -> None:
    fields: dict[str, Any] = {"scope_place": random.choice(PLACES), "counting": random.choice((None, "found"))}
    if claim.property_id in QUANTITIES:
        fields["property"] = random.choice(QUANTITIES)
    Claim.update(**fields, event=random.choice(("fire", "flood"))).where(Claim.id == claim.id).execute()


def _document(random: Random, claim: Claim, number: int) -> None:
    document = random.choice(DOCUMENTS)
    fields = {"document": document, "place_in_list": f"{document} moved-{number}"}
    Claim.update(fields).where(Claim.id == claim.id).execute()


def _statement(random: Random, claim: Claim, number: int) -> None:
    Claim.update(statement=random.choice(STATEMENTS)).where(Claim.id == claim.id).execute()


CHANGES = {
    "value": _value,
    "hedge": _hedge,
    "retract": _retract,
    "restore": _restore,
    "delete": _delete,
    "add": _add,
    "move": _move,
    "document": _document,
    "statement": _statement,
}
