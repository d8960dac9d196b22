"""The outbox, the changelog and the table on them, against a real broker."""

import asyncio
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, TopicPartition

from streams.changelog import Bounds, Start, start_of
from streams.errors import Fenced, RecordTooLarge, TopicMissing
from streams.outbox import Outbox, Record, partition_of
from streams.table import Table, TablePartition, TableSettings
from tests.integration.streams.workers import committed


def table(kafka: str, prefix: str, folder: Path, **other: object) -> TablePartition:
    settings = TableSettings(
        prefix=prefix,
        name="rows",
        changelog=f"{prefix}.changelog",
        bootstrap_servers=kafka,
        datadir=folder,
        **other,  # type: ignore[arg-type]
    )
    return Table(settings).partition(1)


async def write(kafka: str, prefix: str, folder: Path, rounds: int) -> None:
    rows = table(kafka, prefix, folder)
    await rows.open()
    for number in range(rounds):
        await rows.commit({b"k%d" % (number % 10): b"%d" % number}, [Record(f"{prefix}.output", 1, b"k", b"v")])
    await rows.close()


async def reopened(kafka: str, prefix: str, folder: Path) -> tuple[int, dict[bytes, bytes]]:
    rows = table(kafka, prefix, folder)
    count = await rows.open()
    found = dict(rows.scan())
    await rows.close()
    return count, found


LAST = {b"k%d" % number: b"%d" % (20 + number) for number in range(10)}


def test_a_restart_reads_only_the_tail(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        await write(kafka, prefix, tmp_path / "a", 20)
        await reopened(kafka, prefix, tmp_path / "b")
        await write(kafka, prefix, tmp_path / "a", 30)
        assert await reopened(kafka, prefix, tmp_path / "a") == (0, LAST)
        assert await reopened(kafka, prefix, tmp_path / "b") == (30, LAST)

    asyncio.run(scenario())


def test_a_wiped_store_and_an_empty_one_are_filled_from_the_changelog(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        assert await reopened(kafka, prefix, tmp_path / "a") == (0, {})
        await write(kafka, prefix, tmp_path / "a", 30)
        assert await reopened(kafka, prefix, tmp_path / "fresh") == (30, LAST)

    asyncio.run(scenario())


def test_a_store_whose_changelog_was_cut_off_before_it_is_built_anew(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        await write(kafka, prefix, tmp_path / "b", 5)
        await write(kafka, prefix, tmp_path / "a", 30)
        delete_before(kafka, f"{prefix}.changelog", 40)
        count, found = await reopened(kafka, prefix, tmp_path / "b")
        assert 0 < count < 20
        assert found.items() <= LAST.items()

    asyncio.run(scenario())


def delete_before(kafka: str, topic: str, offset: int) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.delete_records({TopicPartition(topic, 1): offset})
    admin.close()


def test_progress_ends_at_a_hundred_percent(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> list[tuple[int, float]]:
        await write(kafka, prefix, tmp_path / "a", 30)
        seen: list[tuple[int, float]] = []
        rows = table(kafka, prefix, tmp_path / "fresh")
        await rows.open(progress=lambda records, percent: seen.append((records, percent)))
        await rows.close()
        return seen

    assert asyncio.run(scenario())[-1] == (30, 100.0)


def test_results_and_rows_are_one_transaction(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        rows = table(kafka, prefix, tmp_path)
        await rows.open()
        await rows.commit({b"a": b"1"}, [Record(f"{prefix}.output", None, b"a", b"x", (("h", b"1"),))])
        with pytest.raises(Exception, match="partition"):
            await rows.commit(
                {b"a": b"2"}, [Record(f"{prefix}.output", 0, b"a", b"y"), Record(f"{prefix}.notes", 99, b"", b"")]
            )
        assert rows.get(b"a") == b"1"
        await rows.close()

    asyncio.run(scenario())
    assert [each.value for each in committed(kafka, f"{prefix}.changelog")] == [b"1"]
    [result] = committed(kafka, f"{prefix}.output")
    assert (result.value, result.partition) == (b"x", partition_of(b"a", 4))
    assert [tuple(header) for header in result.headers] == [("h", b"1")]


def test_whoever_opens_last_owns_the_partition(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        first, second = table(kafka, prefix, tmp_path / "a"), table(kafka, prefix, tmp_path / "b")
        await first.open()
        await first.commit({b"a": b"1"}, [])
        await second.open()
        for _ in range(2):
            with pytest.raises(Fenced, match="another process"):
                await first.commit({b"a": b"2"}, [])
        assert (first.get(b"a"), second.get(b"a")) == (b"1", b"1")
        await second.commit({b"a": b"3"}, [])
        await first.close()
        await second.close()

    asyncio.run(scenario())
    assert [each.value for each in committed(kafka, f"{prefix}.changelog")] == [b"1", b"3"]


def test_what_a_dead_owner_left_open_is_never_seen(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> tuple[int, dict[bytes, bytes]]:
        dead = Outbox(bootstrap_servers=kafka, transactional_id=f"{prefix}.rows.1", transaction_timeout_ms=60_000)
        await dead.open()
        await dead._producer.begin_transaction()
        await dead._producer.send_and_wait(f"{prefix}.changelog", b"9", b"a", partition=1)
        found = await reopened(kafka, prefix, tmp_path)
        await dead.close()
        return found

    assert asyncio.run(asyncio.wait_for(scenario(), 20)) == (0, {})


def test_a_record_too_large_is_refused_before_anything_is_sent(kafka: str, prefix: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        rows = table(kafka, prefix, tmp_path, max_record_bytes=1_000)
        await rows.open()
        with pytest.raises(RecordTooLarge, match="the limit is 1000"):
            await rows.commit({b"a": b"1"}, [Record(f"{prefix}.output", 0, b"a", b"x" * 1_000)])
        await rows.commit({b"a": b"2"}, [])
        await rows.close()

    asyncio.run(scenario())
    assert [each.value for each in committed(kafka, f"{prefix}.changelog")] == [b"2"]


def test_many_records_of_a_place_go_out_in_order_over_several_batches(kafka: str, prefix: str, tmp_path: Path) -> None:
    values = [b"%06d" % number + b"x" * 1_000 for number in range(2_000)]

    async def scenario() -> dict[tuple[str, int], int]:
        outbox = Outbox(bootstrap_servers=kafka, transactional_id=prefix, transaction_timeout_ms=10_000)
        await outbox.open()
        ends = await outbox.transaction(Record(f"{prefix}.output", 2, b"k", value) for value in values)
        await outbox.close()
        return ends

    assert asyncio.run(scenario()) == {(f"{prefix}.output", 2): 2_000}
    assert [each.value for each in committed(kafka, f"{prefix}.output")] == values


def test_a_missing_changelog_is_named(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    with pytest.raises(TopicMissing, match="create the topics first"):
        asyncio.run(reopened(kafka, topic_prefix, tmp_path))


@pytest.mark.parametrize(
    ("local", "bounds", "expected"),
    [
        (0, Bounds(0, 0), Start(0)),
        (5, Bounds(0, 9), Start(5)),
        (9, Bounds(0, 9), Start(9)),
        (0, Bounds(4, 9), Start(4)),
        (4, Bounds(4, 9), Start(4)),
    ],
)
def test_a_copy_that_connects_is_built_upon(local: int, bounds: Bounds, expected: Start) -> None:
    assert start_of(local, bounds) == expected


@pytest.mark.parametrize(("local", "bounds"), [(10, Bounds(0, 9)), (3, Bounds(4, 9))])
def test_a_copy_that_does_not_connect_is_wiped(local: int, bounds: Bounds) -> None:
    start = start_of(local, bounds)
    assert (start.offset, start.wipe is not None) == (bounds.beginning, True)
