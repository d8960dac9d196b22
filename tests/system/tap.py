"""What stands in the topics: every committed record of all of them, read once and kept."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition

from streams.step import POSITION_KEY, Position, position_of

READ_WITHIN_S = 60.0
Place = tuple[str, int]


class Tap:
    """A reader of its own, outside of any group, that goes on where it was."""

    def __init__(self, bootstrap: str, topics: Sequence[str]) -> None:
        self.records: defaultdict[str, list[Any]] = defaultdict(list)
        self.heard: defaultdict[str, float] = defaultdict(float)
        """When, on the monotonic clock, a topic's last record came here."""
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_wait_ms=50,
            max_partition_fetch_bytes=16 << 20,
        )
        self._places = [TopicPartition(topic, n) for topic in topics for n in self._partitions(topic)]
        self._consumer.assign(self._places)
        self._consumer.seek_to_beginning(*self._places)

    def _partitions(self, topic: str) -> Sequence[int]:
        deadline = time.monotonic() + READ_WITHIN_S
        while not (found := self._consumer.partitions_for_topic(topic)):
            assert time.monotonic() < deadline, f"{topic} is not there"
        return sorted(found)

    def catch_up(self) -> None:
        """Read to the committed end as of now."""
        ends = self._consumer.end_offsets(self._places)
        deadline = time.monotonic() + READ_WITHIN_S
        while any(self._consumer.position(place) < ends[place] for place in self._places):
            assert time.monotonic() < deadline, "the topics could not be read to their ends"
            for place, records in self._consumer.poll(timeout_ms=100).items():
                self.records[place.topic].extend(records)
                self.heard[place.topic] = time.monotonic()

    def of(self, topic: str) -> list[Any]:
        """Every record of a topic, partition by partition in the order of its offsets."""
        return sorted(self.records[topic], key=lambda record: (record.partition, record.offset))

    def values(self, topic: str) -> Iterator[Any]:
        for record in self.of(topic):
            yield msgspec.json.decode(record.value)

    def last_by_key(self, topic: str) -> dict[str, Any]:
        """As a subscriber keeps them: the last value of each key."""
        return {record.key.decode(): msgspec.json.decode(record.value) for record in self.of(topic)}

    def next_offsets(self, topic: str) -> dict[int, int]:
        """Behind the last record of each partition; markers are no records."""
        found: dict[int, int] = {}
        for record in self.records[topic]:
            found[record.partition] = max(found.get(record.partition, 0), record.offset + 1)
        return found

    def positions(self, changelog: str) -> dict[int, Position]:
        """How far each partition of a table says it is."""
        rows = (record for record in self.of(changelog) if record.key == POSITION_KEY)
        return {record.partition: position_of(record.value) for record in rows}

    def newest_ms(self, topic: str) -> int:
        """When the newest record of the topic came."""
        return max((int(record.timestamp) for record in self.records[topic]), default=0)

    def close(self) -> None:
        self._consumer.close()
