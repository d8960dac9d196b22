"""The follower: reads all reference data before anything is judged, then swaps one snapshot at each manifest."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from models.brokers import connection
from models.denied import told
from models.reference.manifest import TOPICS
from models.reference.snapshot import Snapshot
from models.topics import SETS
from streams.assembly import Assembly

log = structlog.get_logger(__name__)

OnChange = Callable[[Snapshot, Snapshot], None]
"""Called with the snapshot before and the one that holds now."""

RETRY_S = 1.0
PROGRESS_S = 2.0
STOP_WITHIN_S = 5.0
POLL_MS = 200
FETCH_BYTES = 2 << 20
FETCH_WAIT_MS = 100  # other requests of the connection wait behind a fetch

_SETS = TopicPartition(SETS, 0)
_ROWS = [TopicPartition(topic, 0) for topic in TOPICS]


class Follower:
    """Holds the snapshot as of the newest whole set; without any set ever the empty one, number −1."""

    def __init__(self, *, bootstrap_servers: str, on_change: OnChange | None = None) -> None:
        self.on_change = on_change
        self._bootstrap_servers = bootstrap_servers
        self._snapshot = Snapshot()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """What holds now; one that was taken stays as it is."""
        return self._snapshot

    @property
    def is_ready(self) -> bool:
        """Was everything read that was there at the start?"""
        return self._ready.is_set()

    def start(self) -> "asyncio.Task[None]":
        """Begin to read, in a task of its own; if it ever ends, its exception is why."""
        self._task = asyncio.create_task(self._run(), name="reference follower")
        return self._task

    async def ready(self) -> Snapshot:
        """Wait until everything that was there at the start is read; what ends the follower is raised here."""
        task = self._task or self.start()
        waiting = asyncio.create_task(self._ready.wait())
        await asyncio.wait([waiting, task], return_when=asyncio.FIRST_COMPLETED)
        if not self._ready.is_set():
            waiting.cancel()
            await task
        return self._snapshot

    async def stop(self) -> None:
        """End the reading; the snapshot stays."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        """Follow; when the broker is gone, wait for it and read everything again."""
        while True:
            try:
                async with self._consumer() as consumer:
                    await self._follow(consumer)
            except (KafkaError, OSError) as error:
                log.warning("reference_waits_for_kafka", at=self._bootstrap_servers, reason=told(error))
                await asyncio.sleep(RETRY_S)

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[Any]:
        consumer = AIOKafkaConsumer(
            **connection(self._bootstrap_servers),
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # "latest" can overtake a seek: the reference silently comes back empty
            isolation_level="read_committed",
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
        )
        try:
            await consumer.start()
            yield consumer
        finally:
            with suppress(TimeoutError):  # a consumer stopped while it looks up offsets swallows the cancellation
                await asyncio.wait_for(consumer.stop(), STOP_WITHIN_S)

    async def _follow(self, consumer: Any) -> None:
        await self._topics_exist(consumer)
        assembly = Assembly()
        await self._read_manifests(consumer, assembly)
        await self._read_rows(consumer, assembly)
        self._ready.set()
        log.info("reference_ready", number=self._snapshot.number, records=assembly.rows)
        while True:
            await self._read_on(consumer, assembly)

    async def _topics_exist(self, consumer: Any) -> None:
        told = False
        while missing := sorted({SETS, *TOPICS} - set(await consumer.topics())):
            if not told:
                log.warning(
                    "reference_waits_for_topics", missing=missing, do="create them: python -m handelspuls topics"
                )
                told = True
            await asyncio.sleep(RETRY_S)

    async def _read_manifests(self, consumer: Any, assembly: Assembly) -> None:
        """All manifests that are there now; only the last one counts."""
        beginnings = await consumer.beginning_offsets([_SETS, *_ROWS])  # before the first fetch, which holds up others
        end = (await consumer.end_offsets([_SETS]))[_SETS]
        _begin(consumer, {_SETS: beginnings[_SETS]})
        while await consumer.position(_SETS) < end:
            fetched = await consumer.getmany(_SETS, timeout_ms=POLL_MS)
            assembly.take_manifests(fetched.get(_SETS, ()))
        ends = await consumer.end_offsets(_ROWS)
        assembly.only_last({place.topic: offset for place, offset in ends.items()})
        _begin(consumer, {**beginnings, _SETS: await consumer.position(_SETS)})

    async def _read_rows(self, consumer: Any, assembly: Assembly) -> None:
        """Everything up to the last manifest, with word of how far it is."""
        told = time.monotonic()
        while assembly.waits:
            await self._read_on(consumer, assembly)
            if time.monotonic() - told > PROGRESS_S:
                told = time.monotonic()
                log.info("reference_reading", records=assembly.rows)

    async def _read_on(self, consumer: Any, assembly: Assembly) -> None:
        fetched = await consumer.getmany(timeout_ms=POLL_MS)
        assembly.take_manifests(fetched.pop(_SETS, ()))
        for place, records in fetched.items():
            assembly.take_rows(place.topic, records)
        if assembly.waits:
            positions = {place.topic: await consumer.position(place) for place in _ROWS}
            while (snapshot := assembly.swap(positions)) is not None:
                self._hold(snapshot)

    def _hold(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        if snapshot.number != before.number:
            log.info("reference_swapped", number=snapshot.number, before=before.number)
            if self.on_change is not None:
                self.on_change(before, snapshot)


def _begin(consumer: Any, offsets: Mapping[TopicPartition, int]) -> None:
    consumer.assign(list(offsets))
    for place, offset in offsets.items():
        consumer.seek(place, offset)
