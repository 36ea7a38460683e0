"""The generation of a server's workers: all that were started together tell one time as their beginning.

gunicorn reads this as its configuration: functions of these names it calls itself, before it starts any worker.
"""

import logging
import math
import mmap
import os
import sys
import time
from typing import Any, NoReturn

from gunicorn.arbiter import Arbiter

BEGUN = "CROSSCHECK_BEGUN"
"""The variable that hands a generation's beginning, in whole seconds, from the server to its workers."""


UP = mmap.mmap(-1, 1)
"""One byte that a server shares with its workers: set once any of them serves."""

log = logging.getLogger("crosscheck")


def on_starting(server: Any) -> None:
    """Note when the first workers are started."""
    os.environ[BEGUN] = str(_now())


on_reload = on_starting
"""Workers that are started anew may have other settings, so theirs is another generation."""


REPLACED = 1
"""The status with which a worker ends for the server to start another one; gunicorn's own would end the server."""

REST = 1.0
"""Seconds before the next one tries, as a database that is away may be so for long."""


def is_up() -> None:
    """Note that a worker serves."""
    UP[0] = 1


def give_up() -> NoReturn:
    """End a worker that cannot start: with it the server, unless any worker of that has served.

    A database that goes away while a worker starts must not take those along that answer.
    """
    log.critical("the worker cannot start", exc_info=True)
    if not UP[0]:
        sys.exit(Arbiter.WORKER_BOOT_ERROR)
    time.sleep(REST)
    sys.exit(REPLACED)


def begun() -> int:
    """Return when this process's generation began; the process itself where no server has said so."""
    return int(os.environ.get(BEGUN) or _now())


def _now() -> int:
    return math.ceil(time.time())
