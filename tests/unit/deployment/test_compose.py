import re
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from honcho.environ import parse_procfile
from pydantic_settings import BaseSettings

from deploy.local.jars import KAFKA_VERSION
from deploy.local.parts import PROCFILE
from deploy.local.settings import LocalSettings
from handelspuls.entrance import COMMANDS
from handelspuls.settings import PREFIX, Settings

ROOT = Path(__file__).parents[3]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROMETHEUS = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
PROCESSES = dict(parse_procfile(PROCFILE.read_text(encoding="utf-8")).processes)
SERVERS = {"broker", "postgres"}
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("handelspuls:")}
# What operations look with, the canary and a second worker: not processes of their own in the Procfile.
BESIDE = {"prometheus", "grafana", "worker-2", "canary"}
# Variables that other images, or only compose itself, know.
FOREIGN = {"POSTGRES_PASSWORD", "GRAFANA_PASSWORD"}
Model = TypeVar("Model", bound=BaseSettings)


def variables(model: type[BaseSettings]) -> dict[str, Any]:
    fields = model.model_fields.items()
    return {str(field.validation_alias or PREFIX + name.upper()): field.default for name, field in fields}


KNOWN = variables(Settings) | variables(LocalSettings)


def interpolated() -> list[tuple[str, str]]:
    return re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT)


def default_of(value: object) -> str:
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))


def published(service: str) -> dict[str, str]:
    """Port inside → port of this machine."""
    ports = [default_of(port).split(":") for port in SERVICES[service]["ports"]]
    assert all(address == "127.0.0.1" for address, _, _ in ports)
    return {inside: outside for _, outside, inside in ports}


def test_the_file_keeps_to_the_compose_specification() -> None:
    check = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [check, "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_process_of_the_procfile_is_a_service_and_the_other_way_round() -> None:
    assert set(SERVICES) - BESIDE == set(PROCESSES)
    assert set(SERVICES) >= BESIDE


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_runs_the_command_of_its_process(name: str) -> None:
    command = SERVICES[name]["command"]
    assert command == name.removesuffix("-2")
    assert name in BESIDE or PROCESSES[name] == f"python -m handelspuls {command}"
    assert COMMANDS[command].is_built()


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_of_a_process_is_a_setting_with_a_value_it_takes(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert set(environment) <= set(KNOWN)
    given = {variable: default_of(value) for variable, value in environment.items()}
    assert environment_as(Settings, given)
    assert environment_as(LocalSettings, given)


def environment_as(model: type[Model], given: dict[str, str]) -> Model:
    """The settings that a process would read, by the same validation."""
    names = {str(field.validation_alias or PREFIX + name.upper()): name for name, field in model.model_fields.items()}
    return model.model_validate_strings({names[each]: value for each, value in given.items() if each in names})


def test_what_can_be_set_from_outside_is_a_setting_with_its_own_default() -> None:
    for variable, default in interpolated():
        if variable in FOREIGN or variable == "HANDELSPULS_PRIVACY_KEY_FILE":
            continue
        assert default == str(KNOWN[variable]), variable


def test_this_machine_reaches_the_servers_where_make_run_has_them() -> None:
    assert published("broker") == {"9092": "9092"}
    assert published("postgres") == {"5432": "5433"}
    assert published("web") == {"8080": "8080"}
    assert KNOWN["KAFKA_BOOTSTRAP_SERVERS"] == "127.0.0.1:9092"


def test_the_addresses_within_name_services_and_the_ports_they_listen_on() -> None:
    for service in OURS.values():
        environment = service["environment"]
        assert environment["KAFKA_BOOTSTRAP_SERVERS"] == "broker:19092"
        assert "@postgres:5432/" in environment["DATABASE_URL"]
    assert "PLAINTEXT://:19092" in SERVICES["broker"]["environment"]["KAFKA_LISTENERS"]
    assert SERVICES["web"]["environment"]["HANDELSPULS_WEB_HOST"] == "0.0.0.0"


def test_every_image_names_one_version() -> None:
    for service in SERVICES.values():
        assert re.fullmatch(r"[a-z/]+:v?\d+(\.\d+)+", service["image"])


def test_servers_are_of_the_versions_that_the_tests_run_on() -> None:
    assert SERVICES["broker"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
    assert SERVICES["postgres"]["image"].startswith("postgres:18.")


def test_the_broker_is_set_up_as_the_embedded_one() -> None:
    lines = (ROOT / "deploy/local/kafka.properties").read_text(encoding="utf-8").splitlines()
    embedded = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    own = {name for name in embedded if "listener" in name or name in {"log.dirs", "controller.quorum.voters"}}
    environment = SERVICES["broker"]["environment"]
    for name in embedded.keys() - own:
        assert environment["KAFKA_" + name.upper().replace(".", "_")] == embedded[name], name


def test_workers_have_names_of_their_own() -> None:
    names = [each["environment"]["HANDELSPULS_INSTANCE"] for each in OURS.values() if each["command"] == "worker"]
    assert len(set(names)) == len(names) == 2


def test_prometheus_scrapes_every_process_that_has_metrics_where_it_has_them() -> None:
    ports = {
        name: int(service["environment"].get("HANDELSPULS_METRICS_PORT") or 8080)
        for name, service in OURS.items()
        if service["command"] != "setup"
    }
    assert scraped() == ports


def scraped() -> dict[str, int]:
    found = {}
    for job in PROMETHEUS["scrape_configs"]:
        for target in (each for group in job.get("static_configs", ()) for each in group["targets"]):
            host, _, port = target.partition(":")
            found[host] = int(port)
        for looked_up in job.get("dns_sd_configs", ()):
            found |= dict.fromkeys(looked_up["names"], looked_up["port"])
    del found["localhost"]
    return found


def test_grafana_finds_prometheus_and_the_dashboards() -> None:
    provisioning = ROOT / "deploy/grafana/provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text(encoding="utf-8"))["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert source["jsonData"]["timeInterval"] == PROMETHEUS["global"]["scrape_interval"]
    (provider,) = yaml.safe_load((provisioning / "dashboards/handelspuls.yml").read_text(encoding="utf-8"))["providers"]
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["grafana"]["volumes"])
    assert mounts["./deploy/grafana/boards"] == provider["options"]["path"]
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (ROOT / "deploy/grafana/boards" / Path(home).name).exists()


def test_what_is_mounted_from_the_checkout_exists() -> None:
    mounted = [each.split(":")[0] for service in SERVICES.values() for each in service.get("volumes", ())]
    files = [COMPOSE["secrets"]["privacy_key"]["file"], *(each for each in mounted if each.startswith("./"))]
    assert all((ROOT / default_of(each)).exists() for each in files)
    named = {each for each in mounted if not each.startswith("./")}
    assert named == set(COMPOSE["volumes"])


def test_our_processes_may_write_to_their_data_only_and_have_no_privileges() -> None:
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert len(service["tmpfs"]) == 1
        assert service["volumes"] == ["data:/data"]


def test_passwords_come_from_outside_and_are_a_demo_s_otherwise() -> None:
    secret = {variable: default for variable, default in interpolated() if "PASSWORD" in variable}
    assert set(secret.values()) == {"demo"}
    literal = re.findall(r"^ *\w*(?:PASSWORD|SECRET|TOKEN)\w*: (?!\$\{)(.*)$", TEXT, re.MULTILINE)
    assert literal == []
    assert "demo" in (ROOT / "deploy/docker/demo/privacy.key").read_text(encoding="utf-8")
