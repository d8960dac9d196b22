"""A loop written by hand on aiokafka: rows in memory with a changelog, no framework, no fencing. The floor.

It judges as the service does and writes the same judgements, refusals and cells, whole record batches at a time. It
cannot be restarted, nor can a second one take over: that is what the service adds.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.programs import surroundings
from bench.programs.desk import Desk, Judged, headers_of
from models.measures import ZERO
from models.purchase.row import EMPTY, Row, encode
from models.tally.contribution import add
from models.topics import DERIVED_MAX_BYTES, ORDERS, PARTIALS, PURCHASES, ROUTED, changelog_topic
from streams.cells import Partial
from streams.outbox import Place, Record, partition_of

FLUSH_S = 0.3
BATCH_BYTES = 1 << 20
MAX_RECORDS = 1_000
"""In one round: bounds how long a heartbeat waits."""


class Loop:
    """Everything in memory; `turn` is one round of fetched records."""

    def __init__(self, desk: Desk, producer: Any) -> None:
        self._desk = desk
        self._producer = producer
        self._changelog = changelog_topic(f"{surroundings.app()}.1", "purchases")
        self._partitions = surroundings.partitions()
        self._rows: dict[str, Row] = {}
        self._cells: dict[str, tuple[list[int], dict[str, int]]] = {}
        self._dirty: set[str] = set()
        self._sequence = 0
        self._flush_due = 0.0

    async def turn(self, fetched: Mapping[Any, Sequence[Any]]) -> int:
        """Work on a round, and return when the broker has all of it."""
        out: list[Record] = []
        changed: set[str] = set()
        for records in fetched.values():
            for record in records:
                self._take(self._desk.judge(record, self._row), out, changed)
            await asyncio.sleep(0)
        out += [Record(self._changelog, None, name.encode(), encode(self._rows[name])) for name in changed]
        await self._send([*out, *self._flushed()])
        return sum(map(len, fetched.values()))

    def _row(self, number: str) -> Row:
        return self._rows.get(number, EMPTY)

    def _take(self, judged: Judged, out: list[Record], changed: set[str]) -> None:
        out += judged.onward
        if judged.row is None:
            return
        self._rows[judged.number] = judged.row
        changed.add(judged.number)
        for name, change in judged.change.items():
            add(*self._cells.setdefault(name, ([*ZERO], {})), change)
        self._dirty.update(judged.change)
        out += [
            Record(ORDERS, None, one.purchase.encode(), msgspec.json.encode(one), headers_of(one))
            for one in judged.judgements
        ]

    def _flushed(self) -> list[Record]:
        if not self._dirty or time.monotonic() < self._flush_due:
            return []
        self._flush_due = time.monotonic() + FLUSH_S
        self._sequence += 1
        dirty, self._dirty = self._dirty, set()
        return [
            Record(PARTIALS, 0, f"0|{name}".encode(), msgspec.json.encode(Partial(self._sequence, *self._cells[name])))
            for name in dirty
        ]

    async def _send(self, records: Iterable[Record]) -> None:
        sent = [
            await self._producer.send_batch(batch, topic, partition=partition)
            for (topic, partition), placed in self._by_place(records).items()
            for batch in self._batches(placed)
        ]
        for acknowledged in sent:
            await acknowledged

    def _by_place(self, records: Iterable[Record]) -> dict[Place, list[Record]]:
        placed: dict[Place, list[Record]] = {}
        for record in records:
            partition = record.partition
            if partition is None:
                partition = partition_of(record.key, self._partitions)
            placed.setdefault((record.topic, partition), []).append(record)
        return placed

    def _batches(self, records: Sequence[Record]) -> Iterable[Any]:
        batch = self._producer.create_batch()
        for record in records:
            if not self._append(batch, record):
                yield batch
                batch = self._producer.create_batch()
                self._append(batch, record)
        yield batch

    def _append(self, batch: Any, record: Record) -> bool:
        one = batch.append(timestamp=None, key=record.key, value=record.value, headers=list(record.headers))
        return one is not None


async def main() -> None:
    """Read all there is, and go on."""
    meter = surroundings.Meter()
    consumer = AIOKafkaConsumer(
        PURCHASES,
        ROUTED,
        bootstrap_servers=surroundings.bootstrap(),
        group_id=surroundings.app(),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=20,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=surroundings.bootstrap(), max_batch_size=BATCH_BYTES, max_request_size=DERIVED_MAX_BYTES
    )
    loop = Loop(Desk(), producer)
    meter.show()
    await producer.start()
    await consumer.start()
    while True:
        worked = await loop.turn(await consumer.getmany(timeout_ms=50, max_records=MAX_RECORDS))
        if worked:
            await consumer.commit()
        meter.records += worked


if __name__ == "__main__":
    asyncio.run(main())
