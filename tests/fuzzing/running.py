"""Running schemathesis over a server: all checks, data that fits and data that does not."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def run(server: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run schemathesis over the whole API; the result holds what it prints."""
    command = Path(sys.executable).with_name("schemathesis")
    usual = ["--checks=all", "--mode=all", "--continue-on-failure", "--generation-database=none", "--no-color"]
    with tempfile.TemporaryDirectory() as elsewhere:  # where it leaves what it remembers
        return subprocess.run(  # noqa: S603 — a command of our own
            [command, f"--config-file={HERE / 'schemathesis.toml'}", "run", f"{server}/openapi.json", *usual, *options],
            cwd=elsewhere,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
