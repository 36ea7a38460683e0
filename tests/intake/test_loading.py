"""Loading: all of a folder or nothing, ids stay, and what changed is a revision."""

from pathlib import Path

import orjson
import pytest
from playhouse.test_utils import count_queries

from api.intake.loading import FixturesRefused, Outcome, load
from api.store.models import (
    Attribution,
    Claim,
    ClaimRevision,
    Document,
    Event,
    Question,
    QuestionClaim,
    Source,
    Statement,
)
from tests.intake.folders import LATER, NOW, Content, dump, entry, small, without, write

pytestmark = pytest.mark.usefixtures("empty")


def loaded(folder: Path, content: Content, now: str = NOW) -> Outcome:
    return load(write(folder / "fixtures", content), now=now)


def shown(name: str) -> Content:
    return orjson.loads(Claim.get_by_id(name).representation)


def counts(event: str) -> dict[str, int]:
    return orjson.loads(Event.get_by_id(event).representation)["counts"]


def test_a_first_load_adds_every_entry(tmp_path: Path) -> None:
    content = small()
    outcome = loaded(tmp_path, content)
    assert outcome.added == sum(len(entries) for entries in content.values())
    assert (outcome.changed, outcome.unchanged, outcome.retracted) == (0, 0, 0)
    assert Claim.select().count() == len(content["claims"])
    assert counts("fire") == {"claims": 6, "documents": 2, "questions": 5, "discrepancies": 1, "conflicts": 0}


def test_a_load_renders_everything_it_stores(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    unrendered = [
        (table, row)
        for table, rows in dump().items()
        for row in rows
        if table not in {"attribution", "question_claim", "loading", "schema_migration"} and "{}" in row
    ]
    assert unrendered == []


def test_a_second_load_of_the_same_folder_is_skipped(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    before = dump()
    assert loaded(tmp_path, small(), now=LATER).skipped
    assert dump() == before


def test_the_same_content_in_another_folder_changes_nothing(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    before = dump()
    outcome = load(write(tmp_path / "copy", small()), now=LATER)
    assert (outcome.added, outcome.changed, outcome.retracted) == (0, 0, 0)
    load_itself = {"loading": None, "edition": None}
    assert {**dump(), **load_itself} == {**before, **load_itself}


def test_a_time_given_as_a_bare_year_is_the_same_at_the_second_load(tmp_path: Path) -> None:
    content = small()
    entry(content, "claims", "c5")["value"].update(low=2023, high=2023)
    loaded(tmp_path, content)
    outcome = load(write(tmp_path / "copy", content), now=LATER)
    assert outcome.changed == 0
    assert Claim.get_by_id("c5").revision == 1


def test_a_folder_loaded_again_after_another_one_takes_effect_again(tmp_path: Path) -> None:
    other = small()
    entry(other, "claims", "c1")["value"].update(amount=22, text="22")
    loaded(tmp_path, small())
    load(write(tmp_path / "other", other))
    loaded(tmp_path, small(), now=LATER)
    assert shown("c1")["value"]["amount"] == 21


def test_a_changed_value_is_the_second_revision_and_the_first_is_kept(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    entry(content, "claims", "c1")["value"].update(amount=22, text="22")
    outcome = loaded(tmp_path, content, now=LATER)
    assert (outcome.added, outcome.changed) == (0, 1)
    assert (shown("c1")["value"]["amount"], shown("c1")["revision"], shown("c1")["recorded_at"]) == (22, 2, LATER)
    states = ClaimRevision.select().where(ClaimRevision.claim == "c1").order_by(ClaimRevision.revision)
    kept = [(state.revision, state.recorded_at, orjson.loads(state.representation)) for state in states]
    assert [(revision, at, state["value"]["amount"]) for revision, at, state in kept] == [(1, NOW, 21), (2, LATER, 22)]
    assert Claim.get_by_id("c2").revision == 1


@pytest.mark.parametrize(
    "chain",
    [
        [{"source": "town", "role": "quotes"}],
        [{"source": "mayor", "role": "cites"}],
        [{"source": "mayor", "role": "quotes", "channel": "Telegram"}],
        [{"source": "mayor", "role": "quotes", "inferred": True}],
        [{"source": "owner", "role": "reports"}, {"source": "mayor", "role": "quotes"}],
    ],
)
def test_a_changed_attribution_alone_is_a_change(tmp_path: Path, chain: list[Content]) -> None:
    content = small()
    loaded(tmp_path, content)
    entry(content, "claims", "c1")["attribution"] = chain
    outcome = loaded(tmp_path, content, now=LATER)
    assert (outcome.changed, shown("c1")["revision"]) == (1, 2)
    assert [link["source"] for link in shown("c1")["attribution"]] == [link["source"] for link in chain]
    assert shown("c1")["origin"] == chain[-1]["source"]
    assert Attribution.select().where(Attribution.claim == "c1").count() == len(chain)


def test_a_changed_source_is_a_change_of_its_row_alone(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    entry(content, "sources", "mayor")["name"] = "Lady mayor"
    outcome = loaded(tmp_path, content, now=LATER)
    assert (outcome.added, outcome.changed) == (0, 1)
    assert Source.get_by_id("mayor").revision == 2
    assert orjson.loads(Source.get_by_id("mayor").representation)["name"] == "Lady mayor"
    assert [claim.revision for claim in Claim.select()] == [1] * len(content["claims"])


def test_a_property_that_changes_its_unit_changes_it_in_its_claims(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    entry(content, "properties", "deaths")["unit"] = "persons"
    loaded(tmp_path, content, now=LATER)
    assert shown("c1")["value"]["unit"] == "persons"


def test_a_claim_that_moves_to_another_event_leaves_the_first(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    entry(content, "claims", "c2")["event"] = "flood"
    loaded(tmp_path, content, now=LATER)
    assert (counts("fire")["claims"], counts("flood")["claims"]) == (5, 2)
    assert not Question.select().where(Question.id == "fire.injured").exists()
    assert Question.select().where(Question.id == "flood.injured").exists()


def test_a_claim_that_is_gone_is_retracted_not_deleted(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    outcome = loaded(tmp_path, without(small(), "claims", "c2"), now=LATER)
    assert outcome.retracted == 1
    assert (shown("c2")["status"], shown("c2")["revision"], shown("c2")["recorded_at"]) == ("retracted", 2, LATER)
    assert ClaimRevision.select().where(ClaimRevision.claim == "c2").count() == 2


def test_a_retracted_claim_leaves_questions_and_counts(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    loaded(tmp_path, without(small(), "claims", "c2"))
    assert not Question.select().where(Question.id == "fire.injured").exists()
    assert not QuestionClaim.select().where(QuestionClaim.claim == "c2").exists()
    assert (counts("fire")["claims"], counts("fire")["questions"]) == (5, 4)


def test_a_retracted_claim_is_no_longer_listed_by_its_statement(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    loaded(tmp_path, without(small(), "claims", "c2"))
    assert orjson.loads(Statement.get_by_id("said-1").representation)["claims"] == ["c1"]


def test_an_event_whose_claims_are_all_retracted_has_nothing_left(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    loaded(tmp_path, without(small(), "claims", "c7"))
    assert set(counts("flood").values()) == {0}
    assert not Question.select().where(Question.event == "flood").exists()


def test_a_document_whose_claims_are_all_retracted_has_no_findings_left(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    (finding,) = orjson.loads(Document.get_by_id("three").representation)["findings"]
    assert finding["kind"] == "broken_chain"
    loaded(tmp_path, without(small(), "claims", "c7"))
    assert orjson.loads(Document.get_by_id("three").representation)["findings"] == []


def test_a_retracted_claim_that_comes_back_is_active_again(tmp_path: Path) -> None:
    loaded(tmp_path, small())
    loaded(tmp_path, without(small(), "claims", "c2"))
    loaded(tmp_path, small(), now=LATER)
    assert (shown("c2")["status"], shown("c2")["revision"]) == ("active", 3)
    assert counts("fire")["claims"] == 6


def test_retracting_happens_once(tmp_path: Path) -> None:
    content = without(small(), "claims", "c2")
    loaded(tmp_path, small())
    loaded(tmp_path, content)
    entry(content, "places", "mill")["name"] = "Mill"
    assert loaded(tmp_path, content, now=LATER).retracted == 0
    assert shown("c2")["revision"] == 2


def test_a_broken_folder_loads_nothing_into_an_empty_record(tmp_path: Path) -> None:
    content = small()
    entry(content, "claims", "c7")["document"] = "nothing"
    before = dump()
    with pytest.raises(FixturesRefused):
        loaded(tmp_path, content)
    assert dump() == before


def test_a_broken_folder_leaves_an_existing_record_untouched_and_lists_every_error(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    before = dump()
    entry(content, "sources", "mayor")["name"] = "Lady mayor"
    entry(content, "claims", "c1")["value"]["amount"] = -1
    entry(content, "claims", "c7")["document"] = "nothing"
    with pytest.raises(FixturesRefused) as refused:
        loaded(tmp_path, content)
    assert [problem.field for problem in refused.value.problems] == ["claims c1: value.amount", "claims c7: document"]
    assert dump() == before


def test_a_load_that_is_interrupted_leaves_the_record_untouched(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    before = dump()
    entry(content, "claims", "c1")["value"].update(amount=22, text="22")

    def interrupt(done: int, total: int) -> None:
        if done == total - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(write(tmp_path / "fixtures", content), interrupt)
    assert dump() == before


@pytest.mark.parametrize("again", [False, True])
def test_progress_is_told_step_by_step_up_to_the_total(tmp_path: Path, again: bool) -> None:
    content = small()
    if again:
        loaded(tmp_path, content)
        entry(content, "claims", "c7")["value"].update(amount=6, text="6")
    steps: list[tuple[int, int]] = []
    load(write(tmp_path / "fixtures", content), lambda done, total: steps.append((done, total)))
    total = steps[-1][1]
    assert steps == [(done, total) for done in range(1, total + 1)]


def test_places_and_statements_may_stand_before_what_they_refer_to(tmp_path: Path) -> None:
    content = {noun: list(reversed(entries)) for noun, entries in small().items()}
    assert loaded(tmp_path, content).added == sum(len(entries) for entries in content.values())


def test_many_claims_are_added_with_as_many_queries_as_few(tmp_path: Path) -> None:
    content = small()
    loaded(tmp_path, content)
    likeness = entry(content, "claims", "c6")
    queries = []
    for number in (10, 100):
        content["claims"] += [{**likeness, "id": f"many-{number}-{place}"} for place in range(number)]
        with count_queries() as counted:
            loaded(tmp_path, content)
        queries.append(counted.count)
    assert queries[0] == queries[1]
