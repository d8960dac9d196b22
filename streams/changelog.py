"""Reading a partition's committed records from an offset to the end as of now, and deciding where to begin."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from kafka import KafkaAdminClient

from models.brokers import connection
from streams.errors import ReadingStuck, TopicMissing
from streams.failpoint import Point, pass_by
from streams.outbox import Place
from streams.store import Identity, Store

log = structlog.get_logger(__name__)

Progress = Callable[[int, float], None]
"""Called with the records read so far and the share of the way in percent."""

POLL_MS = 50  # what is lost where only transaction markers are left
STOP_WITHIN_S = 5.0
STUCK_AFTER_S = 60.0
TOLD_EVERY_S = 5.0


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
            **connection(bootstrap_servers),
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
        position, moved_at = start, time.monotonic()
        while position < end:
            fetched = await self._consumer.getmany(at, timeout_ms=POLL_MS)
            following = await self._consumer.position(at)
            if following != position:
                position, moved_at = following, time.monotonic()
            elif time.monotonic() - moved_at > STUCK_AFTER_S:
                raise ReadingStuck(
                    f"{place[0]} partition {place[1]} gives nothing from offset {position} on, and ends at {end}"
                )
            yield fetched.get(at, ()), position
            if fetched:  # the time that the records took is not the broker's
                moved_at = time.monotonic()


async def restore(store: Store, *, reader: Reader, place: Place, progress: Progress) -> int:
    """Bring the store up to the changelog's committed end as of now; how many records it took."""
    bounds = (await reader.bounds([place]))[place]
    start = start_of(store.next, bounds)
    if start.wipe is not None:
        store.wipe(start.wipe)
    count, told = 0, _Told(place, start.offset, bounds.end)
    async for records, following in reader.read(place, start.offset, bounds.end):
        count += len(records)
        store.write(_rows(records), following)
        pass_by(Point.RESTORING)
        progress(count, told.percent(following))
        told.now_and_then(count, following)
    return count


class _Told:
    """How far the reading of a changelog is, for the log."""

    def __init__(self, place: Place, start: int, end: int) -> None:
        self._place, self._start, self._end = place, start, end
        self._began_at = time.monotonic()
        self._due = self._began_at + TOLD_EVERY_S

    def percent(self, following: int) -> float:
        return 100 * (following - self._start) / max(self._end - self._start, 1)

    def now_and_then(self, records: int, following: int) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + TOLD_EVERY_S
        passed = max(following - self._start, 1)
        left_s = (now - self._began_at) * (self._end - following) / passed
        log.info(
            "the table is being read from its changelog",
            topic=self._place[0],
            partition=self._place[1],
            records=records,
            percent=round(self.percent(following), 1),
            seconds_left=round(left_s),
        )


def _rows(records: Iterable[ConsumerRecord]) -> dict[bytes, bytes]:
    return {record.key: record.value for record in records if record.value is not None}


async def identities(*, bootstrap_servers: str, topic: str) -> dict[int, Identity]:
    """The name of each partition of a changelog, by the cluster's and the topic's own ids."""
    return await asyncio.to_thread(_identities, bootstrap_servers, topic)


def _identities(bootstrap_servers: str, topic: str) -> dict[int, Identity]:
    admin = KafkaAdminClient(**connection(bootstrap_servers))
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
