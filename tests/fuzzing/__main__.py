"""`make fuzz`: many thousand cases over a server of their own, which holds the fixtures; `CASES` for each operation."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from urllib.error import URLError

from tests.fuzzing.running import ROOT, run

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
with tempfile.TemporaryDirectory() as folder:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/fuzz.db", "HOST": "127.0.0.1", "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--migrate", "--load", "fixtures"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).close()
                break
            except (URLError, OSError):
                time.sleep(0.1)
        done = run(f"http://127.0.0.1:{port}", f"--max-examples={os.environ.get('CASES', '300')}")
    finally:
        server.terminate()
        server.wait(30)
print(done.stdout)
sys.exit(done.returncode)
