"""One partition number of one or several co-partitioned topics: opened once, one serial order, one transaction for all that waits."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import structlog
from aiokafka import ConsumerRecord

from models.denied import told
from streams.batch import Batch
from streams.changelog import Bounds, Reader
from streams.ending import End, end_process
from streams.errors import PositionOutsideTopic
from streams.failpoint import Point, pass_by
from streams.observer import Observer, Unobserved
from streams.step import POSITION_KEY, Effects, Position, Step, position_of
from streams.table import TablePartition

log = structlog.get_logger(__name__)

GENERATION_POLL_S = 0.02
MOST_RECORDS = 2_000
"""With these a transaction is full; a batch that is longer goes alone."""


class PartitionTask:
    """Opens its partition and works through its batches until it is closed.

    It writes only while it may: between a revocation and the next assignment (`suspend`, `resume`) no epoch is taken and
    no transaction begun, so that a partition that moves is never written by two that mean well; one that means well but
    slept is refused by the broker.
    """

    def __init__(
        self,
        *,
        partition: int,
        topics: Sequence[str],
        table: TablePartition,
        step: Step,
        idle_interval_s: float = 0.2,
        observer: Observer | None = None,
        end: End = end_process,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.partition = partition
        self.is_open = False
        self.progressed_at = time.monotonic()
        """When a batch was last finished or a sweep went on."""
        self._topics = tuple(topics)
        self._table = table
        self._step = step
        self._idle_interval_s = idle_interval_s
        self._observer = observer or Unobserved()
        self._end = end
        self._clock = clock
        self._batches: deque[Batch] = deque()
        self._arrived = asyncio.Event()
        self._allowed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._position = Position()
        self._beginnings: dict[str, int] = {}
        self._idle_due = time.monotonic() + idle_interval_s
        self._generation = -1
        self._current_generation: Callable[[], int] = lambda: self._generation
        self._task: asyncio.Task[None] | None = None

    # told by the process

    def start(self, *, generation: int, current_generation: Callable[[], int]) -> None:
        """On assignment; opening goes on in the background."""
        self._current_generation = current_generation
        self.resume(generation)
        self._task = asyncio.create_task(self._live(), name=f"partition {self.partition}")

    def suspend(self) -> None:
        self._allowed.clear()

    async def settled(self) -> None:
        """After `suspend`: until what was being written is written."""
        async with self._writing:
            pass

    def resume(self, generation: int) -> None:
        self._generation = generation
        self._allowed.set()

    def deliver(self, batch: Batch) -> None:
        self._batches.append(batch)
        self._arrived.set()

    @property
    def rows(self) -> int:
        """About how many rows its table has; only while it is open."""
        return self._table.store.size()

    def reads_from(self, topic: str) -> int | None:
        """The offset where reading goes on; None until it is open."""
        return self._position.offsets.get(topic, self._beginnings[topic]) if self.is_open else None

    async def verify_topics(self) -> None:
        """While it is open: the topics must be those that were there when it was opened, not others of the same name.

        Raises:
            TopicMissing: one is not there now.
        """
        for topic, known in self._position.topics.items():
            if await self._table.topic_id(topic, now=True) != known:
                self._end(_made_anew(topic, self.partition, self._position.offsets.get(topic, 0)), None)

    async def close(self) -> None:
        self.is_open = False
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._table.close()
        self._observer.closed(self.partition)

    # opening

    async def _live(self) -> None:
        try:
            await self._open()
            await self._serve()
        except Exception as error:  # noqa: BLE001  # whatever it is, nothing may go on behind it
            self._end(f"partition {self.partition} can't go on: {told(error)}", error)

    async def _open(self) -> None:
        started = time.monotonic()
        await self._take_epoch()
        pass_by(Point.ASSIGNED)
        async with Reader.connected(bootstrap_servers=self._table.bootstrap_servers) as reader:
            restored = await self._table.restore(reader, progress=self._restoring)
            held = await reader.bounds([(topic, self.partition) for topic in self._topics])
        self._beginnings = {topic: bounds.beginning for (topic, _), bounds in held.items()}
        self._position = position_of(self._table.get(POSITION_KEY))
        topics = {topic: await self._table.topic_id(topic) for topic in self._topics}
        for (topic, _), bounds in held.items():
            verify(self._position, topic, self.partition, bounds, topics[topic])
        self._position = msgspec.structs.replace(self._position, topics=topics)
        await self._step.opened(self._table, self._position.marks)
        self.is_open = True
        self.progressed_at = time.monotonic()
        self._observer.opened(self.partition, restored, time.monotonic() - started)

    def _restoring(self, records: int, percent: float) -> None:
        self._observer.restoring(self.partition, records, percent)

    async def _take_epoch(self) -> None:
        while True:
            await self._allowed.wait()
            async with self._writing:
                if self._may_write():
                    await self._table.take_epoch()
                    return
            await asyncio.sleep(GENERATION_POLL_S)  # the assignment that belongs to the new generation is on its way

    def _may_write(self) -> bool:
        return self._allowed.is_set() and self._generation == self._current_generation()

    # serving

    async def _serve(self) -> None:
        while True:
            await self._wait_for_work()
            await self._allowed.wait()
            async with self._writing:
                if self._batches:
                    await self._work()
                if self._may_write() and time.monotonic() >= self._idle_due:
                    await self._idle()

    async def _wait_for_work(self) -> None:
        if self._batches:
            await asyncio.sleep(0)  # others have their turn
            return
        self._arrived.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), max(self._idle_due - time.monotonic(), 0))

    async def _work(self) -> None:
        """What waits of all topics in one transaction, which costs nearly the same for one record and for many."""
        begun: list[Batch] = []
        records: list[ConsumerRecord] = []
        position = self._position
        while self._batches and len(records) < MOST_RECORDS:
            batch = self._batches.popleft()
            reached = position.offsets.get(batch.topic, self._beginnings[batch.topic])
            if not self._may_write() or batch.generation != self._generation or batch.follows > reached:
                batch.give_back()
            elif batch.begin():
                begun.append(batch)
                records += unread(batch.records, reached)
                position = position.past(batch.topic, max(reached, batch.next_offset))
        await self._settle(begun, records, position)

    async def _settle(self, begun: Sequence[Batch], records: Sequence[ConsumerRecord], position: Position) -> None:
        started = time.monotonic()
        if records:
            effects = await self._step.step(records, self._table)
            if not await self._commit(effects, position):
                for batch in begun:
                    batch.abandon()
                return
            self._observer.committed(self.partition, effects.results, time.monotonic() - started)
        if begun:
            self.progressed_at = time.monotonic()
        for batch in begun:
            batch.finish()

    async def _idle(self) -> None:
        effects = await self._step.idle(self._clock())
        sweeps = effects is not None and await self._commit(effects, self._position) and effects.sweep
        now = time.monotonic()
        if sweeps:
            self.progressed_at = now
        self._idle_due = now if sweeps and not self._batches else now + self._idle_interval_s

    async def _commit(self, effects: Effects, position: Position) -> bool:
        """False if the partition may no longer be written: the step forgets what it did."""
        if not self._may_write():
            await self._step.opened(self._table, self._position.marks)
            return False
        position = position.marked(effects.marks)
        changes = {**effects.changes, POSITION_KEY: msgspec.json.encode(position)}
        await self._table.commit(changes, effects.records)
        self._position = position
        if effects.tell is not None:
            effects.tell()
        return True


def unread(records: Sequence[ConsumerRecord], position: int) -> Sequence[ConsumerRecord]:
    """What lies below the position is done already."""
    if records[0].offset >= position:
        return records
    return [record for record in records if record.offset >= position]


def verify(position: Position, topic: str, partition: int, bounds: Bounds, topic_id: str) -> None:
    """Reading must be able to go on exactly where it ended.

    Raises:
        PositionOutsideTopic: the topic lost records that were not read, or is another one than before.
    """
    offset = position.offsets.get(topic)
    if offset is not None and position.topics.get(topic, topic_id) != topic_id:
        raise PositionOutsideTopic(_made_anew(topic, partition, offset))
    if offset is not None and not bounds.beginning <= offset <= bounds.end:
        raise PositionOutsideTopic(
            f"{topic} partition {partition} is to be read from offset {offset}, but it holds {bounds.beginning} to "
            f"{bounds.end}: records were deleted before they were read, or the topic was created anew; restore the topic, "
            "or rebuild under the next generation"
        )


def _made_anew(topic: str, partition: int, offset: int) -> str:
    return (
        f"{topic} partition {partition} is to be read from offset {offset}, but the topic was deleted and created anew: "
        "rebuild from what it holds, under the next generation"
    )
