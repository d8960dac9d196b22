"""Worker processes for the tests, the topics they use, and the oracle of what they must have said."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from streams.outbox import partition_of

PARTITIONS = 4
SESSION_S = 6.0
HANGS, RAISES = b"-1", b"-2"
"""Records that bring the step to a standstill, or to an exception."""
DEADLINE_S = 60.0


def wait_until(what: str, condition: Callable[[], Any], *, within_s: float = DEADLINE_S) -> Any:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {within_s:.0f} s for: {what}")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def create_topics(bootstrap: str, prefix: str, partitions: int = PARTITIONS) -> None:
    compacted = {"cleanup.policy": "compact,delete", "retention.ms": "-1"}  # delete: so that a test may cut it off
    topics = [NewTopic(f"{prefix}.{name}", partitions, 1) for name in ("input", "routed", "output", "notes")]
    topics.append(NewTopic(f"{prefix}.changelog", partitions, 1, topic_configs=compacted))
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics(topics)
    finally:
        admin.close()


def key_of(number: int) -> bytes:
    return b"key-%d" % (number % 50)


def produce(bootstrap: str, prefix: str, numbers: Iterable[int], partitions: int = PARTITIONS) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=5)
    for number in numbers:
        key = key_of(number)
        partition = partition_of(key, partitions)
        producer.send(f"{prefix}.input", value=b"%d" % number, key=key, partition=partition)
    producer.flush()
    producer.close()


def committed(bootstrap: str, topic: str) -> list[Any]:
    """All committed records of a topic, partition by partition."""
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    try:
        places = [TopicPartition(topic, number) for number in sorted(reader.partitions_for_topic(topic) or ())]
        reader.assign(places)
        reader.seek_to_beginning(*places)
        ends = reader.end_offsets(places)
        found: list[Any] = []
        deadline = time.monotonic() + DEADLINE_S
        while any(reader.position(place) < ends[place] for place in places):
            assert time.monotonic() < deadline, f"{topic} could not be read to its end"
            for records in reader.poll(timeout_ms=100).values():
                found.extend(records)
        return found
    finally:
        reader.close()


def outputs(bootstrap: str, prefix: str) -> Counter[int]:
    return Counter(int(record.value.split()[0]) for record in committed(bootstrap, f"{prefix}.output"))


def verify_exactly_once(bootstrap: str, prefix: str, numbers: range) -> None:
    """Every record once in the results, every count once for its key, and the table's last word is the sum."""
    results = committed(bootstrap, f"{prefix}.output")
    told = Counter(int(record.value.split()[0]) for record in results)
    assert told == Counter(numbers), (
        f"missing {len(set(numbers) - told.keys())}, repeated {len(+(told - Counter(numbers)))}"
    )
    counts: dict[tuple[int, bytes], list[int]] = {}
    for record in results:
        counts.setdefault((record.partition, record.key), []).append(int(record.value.split()[1]))
    assert all(seen == list(range(1, len(seen) + 1)) for seen in counts.values())
    rows = {(each.partition, each.key): each.value for each in committed(bootstrap, f"{prefix}.changelog")}
    tables = {place: int(value) for place, value in rows.items() if not place[1].startswith(b"\0")}
    assert tables == {place: len(seen) for place, seen in counts.items()}


class Worker:
    """A running `counting` process."""

    def __init__(self, *, bootstrap: str, prefix: str, instance: str, folder: Path, **options: float) -> None:
        self.instance = instance
        self.port = free_port()
        self.log = folder / f"{instance}-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "tests.integration.streams.counting", "--bootstrap", bootstrap]
        command += ["--prefix", prefix, "--instance", instance, "--datadir", str(folder / "data")]
        command += ["--health-port", str(self.port)]
        command += [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)

    def send(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def ended(self, within_s: float = 30.0) -> int:
        return self.process.wait(within_s)

    def kill(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.kill()
        self.process.wait(10)

    def page(self, path: str) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"{self.instance} ended:\n{self.log.read_text()[-3000:]}"
        return self.page("/readyz")[0] == 200


class Load:
    """Records with rising numbers at a steady rate until told to stop; then `numbers` are those sent."""

    def __init__(self, bootstrap: str, prefix: str, *, rate: int = 2_000) -> None:
        self._bootstrap, self._prefix, self._rate = bootstrap, prefix, rate
        self._stopping = threading.Event()
        self._sent = 0
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    @property
    def numbers(self) -> range:
        return range(self._sent)

    def _run(self) -> None:
        producer = KafkaProducer(bootstrap_servers=self._bootstrap, linger_ms=5)
        while not self._stopping.wait(0.1):
            for number in range(self._sent, self._sent + self._rate // 10):
                key = key_of(number)
                partition = partition_of(key, PARTITIONS)
                producer.send(f"{self._prefix}.input", value=b"%d" % number, key=key, partition=partition)
            producer.flush()
            self._sent += self._rate // 10
        producer.close()
