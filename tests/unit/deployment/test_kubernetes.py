"""The resources for Kubernetes are valid, and say the same as the code, the image and docker-compose.yml."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.kubernetes.generated import files
from deploy.local.settings import LocalSettings
from handelspuls.access import KafkaAccess
from handelspuls.api_keys import ApiAccess
from handelspuls.entrance import COMMANDS
from handelspuls.settings import Settings
from models.topics import topics
from tests.unit.deployment.test_compose import OURS, PROMETHEUS, variables

FOLDER = Path(__file__).parents[3] / "deploy/kubernetes"
VERSION = "1.31"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
RESOURCES: list[dict[str, Any]] = [
    resource
    for name in KUSTOMIZATION["resources"]
    for resource in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
]
# Kinds of the Prometheus operator and of Strimzi: their schemas are not among Kubernetes' own.
OTHERS = {"ServiceMonitor", "PrometheusRule", "KafkaTopic", "KafkaUser"}
SETTINGS = dict(line.split("=", 1) for line in KUSTOMIZATION["configMapGenerator"][0]["literals"])
ONCE = {"setup", "simulate"}


def named(resource: dict[str, Any]) -> str:
    return f"{resource['kind']}-{resource['metadata']['name']}"


def of(*kinds: str) -> dict[str, dict[str, Any]]:
    found = [resource for resource in RESOURCES if resource["kind"] in kinds]
    return {resource["metadata"]["name"].removeprefix("handelspuls-"): resource for resource in found}


PROCESSES = of("Deployment", "StatefulSet")
PODS = {name: each["spec"]["template"]["spec"] for name, each in PROCESSES.items()}
ALL_PODS = PODS | {"report": of("CronJob")["report"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]}


@pytest.mark.parametrize("resource", [each for each in RESOURCES if each["kind"] not in OTHERS], ids=named)
def test_a_resource_keeps_to_the_schema_of_kubernetes(resource: dict[str, Any]) -> None:
    kubernetes_validate.validate(resource, VERSION, strict=True)


def test_every_file_is_applied_and_no_name_twice() -> None:
    there = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(KUSTOMIZATION["resources"]) == there
    names = [named(resource) for resource in RESOURCES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", sorted(files()))
def test_a_generated_file_is_as_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == files()[name], "python -m deploy.kubernetes.generated"


def test_the_processes_are_those_of_compose_without_the_demo_s() -> None:
    assert set(PROCESSES) == {name.removesuffix("-2") for name in OURS} - ONCE
    assert all(COMMANDS[name].is_built() for name in PROCESSES)


@pytest.mark.parametrize("name", sorted(PODS))
def test_a_container_runs_its_command_of_the_image_and_is_asked_on_a_port_it_has(name: str) -> None:
    (container,) = PODS[name]["containers"]
    assert container["args"] == [name]
    assert "command" not in container
    (port,) = container["ports"]
    served = 8080 if name == "web" else int(SETTINGS["HANDELSPULS_METRICS_PORT"])
    assert port["containerPort"] == served
    probes = {container[f"{kind}Probe"]["httpGet"]["port"] for kind in ("startup", "liveness", "readiness")}
    assert probes == {port["name"]}


@pytest.mark.parametrize("name", sorted(ALL_PODS))
def test_a_pod_is_unprivileged_and_writes_only_to_its_volumes(name: str) -> None:
    pod = ALL_PODS[name]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"/data", "/tmp"} <= {mount["mountPath"] for mount in container["volumeMounts"]}  # noqa: S108 - in the pod


@pytest.mark.parametrize("name", sorted(ALL_PODS))
def test_every_variable_is_a_setting_and_no_service_s_address_is_taken_for_one(name: str) -> None:
    (container,) = ALL_PODS[name]["containers"]
    given = set(SETTINGS) | {variable["name"] for variable in container["env"]}
    known = (variables(model) for model in (Settings, LocalSettings, KafkaAccess, ApiAccess))
    assert given <= set().union(*known)
    assert ALL_PODS[name]["enableServiceLinks"] is False


def test_tables_are_on_volumes_of_a_pod_s_own_that_are_found_by_its_name() -> None:
    stateful = of("StatefulSet")
    assert set(stateful) == {"worker", "merge"}
    for name, resource in stateful.items():
        (claim,) = resource["spec"]["volumeClaimTemplates"]
        assert claim["metadata"]["name"] == "data"
        (instance,) = (each for each in PODS[name]["containers"][0]["env"] if each["name"] == "HANDELSPULS_INSTANCE")
        assert instance["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"


def test_every_process_may_be_disrupted_one_at_a_time() -> None:
    assert set(of("PodDisruptionBudget")) == set(PROCESSES)
    assert all(each["spec"]["maxUnavailable"] == 1 for each in of("PodDisruptionBudget").values())


def test_no_more_workers_are_started_than_there_are_partitions() -> None:
    scaled = of("HorizontalPodAutoscaler")["worker"]["spec"]
    assert scaled["maxReplicas"] == int(SETTINGS["HANDELSPULS_PARTITIONS"])


def test_prometheus_tells_processes_apart_as_in_compose() -> None:
    jobs = {job["job_name"] for job in PROMETHEUS["scrape_configs"]} - {"prometheus", "simulate"}
    services = of("Service")
    assert {each["metadata"]["labels"]["app.kubernetes.io/component"] for each in services.values()} == jobs
    (monitor,) = of("ServiceMonitor").values()
    assert monitor["spec"]["jobLabel"] == "app.kubernetes.io/component"


def test_every_topic_of_the_service_is_one_of_strimzi_s() -> None:
    made = {each["spec"]["topicName"] for each in of("KafkaTopic").values()}
    assert made == {topic.name for topic in topics("handelspuls.1")}


@pytest.mark.parametrize("name", sorted(ALL_PODS))
def test_a_pod_comes_to_kafka_by_the_certificate_of_its_own_user(name: str) -> None:
    assert f"handelspuls-{name}" in {user["metadata"]["name"] for user in of("KafkaUser").values()}
    secrets = {each["name"]: each["secret"]["secretName"] for each in ALL_PODS[name]["volumes"] if "secret" in each}
    assert secrets["kafka"] == f"handelspuls-{name}"
    mounted = {each["name"]: each["mountPath"] for each in ALL_PODS[name]["containers"][0]["volumeMounts"]}
    for variable, place in (("CA", "kafka-ca"), ("CERTIFICATE", "kafka"), ("KEY", "kafka")):
        assert SETTINGS[f"KAFKA_{variable}_FILE"].startswith(f"{mounted[place]}/")
