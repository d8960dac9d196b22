"""Batch delivery under Faust: one Faust event is the records of one partition's fetch.

Faust's own rules for acknowledging (single offsets; offsets never seen count as done; what is skipped around a rebalance
counts as done) would commit work that nobody did. Here a batch is done when its partition says so, and the group's
offset is the end of the longest done prefix. It is a hint only: where reading starts is asked of the partition.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast

import faust
import msgspec
import structlog
from aiokafka import ConsumerRecord
from aiokafka.errors import IllegalStateError
from faust.assignor.partition_assignor import PartitionAssignor
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from kafka.errors import KafkaError
from mode.utils.futures import notify

from streams.batch import Batch
from streams.ending import end_process
from streams.errors import TopicMissing

log = structlog.get_logger(__name__)

SCHEME = "batch"
FETCH_WAIT_MS = 20
BATCHES_IN_FLIGHT = 2
"""Of one partition: one worked on, the next one waiting."""
IDLE_S = 0.05
ASKED_AGAIN_S = 0.5
SHORT_S = 0.01


class Gate(Protocol):
    """The partitions of this process, as the consumer sees them."""

    def reads_from(self, topic: str, partition: int) -> int | None:
        """The offset where reading goes on; None as long as the partition is not open."""
        ...

    def suspend(self) -> None:
        """Begin nothing new until the next assignment."""
        ...

    async def verify_topics(self) -> None:
        """End the process if one of them is another than the one that was read so far.

        Raises:
            TopicMissing, KafkaError: nobody can say.
        """
        ...


class Lag(msgspec.Struct, frozen=True):
    """Where a partition stands: its committed end, the consumer's position, and the records held between."""

    end: int
    position: int
    held: int

    @property
    def records(self) -> int:
        return max(self.end - self.position, 0) + self.held


class BatchSchema(faust.Schema[Any, Any]):
    """Hands a batch on as it is."""

    def compile(self, app: Any, **_: Any) -> Any:
        async def decode(message: Any, **_: Any) -> Any:
            return app.create_event(None, message.value, message.headers, message)

        return decode


class EvenAssignor(PartitionAssignor):
    """Co-partitions the topics and spreads them evenly: with standby replicas some members would be left empty."""

    def __init__(self, app: Any, replicas: int = 0) -> None:  # noqa: ARG002  # Faust passes its setting
        super().__init__(app, replicas=0)


class Delivery(msgspec.Struct):
    """A batch on its way, with the Faust message that carries it."""

    message: Any
    batch: Batch


class Consumer(driver.Consumer):
    """Fetches for partitions that are open and have room, from where they say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deliveries: defaultdict[TP, deque[Delivery]] = defaultdict(deque)
        self._reach: dict[TP, int] = {}  # since it was assigned, a partition has been delivered up to here
        self._assignments = 0
        self._room = asyncio.Event()
        self.is_in_doubt = False
        """The brokers have told of topics anew, after an error or a while: they may be others under the same names."""

    def _new_consumer_thread(self) -> "Thread":
        return Thread(self, loop=self.loop, beacon=self.beacon)

    @property
    def _gate(self) -> Gate:
        return cast("Any", self.app).partitions  # type: ignore[no-any-return]  # StreamsApp has it, Faust's App type not

    # fetching

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:  # noqa: ARG002, ASYNC109  # Faust's signature
        if not self.flow_active:
            await self.can_resume_flow.wait()
        assignment = self._assignments
        fetched = await self._fetched(self._with_room(), assignment)
        if self.is_in_doubt and not await self._are_topics_the_same():
            self._forget_places()  # what was fetched is read again, or never
            return
        for tp, records in fetched.items():
            if self.should_stop or not self.flow_active or assignment != self._assignments:
                return  # whoever reads next begins at the partition's position
            if tp in self._reach:  # else a batch was given back meanwhile
                self._verify(tp, records[0].offset)
                yield tp, self._delivery(tp, records).message

    async def _are_topics_the_same(self) -> bool:
        """False where nobody can say now; if they are others, the process ends."""
        self.is_in_doubt = False
        try:
            await self._gate.verify_topics()
        except (TopicMissing, KafkaError, OSError) as unknown:
            self.is_in_doubt = True
            log.warning("topics not seen", reason=str(unknown), again_in_s=ASKED_AGAIN_S)
            await asyncio.sleep(ASKED_AGAIN_S)
            return False
        return True

    def _with_room(self) -> set[TP]:
        return {tp for tp in self._get_active_partitions() if self._has_room(tp)}

    def _has_room(self, tp: TP) -> bool:
        if self._gate.reads_from(tp.topic, tp.partition) is None:
            return False
        return sum(not each.batch.is_done for each in self._deliveries[tp]) < BATCHES_IN_FLIGHT

    async def _fetched(self, ready: set[TP], assignment: int) -> Mapping[TP, Sequence[ConsumerRecord]]:
        if not ready:
            await self._wait_for_room()
            return {}
        if unplaced := ready - self._reach.keys():
            await self._place(unplaced)
        if assignment != self._assignments:
            return {}
        held_back = len(ready) < len(self._get_active_partitions())
        records: Mapping[TP, Sequence[ConsumerRecord]] | None
        records = await self._getmany(ready, SHORT_S if held_back else IDLE_S)
        return records or {}

    async def _wait_for_room(self) -> None:
        self._room.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._room.wait(), IDLE_S)

    async def _place(self, partitions: set[TP]) -> None:
        wanted = {tp: self._gate.reads_from(tp.topic, tp.partition) for tp in partitions}
        seeks = {tp: offset for tp, offset in wanted.items() if offset is not None}
        with suppress(IllegalStateError):  # one of them has moved meanwhile
            await self.seek_wait(seeks)
            self._reach.update(seeks)

    async def perform_seek(self) -> None:
        """Faust seeks to the group's offsets; here each partition is asked again where it stands."""
        self._forget_places()

    def _forget_places(self) -> None:
        self._reach.clear()
        self._assignments += 1

    def _verify(self, tp: TP, first: int) -> None:
        """A reader whose place is no longer there begins anew: what was there is lost, and what follows would be too."""
        if first < self._reach[tp]:
            end_process(
                f"{tp.topic}/{tp.partition} was to be read from offset {self._reach[tp]}, but begins at {first} again: "
                "it was deleted and created anew, or what it held is lost; restore it, or rebuild from what it holds"
            )

    def _delivery(self, tp: TP, records: Sequence[ConsumerRecord]) -> Delivery:
        message = self._to_message(tp, records[-1])
        batch = Batch(
            topic=tp.topic,
            partition=tp.partition,
            records=records,
            follows=self._reach[tp],
            generation=self.app.consumer_generation_id,
            on_end=lambda batch: self._ended(tp, message, batch),
        )
        self._reach[tp] = batch.next_offset
        message.key, message.value = None, cast("Any", batch)
        delivery = Delivery(message, batch)
        self._deliveries[tp].append(delivery)
        return delivery

    # acknowledging

    def ack(self, message: Any) -> bool:
        """Faust acknowledges what it skips: that is not work done."""
        self._unacked_messages.discard(message)
        return False

    def _ended(self, tp: TP, message: Any, batch: Batch) -> None:
        self._unacked_messages.discard(message)
        if batch.is_given_back:
            self._deliveries[tp] = deque(each for each in self._deliveries[tp] if each.batch is not batch)
            self._reach.pop(tp, None)  # read again from where the partition stands
        self._room.set()
        notify(self._waiting_for_ack)  # Faust else looks again after a whole second

    def stop_flow(self) -> None:
        """Before a rebalance or the end: what nobody works on yet is given back."""
        super().stop_flow()
        self._gate.suspend()
        for delivery in [each for deliveries in self._deliveries.values() for each in deliveries]:
            delivery.batch.give_back()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        self._forget_places()
        await super().on_partitions_revoked(revoked)
        self._deliveries.clear()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        self._forget_places()
        self._deliveries.clear()
        await super().on_partitions_assigned(assigned, generation_id)

    # committing

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in tuple(self._deliveries) if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        deliveries = self._deliveries[tp]
        offset: int | None = None
        while deliveries and deliveries[0].batch.is_done:
            offset = deliveries.popleft().batch.next_offset
        return offset

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps are markers and compacted records: a batch's end passes them."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Whether it moves is watched by health."""

    async def lags(self) -> dict[TP, Lag]:
        """Of every assigned partition, by the broker's word on the end; none while a rebalance goes on."""
        ends, positions = await cast("Thread", self._thread).ends_and_positions()
        return {tp: Lag(end, positions[tp], self._held(tp)) for tp, end in ends.items() if tp in positions}

    def _held(self, tp: TP) -> int:
        return sum(len(each.batch.records) for each in self._deliveries.get(tp, ()) if not each.batch.is_done)


class Thread(driver.AIOKafkaConsumerThread):
    """The thread that talks to the broker."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # Faust reads uncommitted records and waits 1.5 s  # noqa: SLF001
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001
        consumer._client.cluster.add_listener(self._doubt)  # noqa: SLF001
        return consumer

    def _doubt(self, _: object) -> None:
        cast("Consumer", self.consumer).is_in_doubt = True

    async def on_thread_stop(self) -> None:
        if self._consumer is not None and self._consumer._coordinator is not None:  # noqa: SLF001
            # A static member that only goes away keeps its partitions until the session ends; this makes it leave.
            self._consumer._coordinator._group_instance_id = None  # noqa: SLF001
        await super().on_thread_stop()

    async def ends_and_positions(self) -> tuple[dict[TP, int], dict[TP, int]]:
        result: tuple[dict[TP, int], dict[TP, int]] = await self.call_thread(self._ends_and_positions)
        return result

    async def _ends_and_positions(self) -> tuple[dict[TP, int], dict[TP, int]]:
        consumer = self._ensure_consumer()
        assigned = list(consumer.assignment())
        if not assigned:
            return {}, {}
        ends = await consumer.end_offsets(assigned)
        still = consumer._subscription.subscription.assignment  # noqa: SLF001  # position() would wait for one
        states = {tp: still.state_value(tp) for tp in assigned if still is not None}
        positions = {tp: state.position for tp, state in states.items() if state and state.has_valid_position}
        return {TP(*tp): end for tp, end in ends.items()}, {TP(*tp): at for tp, at in positions.items()}


class Transport(driver.Transport):
    """What `batch://` stands for."""

    Consumer = Consumer


TRANSPORTS.aliases[SCHEME] = f"{__name__}:Transport"
