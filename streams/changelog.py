"""Reading a partition's committed records from an offset to the end as of now, and deciding where to begin."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from kafka import KafkaAdminClient

from streams.errors import TopicMissing
from streams.failpoint import Point, pass_by
from streams.outbox import Place
from streams.store import Identity, Store

Progress = Callable[[int, float], None]
"""Called with the records read so far and the share of the way in percent."""

POLL_MS = 50  # what is lost where only transaction markers are left
STOP_WITHIN_S = 5.0


class Bounds(msgspec.Struct, frozen=True):
    """The offsets a partition holds: from beginning up to, not including, end (committed)."""

    beginning: int
    end: int


class Start(msgspec.Struct, frozen=True):
    """Where to read a changelog from; with a reason if the local copy can't be built upon."""

    offset: int
    wipe: str | None = None


def start_of(local_next: int, bounds: Bounds) -> Start:
    """Go on where the local copy ends, unless the changelog no longer connects to it."""
    if local_next > bounds.end:
        return Start(
            bounds.beginning, f"it is ahead of its changelog ({local_next}, the changelog ends at {bounds.end})"
        )
    if 0 < local_next < bounds.beginning:
        return Start(
            bounds.beginning, f"it ends at {local_next}, records of the changelog before {bounds.beginning} are deleted"
        )
    return Start(max(local_next, bounds.beginning))


class Reader:
    """Reads committed records of given partitions, outside of any consumer group."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    @classmethod
    @asynccontextmanager
    async def connected(cls, *, bootstrap_servers: str) -> "AsyncIterator[Reader]":
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # "latest" can overtake a seek: the state silently comes back empty
            isolation_level="read_committed",
            max_partition_fetch_bytes=4 << 20,
            fetch_max_wait_ms=POLL_MS,
        )
        try:
            await consumer.start()
            yield cls(consumer)
        finally:
            with suppress(TimeoutError):  # stopped right after an assignment, aiokafka has been seen to hang
                await asyncio.wait_for(consumer.stop(), STOP_WITHIN_S)

    async def bounds(self, places: Sequence[Place]) -> dict[Place, Bounds]:
        partitions = [TopicPartition(*place) for place in places]
        beginnings, ends = await asyncio.gather(
            self._consumer.beginning_offsets(partitions), self._consumer.end_offsets(partitions)
        )
        return {(at.topic, at.partition): Bounds(beginnings[at], ends[at]) for at in partitions}

    async def read(self, place: Place, start: int, end: int) -> AsyncIterator[tuple[Sequence[ConsumerRecord], int]]:
        """Records by batches, each with the offset to read next; gaps and transaction markers are passed over."""
        if start >= end:
            return  # a consumer that is assigned and stopped before its first fetch may never stop
        at = TopicPartition(*place)
        self._consumer.assign([at])
        self._consumer.seek(at, start)
        while await self._consumer.position(at) < end:
            fetched = await self._consumer.getmany(at, timeout_ms=POLL_MS)
            yield fetched.get(at, ()), await self._consumer.position(at)


async def restore(store: Store, *, reader: Reader, place: Place, progress: Progress) -> int:
    """Bring the store up to the changelog's committed end as of now; how many records it took."""
    bounds = (await reader.bounds([place]))[place]
    start = start_of(store.next, bounds)
    if start.wipe is not None:
        store.wipe(start.wipe)
    count = 0
    async for records, following in reader.read(place, start.offset, bounds.end):
        count += len(records)
        store.write(_rows(records), following)
        pass_by(Point.RESTORING)
        progress(count, 100 * (following - start.offset) / max(bounds.end - start.offset, 1))
    return count


def _rows(records: Iterable[ConsumerRecord]) -> dict[bytes, bytes]:
    return {record.key: record.value for record in records if record.value is not None}


async def identities(*, bootstrap_servers: str, topic: str) -> dict[int, Identity]:
    """The name of each partition of a changelog, by the cluster's and the topic's own ids."""
    return await asyncio.to_thread(_identities, bootstrap_servers, topic)


def _identities(bootstrap_servers: str, topic: str) -> dict[int, Identity]:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        cluster = str(admin.describe_cluster()["cluster_id"])
        described = admin.describe_topics([topic])[0]
    finally:
        admin.close()
    if described.get("error_code") or not described.get("partitions"):
        raise TopicMissing(f"the topic {topic} does not exist on {bootstrap_servers}: create the topics first")
    numbers = [int(each["partition_index"]) for each in described["partitions"]]
    topic_id = str(described["topic_id"])
    return {n: Identity(cluster=cluster, topic=topic, topic_id=topic_id, partition=n) for n in numbers}
