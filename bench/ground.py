"""The ground all programs run on: one Kafka with the events and the reference; outputs are new for every run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kafka import KafkaAdminClient, KafkaProducer

from deploy.local.broker import running_broker
from deploy.local.simulator.happening import Message
from models.topics import INPUT_MAX_BYTES, PURCHASES, REFERENCE_TABLES, SETS, reference_topic
from streams.topic_setup import create_topics
from tests.system.service import PRIVACY_KEY

ROOT = Path(__file__).parent.parent
KEPT = {PURCHASES, SETS, *map(reference_topic, REFERENCE_TABLES)}
GONE_WITHIN_S = 30.0


class Ground:
    """A Kafka and a folder; `begin` clears what the run before has written."""

    def __init__(self, *, bootstrap: str, folder: Path, partitions: int) -> None:
        self.bootstrap = bootstrap
        self.folder = folder
        self.partitions = partitions
        self.reference = folder / "reference"
        self.app = "bench-0"
        self.sent = 0
        self.settings: dict[str, str] = {}
        """Of the service's processes, beside those that every run has."""
        self._runs = 0

    def begin(self) -> None:
        """The next run: an application of its own, on empty topics."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            written = [name for name in admin.list_topics() if name not in KEPT and not name.startswith("__")]
            if written:
                admin.delete_topics(written)
            deadline = time.monotonic() + GONE_WITHIN_S
            while set(written) & set(admin.list_topics()) and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            admin.close()
        self._runs += 1
        self.app = f"bench-{self._runs}"
        create_topics(
            bootstrap_servers=self.bootstrap, prefix=f"{self.app}.1", partitions=self.partitions, replication=1
        )

    @property
    def data(self) -> Path:
        """Where this run's processes keep their stores."""
        return self.folder / self.app

    @property
    def environment(self) -> Mapping[str, str]:
        """What every process of this run is told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDELSPULS_")}
        return kept | {
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "HANDELSPULS_APP": self.app,
            "HANDELSPULS_DATA_DIR": str(self.data),
            "HANDELSPULS_PARTITIONS": str(self.partitions),
            "HANDELSPULS_PRIVACY_KEY": PRIVACY_KEY,
            "HANDELSPULS_LOG_LEVEL": "warning",
            "BENCH_REFERENCE": str(self.reference),
            **self.settings,
        }

    def command(self, *arguments: str) -> None:
        """One of the service's commands that end by themselves."""
        subprocess.run(
            [sys.executable, "-m", "handelspuls", *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def prepare(self, reference: Path, messages: Iterable[Message]) -> None:
        """Everything that is there before anyone starts: the reference is loaded, the events wait."""
        self.command("reference", "load", str(reference))
        self.send(messages)

    def send(self, messages: Iterable[Message]) -> None:
        """Put events where the programs will find them; `sent` counts them."""
        producer = KafkaProducer(bootstrap_servers=self.bootstrap, linger_ms=5, max_request_size=INPUT_MAX_BYTES)
        for one in messages:
            self.sent += 1
            producer.send(one.topic, key=one.key, value=one.value)
        producer.flush()
        producer.close()


@contextmanager
def ground(*, partitions: int = 4) -> Iterator[Ground]:
    """A Kafka of its own in a temporary folder; nothing of it outlives the context."""
    with TemporaryDirectory(prefix="handelspuls-bench-") as name, running_broker(folder=Path(name) / "kafka") as broker:
        made = Ground(bootstrap=broker.bootstrap, folder=Path(name), partitions=partitions)
        made.begin()
        yield made
