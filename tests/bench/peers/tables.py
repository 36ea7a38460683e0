"""Datasette over the rows of the record, as an application that uvicorn runs in several processes.

`datasette serve` runs one process; this gives it as many as the others have. Nothing is cached, counted or suggested
that JSON does not show, and the file counts as one that nobody changes, which is when Datasette is fastest.
"""

import os

from datasette.app import Datasette

SETTINGS = {
    "default_cache_ttl": 0,
    "suggest_facets": False,
    "default_page_size": 50,
    "sql_time_limit_ms": 10_000,
    "num_sql_threads": 4,
}

app = Datasette([], immutables=[os.environ["PEER_DATABASE"]], settings=SETTINGS).app()
