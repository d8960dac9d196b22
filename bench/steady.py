"""Events at a steady rate, and when what follows from them is seen by a subscriber.

Both by aiokafka: with a client in Python alone, a thousand records a second take more of a core than judging them.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.simulator.happening import Message
from models.judgement import Judgement
from models.tally.snapshot import UnitSnapshot
from models.topics import INPUT_MAX_BYTES, ORDERS, UNITS

Sent = dict[tuple[int, int], float]
"""Partition and offset of an event → when it was handed to the producer."""
COUNTED = ("catalogue_count", "off_channel_count", "review_count", "excluded_count")
WINDOW = "12m"
POLL_MS = 20


def send_steadily(bootstrap: str, messages: Sequence[Message], rate: float) -> Sent:
    """One after the other, each at its time; for a process of its own."""
    return asyncio.run(_send_steadily(bootstrap, messages, rate))


async def _send_steadily(bootstrap: str, messages: Sequence[Message], rate: float) -> Sent:
    futures: list[tuple[Any, float]] = []
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, max_request_size=INPUT_MAX_BYTES) as producer:
        began = time.time()
        for place, one in enumerate(messages):
            await asyncio.sleep(max(began + place / rate - time.time(), 0))
            at = time.time()
            futures.append((await producer.send(one.topic, key=one.key, value=one.value), at))
        places = [(await future, at) for future, at in futures]
    return {(place.partition, place.offset): at for place, at in places}


@contextmanager
def sending(bootstrap: str, messages: Sequence[Message], *, rate: float) -> "Iterator[Future[Sent]]":
    """A process that sends; its result is when it sent what."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool.submit(send_steadily, bootstrap, messages, rate)


class Seen(msgspec.Struct, frozen=True):
    """A judgement with the moments on its way, in seconds: when the worker wrote it, and when it was seen."""

    judgement: Judgement
    written_at: float
    at: float

    @property
    def place(self) -> tuple[int, int]:
        source = self.judgement.source
        return (source.partition, source.offset) if source is not None else (-1, -1)

    @property
    def arrived_at(self) -> float:
        """When the broker had the event."""
        return datetime.fromisoformat(self.judgement.judged_at).timestamp()


class Subscriber:
    """Reads committed judgements and snapshots from now on; notes when, decodes later."""

    def __init__(self, bootstrap: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._seen: defaultdict[str, list[tuple[float, Any]]] = defaultdict(list)
        self._consumer: Any = self._loop.run_until_complete(_reading(bootstrap))

    def read(self) -> int:
        """Take what is there; how many."""
        polled = self._loop.run_until_complete(self._consumer.getmany(timeout_ms=POLL_MS))
        at = time.time()
        for place, records in polled.items():
            self._seen[place.topic] += [(at, record) for record in records]
        return sum(map(len, polled.values()))

    def read_until(self, sent: "Future[Sent]", *, quiet_s: float = 2.0) -> Sent:
        """Read until all is sent and nothing follows any more."""
        last = time.time()
        while not sent.done() or time.time() - last < quiet_s:
            if self.read():
                last = time.time()
        return sent.result()

    def judgements(self) -> list[Seen]:
        """What was seen, and when."""
        return [
            Seen(msgspec.json.decode(record.value, type=Judgement), record.timestamp / 1000, at)
            for at, record in self._seen[ORDERS]
        ]

    def snapshots(self) -> list[tuple[float, UnitSnapshot]]:
        return [(at, msgspec.json.decode(record.value, type=UnitSnapshot)) for at, record in self._seen[UNITS]]

    def close(self) -> None:
        self._loop.run_until_complete(self._consumer.stop())
        self._loop.close()


async def _reading(bootstrap: str) -> Any:
    """A consumer at the end of all there is."""
    consumer = AIOKafkaConsumer(
        ORDERS,
        UNITS,
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        max_partition_fetch_bytes=16 << 20,
    )
    await consumer.start()
    await consumer.seek_to_end()
    for place in consumer.assignment():
        await consumer.position(place)
    return consumer


def to_judgement(sent: Sent, judgements: Sequence[Seen]) -> list[float]:
    """Seconds from sending an event to each judgement that came of it, in the order they were seen."""
    return [each.at - sent[each.place] for each in judgements if each.place in sent]


def legs(sent: Sent, judgements: Sequence[Seen]) -> dict[str, list[float]]:
    """The same in three parts; what is written is seen once its transaction is through."""
    ours = [each for each in judgements if each.place in sent]
    return {
        "sent_to_broker": [each.arrived_at - sent[each.place] for each in ours],
        "broker_to_written": [each.written_at - each.arrived_at for each in ours],
        "written_to_seen": [each.at - each.written_at for each in ours],
    }


def to_snapshot(
    sent: Sent, judgements: Sequence[Seen], snapshots: Sequence[tuple[float, UnitSnapshot]], before: dict[str, int]
) -> list[float]:
    """Seconds from sending an event to the first snapshot of its unit that counts its purchase.

    The nth new purchase of a unit is in the first snapshot that counts n more than `before`. Units where a purchase was
    taken back meanwhile are left out: there the counts tell nothing.
    """
    counts: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for at, snapshot in snapshots:
        counts[snapshot.unit].append((at, count_of(snapshot)))
    unclear = {each.judgement.unit for each in judgements if not each.judgement.tallied}
    new: defaultdict[str, list[float]] = defaultdict(list)
    for each in judgements:
        if each.judgement.revision == 1 and each.place in sent:
            new[each.judgement.unit].append(sent[each.place])
    return [
        seen - at
        for unit, times in new.items()
        if unit not in unclear
        for n, at in enumerate(times, before.get(unit, 0) + 1)
        if (seen := next((when for when, count in counts[unit] if count >= n), None)) is not None
    ]


def count_of(snapshot: UnitSnapshot) -> int:
    """Purchases of twelve months."""
    return sum(snapshot.windows[WINDOW].measures[name] for name in COUNTED)
