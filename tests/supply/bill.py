"""The bill of materials: CycloneDX's own tool says what is installed, and setup.cfg what Crosscheck asks for of it."""

import subprocess
import sys
import tempfile
from configparser import ConfigParser
from pathlib import Path

import orjson
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]
EXTRAS = ("postgresql", "redis")
"""What is shipped beside the rest."""
WHERE_FROM = "distribution"
"""The kind of reference that names a registry: what is installed may have come from another one."""


class NoBill(Exception):
    """The bill that was made is none; the message says why."""


def written(environment: Path, bill: Path) -> int:
    """Write the bill of an environment and return how many components it has.

    Raises NoBill when none can be made, or it is not as CycloneDX's schema has it.
    """
    made = orjson.loads(_made(environment))
    for component in (*made["components"], *made["metadata"]["tools"]["components"]):
        references = component.get("externalReferences", ())
        component["externalReferences"] = [item for item in references if item["type"] != WHERE_FROM]
    text = orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    refuse_invalid(text)
    bill.write_text(text + "\n", encoding="utf-8")
    return len(made["components"])


def refuse_invalid(text: str) -> None:
    """Raise NoBill unless the text is a bill of CycloneDX 1.6."""
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise NoBill(str(fault))


def _made(environment: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "pyproject.toml"
        project.write_text(_project(), encoding="utf-8")
        command = ["environment", "--pyproject", project, "--sv", "1.6", "--output-reproducible", "--no-validate"]
        tool = [sys.executable, "-m", "cyclonedx_py", *command, environment]
        done = subprocess.run(tool, capture_output=True, check=False)  # noqa: S603 — a command of our own
    if done.returncode:
        raise NoBill(done.stderr.decode(errors="replace"))
    return done.stdout


def _project() -> str:
    """Put what setup.cfg says of Crosscheck the way the tool reads it."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    asked = [settings["options"]["install_requires"], *(settings["options.extras_require"][name] for name in EXTRAS)]
    about = {name: settings["metadata"][name] for name in ("name", "version", "description", "license")}
    lines = [f"{name} = {orjson.dumps(value).decode()}" for name, value in about.items()]
    names = [line for text in asked for line in text.split("\n") if line]
    return "\n".join(["[project]", *lines, f"dependencies = {orjson.dumps(names).decode()}"])
