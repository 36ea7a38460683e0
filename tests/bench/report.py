"""The report: what a run measured, as a page with tables, and as a chart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.bench.bars import BARE, BUSY, FLASK, GTHREAD, ON_SQLITE, SERVED_TABLES, SERVICE, SHIPPED, SMALL, TABLES, Held
from tests.bench.measuring import CONNECTIONS, Results

NAMES = {
    BARE: "the limit: bare WSGI, constant bytes",
    FLASK: "Flask, constant bytes",
    GTHREAD: "Crosscheck on gthread",
    SHIPPED: "Crosscheck as shipped",
    SMALL: "… with fewer claims",
    ON_SQLITE: "… on SQLite",
    SERVICE: "FastAPI and orjson",
    SERVED_TABLES: "Datasette, by `datasette serve`",
    TABLES: "Datasette, in as many processes as the others",
}
"""Every server, in the order of the report."""

COLOURS = {
    BARE: "#c9ced6",
    FLASK: "#a3acb9",
    GTHREAD: "#7fa7d9",
    SHIPPED: "#1f5fae",
    SERVICE: "#d9a441",
    SERVED_TABLES: "#d8a39d",
    TABLES: "#b5655f",
}
"""The colour of each server that the chart shows."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says beside its figures; `titles` is what each read is called."""

    when: str
    machine: str
    versions: str
    peers: str
    rounds: str
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """What was measured on one kind of database: its engine, how large the record is, and the name of its chart."""

    engine: str
    size: str
    results: Results
    held: Sequence[Held]
    bulk: Sequence[str]
    chart: str


CAPTION = f"Answers a second at {BUSY} connections, as a part of what the limit gives"


def page(told: Told, parts: Iterable[Part]) -> str:
    """Write the page."""
    return "\n".join((*_head(told), *(line for part in parts for line in _part(told, part))))


def _head(told: Told) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield "Written by `make bench`; what counts are the ratios of one run, not the times of this machine."
    yield ""
    yield f"- {told.when}, {told.machine}"
    yield f"- {told.versions}"
    yield f"- the peers: {told.peers}"
    yield f"- {told.rounds}"
    yield ""
    yield (
        "Every server has two processes, but for `datasette serve`, which has one, and answers on the same machine as"
        " wrk, which draws what it asks at random from the record, by a seed: 500 names, so that what Crosscheck works"
        " out it soon has answered before, and keeps while the record is the same. Of what nobody asked before no"
        " request comes twice; the peers, which keep nothing, are asked the same as before. The limits answer with the"
        " bytes of the middle one of Crosscheck's answers. The peers read the same rows: `tests/bench/peers/` has them,"
        " and says what they leave out."
    )
    yield ""


def _part(told: Told, part: Part) -> Iterator[str]:
    yield f"## {part.engine}"
    yield ""
    yield f"{part.size}."
    yield ""
    yield f"![{CAPTION}]({part.chart})"
    yield ""
    yield "### Bars"
    yield ""
    yield f"Ratios are of answers a second at {BUSY} connections, the median over rounds."
    yield ""
    rows = [(one.promise, one.found, "yes" if one.holds else "**no**") for one in part.held]
    yield from table(("promise", "measured", "holds"), rows)
    yield "### Bulk, start and memory"
    yield ""
    yield from (f"- {line}" for line in part.bulk)
    yield ""
    yield "### Reads, side by side"
    yield ""
    yield "Times in milliseconds; processor time in microseconds an answer, of all processes of the server."
    yield ""
    for read, title in told.titles.items():
        yield f"#### {title[0].upper()}{title[1:]}"
        yield ""
        yield from table(HEADING, [_row(part.results, read, name) for name in NAMES if part.results.has(read, name)])


HEADING = (
    "server",
    *(f"{text} at {count}" for count in CONNECTIONS for text in ("a second", "p50", "p99")),
    f"µs at {BUSY}",
    "of the limit",
)


def _row(results: Results, read: str, server: str) -> Sequence[str]:
    figures: list[str] = []
    for connections in CONNECTIONS:
        figures.append(f"{results.rate(read, server, connections):,.0f}")
        figures += [f"{results.within(read, server, connections, percent) / 1000:.2f}" for percent in (50, 99)]
    cost = f"{results.cost(read, server, BUSY):,.0f}"
    limit = part_of(results.ratio(read, server, BARE, BUSY)) if results.has(read, BARE) else "–"
    return NAMES[server], *figures, cost, limit


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table in Markdown; what stands behind the first column is set to the right, if all of it are figures."""
    listed = list(rows)
    right = [bool(listed) and all(_is_figure(row[place]) for row in listed) for place in range(len(heading))]
    for row in (heading, ["---:" if figures else "---" for figures in right], *listed):
        yield f"| {' | '.join(row)} |"
    yield ""


def _is_figure(text: str) -> bool:
    return text == "–" or text.replace(",", "").replace(".", "").isdecimal()


TEMPLATE = Path(__file__).with_name("chart.svg")
WIDTH, LEFT, RIGHT = 860, 210, 60
BAR, GAP = 13, 16


def chart(titles: Mapping[str, str], results: Results) -> str:
    """Draw each read as a group of bars, one for each server, as long as its part of what the limit gives."""
    groups = {
        read: {server: results.ratio(read, server, BARE, BUSY) for server in COLOURS if results.has(read, server)}
        for read in titles
        if results.has(read, BARE)
    }
    longest = max((ratio for group in groups.values() for ratio in group.values()), default=1.0)
    scale = (WIDTH - LEFT - RIGHT) / longest
    legend, top = _legend(groups.values())
    parts, down = [], top
    for read, group in groups.items():
        middle = down + BAR * len(group) / 2
        parts.append(f'<text class="read" x="{LEFT - 12}" y="{middle + 4:.1f}">{escape(titles[read])}</text>')
        for server, ratio in group.items():
            length = max(1.0, ratio * scale)
            parts.append(
                f'<rect x="{LEFT}" y="{down}" width="{length:.1f}" height="{BAR - 2}" fill="{COLOURS[server]}"/>'
                f'<text class="ratio" x="{LEFT + length + 5:.1f}" y="{down + BAR - 3}">{part_of(ratio)}</text>'
            )
            down += BAR
        down += GAP
    line = f'<line x1="{LEFT + scale:.1f}" y1="{top - 8}" x2="{LEFT + scale:.1f}" y2="{down - GAP + 4}" class="limit"/>'
    filled = {"width": WIDTH, "height": down, "caption": CAPTION, "legend": legend}
    return TEMPLATE.read_text().format(**filled, bars="\n  ".join((line, *parts)))


def part_of(ratio: float) -> str:
    """Write a ratio, a small one with two digits that say something."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def _legend(groups: Iterable[Mapping[str, float]]) -> tuple[str, int]:
    """Return what tells the colours, and where what lies below it begins."""
    shown = {server for group in groups for server in group}
    parts, across, down = [], LEFT, 36
    for server in (server for server in COLOURS if server in shown):
        name = NAMES[server].removeprefix("the limit: ").replace("`", "")
        if across + 7 * len(name) > WIDTH - RIGHT // 2:
            across, down = LEFT, down + 18
        parts.append(
            f'<rect x="{across}" y="{down}" width="10" height="10" fill="{COLOURS[server]}"/>'
            f'<text class="server" x="{across + 15}" y="{down + 9}">{escape(name)}</text>'
        )
        across += 32 + round(6.4 * len(name))
    return "\n  ".join(parts), down + 24
