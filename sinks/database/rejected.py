"""Rejections as operations sees them: chosen, counted by sender, reason and field, and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from models.contract.rejection import RejectionState
from sinks.database.schema import consumed_offsets, rejections


class Wanted(NamedTuple):
    """Which rejections; None asks for all."""

    source: str | None = None
    code: str | None = None
    field: str | None = None
    state: RejectionState | None = None


class Group(NamedTuple):
    """Rejections of one sender for one reason in one field, in one state."""

    source: str
    code: str
    field: str
    state: str
    records: int
    first: datetime | None
    last: datetime | None


class Rejection(NamedTuple):
    """A refused record and why, by the place of the first copy of it."""

    topic: str
    partition: int
    offset: int
    code: str
    field: str
    message: str
    source: str
    event_id: str
    key: str | None
    content: bytes | None
    rejected_at: datetime | None
    state: str

    @property
    def place(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


def groups(connection: Connection, *, wanted: Wanted) -> list[Group]:
    """Counts, most first."""
    table = rejections.c
    by = (table.source, table.code, table.field, table.state)
    count = func.count().label("records")
    query = select(*by, count, func.min(table.rejected_at), func.max(table.rejected_at)).where(*_conditions(wanted))
    return [Group(*row) for row in connection.execute(query.group_by(*by).order_by(count.desc(), *by))]


def chosen(
    connection: Connection, *, wanted: Wanted, limit: int | None, topics: Sequence[str] | None = None
) -> list[Rejection]:
    """The oldest first, as they are to be sent again."""
    table = rejections.c
    query = select(*(table[name] for name in Rejection._fields)).where(*_conditions(wanted)).limit(limit)
    if topics is not None:
        query = query.where(table.topic.in_(topics))
    return [Rejection(*row) for row in connection.execute(query.order_by(table.rejected_at, table.topic, table.offset))]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [rejections.c[name] == value for name, value in wanted._asdict().items() if value is not None]


def read_up_to(connection: Connection, topic: str) -> dict[int, int]:
    """How far the database has read a topic, by partition."""
    query = select(consumed_offsets.c.partition, consumed_offsets.c.next_offset).where(
        consumed_offsets.c.topic == topic
    )
    return {row.partition: row.next_offset for row in connection.execute(query)}
