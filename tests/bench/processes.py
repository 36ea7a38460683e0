"""Processes: what those of a server cost, as Linux accounts for them."""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def family(pid: int) -> Iterator[int]:
    """Yield a process and those it started, as far as they live."""
    try:
        children = (PROC / f"{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    yield pid
    for child in children:
        yield from family(int(child))


def worked(pid: int) -> float:
    """Return the seconds that a process and those it started have worked, in their own code and in the system's."""
    return sum(_seconds(one) for one in family(pid))


def _seconds(pid: int) -> float:
    """Read the accounts of one process; those of threads are among them."""
    try:
        fields = (PROC / f"{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> dict[int, float]:
    """Return how much memory, in MiB, a process and those it started have: what they share is shared out among them."""
    return {one: found for one in family(pid) if (found := _field(one, "smaps_rollup", "Pss:")) is not None}


def resident(pid: int) -> dict[int, float]:
    """Return how much memory, in MiB, a process and those it started have, each counted as if it shared nothing."""
    return {one: found for one in family(pid) if (found := _field(one, "status", "VmRSS:")) is not None}


def most_resident(pid: int) -> float:
    """Return the most memory, in MiB, that a process, or one that it started, has had."""
    return max((found for one in family(pid) if (found := _field(one, "status", "VmHWM:")) is not None), default=0.0)


def _field(pid: int, file: str, name: str) -> float | None:
    try:
        lines = (PROC / f"{pid}/{file}").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), None)
