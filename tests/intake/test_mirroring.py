"""Mirroring: whoever only follows the changes knows at every step what the lists serve."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.app import create_app
from api.config import Config
from api.intake import loading
from api.intake.loading import load
from api.review import concluding
from api.review.running import review
from api.store import db as store
from tests.intake.folders import Content, entry, small, write
from tests.mirror import Mirror, served

ROOT = Path(__file__).parents[2]

EVENTS = ("fire", "flood")
AMOUNTS = st.sampled_from((3, 5, 21, 22, 24, 108))
NUMBERS = st.integers(0, 50)


class Following(RuleBasedStateMachine):
    """A record that is loaded again and again, each time otherwise, and those who follow it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{self.folder.name}/record.db"
        store.migrate(store.bind(self.url, create=True))
        client = create_app(Config(database_url=self.url)).test_client()
        self.client, self.clock, self.limit = client, 0, 500
        self.content = small()
        self.all, self.slow = Mirror(client), Mirror(client)
        self.each = {event: Mirror(client, event=event) for event in EVENTS}
        self.gone: list[Content] = []
        self.loads(500)

    def teardown(self) -> None:
        store.db.close()
        self.folder.cleanup()

    @property
    def now(self) -> str:
        self.clock += 1
        return f"2024-02-01T00:{self.clock // 60:02d}:{self.clock % 60:02d}+00:00"

    def picked(self, number: int) -> Content:
        claims: list[Content] = self.content["claims"]
        return claims[number % len(claims)]

    @rule(limit=st.sampled_from((1, 2, 7, 500)))
    def loads(self, limit: int) -> None:
        self.limit = limit
        load(write(Path(self.folder.name) / "fixtures", self.content), now=self.now)

    @rule(number=NUMBERS, amount=AMOUNTS)
    def changes_a_value(self, number: int, amount: int) -> None:
        value = self.picked(number)["value"]
        if value["kind"] == "quantity":
            value.update(amount=amount, text=str(amount))
            self.loads(self.limit)

    @rule(number=NUMBERS, status=st.sampled_from(("active", "corrected", "retracted")))
    def changes_a_status(self, number: int, status: str) -> None:
        self.picked(number).update(status=status, note=f"Read again as {status}.")
        self.loads(self.limit)

    @rule(number=NUMBERS, event=st.sampled_from(EVENTS))
    def moves_a_claim(self, number: int, event: str) -> None:
        self.picked(number)["event"] = event
        self.loads(self.limit)

    @precondition(lambda self: len(self.content["claims"]) > 3)
    @rule(number=NUMBERS)
    def removes_a_claim(self, number: int) -> None:
        claim = self.picked(number)
        self.content["claims"].remove(claim)
        self.gone.append(claim)
        self.loads(self.limit)

    @precondition(lambda self: self.gone)
    @rule(number=NUMBERS)
    def brings_a_claim_back(self, number: int) -> None:
        self.content["claims"].append(self.gone.pop(number % len(self.gone)))
        self.loads(self.limit)

    @rule(number=NUMBERS, amount=AMOUNTS)
    def adds_a_claim(self, number: int, amount: int) -> None:
        like = self.picked(number)
        value = {**entry(small(), "claims", "c1")["value"], "amount": amount, "text": str(amount)}
        new = {**like, "id": f"new-{self.clock}", "property": "deaths", "value": value, "status": "active"}
        self.content["claims"].append(new)
        self.loads(self.limit)

    @rule(unit=st.sampled_from(("people", "persons")))
    def changes_what_claims_show_of_their_property(self, unit: str) -> None:
        entry(self.content, "properties", "deaths")["unit"] = unit
        self.loads(self.limit)

    @rule()
    def changes_the_form_in_which_claims_and_discrepancies_are_shown(self) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(concluding, "CONTRACT", f"form {self.clock}")
            patched.setattr(loading, "CODE", f"form {self.clock}")
            for table, field in (("claim", "stance"), ("discrepancy", "summary")):
                store.db.execute_sql(
                    f"UPDATE {table} SET representation = replace(representation, '\"{field}\":', '\"older\":')"  # noqa: S608 — names of our own tables and columns
                )
            self.loads(self.limit)

    @rule()
    def reviews_everything(self) -> None:
        store.db.execute_sql("UPDATE question SET outcome = ''")
        review(self.url, self.now)

    @rule(limit=st.integers(1, 3))
    def reads_a_little(self, limit: int) -> None:
        """A slow reader, who is behind while everything else goes on."""
        answer = self.client.get(self.slow.next or f"/v1/changes?limit={limit}").json
        self.slow.next = answer["next"]
        for item in answer["items"]:
            self.slow.apply(item)

    @invariant()
    def a_mirror_of_everything_is_what_the_lists_serve(self) -> None:
        self.all.follow(self.limit)
        assert self.all.held == served(self.client)

    @invariant()
    def a_mirror_of_one_event_is_what_its_lists_serve(self) -> None:
        for event, mirror in self.each.items():
            mirror.follow(self.limit)
            assert mirror.held == served(self.client, event=event)

    @invariant()
    def whoever_is_slow_reads_what_the_others_have_read(self) -> None:
        assert [item["sequence"] for item in self.slow.read] == [
            item["sequence"] for item in self.all.read[: len(self.slow.read)]
        ]


TestFollowing = Following.TestCase
TestFollowing.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)

WRITER = """
import sys
from pathlib import Path
from api.intake.loading import load
from api.store import db as store
from tests.intake.folders import entry, small, write

folder, number = Path(sys.argv[1]), int(sys.argv[2])
store.bind(sys.argv[3])
content = small()
for turn in range(number, 30, 2):
    entry(content, "claims", "c1")["value"].update(amount=20 + turn, text=str(20 + turn))
    entry(content, "claims", "c4")["status"] = ("active", "corrected", "retracted")[turn % 3]
    while True:
        try:
            load(write(folder / str(number), content))
            break
        except Exception as error:
            if "locked" not in str(error):
                raise
"""


def test_a_mirror_misses_nothing_while_two_other_processes_write(empty: str, tmp_path: Path) -> None:
    load(write(tmp_path / "fixtures", small()))
    client = create_app(Config(database_url=empty)).test_client()
    mirror, polls = Mirror(client), 0
    writers: list[Any] = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(number), empty], cwd=ROOT)  # noqa: S603 — a command of our own
        for number in (0, 1)
    ]
    while any(writer.poll() is None for writer in writers):
        mirror.follow(limit=3)
        polls += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    mirror.follow()
    assert polls > 1
    assert mirror.held == served(client)
    everything = Mirror(client)
    everything.follow()
    assert mirror.read == everything.read, "a change became visible behind one that had been read"
    assert len(everything.read) > 40
