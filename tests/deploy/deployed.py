"""What the files of deploy/ have in common: they speak of one image, one service and its settings."""

import re
from collections.abc import Mapping, Sequence
from configparser import ConfigParser
from pathlib import Path

import orjson
from gunicorn.config import GracefulTimeout

from api import config
from api.cli import main

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PATHS = orjson.loads((ROOT / "docs" / "openapi.json").read_bytes())["paths"]
FINISHING = GracefulTimeout.default
"""Seconds that the server waits for what it is answering."""


def version() -> str:
    """Return the version that setup.cfg gives."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings["metadata"]["version"]


def user() -> tuple[int, int]:
    """Return the user and group that the image runs as."""
    (found,) = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    return int(found[0]), int(found[1])


def refuse_unknown(settings: Mapping[str, str]) -> None:
    """Fail where a setting is none of Crosscheck's, or what it is set to cannot be."""
    known = set(re.findall(r'"([A-Z_]{4,})"', Path(config.__file__).read_text(encoding="utf-8")))
    files = {f"{name}_FILE" for name in config.SECRETS}
    assert settings.keys() <= known | files
    config.from_environment({name: value for name, value in settings.items() if name not in files})


def refuse_no_command(words: Sequence[str]) -> None:
    """Fail where a command line is none that `crosscheck` takes."""
    program, command, *options = words
    assert program.split("/")[-1] == "crosscheck"
    main.commands[command].make_context(command, list(options), resilient_parsing=False)
