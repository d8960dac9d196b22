"""Where the sink goes on in each partition: kept in the database, moved in the transaction of the rows."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sinks.database.bulk import Cursor
from sinks.database.records import Record

Partition = tuple[str, int]


class PositionMoved(Exception):  # noqa: N818 - it says what happened
    """Another sink wrote these partitions meanwhile; nothing was written, go on from the database's positions."""


class PositionLost(Exception):  # noqa: N818 - it says what happened
    """The database's position is not within the topic; the message says what to do. The sink must not go on."""


class Move(NamedTuple):
    """From the offset that the database must hold to the next one."""

    topic: str
    partition: int
    expected: int
    next_offset: int


def read_positions(cursor: Cursor, *, beginnings: Mapping[Partition, int], generation: int) -> dict[Partition, int]:
    """The positions of these partitions; one that was never read starts at its beginning."""
    cursor.executemany(
        "insert into consumed_offsets (topic, partition, next_offset, generation) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [(topic, partition, offset, generation) for (topic, partition), offset in beginnings.items()],
    )
    rows = cursor.execute("select topic, partition, next_offset from consumed_offsets").fetchall()
    return {(topic, partition): offset for topic, partition, offset in rows if (topic, partition) in beginnings}


def verify_positions(
    positions: Mapping[Partition, int], *, beginnings: Mapping[Partition, int], ends: Mapping[Partition, int]
) -> None:
    """A position outside of what the topic holds raises PositionLost."""
    for place, position in positions.items():
        if not beginnings[place] <= position <= ends[place]:
            topic, partition = place
            raise PositionLost(
                f"The database has read {topic}, partition {partition}, up to offset {position}, but the topic holds "
                f"{beginnings[place]} to {ends[place]}: this is another cluster, or the topic was made anew. Give the "
                "sink the cluster it read before, or an empty database."
            )


def moves(records: Iterable[Record], positions: Mapping[Partition, int]) -> list[Move]:
    """How the positions move when these records are written."""
    last: dict[Partition, int] = {}
    for record in records:
        last[record.topic, record.partition] = record.offset
    return [Move(*place, positions[place], offset + 1) for place, offset in sorted(last.items())]


def move(cursor: Cursor, steps: list[Move]) -> None:
    """Move the positions and lock them until the transaction ends; PositionMoved if one is not where it was."""
    for step in steps:
        cursor.execute(
            "update consumed_offsets set next_offset = %s, updated_at = now()"
            " where topic = %s and partition = %s and next_offset = %s",
            (step.next_offset, step.topic, step.partition, step.expected),
        )
        if cursor.rowcount != 1:
            raise PositionMoved(f"{step.topic}/{step.partition} is not at {step.expected} any more.")
