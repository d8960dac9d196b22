"""Which processes `make run` starts, in which environment: the Procfile, made concrete by the settings."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from honcho.environ import parse_procfile

from deploy.local.child import LOOPBACK
from deploy.local.settings import LocalSettings
from handelspuls.settings import Settings

PROCFILE = Path(__file__).with_name("Procfile")
BROKER, POSTGRES, SETUP, WORKER, SIMULATE = "broker", "postgres", "setup", "worker", "simulate"
# The order in which metrics ports are given out; workers take those that follow.
MEASURED = ("intake", "merge", "database", SIMULATE)


@dataclass(frozen=True)
class Part:
    """One process of the local run."""

    name: str
    command: str
    environment: Mapping[str, str] = field(default_factory=dict)
    serves: bool = False
    """Whether the others need it: it is stopped last, and nothing can run without it."""
    ends: bool = False
    """Whether it may end by itself with code 0."""


@dataclass(frozen=True)
class Plan:
    """What is started, and where it can be reached."""

    parts: tuple[Part, ...]
    ports: Mapping[str, int]
    """The variable that sets a port, and the port: each must be free."""
    kafka: str
    database_url: str
    page: str
    metrics: Mapping[str, str]


def plan(*, settings: Settings, local: LocalSettings, key_file: Path) -> Plan:
    """Decide what to start: nothing embedded where an address of an existing server is given."""
    own_kafka = "kafka_bootstrap_servers" not in settings.model_fields_set
    own_postgres = "database_url" not in settings.model_fields_set
    kafka = f"{LOOPBACK}:{local.kafka_port}" if own_kafka else settings.kafka_bootstrap_servers
    database_url = _local_database(local) if own_postgres else settings.database_url
    shared = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "DATABASE_URL": database_url,
        "HANDELSPULS_PRIVACY_KEY_FILE": str(key_file),
        "PYTHONUNBUFFERED": "1",
        # Warnings of libraries to programmers; the tests show them.
        "PYTHONWARNINGS": "ignore",
    }
    left_out = {BROKER: not own_kafka, POSTGRES: not own_postgres, SIMULATE: not local.simulator}
    names = [name for name in _procfile() if not left_out.get(name)]
    metrics = _metrics_ports(names, local)
    parts = [part for name in names for part in _parts(name, local=local, shared=shared, metrics=metrics)]
    taken = {"HANDELSPULS_KAFKA_PORT": local.kafka_port} if own_kafka else {}
    taken |= {"HANDELSPULS_POSTGRES_PORT": local.postgres_port} if own_postgres else {}
    return Plan(
        parts=tuple(parts),
        ports={
            **taken,
            "HANDELSPULS_WEB_PORT": settings.web_port,
            **{f"HANDELSPULS_FIRST_METRICS_PORT, {name}": port for name, port in metrics.items()},
        },
        kafka=kafka,
        database_url=database_url,
        page=f"http://{settings.web_host}:{settings.web_port}",
        metrics={name: f"http://{LOOPBACK}:{port}/metrics" for name, port in metrics.items()},
    )


def _procfile() -> dict[str, str]:
    return dict(parse_procfile(PROCFILE.read_text(encoding="utf-8")).processes)


def _local_database(local: LocalSettings) -> str:
    return f"postgresql+psycopg://postgres@{LOOPBACK}:{local.postgres_port}/handelspuls"


def _metrics_ports(names: list[str], local: LocalSettings) -> dict[str, int]:
    workers = [f"w{number}" for number in range(1, local.workers + 1)]
    offered = {name: local.first_metrics_port + step for step, name in enumerate((*MEASURED, *workers))}
    return {name: port for name, port in offered.items() if local.first_metrics_port and (name in {*names, *workers})}


def _parts(name: str, *, local: LocalSettings, shared: Mapping[str, str], metrics: Mapping[str, int]) -> list[Part]:
    # `exec` leaves no shell between: signals reach the process itself.
    command = "exec " + _procfile()[name].replace("python", sys.executable, 1)
    instances = [f"w{number}" for number in range(1, local.workers + 1)] if name == WORKER else [name]
    return [
        Part(
            name=instance,
            command=command,
            environment={
                **shared,
                **_own(instance, metrics),
                **({"HANDELSPULS_INSTANCE": instance} if name == WORKER else {}),
            },
            serves=name in {BROKER, POSTGRES},
            ends=name in {SETUP, SIMULATE},
        )
        for instance in instances
    ]


def _own(name: str, metrics: Mapping[str, int]) -> dict[str, str]:
    return {"HANDELSPULS_METRICS_PORT": str(metrics.get(name, 0))}
