"""Writing to Kafka: the records of one transaction, by the one producer that owns a partition."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import IllegalOperation, InvalidProducerEpoch, ProducerFenced
from aiokafka.partitioner import murmur2
from aiokafka.producer import sender

from models.brokers import connection
from streams.errors import Fenced, RecordTooLarge
from streams.failpoint import Point, pass_by

Place = tuple[str, int]
"""A topic and a partition of it."""

# How long aiokafka waits until it asks again whether the transaction before has ended: 20 ms of its own, which most of a
# transaction then is. One after the other they take 8 ms instead of 28 (docs/performance.md, Latency).
sender.BACKOFF_OVERRIDE = 0.002

STOP_WITHIN_S = 5.0
BATCH_BYTES = 1 << 20
MAX_RECORD_BYTES = 10 << 20
RECORD_OVERHEAD_BYTES = 96  # batch header, varints, timestamp and offset deltas, rounded up


class Record(msgspec.Struct, frozen=True, gc=False):
    """What goes out. Without a partition, the key decides, as Kafka's own clients do it."""

    topic: str
    partition: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def partition_of(key: bytes | None, partitions: int) -> int:
    """Where Kafka's Java client would put this key; a record without key goes to partition 0."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions if key is not None else 0


def size_of(record: Record) -> int:
    """At most this many bytes in a record batch."""
    headers = sum(len(name) * 4 + len(value) + 10 for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers + RECORD_OVERHEAD_BYTES


class Outbox:
    """The transactional producer of one partition: opening it shuts out whoever had it open before."""

    def __init__(
        self,
        *,
        bootstrap_servers: str,
        transactional_id: str,
        transaction_timeout_ms: int,
        max_record_bytes: int = MAX_RECORD_BYTES,
    ) -> None:
        self.transactional_id = transactional_id
        self._max_record_bytes = max_record_bytes
        self._bootstrap_servers = bootstrap_servers
        self._transaction_timeout_ms = transaction_timeout_ms
        self._producer: Any = None
        self._is_fenced = False

    async def open(self) -> Self:
        """Take the next epoch; what an owner before left open is aborted by the broker before this returns."""
        producer = AIOKafkaProducer(
            **connection(self._bootstrap_servers),
            transactional_id=self.transactional_id,
            transaction_timeout_ms=self._transaction_timeout_ms,
            max_batch_size=BATCH_BYTES,
            max_request_size=self._max_record_bytes + RECORD_OVERHEAD_BYTES,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer
        return self

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(TimeoutError):  # after a lost race for the epoch aiokafka has been seen to wait for ever
                await asyncio.wait_for(producer.stop(), STOP_WITHIN_S)

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def transaction(self, records: Iterable[Record]) -> dict[Place, int]:
        """Send all records or none; the offset after the last one written, by place.

        Raises:
            RecordTooLarge: before anything was sent.
            Fenced: the partition belongs to another process.
        """
        if self._is_fenced:
            raise Fenced(self._refusal)
        batches = self._packed(await self._by_place(records))
        if not batches:
            return {}
        try:
            async with self._producer.transaction():
                ends = await self._sent(batches)
                pass_by(Point.SENT)
                return ends
        except (ProducerFenced, InvalidProducerEpoch) as error:
            self._is_fenced = True
            raise Fenced(self._refusal) from error

    @property
    def _refusal(self) -> str:
        return (
            f"{self.transactional_id} was refused by the broker: another process has taken its partition, "
            "or a transaction took longer than its timeout"
        )

    async def _by_place(self, records: Iterable[Record]) -> Mapping[Place, list[Record]]:
        placed: dict[Place, list[Record]] = {}
        for record in records:
            if size_of(record) > self._max_record_bytes:
                raise RecordTooLarge(
                    f"a record for {record.topic} with key {record.key!r:.80} takes {size_of(record)} bytes; "
                    f"the limit is {self._max_record_bytes}"
                )
            partition = record.partition if record.partition is not None else await self._chosen(record)
            placed.setdefault((record.topic, partition), []).append(record)
        return placed

    async def _chosen(self, record: Record) -> int:
        return partition_of(record.key, len(await self._producer.partitions_for(record.topic)))

    def _packed(self, placed: Mapping[Place, Sequence[Record]]) -> list[tuple[Place, Any]]:
        return [(place, batch) for place, records in placed.items() for batch in self._batches(records)]

    def _batches(self, records: Sequence[Record]) -> list[Any]:
        batch = self._producer.create_batch()
        batches = [batch]
        for record in records:
            if not _appended(batch, record):  # full: a fresh one takes any record
                batch = self._producer.create_batch()
                batches.append(batch)
                _appended(batch, record)
        return batches

    async def _sent(self, batches: Sequence[tuple[Place, Any]]) -> dict[Place, int]:
        on_their_way: list[asyncio.Future[Any]] = []
        for (topic, partition), batch in batches:
            try:
                on_their_way.append(await self._producer.send_batch(batch, topic, partition=partition))
            except IllegalOperation:  # one of those before has ended the transaction
                _raise_what_failed(on_their_way)
                await self._producer.commit_transaction()  # says what ended it, where no batch says so yet
                raise
        return {
            place: (await acknowledged).offset + batch.record_count()
            for (place, batch), acknowledged in zip(batches, on_their_way, strict=True)
        }


def _raise_what_failed(on_their_way: Iterable["asyncio.Future[Any]"]) -> None:
    for sent in on_their_way:
        if sent.done() and (error := sent.exception()) is not None:
            raise error


def _appended(batch: Any, record: Record) -> bool:
    return batch.append(timestamp=None, key=record.key, value=record.value, headers=list(record.headers)) is not None
