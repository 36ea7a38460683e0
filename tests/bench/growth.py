"""How the engine's work on one question grows with its claims, in ratios of processor time measured in one run."""

import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from api.collecting import collect_seldom
from api.engine.assess import answer_of, assess
from api.engine.ledger import Ledger
from api.engine.record import Claim, Link, Property, Source, Statement
from api.engine.values import quantity
from schemas.moments import Span, parse_span
from schemas.vocabulary import Qualifier, SourceKind, ValueKind

SMALL, LARGE, ADDED, ROUNDS = 10_000, 100_000, 21, 3

DEATHS = Property(
    "deaths", ValueKind.QUANTITY, "Deaths", "people",
    accumulates=True, singular="person", plural="people", predicate="killed",
)  # fmt: skip

HEDGES = (Qualifier.EXACT,) * 7 + (Qualifier.AT_LEAST, Qualifier.ABOUT, Qualifier.MORE_THAN)


def rising(count: int, seed: int = 1) -> list[Claim]:
    """A toll that rises for a month: officials post it, in chains, and documents repeat what was last posted.

    Distinct values grow with the claims, one to fifty; a third of the claims name a post, a third only its speaker
    and a third nobody, and half say when the figure held.
    """
    draw = random.Random(seed)  # noqa: S311 — made up, the same for the same seed
    officials = [Source(f"office-{n}", f"Office {n}", SourceKind.OFFICE) for n in range(12)]
    posts: dict[str, Statement] = {}
    made = []
    for place in range(count):
        toll = 10 + place // 50
        day = f"2024-01-{1 + 30 * place // count:02}"
        speaker = draw.choice(officials)
        if draw.random() < 0.02 or speaker.id not in posts:
            posts[speaker.id] = Statement(f"{speaker.id}-{place}", speaker, follows=posts.get(speaker.id))
        known = draw.randrange(3)
        made.append(
            Claim(
                f"claim-{place:07}",
                "event",
                DEATHS,
                quantity(draw.choice(HEDGES), toll, unit="people"),
                as_of=parse_span(day, day) if draw.random() < 0.5 else Span(),
                document=f"document-{place:07}",
                statement=posts[speaker.id] if known == 0 else None,
                attribution=(Link(speaker),) if known < 2 else (),
            )
        )
    return made


def apart(count: int, seed: int = 1) -> list[Claim]:
    """The worst case: a value, a document and a witness of its own for every claim, half of them dated."""
    draw = random.Random(seed)  # noqa: S311 — made up, the same for the same seed
    days = [parse_span(f"2024-01-{day:02}", f"2024-01-{day:02}") for day in range(1, 29)]
    return [
        Claim(
            f"claim-{place:07}",
            "event",
            DEATHS,
            quantity(Qualifier.EXACT, 10 + draw.randrange(10 * count), unit="people"),
            as_of=draw.choice(days) if draw.random() < 0.5 else Span(),
            document=f"document-{place:07}",
            attribution=(Link(Source(f"witness-{place}", f"Witness {place}", SourceKind.PERSON)),),
        )
        for place in range(count)
    ]


def seconds(call: Callable[[], object]) -> float:
    """Return how long the processor worked; nothing here waits for anything else."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def growth(make: Callable[[int], list[Claim]]) -> float:
    """Return how many times longer ten times the claims take, each time claims that nobody looked at before."""
    assess(make(SMALL))
    ratios = []
    for _ in range(ROUNDS):
        small, large = (seconds(partial(assess, make(count))) for count in (SMALL, LARGE))
        ratios.append(large / small)
    return statistics.median(ratios)


def adding(make: Callable[[int], list[Claim]]) -> float:
    """Return what part of working a question out it costs to add one claim and have the answer again."""
    claims = make(SMALL + ADDED)
    whole = statistics.median(seconds(lambda: answer_of(Ledger(claims[:SMALL]))) for _ in range(3))
    ledger = Ledger(claims[:SMALL])
    answer_of(ledger)

    def add(claim: Claim) -> None:
        ledger.add(claim)
        answer_of(ledger)

    return statistics.median(seconds(lambda claim=claim: add(claim)) for claim in claims[SMALL:]) / whole


def main() -> None:
    collect_seldom()
    print(f"assess one question, {SMALL:,} → {LARGE:,} claims (10.0 = in proportion)")
    print(f"  a rising toll {growth(rising):.1f}")
    print(f"  every claim its own value and witness {growth(apart):.1f}")
    print(f"add one claim to a question of {SMALL:,} and answer it, as a part of working it out")
    print(f"  a rising toll 1/{1 / adding(rising):.0f}")
    print(f"  every claim its own value and witness 1/{1 / adding(apart):.0f}")


if __name__ == "__main__":
    main()
