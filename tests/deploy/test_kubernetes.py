"""deploy/kubernetes/: pods that are asked when they can answer, leave when they are done, and hold no rights."""

from typing import Any

import pytest
import yaml

from tests.deploy.deployed import DEPLOY, FINISHING, PATHS, refuse_no_command, refuse_unknown, user, version

OBJECTS: dict[str, dict[str, Any]] = {
    one["kind"]: one
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))
}
PODS = {kind: OBJECTS[kind]["spec"]["template"] for kind in ("Deployment", "Job")}
SETTINGS = OBJECTS["ConfigMap"]["data"]


def container(kind: str) -> dict[str, Any]:
    (one,) = PODS[kind]["spec"]["containers"]
    return one


@pytest.mark.parametrize("kind", PODS)
def test_a_pod_holds_no_rights(kind: str) -> None:
    spec = PODS[kind]["spec"]
    number, group = user()
    confined = {"runAsNonRoot": True, "runAsUser": number, "runAsGroup": group, "fsGroup": group}
    assert spec["securityContext"] == {**confined, "seccompProfile": {"type": "RuntimeDefault"}}
    assert spec["automountServiceAccountToken"] is False
    assert container(kind)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container(kind)["resources"]["limits"]
    assert {"cpu", "memory"} <= container(kind)["resources"]["requests"].keys()


@pytest.mark.parametrize("kind", PODS)
def test_a_pod_is_told_what_the_service_knows(kind: str) -> None:
    given = {one["name"]: one["value"] for one in container(kind)["env"]}
    refuse_unknown({**SETTINGS, **given})
    refuse_no_command(container(kind)["args"])
    assert container(kind)["image"].endswith(f"/crosscheck:{version()}")


@pytest.mark.parametrize("kind", PODS)
def test_the_address_of_the_database_comes_from_a_secret_that_others_cannot_read(kind: str) -> None:
    (file,) = [one["value"] for one in container(kind)["env"] if one["name"] == "DATABASE_URL_FILE"]
    (mount,) = [one for one in container(kind)["volumeMounts"] if file.startswith(one["mountPath"])]
    (volume,) = [one for one in PODS[kind]["spec"]["volumes"] if one["name"] == mount["name"]]
    assert volume["secret"] == {"secretName": "crosscheck", "defaultMode": 0o440}
    assert "Secret" not in OBJECTS


def test_a_pod_is_restarted_when_it_does_not_live_and_asked_when_it_answers() -> None:
    serving = container("Deployment")
    probes = {name: serving[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startup": "/healthz",
        "liveness": "/healthz",
        "readiness": "/readyz",
    }
    assert all(probe["path"] in PATHS for probe in probes.values())
    (port,) = serving["ports"]
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert str(port["containerPort"]) == SETTINGS["PORT"]
    assert SETTINGS["HOST"] == "0.0.0.0"  # noqa: S104 — within the cluster
    assert OBJECTS["Service"]["spec"]["ports"][0]["targetPort"] == port["name"]


def test_what_is_being_answered_is_finished_and_nothing_new_is_sent() -> None:
    spec = PODS["Deployment"]["spec"]
    asleep = int(container("Deployment")["lifecycle"]["preStop"]["exec"]["command"][-1])
    assert spec["terminationGracePeriodSeconds"] > asleep + FINISHING


def test_the_service_and_the_budget_mean_the_pods_that_serve() -> None:
    serving, migrating = (PODS[kind]["metadata"]["labels"] for kind in ("Deployment", "Job"))
    assert OBJECTS["Service"]["spec"]["selector"] == serving
    assert OBJECTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == serving
    assert OBJECTS["Deployment"]["spec"]["selector"]["matchLabels"] == serving
    assert migrating != serving


def test_some_pods_always_serve() -> None:
    spec = OBJECTS["Deployment"]["spec"]
    assert spec["replicas"] > OBJECTS["PodDisruptionBudget"]["spec"]["maxUnavailable"] > 0
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
