"""The report of `make bench`: its ratios, its bars, its tables and its chart."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bench import bars, bulk, processes, report
from tests.bench.bars import BARE, BUSY, FLASK, GTHREAD, ON_SQLITE, SERVICE, SHIPPED, SMALL, TABLES, Held
from tests.bench.load import Load
from tests.bench.measuring import CONNECTIONS, Once, Results

TITLES = {"claim": "one claim", "claims": "50 claims of an event"}


def once(rate: float, p50: int = 400, p99: int = 900, cost: float = 200) -> Once:
    requests = round(rate)
    return Once(Load(requests, 1.0, p50, (p50 + p99) // 2, p99), cost * requests / 1e6)


def results(**rates: tuple[float, ...]) -> Results:
    """The rates of each server in each round, for one claim, at every number of connections."""
    return Results(
        {
            ("claim", name, count): [once(rate) for rate in given]
            for name, given in rates.items()
            for count in CONNECTIONS
        }
    )


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    found = results(shipped=(1_000, 100, 900), bare=(2_000, 400, 1_000))
    assert found.ratio("claim", SHIPPED, BARE, BUSY) == 0.5
    assert found.rate("claim", SHIPPED, BUSY) == 900


def test_processor_time_is_that_of_an_answer() -> None:
    found = Results({("claim", SHIPPED, BUSY): [once(500, cost=150)], ("claim", BARE, BUSY): [once(900, cost=300)]})
    assert found.cost("claim", SHIPPED, BUSY) == pytest.approx(150)
    assert found.cost_ratio("claim", SHIPPED, BARE, BUSY) == pytest.approx(2)


@pytest.mark.parametrize(("rate", "holds"), [(1_100, True), (1_000, True), (999, False)])
def test_a_bar_holds_from_its_ratio_on(rate: float, holds: bool) -> None:
    found = {one.promise: one for one in bars.held(results(shipped=(rate,), fastapi=(1_000,)))}
    assert found["shipped: claim, of FastAPI and orjson ≥ 1"].holds is holds


def test_what_was_not_measured_is_held_against_no_bar() -> None:
    assert bars.held(results(bare=(1_000,))) == []


@pytest.mark.parametrize(("p99", "holds"), [(3_200, True), (3_300, False)])
def test_the_slowest_of_a_hundred_may_take_eight_times_as_long_as_the_usual_one(p99: int, holds: bool) -> None:
    found = bars.held(Results({("claim", SHIPPED, BUSY): [once(900, 400, p99)]}))
    assert [one.holds for one in found] == [holds]


@pytest.mark.parametrize(("rate", "holds"), [(1_300, True), (860, True), (840, False)])
def test_more_claims_may_not_make_it_much_slower(rate: float, holds: bool) -> None:
    found = bars.held(results(shipped=(rate,), small=(1_000,)))
    assert [one.holds for one in found if "fewer" in one.promise] == [holds]


def test_bulk_is_held_against_its_bars() -> None:
    fast = bulk.Filled(100_000, 10_000, 2.0, 2.0), bulk.Exported(100_000, 0.9, 0.5, 120.0), bulk.Idle(1.2, (70.0, 80.0))
    slow = bulk.Filled(100_000, 10_000, 5.0, 9.0), bulk.Exported(100_000, 1.9, 0.5, 160.0), bulk.Idle(1.6, (70.0, 95.0))
    assert [one.holds for one in bulk.held(*fast)] == [True] * 5
    assert [one.holds for one in bulk.held(*slow)] == [False] * 5


def test_a_page_has_a_row_for_each_server_and_says_where_it_comes_from() -> None:
    found = results(bare=(2_000,), flask=(1_500,), gthread=(1_400,), shipped=(2_500,), fastapi=(2_000,))
    told = report.Told("1 May 2024", "a machine", "Python", "peers", "3 rounds", TITLES)
    part = report.Part("SQLite", "10 claims", found, [Held("faster ≥ 1", "0.5", False)], ["All."], "chart.svg")
    written = report.page(told, [part])
    assert "- 1 May 2024, a machine\n" in written
    assert "\n- All.\n" in written
    assert "| faster ≥ 1 | 0.5 | **no** |" in written
    assert "| Crosscheck as shipped | 2,500 | 0.40 | 0.90 | 2,500 | 0.40 | 0.90 | 200 | 1.25 |" in written
    assert all(f"\n| {report.NAMES[name]} |" in written for name in (BARE, FLASK, GTHREAD, SHIPPED, SERVICE))
    assert not any(f"\n| {report.NAMES[name]} |" in written for name in (SMALL, TABLES))
    assert "![" in written
    assert "(chart.svg)" in written


def test_a_table_sets_figures_to_the_right() -> None:
    assert list(report.table(("what", "how many"), [("a", "1,200"), ("b", "–")])) == [
        "| what | how many |",
        "| --- | ---: |",
        "| a | 1,200 |",
        "| b | – |",
        "",
    ]


def test_the_chart_is_a_drawing_with_a_bar_for_each_server() -> None:
    found = results(bare=(2_000,), shipped=(3_000,), datasette=(100,))
    drawn = ET.fromstring(report.chart({**TITLES, "claim": "one <claim>"}, found))  # noqa: S314 — drawn by ourselves
    space = "{http://www.w3.org/2000/svg}"
    lengths = {
        bar.get("fill"): float(bar.get("width", 0)) for bar in drawn.iter(f"{space}rect") if bar.get("height") == "11"
    }
    bare, shipped, tables = (lengths[report.COLOURS[name]] for name in (BARE, SHIPPED, TABLES))
    assert shipped / bare == pytest.approx(1.5, abs=0.01)
    assert tables / bare == pytest.approx(0.05, abs=0.01)
    assert [text.text for text in drawn.iter(f"{space}text") if text.get("class") == "ratio"] == [
        "1.00",
        "1.50",
        "0.05",
    ]


def test_every_server_of_the_chart_has_a_name_and_a_colour() -> None:
    assert set(report.COLOURS) == set(report.NAMES) - {SMALL, ON_SQLITE}
    assert {bar.server for bar in bars.RATIOS} <= {GTHREAD, SHIPPED}


def test_processor_time_is_read_of_a_process_and_those_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pid, children, ticks in ((7, "8 9 ", 30), (8, "", 5), (9, "", 0)):
        (tmp_path / f"{pid}/task/{pid}").mkdir(parents=True)
        (tmp_path / f"{pid}/task/{pid}/children").write_text(children)
        (tmp_path / f"{pid}/stat").write_text(f"{pid} (a (b) c) S 1 1 1 0 -1 0 0 0 0 0 {ticks} 10 99 99 20 0\n")
        (tmp_path / f"{pid}/status").write_text(f"Name:\tx\nVmHWM:\t {pid * 1024} kB\nVmRSS:\t 2048 kB\n")
    (tmp_path / "9/stat").unlink()
    monkeypatch.setattr(processes, "PROC", tmp_path)
    assert processes.worked(7) == pytest.approx((40 + 15) / processes.TICKS)
    assert processes.resident(7) == {7: 2, 8: 2, 9: 2}
    assert processes.most_resident(7) == 9


@pytest.mark.parametrize(("ratio", "written"), [(1.5, "1.50"), (0.1, "0.10"), (0.0499, "0.05"), (0.00312, "0.0031")])
def test_a_small_ratio_is_not_written_as_nothing(ratio: float, written: str) -> None:
    assert report.part_of(ratio) == written
