"""A large record made up from a seed: `python -m tests.bench.generate CLAIMS FILE` fills a new SQLite database.

A tenth as many questions as claims; events whose sizes follow Zipf's law; statements in long chains; hedged and
ranged figures, terms, times and denials; officials, ministries, outlets and unnamed voices; parts by property, place
and day. Nothing is worked out: `crosscheck review` does that. Names and figures mean nothing.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import Any

import orjson
from tqdm import tqdm

from api.engine.values import quantity
from api.intake.beside import made_beside
from api.store import bulk
from api.store import db as store
from api.store.filling import without_indexes
from api.store.indexing import add_entries, claim_entry, index_all
from api.store.models import (
    Attribution,
    Claim,
    ClaimRevision,
    Document,
    Event,
    LoggedChange,
    Place,
    Property,
    Record,
    Source,
    Statement,
)
from schemas.vocabulary import Qualifier

CLAIMS_A_QUESTION = 10
CLAIMS_AN_EVENT = 100
CLAIMS_A_DOCUMENT = 8
CLAIMS_A_STATEMENT = 15
DOCUMENTS_A_PORTION = 500
"""With their claims some megabytes: while one portion is written, the next is made up."""

LOADED = "2024-02-01T00:00:00+00:00"
FIRST_DAY = date(2015, 1, 1)
DAYS = 3_000

COUNTS = ("deaths", "child_deaths", "injured", "seriously_injured", "missing", "houses", "drones", "drones_down")
PARTS = {"child_deaths": "deaths", "seriously_injured": "injured", "drones_down": "drones"}
MOVES = {"injured": "deaths"}
ACCUMULATING = frozenset({"deaths", "child_deaths", "drones"})
TERMS = {"rocket": None, "mlrs": "rocket", "drone": None, "mine": None, "shell": None}
OTHERS = ("weapon", "cause", "began", "admitted")
NOUN = {"one": "person", "other": "people", "said": "counted"}

HEDGES = (
    *(Qualifier.EXACT,) * 26,
    *(Qualifier.AT_LEAST,) * 5,
    *(Qualifier.ABOUT,) * 3,
    *(Qualifier.MORE_THAN,) * 2,
    *(Qualifier.NEARLY, Qualifier.BETWEEN, Qualifier.DOZENS, Qualifier.FEWER_THAN),
)

Rows = list[tuple[Any, ...]]
Fields = dict[str, Any]
Table = tuple[type[Record], list[str], Rows]
"""Rows of one table, with the names of their fields."""


@dataclass(slots=True)
class Asked:
    """A question: what is asked, about what scope, the figure it begins with and how much that moves."""

    prop: str
    place: str | None
    period: str | None
    size: int
    first: int
    moves: int


@dataclass(slots=True)
class Happened:
    """An event with its questions, the voices that speak of it, and how many statements each made."""

    name: str
    day: date
    place: str
    asked: list[Asked]
    voices: list[str]
    statements: int


@dataclass(slots=True)
class Portion:
    """Rows on their way into the database, a table at a time in the order the tables refer to each other."""

    tables: list[Table]
    entries: Rows
    """What the claims among them are found by."""

    def write(self) -> int:
        """Write them, and return how many claims are among them."""
        for model, names, rows in self.tables:
            bulk.insert(model, [getattr(model, name) for name in names], rows)
        add_entries(Claim, self.entries)
        return len(self.entries)


@dataclass(slots=True)
class Filling:
    """Rows that wait until they are so many that it pays to hand them over."""

    waiting: dict[type[Record], Rows] = field(default_factory=dict)
    names: dict[type[Record], list[str]] = field(default_factory=dict)
    entries: Rows = field(default_factory=list)

    def add(self, model: type[Record], **fields: Any) -> None:
        if model not in self.names:
            self.names[model] = list(fields)
        self.waiting.setdefault(model, []).append(tuple(fields.values()))

    def add_resource(self, model: type[Record], shown: Fields, **fields: Any) -> None:
        """Add a row with an id; `shown` is what is served of it."""
        text = orjson.dumps(shown).decode()
        self.add(model, id=shown["id"], revision=1, recorded_at=LOADED, representation=text, **fields)

    def portion(self) -> Portion:
        """Hand over what waits."""
        tables = [(model, self.names[model], rows) for model, rows in self.waiting.items()]
        portion = Portion(tables, self.entries)
        self.waiting, self.entries = {}, []
        return portion


def generate(claims: int, seed: int = 1) -> None:
    """Fill the bound, migrated, empty database with what another process makes up meanwhile."""
    portions = made_beside(made_up, claims, seed)
    bar = tqdm(total=claims, desc="generating", unit="claims", delay=1, leave=False, disable=None)
    with bar, store.writing(), without_indexes(claims):
        next(portions).write()
        index_all()
        for portion in portions:
            bar.update(portion.write())


def made_up(claims: int, seed: int) -> Iterator[Portion]:
    """Make up a record: first what claims refer to, then portions of claims in the order of their documents."""
    random, filling = Random(seed), Filling()  # noqa: S311 — made up, the same for the same seed
    places = _places(random, filling)
    officials, outlets = _sources(random, filling, claims)
    _properties(filling)
    events = _events(random, filling, claims, places, officials)
    yield filling.portion()
    published = sorted(
        ((day, number, slots) for number, event in enumerate(events) for day, slots in _documents(random, event)),
        key=lambda document: document[0],
    )
    for index, (day, number, slots) in enumerate(published, 1):
        _document(random, filling, index - 1, day, events[number], slots, outlets)
        if index % DOCUMENTS_A_PORTION == 0:
            yield filling.portion()
    yield filling.portion()


def _places(random: Random, filling: Filling) -> list[str]:
    """Countries, the cities in them and the quarters of those; return the cities."""
    cities = []
    for country in range(5):
        _place(filling, f"country-{country}", None)
        for city in range(20):
            name = f"city-{country}-{city}"
            _place(filling, name, f"country-{country}")
            cities.append(name)
            for quarter in range(20):
                _place(filling, f"{name}-{quarter}", name)
    return cities


def _place(filling: Filling, name: str, within: str | None) -> None:
    shown = {"id": name, "name": name, "within": within, "aliases": [], "latitude": None, "longitude": None}
    filling.add_resource(Place, shown, name=name, within=within, aliases="[]", latitude=None, longitude=None)


def _sources(random: Random, filling: Filling, claims: int) -> tuple[list[str], list[str]]:
    officials, outlets = [], []
    for state in range(4):
        _source(filling, f"state-{state}", "organisation", None, f"side-{state % 2}")
        for office in range(10):
            _source(filling, f"office-{state}-{office}", "office", f"state-{state}", f"side-{state % 2}")
    for number in range(max(20, claims // 2_000)):
        kind = ("person", "person", "organisation", "unnamed")[number % 4]
        part_of = f"office-{number % 4}-{number // 4 % 10}" if kind == "person" else None
        officials.append(_source(filling, f"voice-{number}", kind, part_of, None))
        outlets.append(_source(filling, f"outlet-{number}", "outlet", None, None))
    return officials, outlets


def _source(filling: Filling, name: str, kind: str, part_of: str | None, side: str | None) -> str:
    shown = {"id": name, "name": name.replace("-", " "), "aliases": [], "kind": kind, "part_of": part_of, "side": side}
    plain = {key: shown[key] for key in ("name", "kind", "part_of", "side")}
    filling.add_resource(Source, shown, **plain, aliases="[]", words=name)
    return name


def _properties(filling: Filling) -> None:
    for name in COUNTS:
        behaviour = {"accumulates": name in ACCUMULATING, "additive": True, "unit": "people", "noun": NOUN}
        _property(filling, name, "quantity", part_of=PARTS.get(name), moves_to=MOVES.get(name), **behaviour)
    terms = [{"id": name, "label": name, "within": within} for name, within in TERMS.items()]
    _property(filling, "weapon", "category", terms=terms)
    _property(filling, "cause", "category", terms=terms, exclusive=True)
    _property(filling, "began", "time", constant=True)
    _property(filling, "admitted", "polarity")


def _property(filling: Filling, name: str, kind: str, **behaviour: Any) -> None:
    flags = {flag: behaviour.get(flag, False) for flag in ("accumulates", "exclusive", "constant", "additive")}
    names = {key: behaviour.get(key) for key in ("unit", "part_of", "moves_to", "vocabulary")}
    lists = {"noun": behaviour.get("noun"), "terms": behaviour.get("terms", []), "aliases": []}
    lists |= {"also_part_of": [], "difference_of": []}
    shown = {"id": name, "label": name, "kind": kind, **flags, **names, **lists}
    packed = {key: orjson.dumps(value).decode() for key, value in lists.items()}
    filling.add_resource(
        Property, shown, label=name, kind=kind, **names, **flags, noun=packed["noun"], terms=packed["terms"],
        aliases="[]", also_part_of="[]", difference_of="[]",
    )  # fmt: skip


def _events(random: Random, filling: Filling, claims: int, places: list[str], officials: list[str]) -> list[Happened]:
    count = max(2, claims // CLAIMS_AN_EVENT)
    shares = [1 / rank for rank in range(1, count + 1)]
    ends = [0, *(round(share * claims / sum(shares)) for share in accumulate(shares))]
    events = []
    for number, (start, end) in enumerate(pairwise(ends)):
        day, place = FIRST_DAY + timedelta(random.randrange(DAYS)), random.choice(places)
        voices = random.sample(officials, min(len(officials), 3 + (end - start) // 5_000))
        statements = max(1, (end - start) // CLAIMS_A_STATEMENT // len(voices))
        event = Happened(f"event-{number}", day, place, _questions(random, end - start, place, day), voices, statements)
        events.append(event)
        _event(filling, event)
        for voice in voices:
            for said in range(statements):
                _statement(filling, event, voice, said)
    return events


def _event(filling: Filling, event: Happened) -> None:
    shown = {"id": event.name, "title": event.name, "counts": {}}
    filling.add_resource(
        Event, shown, title=event.name, place=event.place, starts=event.day.isoformat(), ends=None, parent=None,
        summary=None, aliases="[]", words=event.name, turn=0,
    )  # fmt: skip


def _statement(filling: Filling, event: Happened, voice: str, said: int) -> None:
    name, follows = f"{event.name}-{voice}-{said}", f"{event.name}-{voice}-{said - 1}" if said else None
    day = (event.day + timedelta(said // 3)).isoformat()
    filling.add_resource(
        Statement, {"id": name, "claims": []}, source=voice, channel="briefing", said_earliest=day, said_latest=day,
        follows=follows, corrects=said % 40 == 39, note=None,
    )  # fmt: skip


def _questions(random: Random, claims: int, place: str, day: date) -> list[Asked]:
    """Questions on one event, the whole event's first, then those on its quarters, then those on single days."""
    asked: list[Asked] = []
    for prop, where, period in _standpoints(place, day):
        if claims <= 0:
            return asked
        size = min(claims, max(1, round(random.lognormvariate(2.0, 1.0))))
        claims -= size
        first = random.choice((1, 2, 5, 20, 60, 300)) + random.randrange(20)
        moves = random.choice((0, 0, 1, 2, 4))
        asked.append(Asked(prop, where, period, size, first, moves))
    return asked


def _standpoints(place: str, day: date) -> Iterator[tuple[str, str | None, str | None]]:
    yield from ((prop, None, None) for prop in (*COUNTS, *OTHERS))
    yield from ((prop, f"{place}-{quarter}", None) for quarter in range(20) for prop in COUNTS)
    number = 0
    while True:
        period = (day + timedelta(number // 21)).isoformat()
        where = None if number % 21 == 0 else f"{place}-{number % 21 - 1}"
        yield from ((prop, where, period) for prop in COUNTS)
        number += 1


def _documents(random: Random, event: Happened) -> Iterator[tuple[date, list[tuple[int, float]]]]:
    """Deal the claims of an event out to documents, day after day; a slot is a question and how late it is asked."""
    slots = [index for index, asked in enumerate(event.asked) for _ in range(asked.size)]
    random.shuffle(slots)
    apart = max(1, len(slots) // CLAIMS_A_DOCUMENT)
    for number in range(0, len(slots), CLAIMS_A_DOCUMENT):
        late = number / len(slots)
        dealt = sorted(slots[number : number + CLAIMS_A_DOCUMENT])
        yield event.day + timedelta(round(late * min(apart, 300))), [(index, late) for index in dealt]


def _document(
    random: Random, filling: Filling, index: int, day: date, event: Happened, slots: Any, outlets: list[str]
) -> None:
    name, published = f"{index:07d}", day.isoformat()
    digest = f"{index:064x}"
    shown = {
        **{"id": name, "title": None, "publisher": None, "url": None, "language": "en"},
        **{"published": {"earliest": published, "latest": published}, "sha256": digest, "length": 5_000},
        **{"note": None, "findings": []},
    }
    filling.add_resource(
        Document, shown, title=None, publisher=None, url=None, language="en", published_earliest=published,
        published_latest=published, public_day=published, public_instant=None, sha256=digest, length=5_000, note=None,
    )  # fmt: skip
    for place, (question, late) in enumerate(slots):
        _claim(random, filling, f"{name}-{place}", name, day, event, event.asked[question], late, place, outlets)


def _claim(
    random: Random, filling: Filling, name: str, document: str, day: date, event: Happened, asked: Asked,
    late: float, place: int, outlets: list[str],
) -> None:  # fmt: skip
    voice = random.choice(event.voices) if random.random() < 0.8 else None
    said = min(event.statements - 1, int(late * event.statements), 3 * (day - event.day).days + 2)
    statement = f"{event.name}-{voice}-{said}" if voice and random.random() < 0.7 else None
    chain = [random.choice(outlets)] if random.random() < 0.25 else []
    chain += [voice] if voice else []
    value = _value(random, asked, late)
    known_by = event.day + timedelta(said // 3) if statement else day
    held = min(event.day + timedelta(int(late * 60)), known_by).isoformat()
    stance, status = "denies" if random.random() < 0.02 else "asserts", "active"
    if random.random() < 0.05:
        status = random.choice(("corrected", "retracted"))
    start = place * 400 + random.randrange(300)
    exact = f"{value['text']} were counted"
    links = [
        {"source": source, "role": "quotes" if source == voice else "reports", "channel": None, "inferred": False}
        for source in chain
    ]
    shown = {
        **{"id": name, "event": event.name, "property": asked.prop, "value": value},
        "scope": {"place": asked.place, "population": None, "period": asked.period},
        **{"as_of": {"earliest": held, "latest": held}, "statement": statement, "attribution": links},
        **{"origin": chain[-1] if chain else None, "document": document},
        "locator": {"start": start, "end": start + len(exact), "exact": exact},
        **{"stance": stance, "status": status, "causes": [], "reckoned": None, "note": None},
        **{"revision": 1, "recorded_at": LOADED},
    }
    timed = value["kind"] == "time"
    filling.add_resource(
        Claim, shown, place_in_list=f"{document} {start:08d} {name}", event=event.name, property=asked.prop,
        document=document, statement=statement, origin=shown["origin"], kind=value["kind"],
        qualifier=value["qualifier"], amount=value["amount"], low=None if timed else value["low"],
        high=None if timed else value["high"], term=value["term"], text=value["text"],
        time_earliest=value["low"] if timed else None, time_latest=value["high"] if timed else None,
        scope_place=asked.place, population=None, period=asked.period, as_of_earliest=held, as_of_latest=held,
        stance=stance, status=status, span_start=start, span_end=start + len(exact), exact=exact, words=exact,
        note=None, causes="[]", reckoned="null", counting=None,
    )  # fmt: skip
    filling.add(ClaimRevision, claim=name, revision=1, recorded_at=LOADED, representation=orjson.dumps(shown).decode())
    filling.entries.append(claim_entry(name, exact, event.name, day.isoformat(), None))
    became = "retracted" if status == "retracted" else "created"
    filling.add(
        LoggedChange, kind="claim", name=name, event=event.name, revision=1, change=became, at=LOADED,
        because="It was recorded.",
    )  # fmt: skip
    for position, link in enumerate(links):
        filling.add(Attribution, claim=name, position=position, **link)


def _value(random: Random, asked: Asked, late: float) -> Fields:
    nothing = dict.fromkeys(("qualifier", "amount", "low", "high", "unit", "term"))
    if asked.prop in ("weapon", "cause"):
        term = random.choice(tuple(TERMS))
        return {"kind": "category", **nothing, "term": term, "text": term}
    if asked.prop == "admitted":
        term = random.choice(("affirmed", "denied", "no_comment"))
        return {"kind": "polarity", **nothing, "term": term, "text": term}
    if asked.prop == "began":
        day = (FIRST_DAY + timedelta(asked.first + random.randrange(2))).isoformat()
        return {"kind": "time", **nothing, "low": day, "high": day, "text": day}
    return _figure(random, asked.first + int(late * asked.moves) * 3 - (random.random() < 0.05))


def _figure(random: Random, amount: int) -> Fields:
    qualifier = random.choice(HEDGES)
    if qualifier in (Qualifier.NEARLY, Qualifier.FEWER_THAN) and amount == 0:
        qualifier = Qualifier.EXACT
    return _quantity(qualifier, amount)


@cache
def _quantity(qualifier: Qualifier, amount: int) -> Fields:
    if qualifier is Qualifier.BETWEEN:
        value = quantity(qualifier, low=amount, high=amount + 5)
    else:
        value = quantity(qualifier, None if qualifier is Qualifier.DOZENS else amount)
    return {
        **{"kind": "quantity", "qualifier": str(qualifier), "amount": value.amount, "low": value.low},
        **{"high": value.high, "unit": "people", "term": None, "text": f"{qualifier} {amount}"},
    }


def main() -> None:
    claims, file = int(sys.argv[1]), Path(sys.argv[2])
    database = store.bind(f"sqlite:///{file.resolve()}", create=True)
    store.migrate(database)
    generate(claims)
    database.close()


if __name__ == "__main__":
    main()
