"""`make openapi`: asks the examples of the description anew, then writes the description that is served.

Each step begins afresh: the application reads the answers when it is imported.
"""

import subprocess
import sys

for step in ("answers", "description"):
    subprocess.run([sys.executable, "-m", f"tests.openapi.{step}"], check=True)  # noqa: S603 — a command of our own
