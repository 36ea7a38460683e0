"""What is installed is pinned once, by version and hash, and from nowhere in particular."""

import re
import tomllib
from configparser import ConfigParser

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.supply.bill import EXTRAS, ROOT

LOCKS = {name: (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8") for name in ("build", "run", "dev")}
ENTRY = re.compile(r"[a-z0-9-]+==[^ \n]+(?: ; [^\\\n]+)? \\\n(?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+")
REFRESH = "what is asked for has changed: run `make lock` and commit what it writes"


def pins(text: str) -> dict[str, str]:
    """Return the version of each package that a list pins."""
    found = (Requirement(line) for line in re.findall(r"^[\w.-]+==[^ \n]+", text, re.MULTILINE))
    return {canonicalize_name(one.name): str(one.specifier) for one in found}


SETTINGS = ConfigParser()
SETTINGS.read(ROOT / "setup.cfg", encoding="utf-8")
OFFERED = SETTINGS["options.extras_require"]


def asked(*extras: str) -> set[str]:
    """Return the packages that setup.cfg asks for."""
    texts = [SETTINGS["options"]["install_requires"], *(OFFERED[name] for name in extras)]
    return {canonicalize_name(Requirement(line).name) for text in texts for line in text.split("\n") if line}


CONSTRAINTS = pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_with_their_hashes_and_nothing_else(name: str) -> None:
    entries = "".join(line for line in LOCKS[name].splitlines(keepends=True) if not line.startswith("#"))
    assert ENTRY.sub("", entries) == ""
    assert len(ENTRY.findall(entries)) == len(pins(entries)) > 0


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    assert not re.search(r"://|--index|--find-links|--extra-index| @ ", LOCKS[name])


def test_what_setup_cfg_asks_for_is_locked() -> None:
    assert asked(*EXTRAS) <= set(pins(LOCKS["run"])), REFRESH
    assert asked(*OFFERED) <= set(pins(LOCKS["dev"])), REFRESH


def test_what_builds_crosscheck_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for needed in map(Requirement, project["build-system"]["requires"]):
        assert needed.specifier.contains(pins(LOCKS["build"])[needed.name].removeprefix("=="))


def test_what_installs_the_locks_keeps_to_them() -> None:
    """pip before 23.3 takes the newest version of a package that is asked for with an extra, whatever is locked."""
    assert Version(pins(LOCKS["build"])["pip"].removeprefix("==")) >= Version("23.3")


def test_the_locks_and_the_constraints_pin_the_same_packages_to_the_same_versions() -> None:
    locked = [pins(text) for text in LOCKS.values()]
    assert all(one.items() <= CONSTRAINTS.items() for one in locked), REFRESH
    assert set().union(*locked) == set(CONSTRAINTS), "a constraint that nothing asks for, or a package without one"


def test_developers_have_what_runs() -> None:
    assert pins(LOCKS["run"]).items() <= pins(LOCKS["dev"]).items(), REFRESH
