"""A worker program with the smallest step there is: it counts the records of a key. What it should say is easy to know.

Records of `input` whose number is divisible by three are sent on to `routed`, to the next partition, and counted there.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from aiokafka import ConsumerRecord
from prometheus_client import CollectorRegistry

from streams.app import StreamSettings, build, run
from streams.health import Health
from streams.outbox import Outbox, Place, Record
from streams.partition import PartitionTask
from streams.pending import Pending, Rows
from streams.step import Effects, Marks
from streams.table import Table, TableSettings
from tests.integration.streams.workers import HANGS, PARTITIONS, RAISES, SESSION_S


class Counting:
    """One result for each record: its number and how many its key has had; at rest a note of how many there were."""

    def __init__(self, *, prefix: str, partition: int, opening_s: float, dies_after: int = 0) -> None:
        self._opening_s = opening_s
        self._dies_after = dies_after
        self._prefix = prefix
        self._partition = partition
        self._marks = Marks()

    async def opened(self, table: Rows, marks: Marks) -> None:
        self._marks = marks
        await asyncio.sleep(self._opening_s)

    async def step(self, records: Sequence[ConsumerRecord], table: Rows) -> Effects:
        rows, out = Pending(table), []
        for record in records:
            if record.value in (HANGS, RAISES):
                await self._misbehave(record.value)
            if record.topic.endswith(".input") and int(record.value) % 3 == 0:
                out.append(self._sent_on(record))
                continue
            count = int(rows.get(record.key) or 0) + 1
            rows.put(record.key, b"%d" % count)
            out.append(Record(f"{self._prefix}.output", self._partition, record.key, b"%b %d" % (record.value, count)))
        self._marks = Marks(sequence=self._marks.sequence + len(records), flushed=self._marks.flushed)
        if 0 < self._dies_after < self._marks.sequence and any(each.topic.endswith(".routed") for each in out):
            die_amid_the_next_transaction()
        return Effects(rows.changes, out, self._marks)

    async def idle(self, now: datetime) -> Effects | None:
        if self._marks.flushed == self._marks.sequence:
            return None
        self._marks = Marks(sequence=self._marks.sequence, flushed=self._marks.sequence)
        note = Record(f"{self._prefix}.notes", 0, b"%d" % self._partition, b"%d" % self._marks.sequence)
        return Effects(records=[note], marks=self._marks)

    async def _misbehave(self, how: bytes) -> None:
        if how == RAISES:
            raise ValueError("the step met what it can't handle")
        await asyncio.Event().wait()

    def _sent_on(self, record: ConsumerRecord) -> Record:
        following = (self._partition + 1) % PARTITIONS
        return Record(f"{self._prefix}.routed", following, record.key, record.value, (("from", b"input"),))


def die_amid_the_next_transaction() -> None:
    """Everything is written then, and nothing committed."""
    written = Outbox._sent

    async def written_and_dead(outbox: Outbox, batches: Sequence[Any]) -> dict[Place, int]:
        await written(outbox, batches)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")

    Outbox._sent = written_and_dead  # type: ignore[method-assign, assignment]


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("bootstrap", "prefix", "instance", "datadir"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--health-port", type=int, required=True)
    options.add_argument("--stall-timeout-s", type=float, default=60.0)
    options.add_argument("--opening-s", type=float, default=0.0)
    options.add_argument("--dies-after", type=int, default=0)
    given = options.parse_args()
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    start(given, Path(given.datadir) / given.instance)


def start(given: argparse.Namespace, datadir: Path) -> None:
    topics = (f"{given.prefix}.input", f"{given.prefix}.routed")
    table = Table(
        TableSettings(
            prefix=given.prefix,
            name="counts",
            changelog=f"{given.prefix}.changelog",
            bootstrap_servers=given.bootstrap,
            datadir=datadir,
            transaction_timeout_ms=int(SESSION_S * 1000),
        )
    )

    def make(partition: int) -> PartitionTask:
        step = Counting(
            prefix=given.prefix, partition=partition, opening_s=given.opening_s, dies_after=given.dies_after
        )
        return PartitionTask(partition=partition, topics=topics, table=table.partition(partition), step=step)

    settings = StreamSettings(
        name=given.prefix,
        bootstrap_servers=given.bootstrap,
        topics=topics,
        datadir=datadir,
        instance=given.instance,
        session_timeout_s=SESSION_S,
        heartbeat_interval_s=1.0,
    )
    app = build(settings, make=make)
    health = Health(
        app,
        bootstrap_servers=given.bootstrap,
        port=given.health_port,
        host="127.0.0.1",
        stall_timeout_s=given.stall_timeout_s,
        registry=CollectorRegistry(),
    )
    run(app, services=[health])


if __name__ == "__main__":
    main()
