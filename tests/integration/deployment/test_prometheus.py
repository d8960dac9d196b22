"""A real Prometheus, as deploy/prometheus sets it up, beside a worker that runs."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.broker import running_broker
from deploy.local.child import free_port, tail

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "deploy/prometheus/prometheus.yml"
WITHIN_S = 60.0


def program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is missing: `make parts` installs it, or apt-get install prometheus"
    return found


@contextmanager
def running(command: list[str], *, log: Path, environment: dict[str, str] | None = None) -> Iterator[None]:
    with log.open("wb") as output:
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def until(reached: Callable[[], bool], *, log: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not reached():
        assert time.monotonic() < deadline, tail(log)
        time.sleep(0.2)


def ask(address: str, expression: str) -> dict[str, Any]:
    url = f"{address}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - an address of our own
        found: dict[str, Any] = json.load(answer)
    return found


def value_of(address: str, expression: str) -> float | None:
    try:
        found = ask(address, expression)["data"]["result"]
    except OSError:
        return None
    return float(found[0]["value"][1]) if found else None


def serving(address: str, log: Path) -> None:
    def ready() -> bool:
        try:
            urllib.request.urlopen(f"{address}/-/ready", timeout=2).close()  # noqa: S310 - an address of our own
        except OSError:
            return False
        return True

    until(ready, log=log)


@contextmanager
def prometheus(
    folder: Path, targets: Mapping[str, int | Sequence[int]], *, home: Path = CONFIG.parent
) -> Iterator[str]:
    """A Prometheus with the jobs of our configuration, their addresses replaced by ports of this machine; rules of `home`."""
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    config["global"]["scrape_interval"] = "1s"
    config["rule_files"] = [str(home / name) for name in config["rule_files"]]
    config["scrape_configs"] = [
        {"job_name": job["job_name"], "static_configs": [{"targets": _addresses(targets[job["job_name"]])}]}
        for job in config["scrape_configs"]
        if job["job_name"] in targets
    ]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port, log = free_port(), folder / "prometheus.log"
    command = [
        program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with running(command, log=log):
        address = f"http://127.0.0.1:{port}"
        serving(address, log)
        yield address


def _addresses(ports: int | Sequence[int]) -> list[str]:
    return [f"127.0.0.1:{port}" for port in ([ports] if isinstance(ports, int) else ports)]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of its own: a worker takes the topics by their real names."""
    with running_broker(folder=tmp_path_factory.mktemp("kafka")) as broker:
        yield broker.bootstrap


@pytest.fixture(scope="module")
def address(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus that scrapes a worker whose partitions are open."""
    folder = tmp_path_factory.mktemp("prometheus")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HANDELSPULS_")},
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "HANDELSPULS_DATA_DIR": str(folder / "store"),
        "HANDELSPULS_METRICS_PORT": str(port),
        "HANDELSPULS_PRIVACY_KEY": "only for this test",
    }
    command = [sys.executable, "-m", "handelspuls"]
    subprocess.run([*command, "topics"], cwd=ROOT, env=environment, check=True, capture_output=True)
    log = folder / "worker.log"
    with (
        running([*command, "worker"], log=log, environment=environment),
        prometheus(folder, {"worker": port}) as found,
    ):
        until(lambda: value_of(found, 'handelspuls_partitions_open{table="purchases"}') == 4, log=log)
        yield found


def test_promtool_accepts_the_configuration() -> None:
    done = subprocess.run([program("promtool"), "check", "config", CONFIG], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", ["check", "test"])
def test_promtool_accepts_the_rules_and_finds_that_they_fire_when_they_should(command: str) -> None:
    folder = CONFIG.parent
    chosen = sorted(folder.glob("rules/*.yml" if command == "check" else "rules_test*.yml"))
    done = subprocess.run([program("promtool"), command, "rules", *chosen], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_sees_the_partitions_of_a_running_worker(address: str) -> None:
    found = ask(address, 'handelspuls_partitions_open{table="purchases"}')["data"]["result"]
    assert [(each["metric"]["job"], each["value"][1]) for each in found] == [("worker", "4")]


def test_a_series_of_a_partition_has_topic_and_partition_as_its_labels(address: str) -> None:
    found = ask(address, "handelspuls_restored_percent")["data"]["result"]
    assert {each["metric"]["partition"] for each in found} == {"0", "1", "2", "3"}
