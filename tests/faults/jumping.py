"""A server whose clock is off by as many seconds as a file says, for a clock that jumps while it runs."""

import os
import sys
import time
from pathlib import Path

from gunicorn.app.wsgiapp import run

OFF = Path(os.environ["CLOCK_OFF"])

right = time.time


def wrong() -> float:
    return right() + float(OFF.read_text())


time.time = wrong
sys.argv = ["-mgunicorn", "--config=python:api.web.gunicorn_conf"]
run(prog="gunicorn")
