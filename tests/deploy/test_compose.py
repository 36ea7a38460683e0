"""deploy/compose.yaml: a database that nobody else reaches, and a service that can do no harm."""

import re
from typing import Any

import pytest
import yaml

from tests.deploy.deployed import DEPLOY, FINISHING, PATHS, refuse_no_command, refuse_unknown, version

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "api")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "pid", "network_mode", "devices"} & service.keys()
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()
    assert str(service.get("user", "")) not in ("0", "0:0", "root")


def test_the_database_is_reached_from_inside_alone() -> None:
    assert "ports" not in SERVICES["database"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_what_is_served_is_published_to_this_machine_alone() -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["api"]["ports"])


def test_no_secret_stands_in_it() -> None:
    for service in SERVICES.values():
        given = service["environment"]
        secret = {name: value for name, value in given.items() if re.search("PASSWORD|SECRET|DATABASE_URL", name)}
        assert secret
        assert all(name.endswith("_FILE") for name in secret)
        assert {value.removeprefix("/run/secrets/") for value in secret.values()} == set(service["secrets"])
    assert {one["file"].split("/")[0] for one in COMPOSE["secrets"].values()} == {"secrets"}
    assert "deploy/secrets/\n" in (DEPLOY.parent / ".gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OURS)
def test_the_service_is_told_what_it_knows(name: str) -> None:
    given = SERVICES[name]["environment"]
    refuse_unknown({key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for key, value in given.items()})
    refuse_no_command(SERVICES[name]["command"])
    assert SERVICES[name]["image"] == f"crosscheck:{version()}"


def test_it_begins_when_the_database_answers_and_is_up_to_date() -> None:
    assert SERVICES["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert SERVICES["api"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert all("healthcheck" in SERVICES[name] for name in ("database", "api"))
    (path,) = re.findall(r"http://127\.0\.0\.1:8000(/\w+)", SERVICES["api"]["healthcheck"]["test"][-1])
    assert path in PATHS


def test_what_is_being_answered_is_finished() -> None:
    assert int(SERVICES["api"]["stop_grace_period"].removesuffix("s")) > FINISHING
