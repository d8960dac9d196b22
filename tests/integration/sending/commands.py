"""Commands run as an integrator runs them, against the broker of the tests."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from deploy.local.child import free_port

ROOT = Path(__file__).parents[3]


def environment(bootstrap: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDELSPULS_")}
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    return kept | {"KAFKA_BOOTSTRAP_SERVERS": bootstrap, "DATABASE_URL": nowhere, "PYTHONUNBUFFERED": "1"}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "handelspuls", *map(str, arguments)]


def run(bootstrap: str, *arguments: object, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(bootstrap),
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
    )


class Ends:
    """What comes to topics from here on."""

    def __init__(self, bootstrap: str, *topics: str) -> None:
        self._consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
        self._places = [
            TopicPartition(topic, number)
            for topic in topics
            for number in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        self._consumer.assign(self._places)
        self._positions = self._consumer.end_offsets(self._places)

    def new(self) -> list[Any]:
        """The records since the last time, by topic, partition and offset."""
        ends = self._consumer.end_offsets(self._places)
        for place in self._places:
            self._consumer.seek(place, self._positions[place])
        found: list[Any] = []
        while any(self._consumer.position(place) < ends[place] for place in self._places):
            for records in self._consumer.poll(timeout_ms=200).values():
                found += records
        self._positions = ends
        return sorted(found, key=lambda record: (record.topic, record.partition, record.offset))

    def close(self) -> None:
        self._consumer.close()
