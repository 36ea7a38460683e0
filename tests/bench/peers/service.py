"""A service over the rows of the record as a good engineer would write it in a day: FastAPI, plain SQL, orjson.

No object mapper, no response models that are checked on the way out, no dependencies: rows become dicts, and dicts
JSON. SQLite is asked through `sqlite3` by a connection for each process, within the event loop, since handing a query
of microseconds to a thread costs more than the query; PostgreSQL through asyncpg's pool of prepared statements. It
answers with claims as the contract has them; of questions and discrepancies it knows the rows and the claims that
answer them. It does not compare: it has no relations, no assessments, no sentences, and no ETags. A search finds the
claims whose words hold every word, in the database's own full-text index, which `python service.py URL` makes first.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
import orjson
from fastapi import FastAPI, HTTPException, Query, Response

Row = dict[str, Any]

PAGE = 50

CLAIM = "SELECT * FROM claim WHERE id = $1"
LINKS = "SELECT source_id, role, channel, inferred FROM attribution WHERE claim_id = $1 ORDER BY position"
UNITS = "SELECT id, unit FROM property"
CLAIMS_OF_EVENT = """
SELECT * FROM claim WHERE event_id = $1 AND place_in_list > $2 ORDER BY place_in_list LIMIT $3
"""
LINKS_OF_CLAIMS = """
SELECT claim_id, source_id, role, channel, inferred FROM attribution WHERE claim_id {among} ORDER BY claim_id, position
"""
QUESTION = "SELECT id, event_id, property_id, grade, recorded_at FROM question WHERE id = $1"
ANSWERS = """
SELECT claim.* FROM question_claim JOIN claim ON claim.id = question_claim.claim_id
WHERE question_claim.question_id = $1 ORDER BY claim.place_in_list
"""
DISCREPANCIES = """
SELECT id, question_id, event_id, property_id, kind, conflict, revision, changed_at FROM discrepancy
WHERE event_id = $1 AND kind IS NOT NULL AND question_id > $2 ORDER BY question_id LIMIT $3
"""
ANSWERS_OF_QUESTIONS = """
SELECT question_claim.question_id, claim.id, claim.document_id, claim.origin_id, claim.exact, claim.kind,
claim.qualifier, claim.amount, claim.low, claim.high, claim.term, claim.text, claim.time_earliest, claim.time_latest,
claim.property_id
FROM question_claim JOIN claim ON claim.id = question_claim.claim_id WHERE question_claim.question_id {among}
"""
EVENT = "SELECT id, title, parent_id, place_id, starts, ends, summary FROM event WHERE id = $1"
COUNTS_THEN = """
SELECT count(*) AS claims, count(DISTINCT claim.document_id) AS documents
FROM claim JOIN document ON document.id = claim.document_id
WHERE claim.event_id = $1 AND COALESCE(document.public_instant, document.public_day || 'T99') <= $2
"""
SEARCH = {
    "sqlite": """
SELECT claim.* FROM found.said JOIN claim ON claim.rowid = said.rowid WHERE said MATCH $1 ORDER BY said.rank LIMIT $2
""",
    "postgresql": """
SELECT * FROM claim WHERE to_tsvector('simple', exact) @@ plainto_tsquery('simple', $1)
ORDER BY ts_rank(to_tsvector('simple', exact), plainto_tsquery('simple', $1)) DESC LIMIT $2
""",
}
INDEXED = "CREATE INDEX IF NOT EXISTS peer_said ON claim USING gin (to_tsvector('simple', exact))"


class Database(Protocol):
    """Rows as dicts, from one kind of database."""

    kind: str

    async def rows(self, sql: str, *values: Any) -> Sequence[Row]:
        """Return the rows of a query."""

    async def among(self, sql: str, values: Sequence[str]) -> Sequence[Row]:
        """Return the rows of a query in which a column is among values."""


class Sqlite:
    """A file of SQLite, read in the event loop."""

    kind = "sqlite"

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
        self._connection.executescript("PRAGMA mmap_size = 268435456; PRAGMA cache_size = -65536")
        self._connection.execute("ATTACH ? AS found", (f"file:{index_of(url)}?mode=ro",))

    async def rows(self, sql: str, *values: Any) -> Sequence[Row]:
        found = self._connection.execute(_numbered(sql), values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    async def among(self, sql: str, values: Sequence[str]) -> Sequence[Row]:
        return await self.rows(sql.format(among=f"IN ({', '.join('?' * len(values))})"), *values)


class Postgresql:
    """A server of PostgreSQL."""

    kind = "postgresql"

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool

    async def rows(self, sql: str, *values: Any) -> Sequence[Row]:
        return [dict(row) for row in await self._pool.fetch(sql, *values)]

    async def among(self, sql: str, values: Sequence[str]) -> Sequence[Row]:
        return await self.rows(sql.format(among="= ANY($1)"), list(values))


def index_of(url: str) -> str:
    """Return the file that holds the full-text index of one of SQLite's."""
    return f"{url.removeprefix('sqlite:///')}.said"


def _numbered(sql: str) -> str:
    """SQLite's sqlite3 takes `?1` for what PostgreSQL writes as `$1`."""
    return sql.replace("$", "?")


units: dict[str, str | None] = {}


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    """Open the database for as long as a process lives."""
    url = os.environ["PEER_DATABASE"]
    if url.startswith("sqlite"):
        app.state.database = Sqlite(url)
        await _know_units()
        yield
        return
    async with asyncpg.create_pool(url, min_size=2, max_size=8) as pool:
        app.state.database = Postgresql(pool)
        await _know_units()
        yield


async def _know_units() -> None:
    units.update({row["id"]: row["unit"] for row in await rows(UNITS)})


app = FastAPI(lifespan=opened)


async def rows(sql: str, *values: Any) -> Sequence[Row]:
    """Ask the database."""
    found: Sequence[Row] = await app.state.database.rows(sql, *values)
    return found


async def among(sql: str, values: Sequence[str]) -> Sequence[Row]:
    """Ask the database for the rows in which a column is among values; among none are none."""
    found: Sequence[Row] = await app.state.database.among(sql, values) if values else ()
    return found


def answered(content: Any) -> Response:
    """Write an answer."""
    return Response(orjson.dumps(content), media_type="application/json")


def claim(row: Row, links: Sequence[Row]) -> Row:
    """Put a claim into the form of the contract."""
    return {
        "id": row["id"],
        "event": row["event_id"],
        "property": row["property_id"],
        "value": value(row),
        "scope": {"place": row["scope_place_id"], "population": row["population"], "period": row["period"]},
        "as_of": {"earliest": row["as_of_earliest"], "latest": row["as_of_latest"]},
        "statement": row["statement_id"],
        "attribution": [
            {
                "source": link["source_id"],
                "role": link["role"],
                "channel": link["channel"],
                "inferred": bool(link["inferred"]),
            }
            for link in links
        ],
        "origin": row["origin_id"],
        "document": row["document_id"],
        "locator": {"start": row["span_start"], "end": row["span_end"], "exact": row["exact"]},
        "stance": row["stance"],
        "status": row["status"],
        "causes": orjson.loads(row["causes"]),
        "reckoned": orjson.loads(row["reckoned"]),
        "note": row["note"],
        "revision": row["revision"],
        "recorded_at": row["recorded_at"],
    }


def value(row: Row) -> Row:
    """Put the value of a claim into the form of the contract."""
    timed = row["kind"] == "time"
    return {
        "kind": row["kind"],
        "qualifier": row["qualifier"],
        "amount": row["amount"],
        "low": row["time_earliest"] if timed else row["low"],
        "high": row["time_latest"] if timed else row["high"],
        "unit": units[row["property_id"]] if row["kind"] == "quantity" else None,
        "term": row["term"],
        "text": row["text"],
    }


async def with_links(found: Sequence[Row]) -> list[Row]:
    """Put claims into the form of the contract, asking for their chains at once."""
    chains: dict[str, list[Row]] = {row["id"]: [] for row in found}
    for link in await among(LINKS_OF_CLAIMS, list(chains)):
        chains[link["claim_id"]].append(link)
    return [claim(row, chains[row["id"]]) for row in found]


async def one(sql: str, name: str) -> Row:
    """Return one row, or answer 404."""
    found = await rows(sql, name)
    if not found:
        raise HTTPException(404, f"nothing is called {name}")
    return found[0]


@app.get("/claims/{name}")
async def get_claim(name: str) -> Response:
    """Get one claim."""
    row = await one(CLAIM, name)
    return answered(claim(row, await rows(LINKS, name)))


@app.get("/events/{name}/claims")
async def list_claims(name: str, after: str = "", limit: int = Query(PAGE, ge=1, le=500)) -> Response:
    """List the claims on an event."""
    await one(EVENT, name)
    found = await rows(CLAIMS_OF_EVENT, name, after, limit + 1)
    following = found[limit - 1]["place_in_list"] if len(found) > limit else None
    return answered({"items": await with_links(found[:limit]), "next": following})


@app.get("/events/{name}/discrepancies")
async def list_discrepancies(name: str, after: str = "", limit: int = Query(PAGE, ge=1, le=500)) -> Response:
    """List the discrepancies of an event, each with the claims that answer its question."""
    await one(EVENT, name)
    found = await rows(DISCREPANCIES, name, after, limit + 1)
    shown = found[:limit]
    answers: dict[str, list[Row]] = {row["question_id"]: [] for row in shown}
    for row in await among(ANSWERS_OF_QUESTIONS, list(answers)):
        held = {"id": row["id"], "document": row["document_id"], "origin": row["origin_id"], "exact": row["exact"]}
        answers[row["question_id"]].append({**held, "value": value(row)})
    items = [{**row, "conflict": bool(row["conflict"]), "claims": answers[row["question_id"]]} for row in shown]
    return answered({"items": items, "next": shown[-1]["question_id"] if len(found) > limit else None})


@app.get("/questions/{name}")
async def get_question(name: str) -> Response:
    """Get a question with the claims that answer it."""
    row = await one(QUESTION, name)
    return answered({**row, "claims": await with_links(await rows(ANSWERS, name))})


@app.get("/events/{name}")
async def get_event(name: str, as_of: str = "9999") -> Response:
    """Get an event with what had been published on it by a moment."""
    row = await one(EVENT, name)
    (counts,) = await rows(COUNTS_THEN, name, as_of)
    return answered({**row, "counts": counts})


@app.get("/search")
async def search(q: str, limit: int = Query(PAGE, ge=1, le=500)) -> Response:
    """Search what claims say, the newest first."""
    asked = " ".join('"{}"'.format(word.replace('"', "")) for word in q.split()) if on_sqlite() else q
    return answered({"items": await with_links(await rows(SEARCH[app.state.database.kind], asked, limit))})


def on_sqlite() -> bool:
    """Whether the rows are SQLite's."""
    return bool(app.state.database.kind == "sqlite")


async def prepare(url: str) -> None:
    """Make the full-text index where there is none."""
    if not url.startswith("sqlite"):
        connection = await asyncpg.connect(url)
        await connection.execute(INDEXED)
        await connection.close()
    elif not os.path.exists(index_of(url)):
        file = sqlite3.connect(index_of(url))
        file.executescript("CREATE VIRTUAL TABLE said USING fts5(exact, content='')")
        with file:
            file.execute("ATTACH ? AS record", (url.removeprefix("sqlite:///"),))
            file.execute("INSERT INTO said (rowid, exact) SELECT rowid, exact FROM record.claim")
        file.close()


if __name__ == "__main__":
    asyncio.run(prepare(sys.argv[1]))
