"""The server's settings, for `crosscheck serve` and for `gunicorn --config python:api.web.gunicorn_conf` alike.

What is chosen by measurement says so; docs/decisions/0019 has the figures.
"""

import os
import sys
from importlib import metadata
from pathlib import Path
from tempfile import mkdtemp

from api.config import LONGEST_LINE, METRICS_FOLDER, OF_OURS, ConfigError, from_environment

IN_MEMORY = Path("/dev/shm")  # noqa: S108 — a folder that is no disk

WORKERS = {"asgi": "api.web.loop.Loop", "gthread": "api.web.worker.Worker"}

SOUND_PARSER = (0, 6, 14)
"""The version from which gunicorn itself takes the fast parser; older ones read some requests as others do not."""


def _fast_parser() -> bool:
    try:
        numbers = metadata.version("gunicorn_h1c").split(".")[:3]
    except metadata.PackageNotFoundError:
        return False
    return tuple(int(number) for number in numbers if number.isdigit()) >= SOUND_PARSER


try:
    _config = from_environment()
except ConfigError as error:
    sys.exit(f"crosscheck: {error}")

if not os.environ.get(METRICS_FOLDER):  # `crosscheck serve` sets it
    os.environ[METRICS_FOLDER] = mkdtemp(prefix=OF_OURS, dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None)

from api.web import hooks  # noqa: E402 — which looks for the folder once, when it is imported

wsgi_app = "api.app:create_app()"

bind = f"{'[' + _config.host + ']' if ':' in _config.host else _config.host}:{_config.port}"

# The event loop answers twice as many reads a second, and slow clients take up no thread of it.
worker_class = WORKERS[_config.worker]

# One a core: a worker answers on one core at a time, and what is asked of SQLite is in memory all workers share.
workers = _config.workers

# For what takes its time, searches, streams and writes; more would share the one core, and each keeps a connection.
threads = _config.threads

# Refused beyond that, in each worker; a connection that does nothing costs about 6 kB.
worker_connections = 4_096

# Clients that wait to be accepted while a worker is busy or another takes its place; the kernel's limit may be lower.
backlog = 2_048

# Seconds an idle connection is kept. A reader who clicks on asks again within a few; a proxy in front keeps its own
# connections shorter than that, or retries.
keepalive = 15

# Seconds without a sign of life after which a worker is replaced; nothing may hold up a loop for nearly as long.
timeout = 30

# Seconds for what is being served, streams too, when the server stops or reloads.
graceful_timeout = 30

# A worker's sign of life is a file's time: in memory, where no slow disk holds it up and none need be writable.
worker_tmp_dir = str(IN_MEMORY) if IN_MEMORY.is_dir() else None

# Workers are not replaced after so many requests: nothing grows, and each start costs a second of a core.
max_requests = 0

# Each worker builds the application itself, with connections and settings of its own: SIGHUP has it read those that are
# in files anew. The code is read once, before the first worker (`on_starting`); new code comes with a new server.
preload_app = False

# uvloop, unless it is missing: a fifth less time for a short answer, and connections are spread evenly over workers.
asgi_loop = "auto"

# The application knows nothing of ASGI's lifespan.
asgi_lifespan = "off"

# Never "auto", which takes parsers of any version: see SOUND_PARSER.
http_parser = "fast" if _fast_parser() else "python"

# A batch of queries has to fit into an address.
limit_request_line = LONGEST_LINE

# Forty times what a browser sends.
limit_request_fields = 100
limit_request_field_size = 8_190

# gunicorn's own lines are written as all others are.
logger_class = "api.web.logs.ServerLog"

# Nothing listens that nobody asked for.
control_socket_disable = True

# What metrics and times need at the turns of the processes' lives.
on_starting, on_reload, on_exit = hooks.on_starting, hooks.on_reload, hooks.on_exit
post_worker_init, worker_exit, child_exit = hooks.post_worker_init, hooks.worker_exit, hooks.child_exit
