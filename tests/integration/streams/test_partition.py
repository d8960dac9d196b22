"""One partition's task, driven by hand, on a real table."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from streams.batch import Batch
from streams.errors import TopicMissing
from streams.partition import PartitionTask
from streams.pending import Rows
from streams.step import POSITION_KEY, Effects, Marks, position_of
from streams.table import Table, TablePartition, TableSettings
from tests.integration.streams.workers import committed, produce

PARTITION = 1


class Noting:
    """Writes down every record under its offset, and remembers being opened."""

    def __init__(self, *, at_rest: Effects | None = None) -> None:
        self.seen: list[int] = []
        self.taken: list[list[int]] = []
        self.opened_with: list[Marks] = []
        self._at_rest = at_rest

    async def opened(self, table: Rows, marks: Marks) -> None:
        self.opened_with.append(marks)

    async def step(self, records: Sequence[ConsumerRecord], table: Rows) -> Effects:
        self.taken.append([record.offset for record in records])
        self.seen += self.taken[-1]
        return Effects({b"%d" % record.offset: b"x" for record in records}, marks=Marks(sequence=len(self.seen)))

    async def idle(self, now: datetime) -> Effects | None:
        at_rest, self._at_rest = self._at_rest, None
        return at_rest


class Driven:
    """A task and what became of it."""

    def __init__(self, kafka: str, prefix: str, folder: Path, step: Noting) -> None:
        self.topic = f"{prefix}.input"
        self.ends: list[str] = []
        self.generation = 1
        self.table = rows(kafka, prefix, folder)
        self.task = PartitionTask(
            partition=PARTITION,
            topics=(self.topic,),
            table=self.table,
            step=step,
            idle_interval_s=0.02,
            end=lambda why, _: self.ends.append(why),
        )

    async def started(self) -> "Driven":
        self.task.start(generation=1, current_generation=lambda: self.generation)
        await until(lambda: self.task.is_open or self.ends)
        return self

    def batch(self, start: int, stop: int, *, generation: int = 1, follows: int | None = None) -> Batch:
        records = [record(self.topic, offset) for offset in range(start, stop)]
        batch = Batch(
            topic=self.topic,
            partition=PARTITION,
            records=records,
            follows=start if follows is None else follows,
            generation=generation,
            on_end=lambda _: None,
        )
        self.task.deliver(batch)
        return batch


def rows(kafka: str, prefix: str, folder: Path) -> TablePartition:
    changelog = f"{prefix}.changelog"
    settings = TableSettings(prefix=prefix, name="t", changelog=changelog, bootstrap_servers=kafka, datadir=folder)
    return Table(settings).partition(PARTITION)


def record(topic: str, offset: int) -> ConsumerRecord:
    return ConsumerRecord(topic, PARTITION, offset, 0, 0, b"k", b"v", None, 1, 1, ())


async def until(condition: Callable[[], Any], within_s: float = 20.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110  # what is waited for tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def filled(kafka: str, prefix: str) -> str:
    """An input partition that holds some dozens of records."""
    produce(kafka, prefix, range(200))
    return prefix


def test_batches_are_worked_through_in_order_and_the_position_is_found_again(
    kafka: str, filled: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        step = Noting()
        driven = await Driven(kafka, filled, tmp_path, step).started()
        first, second = driven.batch(0, 5), driven.batch(5, 9)
        await until(lambda: first.is_done and second.is_done)
        await driven.task.close()
        again = Noting()
        later = await Driven(kafka, filled, tmp_path, again).started()
        assert later.task.reads_from(later.topic) == 9
        known, mixed = later.batch(2, 7), later.batch(7, 12)
        await until(lambda: known.is_done and mixed.is_done)
        await later.task.close()
        assert (step.seen, again.seen) == (list(range(9)), [9, 10, 11])
        assert again.opened_with == [Marks(sequence=9)]

    asyncio.run(scenario())


def test_a_batch_that_leaves_records_out_is_given_back(kafka: str, filled: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        step = Noting()
        driven = await Driven(kafka, filled, tmp_path, step).started()
        too_far = driven.batch(5, 9)
        await until(lambda: too_far.is_given_back)
        after_markers = driven.batch(3, 9, follows=0)
        await until(lambda: after_markers.is_done)
        await driven.task.close()
        assert step.seen == list(range(3, 9))

    asyncio.run(scenario())


def test_nothing_is_written_between_two_assignments_nor_for_an_older_one(
    kafka: str, filled: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        step = Noting()
        driven = await Driven(kafka, filled, tmp_path, step).started()
        driven.task.suspend()
        waiting = driven.batch(0, 5)
        await driven.task.settled()
        driven.generation = 2
        driven.task.resume(2)
        await until(lambda: waiting.is_given_back)
        fresh = driven.batch(0, 5, generation=2)
        await until(lambda: fresh.is_done)
        await driven.task.close()
        assert step.seen == list(range(5))

    asyncio.run(scenario())


def test_what_was_worked_on_when_the_generation_passed_is_dropped_and_the_step_starts_afresh(
    kafka: str, filled: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        driven = Driven(kafka, filled, tmp_path, step := Overtaken())
        step.driven = driven
        await driven.started()
        batch = driven.batch(0, 5)
        await until(lambda: batch.is_given_back)
        assert (len(step.opened_with), driven.table.get(b"0")) == (2, None)
        assert driven.table.get(POSITION_KEY) is None
        await driven.task.close()

    asyncio.run(scenario())


def test_a_topic_that_was_made_anew_while_it_is_read_ends_the_process(kafka: str, filled: str, tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        driven = await Driven(kafka, filled, tmp_path, Noting()).started()
        batch = driven.batch(0, 5)
        await until(lambda: batch.is_done)
        await driven.task.verify_topics()
        assert driven.ends == []
        with closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
            admin.delete_topics([driven.topic])
            await until(lambda: driven.topic not in admin.list_topics())
            with pytest.raises(TopicMissing):
                await driven.task.verify_topics()
            admin.create_topics([NewTopic(driven.topic, 2, 1)])
            await until(lambda: driven.topic in admin.list_topics())
        await driven.task.verify_topics()
        await driven.task.close()
        return driven.ends

    (why,) = asyncio.run(scenario())
    assert why.startswith(
        f"{filled}.input partition 1 is to be read from offset 5, but the topic was deleted and created"
    )


def test_what_waits_goes_into_one_transaction_up_to_a_limit(
    kafka: str, filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.partition.MOST_RECORDS", 7)

    async def scenario() -> None:
        driven = Driven(kafka, filled, tmp_path, step := Noting())
        given_back = driven.batch(0, 2, generation=7)
        batches = [driven.batch(start, start + 3) for start in (0, 2, 5, 8)]
        await driven.started()
        await until(lambda: all(batch.is_done for batch in batches))
        await driven.task.close()
        assert given_back.is_given_back
        assert step.taken == [list(range(8)), list(range(8, 11))]

    asyncio.run(scenario())
    last = [each.value for each in committed(kafka, f"{filled}.changelog") if each.key == POSITION_KEY]
    assert [position_of(value).offsets[f"{filled}.input"] for value in last] == [8, 11]


class Overtaken(Noting):
    """While it works, a rebalance passes by."""

    driven: Driven

    async def step(self, records: Sequence[ConsumerRecord], table: Rows) -> Effects:
        self.driven.generation += 1
        return await super().step(records, table)


def test_a_step_at_rest_can_write_without_new_records(kafka: str, filled: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        step = Noting(at_rest=Effects({b"rest": b"1"}, marks=Marks(flushed=3)))
        driven = await Driven(kafka, filled, tmp_path, step).started()
        await until(lambda: driven.table.get(b"rest"))
        await driven.task.close()

    asyncio.run(scenario())
    keys = {each.key for each in committed(kafka, f"{filled}.changelog")}
    assert keys == {b"rest", POSITION_KEY}


@pytest.mark.parametrize("offset", [10_000])
def test_a_position_outside_the_topic_stops_with_a_sentence(
    kafka: str, filled: str, tmp_path: Path, offset: int
) -> None:
    async def scenario() -> str:
        table = rows(kafka, filled, tmp_path)
        await table.open()
        await table.commit({POSITION_KEY: b'{"offsets":{"%b.input":%d}}' % (filled.encode(), offset)}, [])
        await table.close()
        driven = await Driven(kafka, filled, tmp_path, Noting()).started()
        await driven.task.close()
        return driven.ends[0]

    assert "is to be read from offset 10000, but it holds 0 to" in asyncio.run(scenario())
