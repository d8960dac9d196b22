"""What the programs are told, and how they are watched: the same variables as the service's processes have."""

import os
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from prometheus_client import Gauge, start_http_server

COUNTER = "bench_records"


class Meter:
    """Counts records in a plain number; whoever asks pays for the asking."""

    def __init__(self) -> None:
        self.records = 0
        Gauge(COUNTER, "Records worked on").set_function(lambda: self.records)

    def show(self) -> None:
        """Answer /metrics from now on."""
        start_http_server(int(os.environ["HANDELSPULS_METRICS_PORT"]), addr="127.0.0.1")


def app() -> str:
    """The name of this run: first part of groups and changelogs."""
    return os.environ["HANDELSPULS_APP"]


def bootstrap() -> str:
    return os.environ["KAFKA_BOOTSTRAP_SERVERS"]


def partitions() -> int:
    return int(os.environ["HANDELSPULS_PARTITIONS"])


def reference_folder() -> Path:
    return Path(os.environ["BENCH_REFERENCE"])


def privacy_key() -> bytes:
    return os.environ["HANDELSPULS_PRIVACY_KEY"].encode()


def data_folder() -> Path:
    folder = Path(os.environ["HANDELSPULS_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def create_compacted(*names: str) -> None:
    """Topics of the program's own, there before it starts: Faust misses those that it has only just made."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap())
    configs = {"cleanup.policy": "compact"}
    admin.create_topics([NewTopic(name, partitions(), 1, topic_configs=configs) for name in names])
    admin.close()
