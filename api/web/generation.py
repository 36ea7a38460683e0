"""The generation of a server's workers: all that were started together tell one time as their beginning.

gunicorn reads this as its configuration: functions of these names it calls itself, before it starts any worker.
"""

import math
import os
import time
from typing import Any

BEGUN = "CROSSCHECK_BEGUN"
"""The variable that hands a generation's beginning, in whole seconds, from the server to its workers."""


def on_starting(server: Any) -> None:
    """Note when the first workers are started."""
    os.environ[BEGUN] = str(_now())


on_reload = on_starting
"""Workers that are started anew may have other settings, so theirs is another generation."""


def begun() -> int:
    """Return when this process's generation began; the process itself where no server has said so."""
    return int(os.environ.get(BEGUN) or _now())


def _now() -> int:
    return math.ceil(time.time())
