"""What comes in from Kafka: every partition of the sink's topics, committed records only, from given positions."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition

from models.brokers import connection
from models.topics import DERIVED_MAX_BYTES
from sinks.database.positions import Partition
from sinks.database.records import Record, text_headers

POLL_MS = 200
# The broker waits this long for more when there is nothing: the page shows an event within two seconds.
FETCH_WAIT_MS = 50
ANSWER_MS = 10_000
BOOTSTRAP_MS = 3_000


class TopicsMissing(Exception):  # noqa: N818 - it says what happened
    """Some of the topics are not there yet; the message names them."""


class Inflow:
    """A consumer with fixed partitions; raises kafka.errors.KafkaError where the cluster does not answer."""

    def __init__(self, *, bootstrap_servers: str, group: str, topics: Sequence[str]) -> None:
        self._consumer: Any = KafkaConsumer(
            **connection(bootstrap_servers),
            group_id=group,
            client_id=group,
            bootstrap_timeout_ms=BOOTSTRAP_MS,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=DERIVED_MAX_BYTES,
        )
        self._topics = topics
        self._partitions: list[TopicPartition] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close(autocommit=False, timeout_ms=ANSWER_MS)

    def find_partitions(self) -> None:
        """Learn the partitions of the topics; raises TopicsMissing."""
        there = self._consumer.topics()
        missing = [topic for topic in self._topics if topic not in there]
        if missing:
            raise TopicsMissing(f"Topics that are not there yet: {', '.join(missing)}.")
        self._partitions = [
            TopicPartition(topic, partition)
            for topic in self._topics
            for partition in sorted(self._consumer.partitions_for_topic(topic))
        ]
        self._consumer.assign(self._partitions)

    def beginnings(self) -> dict[Partition, int]:
        """The first offset of each partition."""
        return _by_place(self._consumer.beginning_offsets(self._partitions, timeout_ms=ANSWER_MS))

    def ends(self) -> dict[Partition, int]:
        """Behind the last committed record of each partition."""
        return _by_place(self._consumer.end_offsets(self._partitions, timeout_ms=ANSWER_MS))

    def ends_of(self, topic: str) -> dict[int, int]:
        """Behind the last committed record of each partition of a topic that is not read here; empty if it is not there."""
        places = [TopicPartition(topic, number) for number in self._consumer.partitions_for_topic(topic) or ()]
        ends = self._consumer.end_offsets(places, timeout_ms=ANSWER_MS) if places else {}
        return {place.partition: offset for place, offset in ends.items()}

    def start(self, positions: Mapping[Partition, int]) -> None:
        """Read on from these positions."""
        for partition in self._partitions:
            self._consumer.seek(partition, positions[partition.topic, partition.partition])

    def poll(self, *, max_records: int) -> list[Record]:
        """The next records, each partition's in the order of its offsets; none after a short wait."""
        fetched = self._consumer.poll(timeout_ms=POLL_MS, max_records=max_records)
        return [
            Record(one.topic, one.partition, one.offset, one.key, one.value, text_headers(one.headers), one.timestamp)
            for records in fetched.values()
            for one in records
        ]

    def lags(self) -> dict[Partition, int]:
        """Records not read yet; the position passes the markers of transactions, which the last record does not."""
        ends = self.ends()
        return {
            (one.topic, one.partition): max(0, ends[one.topic, one.partition] - self._consumer.position(one))
            for one in self._partitions
        }


def _by_place(offsets: Mapping[TopicPartition, int]) -> dict[Partition, int]:
    return {(place.topic, place.partition): offset for place, offset in offsets.items()}
