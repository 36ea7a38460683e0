"""Hooks: what gunicorn does at the turns of its processes' lives, so that metrics are those of all together."""

import gc
import os
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from api import metrics
from api.collecting import collect_seldom
from api.config import METRICS_FOLDER, OF_OURS
from api.web import generation
from api.web.generation import on_reload  # noqa: F401 — gunicorn calls it as well


def on_starting(server: Any) -> None:
    """Read the code of the application, whose copies the workers are; what is built of it each builds itself."""
    generation.on_starting(server)
    collect_seldom()
    import_module(server.app.app_uri.partition(":")[0])
    gc.freeze()  # what is there now stays, and no worker copies its pages by looking through it


def post_worker_init(worker: Any) -> None:
    """Have a worker that begins tell what it counts, and that it is there."""
    metrics.keep_pouring()
    generation.is_up()


def worker_exit(server: Any, worker: Any) -> None:
    """Have a worker that ends tell what it has not told yet."""
    metrics.pour()


def child_exit(server: Any, worker: Any) -> None:
    """Forget what a worker that ended was doing; what it has done stays counted."""
    if metrics.SHARED:
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the folder of metrics with the server, if it is of our making and no newer server counts on in it."""
    folder = Path(os.environ.get(METRICS_FOLDER, ""))
    if folder.name.startswith(OF_OURS) and not server.reexec_pid:
        rmtree(folder, ignore_errors=True)
